"""The recipient: what the locker's answers to a code or a pass, and the doors that follow, do to the screen. Pure."""

from dataclasses import replace

from controller.domain.answers import Answer, DoorUnlocked, EvidenceWanted, Noted, Refused
from controller.domain.claims import Claim
from controller.domain.ids import CompartmentId, MonoMs
from controller.domain.refusals import Refusal
from kiosk import proving
from kiosk.doors import unlocked
from kiosk.screens import Claimed, EnterCode, NeedsPerson, Outcome, ScanPass, Thanks, TooManyTries
from kiosk.session import Ended, Overlay, Step, Visit, cover, not_taken_in, show

_PERSON = (
    Refusal.NOTHING_WAITING,
    Refusal.TOO_MANY_OPENINGS,
    Refusal.OUT_OF_SERVICE,
    Refusal.WIRING_FAULT,
    Refusal.LOCKED_OUT,
    Refusal.BUSY,
    Refusal.EVIDENCE_MISSING,
)


def answered(visit: Visit, answer: Answer | None, open_now: frozenset[CompartmentId], now: MonoMs) -> Visit:
    """The locker's word on a code or a pass."""
    match answer:
        case None:
            return not_taken_in(visit, now)
        case DoorUnlocked(compartments):
            return unlocked(visit, compartments, open_now, now)
        case EvidenceWanted():
            return proving.wanted(visit, answer, now)
        case Refused():
            return refused(visit, answer, now)
        case _:
            raise TypeError(f"no recipient is ever answered {type(answer).__name__}")


def let_out(visit: Visit, answer: Answer | None, now: MonoMs) -> Visit:
    """The locker's word to whoever says that a person is shut in: whom to call stands beside it in any case."""
    why = None if isinstance(answer, DoorUnlocked) else getattr(answer, "reason", "unavailable")
    return cover(replace(visit, not_let_out=why), Overlay.LETTING_OUT, now)


def refused(visit: Visit, no: Refused, now: MonoMs) -> Visit:
    """A lawful no, on the screen from which it can be put right."""
    match no.reason:
        case Refusal.TOO_MANY_TRIES:
            return show(visit, TooManyTries(MonoMs(now + no.retry_after_s * 1000)), now)
        case Refusal.CODE_INVALID:
            return show(visit, EnterCode(no.reason.value), now)
        case Refusal.PASS_INVALID:
            return show(visit, ScanPass(no.reason.value), now)
        case reason if reason in _PERSON:
            return show(visit, NeedsPerson(reason.value), now)
        case reason:
            return show(visit, EnterCode(reason.value), now)


def reopen_answered(visit: Visit, answer: Answer | None, open_now: frozenset[CompartmentId], now: MonoMs) -> Visit:
    """The locker's word on *Reopen*."""
    match answer:
        case Refused(reason=Refusal.REOPEN_OVER):
            return show(visit, Outcome(reopen_until=now, refused=Refusal.REOPEN_OVER.value), now)
        case _:
            return answered(visit, answer, open_now, now)


def claimed(
    visit: Visit, claim: Claim, answer: Answer | None, open_now: frozenset[CompartmentId], now: MonoMs
) -> Visit:
    """The locker's word on what the recipient said of their parcel."""
    return (
        show(visit, Claimed(claim), now) if isinstance(answer, Noted) else reopen_answered(visit, answer, open_now, now)
    )


def got_it(visit: Visit, now: MonoMs) -> Step | None:
    """The recipient has what they came for. None where there is nothing to say that about."""
    match visit.screen:
        case Outcome() | Claimed():
            return show(visit, Thanks(), now)
        case Thanks():
            return Ended("asked")
        case _:
            return None
