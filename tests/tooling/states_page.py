"""Writes docs/states.md from the tables of the domain: `python tests/tooling/states_page.py`."""

from pathlib import Path

from controller.domain.strands import LEFT, NONE, STRANDS, Strand

PAGE = Path(__file__).parents[2] / "docs" / "states.md"
_TOP = """# States

Made from `controller/domain/strands.py` by `python tests/tooling/states_page.py`; a test keeps it current.

What a locker keeps goes on in strands of its own, and each can fail by itself. An arrow is a record of the journal, as
`locker.<its name>.v1`; a change that is not drawn here does not happen, and every one that is does: the tests go
through all of them. `locker contract states` prints the same for programs. Confirmation needs no table: a parcel's
signed record is there once its custody changed, the carrier's acknowledgement covers it by its number, and
`custody.disputed` is the recipient's word against it.
"""


def page() -> str:
    """The page as it has to be."""
    return _TOP + "".join(_section(strand) for strand in STRANDS)


def _section(strand: Strand) -> str:
    rows = "".join(f"| {_name(was)} | `{record}` | {_name(now)} |\n" for was, record, now in strand.changes)
    drawing = f"```mermaid\nstateDiagram-v2\n{_arrows(strand)}```"
    table = f"| from | record | to |\n|---|---|---|\n{rows}"
    return f"\n## {strand.name.capitalize()}\n\nThe states of {strand.of}.\n\n{drawing}\n\n{table}"


def _arrows(strand: Strand) -> str:
    """One arrow for each two states, however many records lead from one to the other."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for was, record, now in strand.changes:
        arrows.setdefault((was, now), []).append(record)
    return "".join(f"    {_end(was)} --> {_end(now)}: {', '.join(records)}\n" for (was, now), records in arrows.items())


def _end(state: str) -> str:
    return "[*]" if state in (NONE, LEFT) else str(state)


def _name(state: str) -> str:
    return f"*{state}*" if state in (NONE, LEFT) else str(state)


if __name__ == "__main__":
    PAGE.write_text(page())
