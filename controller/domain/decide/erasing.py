"""Erasing what is private about a parcel, a recipient or a driver because somebody wants it gone.

What nobody needs goes at once. The rest stays, and the answer says why: a live code goes with its parcel, a driver's
PIN with the driver, and what proves a disputed handoff once the dispute was settled.
"""

from collections.abc import Iterator

from controller.domain import events as ev
from controller.domain import inputs as put
from controller.domain.answers import Erased, Need
from controller.domain.decide.draft import Decision, Draft
from controller.domain.ids import Reference
from controller.domain.naming import name_of
from controller.domain.state import State

REASON = "asked"


def erase(draft: Draft, asked: put.EraseAsked) -> Decision:
    """Erase the private parts of the records that were found, and of those that the state knows."""
    state, needed = draft.state, dict(_needed(draft.state))
    wanted = {*asked.sequences, *_known(state, asked.reference)}
    going = tuple(sorted(wanted - needed.keys()))
    if going:
        files = tuple(name for name, file in state.files.items() if file.sequence in going)
        draft.record(ev.PrivateErased(sequences=going, files=files, reason=REASON))
    for kept in list(state.preferences.values()):
        if kept.recipient == asked.reference:
            draft.record(
                ev.PreferencePurged(handle=kept.handle, parcel=kept.parcel, confirmed_at=kept.preferences.confirmed_at)
            )
    return draft.answer(Erased(going, {sequence: needed[sequence] for sequence in sorted(wanted & needed.keys())}))


def erase_notes(draft: Draft, sequences: tuple[int, ...]) -> None:
    """Erase notes that were kept for long enough, but for those beside what shows how a disputed handoff went."""
    frozen = {sequence for dispute in draft.state.disputes.values() for sequence in dispute.records}
    going = tuple(sequence for sequence in sequences if sequence not in frozen)
    if going:
        draft.record(ev.PrivateErased(sequences=going, reason="retention"))


def _known(state: State, reference: Reference) -> Iterator[int]:
    """Records of this reference whose private parts the locker holds, whether or not the records are still kept."""
    parcels = {p.id for p in state.parcels.values() if reference in (p.id, p.name, p.recipient)}
    for pickup in state.pickups.values():
        if pickup.code is not None and not parcels.isdisjoint(pickup.parcels):
            yield pickup.issued_sequence
    for kept in state.preferences.values():
        if kept.note is not None and (kept.recipient == reference or kept.parcel in parcels):
            yield kept.changed_sequence
    for file in state.files.values():
        gone = any(str(reference) in (str(id), str(name_of(id))) for id in file.parcels)
        if gone or not parcels.isdisjoint(file.parcels):
            yield file.sequence
    for member in state.staff.members.values():
        if member.tells_in_private and reference in (str(member.driver), str(member.key)):
            yield member.told_sequence


def _needed(state: State) -> Iterator[tuple[int, Need]]:
    for pickup in state.pickups.values():
        if pickup.code is not None:
            yield pickup.issued_sequence, Need.LIVE_CODE
    for pin in state.pins.values():
        yield pin.sequence, Need.LIVE_CODE
    for member in state.staff.members.values():
        yield member.told_sequence, Need.ANNOUNCED
    for dispute in state.disputes.values():
        yield from ((sequence, Need.DISPUTED) for sequence in dispute.records)
    for file in state.files.values():
        if not state.disputes.keys().isdisjoint(file.parcels):
            yield file.sequence, Need.DISPUTED
