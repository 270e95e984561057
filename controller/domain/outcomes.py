"""What became of an unlock, in one word, whoever asked for it."""

from enum import StrEnum

from controller.domain import events as ev
from controller.domain.state import State


class Outcome(StrEnum):
    """The end of one unlock. The sensor is believed, never the lock."""

    OPENED = "opened"
    ALREADY_OPEN = "already_open"
    """The door stood open when the unlock was authorised."""
    DID_NOT_OPEN = "did_not_open"
    """The lock was pulsed and the door stayed shut."""
    NO_REPLY = "no_reply"
    """The board stayed silent and the door was not seen to open: nobody knows whether the lock moved."""
    NO_FEEDBACK = "no_feedback"
    """The lock was pulsed and no sensor says what the door did."""
    WIRING_FAULT = "wiring_fault"
    """Another door opened."""
    REJECTED = "rejected"
    """The board did not take the order: nothing moved."""
    NOT_SENT = "not_sent"
    """The order never left: nothing moved."""


OPENING, SECOND_AWAITED, EVIDENCE_WANTED = "opening", "second_signature_awaited", "evidence_wanted"
"""What became of a command so far: doors follow; another operator has yet to sign; the screen asks for more first."""
NOTHING_MOVED = (Outcome.NOT_SENT, Outcome.REJECTED)
_TOLD_BY_REPORT = (*NOTHING_MOVED, Outcome.ALREADY_OPEN)


def outcome_of(event: ev.Event, after: State) -> Outcome | None:
    """What this event says became of the last unlock of the compartment it names; None for nothing. `after` is the
    state that it led to.
    """
    match event:
        case ev.DoorOpened(cause="unlock" | "late"):
            return Outcome.OPENED
        case ev.DoorWiringFault():
            return Outcome.WIRING_FAULT
        case ev.DoorDidNotOpen(compartment=id) | ev.UnlockReported(compartment=id, sent="no_feedback"):
            cycle = after.compartments[id].cycle
            if cycle is not None and cycle.sent == "no_reply":
                return Outcome.NO_REPLY
            return Outcome.DID_NOT_OPEN if isinstance(event, ev.DoorDidNotOpen) else Outcome.NO_FEEDBACK
        case ev.UnlockReported(sent=sent) if sent in _TOLD_BY_REPORT:
            return Outcome(sent)
        case _:
            return None
