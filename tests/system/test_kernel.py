"""The tests of `tests/system/guest`, on a kernel with GPIO chips of its own: all of them in one boot of the guest."""

import ast
import sys
from collections.abc import Mapping
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
from support.guest import FOLDER, compile_sources, guest_kernel, run_in_guest

LIMIT_S = 1500
SETTINGS = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "TEST_DEADLINE_S": "240"}
WORDS = "-v -p pytest_timeout -p no:cacheprovider --timeout 600 -o junit_logging=system-out --junit-xml"


class Verdict(NamedTuple):
    """What became of one test in the guest."""

    figures: str
    complaint: str


def _names() -> list[str]:
    sources = {path.stem: ast.parse(path.read_text()) for path in sorted(FOLDER.glob("test_*.py"))}
    defined = [(file, node) for file, source in sources.items() for node in source.body]
    return [
        f"{file}::{it.name}" for file, it in defined if isinstance(it, ast.FunctionDef) and it.name.startswith("test")
    ]


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Verdict]:
    kernel, out = guest_kernel(), tmp_path_factory.mktemp("guest")
    compile_sources()
    command = f"{sys.executable} -m pytest {FOLDER} --confcutdir {FOLDER} {WORDS} /mnt/out/verdicts.xml"
    run_in_guest(kernel, command, SETTINGS, out, LIMIT_S)
    report = out / "verdicts.xml"
    assert report.exists(), f"the guest left no verdicts:\n{(out / 'console').read_text(errors='replace')[-4000:]}"
    return dict(map(_verdict, ElementTree.parse(report).iter("testcase")))


def _verdict(case: ElementTree.Element) -> tuple[str, Verdict]:
    name = f"{case.get('classname', '').rpartition('.')[2]}::{case.get('name')}"
    complaint = "\n".join(it.text or "" for kind in ("failure", "error") for it in case.iter(kind))
    said = "\n".join(it.text or "" for it in case.iter("system-out")).splitlines()
    return name, Verdict("\n".join(line for line in said if line and not line.startswith("---")), complaint)


@pytest.mark.parametrize("name", _names())
def test_on_a_real_kernel(name: str, verdicts: Mapping[str, Verdict]) -> None:
    verdict = verdicts[name]
    print(verdict.figures)
    assert verdict.complaint == ""
