"""What a lock board knows, as plain JSON: for the terminal in full, for the health message in figures."""

from dataclasses import asdict

from controller.contract.wire_json import JSON, JsonObject
from firmware_bridge.faults import ADVICE
from firmware_bridge.lock_board import BoardState, Door, DoorReading


def board_facts(state: BoardState | None) -> JsonObject:
    """Its fault with what to do about it, and the counts of its line since the start; each None where there is none."""
    fault = state.fault if state is not None else None
    return {
        "fault": fault.kind.value if fault is not None else None,
        "detail": fault.detail if fault is not None else None,
        "advice": ADVICE[fault.kind] if fault is not None else None,
        "line": _line(state),
    }


def board_figures(state: BoardState) -> JsonObject:
    """Its fault, the age in ms of its oldest reading of a door that is known (None: it knows none), and its line."""
    ages = [reading.age_ms for reading in state.doors.values() if reading.door is not Door.UNKNOWN]
    return {
        "fault": state.fault.kind.value if state.fault is not None else None,
        "doors_known": len(ages),
        "oldest_reading_ms": max(ages, default=None),
        "line": _line(state),
    }


def door_facts(reading: DoorReading | None) -> JsonObject:
    """How old the reading of one door is, in ms, and what its parcel sensor says; None where nothing is known."""
    known = reading is not None and reading.door is not Door.UNKNOWN
    return {
        "read_ms": reading.age_ms if reading is not None and known else None,
        "parcel_sensor": reading.parcel if reading is not None else None,
    }


def _line(state: BoardState | None) -> JSON:
    return None if state is None or state.line is None else {**asdict(state.line)}
