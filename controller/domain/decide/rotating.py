"""Changing the keys: two operators have to sign the same change, and what is left has to make a whole."""

from collections.abc import Iterator

from controller.domain import events as ev
from controller.domain.commands import RotateKeys
from controller.domain.decide.draft import Draft
from controller.domain.ids import Jti, KeyId, MonoMs, WallMs
from controller.domain.inputs import Started
from controller.domain.refusals import Refusal
from controller.domain.state import State
from controller.domain.trust import LONGEST_OVERLAP_MS, MOST_KEYS, Change, Trust, lasting, why_incomplete


def rotate(draft: Draft, command: RotateKeys, kid: KeyId | None, jti: Jti | None) -> Refusal | None:
    """The first signature of a change is put on record; the second, of another key, carries it out."""
    if kid is None or jti is None:
        return Refusal.SECOND_SIGNATURE
    refusal = _why_not(draft.state.trust, command) or _bad_end(draft, command)
    if refusal is not None:
        return refusal
    asked = draft.state.trust.asked
    if asked is None or asked.until <= draft.at.mono or (asked.kid == kid and asked.change != _change(command)):
        until = MonoMs(draft.at.mono + draft.policy.second_signature_ms)
        add, retire, ends_at = _change(command)
        draft.record(ev.RotationAsked(kid=kid, jti=jti, until=until, add=add, retire=retire, ends_at=ends_at))
        return None
    if asked.kid == kid:
        return Refusal.SECOND_SIGNATURE
    if asked.change != _change(command):
        return Refusal.OTHER_ROTATION
    add, retire, ends_at = asked.change
    draft.record(ev.KeysRotated(jti=jti, first=asked.kid, second=kid, add=add, retire=retire, ends_at=ends_at))
    return None


def _change(command: RotateKeys) -> Change:
    return command.add, command.retire, command.ends_at


def read_keys(draft: Draft, started: Started) -> None:
    """At a start: the keyring's file where it has changed, keys whose time ended meanwhile, and the locker's own."""
    trust = draft.state.trust
    if started.keys and started.keys != trust.listed:
        draft.record(ev.KeysListed(keys=started.keys))
    end_keys(draft)
    change = started.device_key
    if change is not None and change.kid != trust.device_key:
        draft.record(ev.DeviceKeyChanged(kid=change.kid, previous=change.previous))


def end_keys(draft: Draft) -> None:
    """Keys whose overlap is over count no more."""
    for kid, at in list(draft.state.trust.ends.items()):
        if at <= draft.at.wall:
            draft.record(ev.KeyEnded(kid=kid))


def keys_due(state: State) -> Iterator[WallMs]:
    """When the next of them ends."""
    return iter(state.trust.ends.values())


def _why_not(trust: Trust, command: RotateKeys) -> Refusal | None:
    if not command.add and not command.retire:
        return Refusal.NOTHING_TO_ROTATE
    if len(trust.keys) + len(trust.retired) + len(command.add) > MOST_KEYS:
        return Refusal.TOO_MANY_KEYS
    if any(kid not in trust.keys for kid in command.retire) or len(set(command.retire)) < len(command.retire):
        return Refusal.KEY_UNKNOWN
    kids, points = {*trust.keys, *trust.retired}, {*(key.x for key in trust.keys.values()), *trust.retired.values()}
    for key in command.add:
        if key.kid in kids or key.x in points:
            return Refusal.KEY_EXISTS
        kids.add(key.kid)
        points.add(key.x)
    return why_incomplete(lasting(trust, (), ()), lasting(trust, command.add, command.retire))


def _bad_end(draft: Draft, command: RotateKeys) -> Refusal | None:
    if command.ends_at is None or draft.at.wall < command.ends_at <= draft.at.wall + LONGEST_OVERLAP_MS:
        return None
    return Refusal.BAD_OVERLAP
