"""The ladder acts: each step when it is due, and one notice for everything that the carrier could not hear before."""

from controller.domain import events as ev
from controller.domain.climbing import Step, due, extension_ms, hears, hold_ms, is_local, open_steps
from controller.domain.decide.draft import Draft
from controller.domain.decide.notifying import request
from controller.domain.hearing import Hearing
from controller.domain.ids import ParcelId, WallMs
from controller.domain.ladder import Action
from controller.domain.notices import NoticeKind
from controller.domain.preferences import Channel
from controller.domain.state import Custody, Parcel

_TELLS = {
    Action.SEND_PASS: NoticeKind.PASS,
    Action.TELL_LONGER: NoticeKind.LONGER,
    Action.REMIND: NoticeKind.REMINDER,
    Action.CALL: NoticeKind.CALL,
    Action.CONTACT: NoticeKind.CONTACT,
    Action.EXPIRE: NoticeKind.EXPIRED,
    Action.RETURN_TO_DEPOT: NoticeKind.RETURNING,
    Action.SECOND_ATTEMPT: NoticeKind.REDELIVERY,
}


def pass_ladders(draft: Draft, hearing: Hearing) -> None:
    """Take every step whose time has come."""
    for id in list(draft.state.climbs):
        moment = due(draft.state.parcels[id], draft.state.climbs[id], draft.policy, hearing)
        if moment is not None and moment <= draft.at.wall:
            _start_hold(draft, id, hearing)
            _climb(draft, id, hearing)


def _start_hold(draft: Draft, id: ParcelId, hearing: Hearing) -> None:
    """From when the carrier knows of the parcel, but at most twice the hold in all."""
    parcel, climb = draft.state.parcels[id], draft.state.climbs[id]
    if climb.hold_runs or parcel.stored_at is None or parcel.hold_until is None:
        return
    heard = hearing.has(climb.begun_sequence)
    if not heard and draft.at.wall < parcel.hold_until:
        return
    hold = hold_ms(parcel, draft.policy)
    until = min(draft.at.wall, parcel.stored_at + hold) + hold
    draft.record(ev.ParcelHoldStarted(parcel=id, hold_until=WallMs(max(until, parcel.hold_until))))


def _climb(draft: Draft, id: ParcelId, hearing: Hearing) -> None:
    listens, channel = hears(draft.state.climbs[id], hearing), None
    while (step := _next(draft, id, listens)) is not None:
        _take(draft, draft.state.parcels[id], step)
        channel = Channel.CALL if step.rung.action is Action.CALL else step.rung.channel
    untold = draft.state.climbs[id].untold
    if untold and hearing.since is not None:
        also = tuple(kind for kind in dict.fromkeys(untold) if kind is not untold[-1])
        request(draft, draft.state.parcels[id], untold[-1], also=also, channel=channel)


def _next(draft: Draft, id: ParcelId, listens: bool) -> Step | None:
    steps = open_steps(draft.state.parcels[id], draft.state.climbs[id], draft.policy)
    return next((step for step in steps if step.at <= draft.at.wall and (listens or is_local(step))), None)


def _take(draft: Draft, parcel: Parcel, step: Step) -> None:
    draft.record(
        ev.LadderStep(
            parcel=parcel.id,
            action=step.rung.action.value,
            compartment=parcel.compartment,
            ladder=draft.state.climbs[parcel.id].ladder,
            step=step.number,
            of_hold=step.of_hold,
            tells=_tells(draft, parcel, step.rung.action),
        )
    )


def _tells(draft: Draft, parcel: Parcel, action: Action) -> NoticeKind | None:
    if parcel.unannounced:
        return None  # nobody knows yet whose it is
    match action:
        case Action.NOTIFY:
            return NoticeKind.NOT_TAKEN_IN if parcel.custody is Custody.EXPECTED else NoticeKind.STORED
        case Action.OFFER_EXTENSION:
            return NoticeKind.EXTENSION if extension_ms(parcel, draft.policy) else None
        case Action.OFFER_OTHER_LOCKER:
            return NoticeKind.OTHER_LOCKER if draft.policy.neighbours else None
        case _:
            return _TELLS.get(action)
