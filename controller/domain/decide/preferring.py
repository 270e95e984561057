"""Recipients' preferences as they come in and grow old."""

from hashlib import sha256

from controller.domain import events as ev
from controller.domain.decide.draft import Draft
from controller.domain.ids import CarrierId, ClockQuality, Handle, Note, ParcelId, Role, WallMs
from controller.domain.policy import Policy
from controller.domain.preferences import DAY_MS, Instructions, Preferences
from controller.domain.recipient_visit import KnownWishes
from controller.domain.refusals import Refusal
from controller.domain.state import KeptPreferences, Parcel, State

_HANDLE_DIGITS = 32


def may_be_confirmed_at(draft: Draft, moment: WallMs) -> bool:
    """Nobody confirms anything in the future, by a clock that can be trusted."""
    unknown = draft.at.clock is ClockQuality.UNKNOWN
    return unknown or moment <= draft.at.wall + draft.policy.clock_skew_ms


def expected_with(draft: Draft, parcel: Parcel, given: Instructions | None, seed: str) -> None:
    """A parcel was announced: with preferences of its own, or its recipient's are kept here."""
    if given is None:
        kept = kept_for(draft.state, parcel.carrier, parcel.recipient)
        given = _again(kept) if kept is not None else None
    if given is not None:
        _take_in(draft, given, parcel.carrier, seed, parcel=parcel.id)


def keep(draft: Draft, carrier: CarrierId, recipient: str, given: Instructions, seed: str) -> Refusal | None:
    """Keep a recipient's preferences for parcels to come, and let them count for those that are here."""
    if not _has_room(draft, carrier, recipient):
        return Refusal.STORAGE_FULL
    _take_in(draft, given, carrier, seed, recipient=recipient)
    for parcel in list(draft.state.parcels.values()):
        if (parcel.carrier, parcel.recipient) == (carrier, recipient):
            _take_in(draft, given, carrier, seed, parcel=parcel.id)
    return None


def change_at_the_screen(
    draft: Draft, carrier: CarrierId, known: KnownWishes, wanted: Preferences, seed: str, contact_jwe: str | None
) -> None:
    """What the recipient themself says: kept under the carrier's reference where there is one and room, and told to
    the carrier in any case. What they once wrote to drivers stays as it is.
    """
    room = _has_room(draft, carrier, known.recipient)
    own = {"recipient": known.recipient} if known.recipient is not None and room else {"parcel": known.parcel}
    general = kept_for(draft.state, carrier, known.recipient)
    given = _with_note(wanted, general)
    _take_in(draft, given, carrier, seed, by=Role.RECIPIENT, contact_jwe=contact_jwe, **own)
    for parcel in list(draft.state.parcels.values()):
        if known.recipient is not None and (parcel.carrier, parcel.recipient) == (carrier, known.recipient):
            here = _with_note(wanted, preferences_of(draft.state, parcel.id))
            _take_in(draft, here, carrier, seed, by=Role.RECIPIENT, parcel=parcel.id)


def change_for(draft: Draft, parcel: Parcel, given: Instructions, seed: str) -> None:
    """Other preferences for one parcel."""
    _take_in(draft, given, parcel.carrier, seed, parcel=parcel.id)


def kept_for(state: State, carrier: CarrierId, recipient: str | None) -> KeptPreferences | None:
    """What this carrier's recipient wants in general."""
    wanted = (carrier, recipient)
    found = (each for each in state.preferences.values() if (each.carrier, each.recipient) == wanted)
    return next(found, None) if recipient is not None else None


def preferences_of(state: State, parcel: ParcelId) -> KeptPreferences | None:
    """What is wanted for this parcel."""
    return next((each for each in state.preferences.values() if each.parcel == parcel), None)


def wanted_for(state: State, parcel: ParcelId) -> Instructions | None:
    """The same with the note, as they would be told once more."""
    kept = preferences_of(state, parcel)
    return _again(kept) if kept is not None else None


def preferences_now(draft: Draft, parcel: ParcelId) -> KeptPreferences | None:
    """The same as old as it is at this moment, which goes on record where nobody has noticed it yet."""
    kept = preferences_of(draft.state, parcel)
    while kept is not None and due(kept, draft.policy) <= draft.at.wall:
        let_age(draft, kept)
        kept = preferences_of(draft.state, parcel)
    return kept


def due(kept: KeptPreferences, policy: Policy) -> WallMs:
    """When these preferences come of their next age."""
    days = policy.preference_purge_days if kept.stale else policy.preference_stale_days
    return WallMs(kept.preferences.confirmed_at + days * DAY_MS)


def let_age(draft: Draft, kept: KeptPreferences) -> None:
    """Mark or forget what has not been confirmed for too long."""
    aged = ev.PreferencePurged if kept.stale else ev.PreferenceStale
    draft.record(aged(handle=kept.handle, parcel=kept.parcel, confirmed_at=kept.preferences.confirmed_at))


def _take_in(
    draft: Draft,
    given: Instructions,
    carrier: CarrierId,
    seed: str,
    *,
    parcel: ParcelId | None = None,
    recipient: str | None = None,
    by: Role = Role.CARRIER,
    contact_jwe: str | None = None,
) -> None:
    """Put them on record, unless they are so old that they would be forgotten at once."""
    handle = _handle(seed, parcel)
    if given.confirmed_at + draft.policy.preference_purge_days * DAY_MS <= draft.at.wall:
        draft.record(ev.PreferencePurged(handle=handle, parcel=parcel, confirmed_at=given.confirmed_at))
        return
    draft.record(
        ev.PreferenceChanged(
            handle=handle,
            carrier=carrier,
            by=by,
            preferences=given.flags(),
            parcel=parcel,
            recipient=recipient,
            contact_jwe=contact_jwe,
            note=given.note,
        )
    )


def _has_room(draft: Draft, carrier: CarrierId, recipient: str | None) -> bool:
    kept = sum(each.recipient is not None for each in draft.state.preferences.values())
    return kept < draft.policy.most_kept_preferences or kept_for(draft.state, carrier, recipient) is not None


def _again(kept: KeptPreferences) -> Instructions:
    return _with_note(kept.preferences, kept)


def _with_note(given: Preferences, kept: KeptPreferences | None) -> Instructions:
    return Instructions(
        confirmed_at=given.confirmed_at,
        locker=given.locker,
        accessible=given.accessible,
        language=given.language,
        second_person=given.second_person,
        channel=given.channel,
        away_from=given.away_from,
        away_until=given.away_until,
        note=None if kept is None or kept.note is None else Note(kept.note),
    )


def _handle(seed: str, parcel: ParcelId | None) -> Handle:
    """One of the command's own for each parcel; nobody who does not know the seed can tell that two belong together."""
    return Handle(sha256(f"{seed}:{parcel or ''}".encode()).hexdigest()[:_HANDLE_DIGITS])
