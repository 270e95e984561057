"""What a look after one part of the machine found, in one shape for all: is it there, and what is to be done."""

from dataclasses import dataclass
from enum import StrEnum

from firmware_bridge.faults import ADVICE, BoardFault, FaultKind

ABSENT = (FaultKind.PORT_MISSING, FaultKind.LINE_MISSING, FaultKind.PROGRAM_MISSING, FaultKind.CLOCK_MISSING)
"""Faults of a part that is not there; with any other it is, and does not work."""


class PartState(StrEnum):
    """How a part stands."""

    FOUND = "found"
    FAULTY = "faulty"
    MISSING = "missing"
    NOT_CONFIGURED = "not_configured"


@dataclass(frozen=True, slots=True)
class Part:
    """One part, such as the scanner. `what` was found or is wrong; `advice` is empty where nothing is to be done."""

    name: str
    state: PartState
    what: str
    advice: str = ""


def part_with(fault: BoardFault) -> Part:
    """The part that has this fault."""
    state = PartState.MISSING if fault.kind in ABSENT else PartState.FAULTY
    return Part(fault.board, state, f"{fault.kind.value.replace('_', ' ')}: {fault.detail}", ADVICE[fault.kind])


def not_configured(name: str) -> Part:
    """A part that the configuration does not speak of."""
    return Part(name, PartState.NOT_CONFIGURED, "the configuration names none")
