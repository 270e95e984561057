"""What is private about somebody goes when it is asked for; what is still needed stays, and the answer says why."""

from support.locker_heart import A02, A03
from support.locker_in_hand import NORTH, LockerInHand, norths

from controller.domain import events as ev
from controller.domain.answers import Erased, Need
from controller.domain.claims import Claim
from controller.domain.commands import RevokeDriver, UnlockCompartment, UpsertPreferences
from controller.domain.ids import DriverId, Note, Reference
from controller.domain.inputs import EraseAsked, LocalCommand, NotesAged
from controller.domain.preferences import Instructions

P1 = norths("P1")


def erase(locker: LockerInHand, reference: str, *sequences: int) -> Erased:
    answer = locker.put(EraseAsked(Reference(reference), sequences))
    assert isinstance(answer, Erased)
    return answer


def sequence_of(locker: LockerInHand, kind: type[ev.Event]) -> int:
    """The record of the last event of this kind."""
    return max(number for number, (_, event) in enumerate(locker.history, 1) if isinstance(event, kind))


def test_a_note_goes_and_with_it_what_a_recipient_has_wished(locker: LockerInHand) -> None:
    wish = Instructions(confirmed_at=locker.at.wall, note=Note("knock twice"))
    locker.command(UpsertPreferences(preferences=wish, recipient="r-1"))
    told = sequence_of(locker, ev.PreferenceChanged)

    assert erase(locker, "r-1") == Erased((told,), {})
    assert locker.last(ev.PrivateErased).reason == "asked"
    assert locker.last(ev.PreferencePurged).parcel is None
    assert not locker.state.preferences
    locker.check_replay()


def test_a_code_that_somebody_still_collects_by_stays(locker: LockerInHand) -> None:
    door = locker.deposit(1, recipient="r-1")
    issued = sequence_of(locker, ev.CodeIssued)

    assert erase(locker, "r-1") == Erased((), {issued: Need.LIVE_CODE})
    locker.type_code(locker.code_of(1))
    locker.closes(door)
    assert erase(locker, "r-1") == Erased((), {})
    locker.check_replay()


def test_a_drivers_pin_goes_when_they_are_revoked(locker: LockerInHand) -> None:
    locker.announce("d-7")
    told = sequence_of(locker, ev.DriverUpserted)

    assert erase(locker, "d-7") == erase(locker, f"{NORTH}/d-7") == Erased((), {told: Need.ANNOUNCED})
    locker.command(RevokeDriver(driver=DriverId("d-7")))
    assert erase(locker, "d-7") == Erased((), {})
    assert told in locker.last(ev.PrivateErased).sequences


def test_what_shows_how_a_disputed_handoff_went_stays_until_it_is_settled(locker: LockerInHand) -> None:
    door = locker.deposit(1)
    locker.type_code(locker.code_of(1))
    locker.closes(door)
    locker.claim(door, Claim.EMPTY)
    frozen = locker.state.disputes[P1].records

    assert erase(locker, "P1", *frozen).kept == dict.fromkeys(sorted(frozen), Need.DISPUTED)
    assert door == A02


def test_what_only_the_journal_knows_goes_as_it_was_found(locker: LockerInHand) -> None:
    locker.deposit(1)
    locker.put(LocalCommand(UnlockCompartment(compartment=A02), "the parcel of the lady in 3B"))
    opened = sequence_of(locker, ev.UnlockAuthorised)
    assert opened in erase(locker, "P1", opened).erased


def test_notes_that_are_old_go_but_for_those_of_a_dispute(locker: LockerInHand) -> None:
    door = locker.deposit(1)
    locker.type_code(locker.code_of(1))
    locker.closes(door)
    locker.claim(door, Claim.EMPTY)
    locker.put(LocalCommand(UnlockCompartment(compartment=A03), "to look"))
    opened = sequence_of(locker, ev.UnlockAuthorised)
    frozen = locker.state.disputes[P1].records

    locker.put(NotesAged((opened, *frozen)))
    assert locker.last(ev.PrivateErased) == ev.PrivateErased(sequences=(opened,), reason="retention")
    mark = len(locker.history)
    locker.put(NotesAged(frozen))
    assert locker.names_since(mark) == []


def test_nothing_is_recorded_where_there_is_nothing(locker: LockerInHand) -> None:
    mark = len(locker.history)
    assert erase(locker, "P9") == Erased((), {})
    assert locker.names_since(mark) == []
