"""Telling recipients: asked of the carrier by one channel after the other, until one delivered or none is left."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from controller.domain import events as ev
from controller.domain.climbing import extension_ms
from controller.domain.commands import ReportNotification
from controller.domain.decide.draft import Draft
from controller.domain.decide.preferring import preferences_of
from controller.domain.hearing import Hearing
from controller.domain.ids import CarrierId, NoticeId, ParcelId, WallMs
from controller.domain.naming import name_of
from controller.domain.notices import Notice, NoticeKind, Reply, ReportedAs, Standing
from controller.domain.policy import Policy
from controller.domain.preferences import Channel
from controller.domain.refusals import Refusal
from controller.domain.state import Parcel, State

SILENT = "silent"
_WITH_PLACE = (Reply.LOCKER, Reply.NOT_THE_LOCKER)
ASKS = {
    NoticeKind.COMING: _WITH_PLACE,
    NoticeKind.QUESTION: _WITH_PLACE,
    NoticeKind.CONTACT: (Reply.REDELIVER, Reply.OTHER_LOCKER, Reply.RETURN, Reply.LOCKER),
    NoticeKind.EXTENSION: (Reply.EXTEND, Reply.COMING, Reply.RETURN),
    NoticeKind.OTHER_LOCKER: (Reply.OTHER_LOCKER, Reply.REDELIVER, Reply.RETURN),
}
"""What the recipient may answer to what."""


@dataclass(frozen=True, slots=True)
class _Words:
    """What a notice says, whichever channel it goes by."""

    id: NoticeId
    kind: NoticeKind
    also: tuple[NoticeKind, ...]
    reason: str | None


def request(
    draft: Draft,
    parcel: Parcel,
    kind: NoticeKind,
    *,
    also: tuple[NoticeKind, ...] = (),
    channel: Channel | None = None,
    reason: str | None = None,
) -> NoticeId:
    """Have the recipient told, by `channel` first where it is given; it takes the place of the parcel's earlier notice.

    Its name, by which reports and answers speak of it.
    """
    id = _fresh_id(draft)
    first = next(_order(draft, parcel, channel), None)
    draft.record(_asked(draft, parcel, _Words(id, kind, also, reason), first))
    return id


def ask_canaries(draft: Draft) -> None:
    """Have every channel of every carrier show that it is alive."""
    for carrier, channel in product(draft.policy.told_by, draft.policy.channels):
        canary = ev.NotificationRequested(
            notice=_fresh_id(draft), kind=NoticeKind.CANARY, carrier=carrier, channel=channel
        )
        draft.record(canary)


def report(draft: Draft, command: ReportNotification, carrier: CarrierId | None) -> Refusal | None:
    """The carrier says what became of a notice."""
    named = _named(draft.state, command.notice)
    if named is None:
        return Refusal.NOTICE_UNKNOWN
    parcel, notice = named
    if carrier != notice.carrier:
        return Refusal.NOTICE_UNKNOWN
    channel = command.channel if command.channel is not None else notice.channel
    id = parcel.id if parcel is not None else None
    if command.outcome is ReportedAs.DELIVERED:
        draft.record(ev.NotificationDelivered(notice=notice.id, parcel=id, carrier=carrier, channel=channel))
        return None
    if notice.standing is Standing.EXHAUSTED or channel in notice.tried:
        return None  # given up already; nothing follows from it twice
    how = command.outcome.value
    failed = ev.NotificationFailed(
        notice=notice.id, parcel=id, carrier=carrier, channel=channel, how=how, reason=command.reason
    )
    draft.record(failed)
    if parcel is not None and channel == notice.channel:
        _try_next(draft, parcel)
    return None


def notices_due(state: State, policy: Policy, hearing: Hearing) -> Iterator[WallMs]:
    """When the silence of a channel counts as a failure, and when channels have to show again that they are alive."""
    for notice in (*state.notices.values(), *state.canaries.values()):
        silent_at = _silent_at(notice, policy, hearing)
        if silent_at is not None:
            yield silent_at
    canary_at = _canary_at(state, policy, hearing)
    if canary_at is not None:
        yield canary_at


def pass_notices(draft: Draft, hearing: Hearing) -> None:
    """Go on to the next channel wherever one was silent for too long; have the channels show that they are alive."""
    now, policy = draft.at.wall, draft.policy
    for id, notice in list(draft.state.notices.items()):
        if _is_past(_silent_at(notice, policy, hearing), now):
            draft.record(_silent(notice, id))
            _try_next(draft, draft.state.parcels[id])
    for canary in list(draft.state.canaries.values()):
        if _is_past(_silent_at(canary, policy, hearing), now):
            draft.record(_silent(canary))
    if _is_past(_canary_at(draft.state, policy, hearing), now):
        ask_canaries(draft)


def _silent(notice: Notice, parcel: ParcelId | None = None) -> ev.NotificationFailed:
    return ev.NotificationFailed(
        notice=notice.id, parcel=parcel, carrier=notice.carrier, channel=notice.channel, how=SILENT
    )


def _silent_at(notice: Notice, policy: Policy, hearing: Hearing) -> WallMs | None:
    """A carrier that does not hear is not silent: it was not asked yet, or cannot answer."""
    if notice.standing is not Standing.REQUESTED or notice.channel is None or not policy.channels:
        return None
    if hearing.since is None or not hearing.has(notice.requested_sequence):
        return None
    return WallMs(max(notice.requested_at, hearing.since) + policy.notice_answer_ms)


def _canary_at(state: State, policy: Policy, hearing: Hearing) -> WallMs | None:
    if not policy.canary_ms or not policy.channels or not policy.told_by or hearing.since is None:
        return None
    asked = [canary.requested_at for canary in state.canaries.values() if canary.channel in policy.channels]
    return WallMs(max(asked) + policy.canary_ms) if asked else hearing.since


def _is_past(due: WallMs | None, now: WallMs) -> bool:
    return due is not None and due <= now


def _named(state: State, id: NoticeId) -> tuple[Parcel | None, Notice] | None:
    """The notice of this name and its parcel; a canary has none."""
    for parcel, notice in state.notices.items():
        if notice.id == id:
            return state.parcels[parcel], notice
    return next(((None, canary) for canary in state.canaries.values() if canary.id == id), None)


def _try_next(draft: Draft, parcel: Parcel) -> None:
    notice = draft.state.notices[parcel.id]
    channel = next((each for each in _order(draft, parcel, None) if each not in notice.tried), None)
    if channel is not None:
        words = _Words(notice.id, notice.kind, notice.also, notice.reason)
        draft.record(_asked(draft, parcel, words, channel, notice.tried))
        return
    draft.record(
        ev.NotificationExhausted(
            notice=notice.id,
            kind=notice.kind,
            parcel=parcel.id,
            carrier=parcel.carrier,
            compartment=parcel.compartment,
            tried=notice.tried,
        )
    )


def _order(draft: Draft, parcel: Parcel, first: Channel | None) -> Iterator[Channel]:
    """The step's own channel, the recipient's, those of the site; not those that are known to reach nobody."""
    kept = preferences_of(draft.state, parcel.id)
    wanted = kept.preferences.channel if kept is not None else None
    before = draft.state.notices.get(parcel.id)
    useless = before.bounced if before is not None else ()
    order = dict.fromkeys((first, wanted, *draft.policy.channels))
    return (channel for channel in order if channel is not None and channel not in useless)


def _fresh_id(draft: Draft) -> NoticeId:
    return NoticeId(f"n{draft.state.sequence + 1}")


def _asked(
    draft: Draft, parcel: Parcel, words: _Words, channel: Channel | None, tried: tuple[Channel, ...] = ()
) -> ev.NotificationRequested:
    policy, kind = draft.policy, words.kind
    kept = preferences_of(draft.state, parcel.id)
    return ev.NotificationRequested(
        notice=words.id,
        kind=kind,
        parcel=parcel.id,
        carrier=parcel.carrier,
        recipient=parcel.recipient,
        channel=channel,
        tried=tried,
        also=words.also,
        language=kept.preferences.language if kept is not None else None,
        compartment=parcel.compartment,
        until=parcel.hold_until,
        reason=words.reason,
        asks=ASKS.get(kind, ()),
        extend_s=extension_ms(parcel, policy) // 1000 if kind is NoticeKind.EXTENSION else None,
        lockers=policy.neighbours if Reply.OTHER_LOCKER in ASKS.get(kind, ()) else (),
        link=_filled(policy.tracking_link, parcel.id, words.id),
        change=_filled(policy.change_link, parcel.id, words.id),
    )


def _filled(template: str, parcel: ParcelId, notice: NoticeId) -> str | None:
    return template.replace("{parcel}", name_of(parcel)).replace("{notice}", notice) or None
