"""Everything that the page of what the handoff asks for names is there."""

import re
from pathlib import Path

from controller.domain.commands import COMMANDS
from controller.domain.events import EVENTS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "guide-coverage.md").read_text()
ROWS = [line.split("|")[1:-1] for line in PAGE.splitlines() if line.startswith("|") and "---" not in line]
CLAIMS = [row for row in ROWS if row[0].strip() != "point"]


def named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_every_point_has_an_answer_a_record_and_a_test() -> None:
    assert len(CLAIMS) >= 40
    for point, answer, record, shown in CLAIMS:
        assert answer.strip(), point
        assert named(record), point
        assert named(shown), point


def test_every_record_named_there_is_one() -> None:
    known = {*EVENTS, *COMMANDS}
    assert {name for row in CLAIMS for name in named(row[2])} - known == set()


def test_every_test_named_there_is_one() -> None:
    written = "\n".join(path.read_text() for path in sorted((ROOT / "tests").rglob("test_*.py")))
    there = set(re.findall(r"def (test_\w+)\(", written))
    assert {name for row in CLAIMS for name in named(row[3])} - there == set()
