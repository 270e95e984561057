"""Who is let in, who no more, and what is remembered of wrong PINs."""

from dataclasses import replace
from typing import TypeVar

from controller.domain import events as ev
from controller.domain.changes import with_item, without
from controller.domain.ids import CarrierId, WallMs
from controller.domain.pin_tries import with_tries
from controller.domain.staff import (
    MOST_KEPT,
    REVOKED_MS,
    ChecklistRead,
    PinTries,
    Staff,
    StaffKey,
    StaffMember,
    badge_key,
    key_of,
)
from controller.domain.stamp import Stamp
from controller.domain.state import State

K = TypeVar("K", bound=str)


def upserted(state: State, event: ev.DriverUpserted, stamp: Stamp) -> State:
    """The state in which this person is known, and nobody whose time is long over."""
    key = key_of(event.carrier, event.driver)
    known = state.staff.members.get(key)
    member = StaffMember(
        carrier=event.carrier,
        driver=event.driver,
        scope=event.scope,
        language=event.language,
        valid_until=event.valid_until,
        number=event.number,
        pin=event.pin,
        told_sequence=state.sequence,
        badges_from=state.staff.revoked.get(key, known.badges_from if known is not None else None),
    )
    over = [key for key, each in state.staff.members.items() if each.valid_until and each.valid_until < stamp.wall]
    for key in (*over, member.key):
        state = _forgotten(state, key)
    staff = state.staff
    members = with_item(staff.members, member.key, member)
    return replace(state, staff=replace(staff, members=members, revoked=without(staff.revoked, member.key)))


def revoked(state: State, event: ev.DriverRevoked, stamp: Stamp) -> State:
    """The state in which this driver, or this badge, opens nothing any more."""
    if event.driver is not None:
        state = _forgotten(state, key_of(event.carrier, event.driver))
        kept = _kept(state.staff.revoked, key_of(event.carrier, event.driver), event.carrier, stamp)
        state = replace(state, staff=replace(state.staff, revoked=kept))
    if event.badge is not None:
        badges = _kept(state.staff.revoked_badges, badge_key(event.carrier, event.badge), event.carrier, stamp)
        state = replace(state, staff=replace(state.staff, revoked_badges=badges))
    return state


def checked(state: State, event: ev.DriverChecklistDone, stamp: Stamp) -> State:
    """The state in which this driver has read the checklist; of each carrier's so many are remembered."""
    key, known = key_of(event.carrier, event.driver), state.staff.checklists
    before = known.get(key)
    times = before.times if before is not None and before.version == event.version else 0
    others = {each: read for each, read in known.items() if each != key}
    mine = [each for each in others if each.partition("/")[0] == event.carrier]
    for oldest in mine[: max(0, len(mine) + 1 - MOST_KEPT)]:
        del others[oldest]
    checklists = others | {key: ChecklistRead(event.version, times + 1, stamp.wall)}
    visit = replace(state.visit, checked=True) if state.visit is not None else None
    return replace(state, visit=visit, staff=replace(state.staff, checklists=checklists))


def pin_refused(state: State, event: ev.DriverRefused, stamp: Stamp) -> State:
    """The state after a wrong PIN; of badges that were refused nothing is remembered."""
    if event.slot is None or event.tries_due is None:
        return state
    tries = PinTries(event.wrong, event.locks, event.locked_until, stamp.mono)
    kept = with_tries(state.staff, event.slot, tries)
    return replace(state, staff=replace(state.staff, tries=kept, tries_due=event.tries_due))


def pin_accepted(state: State, key: StaffKey) -> State:
    """The state after a right one: what was typed wrong before is forgiven."""
    if key not in state.staff.tries:
        return state
    return replace(state, staff=replace(state.staff, tries=without(state.staff.tries, key)))


def numbers_erased(state: State, sequences: tuple[int, ...]) -> State:
    """The state after the private parts of these records are gone."""
    if not any(member.told_sequence in sequences for member in state.staff.members.values()):
        return state
    members = {
        key: replace(member, number=None, pin=None) if member.told_sequence in sequences else member
        for key, member in state.staff.members.items()
    }
    return replace(state, staff=replace(state.staff, members=members))


def _forgotten(state: State, key: StaffKey) -> State:
    member = state.staff.members.get(key)
    if member is None:
        return state
    staff: Staff = replace(state.staff, members=without(state.staff.members, key))
    erased = (member.told_sequence,) if member.tells_in_private else ()
    return replace(state, staff=staff, to_erase=state.to_erase + erased)


def _kept(known: dict[K, WallMs], key: K, carrier: CarrierId | None, stamp: Stamp) -> dict[K, WallMs]:
    """With this one; without what is long over, and of each carrier only so many, so that none crowds out another."""
    live = {each: since for each, since in known.items() if each != key and since + REVOKED_MS > stamp.wall}
    mine = [each for each in live if each.partition("/")[0] == (carrier or "")]
    for oldest in mine[: max(0, len(mine) + 1 - MOST_KEPT)]:
        del live[oldest]
    return live | {key: stamp.wall}
