"""How far notices have come."""

from dataclasses import replace

from controller.domain import events as ev
from controller.domain.changes import with_item, without
from controller.domain.evolve.climbing import told
from controller.domain.ids import NoticeId, ParcelId
from controller.domain.notices import Notice, NoticeKind, Standing
from controller.domain.stamp import Stamp
from controller.domain.state import State

BOUNCED = "bounced"


def evolve_notifications(state: State, event: ev.Event, stamp: Stamp) -> State:
    """The state after an event of a notice or a canary."""
    match event:
        case ev.NotificationRequested():
            return _requested(state, event, stamp)
        case ev.NotificationDelivered():
            return _stands(state, event.parcel, event.notice, Standing.DELIVERED)
        case ev.NotificationFailed():
            return _failed(state, event)
        case ev.NotificationExhausted():
            return _stands(state, event.parcel, event.notice, Standing.EXHAUSTED)
        case _:
            return state


def answered(state: State, event: ev.RecipientAnswered) -> State:
    """Who answers a notice has been told."""
    notice = state.notices.get(event.parcel)
    if notice is None or event.notice != notice.id:
        return state
    return _with(state, event.parcel, replace(notice, standing=Standing.DELIVERED))


def notices_forgotten(state: State, parcel: ParcelId) -> State:
    """The state in which nobody is told anything of this parcel any more."""
    return replace(state, notices=without(state.notices, parcel)) if parcel in state.notices else state


def contacts_renewed(state: State, parcel: ParcelId) -> State:
    """The state after the recipient was asked for other ways to be reached: each is worth a try again."""
    notice = state.notices.get(parcel)
    return state if notice is None or not notice.bounced else _with(state, parcel, replace(notice, bounced=()))


def _requested(state: State, event: ev.NotificationRequested, stamp: Stamp) -> State:
    before = state.notices.get(event.parcel) if event.parcel is not None else None
    notice = Notice(
        id=event.notice,
        kind=event.kind,
        requested_at=stamp.wall,
        requested_sequence=state.sequence,
        channel=event.channel,
        tried=event.tried,
        bounced=before.bounced if before is not None else (),
        also=event.also,
        reason=event.reason,
        carrier=event.carrier,
    )
    if event.parcel is not None:
        return told(_with(state, event.parcel, notice), event.parcel)
    if event.kind is NoticeKind.CANARY and event.channel is not None:
        return replace(state, canaries=with_item(state.canaries, f"{event.carrier}/{event.channel}", notice))
    return state


def _failed(state: State, event: ev.NotificationFailed) -> State:
    if event.parcel is None:
        return _stands(state, None, event.notice, Standing.FAILED)
    notice = state.notices.get(event.parcel)
    if notice is None or notice.id != event.notice:
        return state
    channels = () if event.channel is None else (event.channel,)
    failed = replace(
        notice,
        tried=tuple(dict.fromkeys((*notice.tried, *channels))),
        bounced=tuple(dict.fromkeys((*notice.bounced, *channels))) if event.how == BOUNCED else notice.bounced,
        standing=Standing.FAILED if event.channel == notice.channel else notice.standing,
    )
    return _with(state, event.parcel, failed)


def _stands(state: State, parcel: ParcelId | None, id: NoticeId, standing: Standing) -> State:
    if parcel is not None:
        notice = state.notices.get(parcel)
        return state if notice is None or notice.id != id else _with(state, parcel, replace(notice, standing=standing))
    canaries = {
        key: replace(canary, standing=standing) if canary.id == id else canary for key, canary in state.canaries.items()
    }
    return replace(state, canaries=canaries)


def _with(state: State, parcel: ParcelId, notice: Notice) -> State:
    return replace(state, notices=with_item(state.notices, parcel, notice))
