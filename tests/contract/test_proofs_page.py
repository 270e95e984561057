"""The commands of docs/proofs.md that need nothing but openssl and a shell."""

import shutil
from pathlib import Path

import pytest
from support.documented import block
from support.every_record import every_record
from support.proof_files import accepts, collected, spoilt

SHELLS = [shell for shell in ("dash", "bash", "busybox") if shutil.which(shell)]
SCRIPT = block("proofs.md", "sh")


def command(shell: str) -> list[str]:
    return [shell, *(["sh"] if shell == "busybox" else []), "-c", SCRIPT]


@pytest.mark.parametrize("shell", SHELLS)
def test_openssl_accepts_every_proof(shell: str, tmp_path: Path) -> None:
    proven = [raw for raw in every_record() if b'"proof":"' in raw]

    assert len(proven) > 2
    assert all(accepts(command(shell), tmp_path, raw) for raw in proven)


@pytest.mark.parametrize("flaw", spoilt())
def test_openssl_accepts_nothing_that_was_changed(flaw: str, tmp_path: Path) -> None:
    assert spoilt()[flaw] != collected()
    assert not accepts(command("sh"), tmp_path, spoilt()[flaw])
