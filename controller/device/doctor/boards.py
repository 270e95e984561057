"""Boards, supplies and doors: asked directly, or as a running locker tells of them."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from controller.device.boards import specs
from controller.device.settings import Settings
from controller.device.settings_tables import CompartmentTable
from controller.domain.ids import Size
from controller.domain.policy import Policy
from firmware_bridge.bench import Pins
from firmware_bridge.faults import BoardFault, FaultKind
from firmware_bridge.find_board import find_board
from firmware_bridge.lock_board import Door
from firmware_bridge.parts import Part, PartState, part_with

STALE_MS: Final = 5_000
"""A door that was read longer ago than this is not known any more; boards are asked at least every 2 s."""
FEW_REQUESTS: Final = 100
BAD_PER_MILLE: Final = 20
"""Questions of a thousand that may go wrong on a line that is good enough."""
_WIRES: Final = "check the wires of its switch, and `board`, `channel` and `door` in the configuration"
_LINE: Final = "check termination, shielding, ground and the adapter"


def boards_asked(settings: Settings, pins: Pins) -> Iterator[Part]:
    """Every board and what it says of its doors. For when no locker runs."""
    told: dict[str, Mapping[int, Door]] = {}
    for spec in specs(settings):
        found = find_board(spec, pins)
        yield found.part
        if found.doors is not None:
            told[spec.name] = found.doors
    heard = [table for table in settings.compartments if table.sensor[0] in told]
    doors = {table.id: told[table.sensor[0]].get(table.sensor[1], Door.UNKNOWN) for table in heard}
    silent = [id for id, door in doors.items() if door is Door.UNKNOWN]
    yield from (Part(f"door {id}", PartState.FAULTY, "its board tells nothing of it", _WIRES) for id in silent)
    if doors and not silent:
        yield _doors({id: door.value for id, door in doors.items()})


def boards_told(status: Mapping[str, Any]) -> Iterator[Part]:
    """The same as a running locker's status has it, and its supplies."""
    faulty = {board["name"] for board in status["boards"] if board["fault"]}
    for board in status["boards"]:
        yield _board(board)
    for supply in status["supplies"]:
        yield _supply(supply)
    if not faulty:
        yield from _told_doors(status["compartments"])


def inner_releases(compartments: tuple[CompartmentTable, ...]) -> Iterator[Part]:
    """Compartments that a child could be shut in, and nothing opens from inside."""
    for table in compartments:
        if not table.inner_release and _holds_a_child(_inner_mm(table)):
            what = "a child could be shut in, and the configuration names no inner release"
            advice = "fit one and set inner_release = true"
            yield Part(f"inner release {table.id}", PartState.MISSING, what, advice)


LEAST_SIDE_MM: Final = 203
LEAST_LITRES: Final = 56.6
"""From this size on, refrigerators must open from inside (16 CFR 1750.3: 8 inches and 2 cubic feet)."""


def _inner_mm(table: CompartmentTable) -> tuple[int, ...]:
    """Its inner size; what its letter stands for where it is not given."""
    return Policy().sizes_mm[table.size] if isinstance(table.size, Size) else tuple(table.size)


def _holds_a_child(mm: tuple[int, ...]) -> bool:
    width, height, depth = mm
    return min(mm) >= LEAST_SIDE_MM and width * height * depth / 1e6 >= LEAST_LITRES


def _board(board: Mapping[str, Any]) -> Part:
    name = f"board {board['name']}"
    if board["fault"]:
        return part_with(BoardFault(name, FaultKind(board["fault"]), board["detail"] or "the running locker says so"))
    line = board["line"]
    if line is None:
        return Part(name, PartState.FOUND, "the running locker uses it")
    bad = line["timeouts"] + line["bad_checksums"]
    what = f"{line['requests']} questions, {line['replies']} answers, {bad} gone wrong"
    if line["requests"] >= FEW_REQUESTS and bad * 1000 > BAD_PER_MILLE * line["requests"]:
        return Part(name, PartState.FAULTY, f"its line is bad: {what}", _LINE)
    if line["echoes"]:
        return Part(name, PartState.FAULTY, "its adapter gives back what it is told", "switch its local echo off")
    return Part(name, PartState.FOUND, what)


def _supply(supply: Mapping[str, Any]) -> Part:
    name = f"supply {supply['name']}"
    if not supply["wiring_fault"]:
        return Part(name, PartState.FOUND, "the running locker uses it")
    doors = " and ".join(supply["wiring_fault"])
    what = f"it stands still: a lock on it moved another door than its own ({doors})"
    return Part(name, PartState.FAULTY, what, "look into both, then commission the cabinet again")


def _told_doors(compartments: list[Mapping[str, Any]]) -> Iterator[Part]:
    ages = {each["id"]: each["read_ms"] for each in compartments}
    unknown = [id for id, age in ages.items() if age is None]
    stale = [id for id, age in ages.items() if age is not None and age > STALE_MS]
    yield from (Part(f"door {id}", PartState.FAULTY, "nobody knows how it stands", _WIRES) for id in unknown)
    for id in stale:
        yield Part(f"door {id}", PartState.FAULTY, f"it was read {ages[id] // 1000} s ago and not since", _LINE)
    if not unknown and not stale:
        yield _doors({each["id"]: each["door"] for each in compartments})


def _doors(doors: Mapping[str, str]) -> Part:
    opened = [id for id, door in doors.items() if door == "open"]
    what = f"{len(doors)} doors are read" + (f"; open: {', '.join(opened)}" if opened else ", all closed")
    return Part("doors", PartState.FOUND, what)
