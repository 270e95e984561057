"""The commands of docs/proofs.md that need a library of somebody else's."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.documented import block
from support.every_record import every_record
from support.node import FOLDER as NODE
from support.proof_files import accepts, collected, spoilt

PYTHON = Path(sys.prefix) / "judges"
Library = Callable[[Path, bytes], bool]


def jose(folder: Path, record: bytes) -> bool:
    modules = folder / "node_modules"
    if not modules.exists():
        modules.symlink_to(NODE / "node_modules")
    (folder / "check.mjs").write_text(block("proofs.md", "js"))
    return accepts([str(shutil.which("node")), "check.mjs"], folder, record)


def jwcrypto(folder: Path, record: bytes) -> bool:
    return accepts([sys.executable, "-c", block("proofs.md", "python")], folder, record, PYTHONPATH=str(PYTHON))


@pytest.mark.parametrize("library", [jose, jwcrypto])
def test_strangers_accept_every_proof(library: Library, tmp_path: Path) -> None:
    assert all(library(tmp_path, raw) for raw in every_record() if b'"proof":"' in raw)


@pytest.mark.parametrize("library", [jose, jwcrypto])
@pytest.mark.parametrize("flaw", spoilt())
def test_strangers_accept_nothing_that_was_changed(library: Library, flaw: str, tmp_path: Path) -> None:
    assert library(tmp_path, collected())
    assert not library(tmp_path, spoilt()[flaw])
