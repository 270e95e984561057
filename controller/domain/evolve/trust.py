"""Which keys are trusted, from one event to the next."""

from collections.abc import Iterable
from dataclasses import replace

from controller.domain import events as ev
from controller.domain.ids import KeyId, Role, WallMs
from controller.domain.stamp import Stamp
from controller.domain.state import State
from controller.domain.trust import Rotation, Trust, TrustedKey, Use, is_retired


def evolve_trust(state: State, event: ev.Event, stamp: Stamp) -> State:
    """The state after an event of keys."""
    return replace(state, trust=_evolved(state.trust, event))


def _evolved(trust: Trust, event: ev.Event) -> Trust:
    match event:
        case ev.KeysListed():
            return _listed(trust, event.keys)
        case ev.RotationAsked():
            asked = Rotation(
                kid=event.kid,
                jti=event.jti,
                until=event.until,
                add=event.add,
                retire=event.retire,
                ends_at=event.ends_at,
            )
            return replace(trust, asked=asked)
        case ev.KeysRotated():
            return _rotated(trust, event)
        case ev.KeyEnded(kid=kid):
            return _without(trust, (kid,))
        case ev.DeviceKeyChanged(kid=kid):
            return replace(trust, device_key=kid)
        case _:
            return trust


def _listed(trust: Trust, keys: tuple[TrustedKey, ...]) -> Trust:
    """What the file has dropped goes, what is new in it comes; what came by rotation stays."""
    named = {key.kid: key for key in keys}
    dropped = {key.kid for key in trust.listed if key.kid not in named}
    kept = {kid: key for kid, key in trust.keys.items() if kid not in dropped and kid not in named}
    good = {kid: key for kid, key in named.items() if not is_retired(trust, key)}
    fresh = [key for key in good.values() if key not in trust.listed]
    kept = {kid: key for kid, key in kept.items() if not _gives_way(key, fresh)}
    ends = {kid: at for kid, at in trust.ends.items() if kid in kept or kid in good}
    return replace(trust, keys=good | kept, listed=keys, ends=ends)


def _gives_way(key: TrustedKey, fresh: Iterable[TrustedKey]) -> bool:
    """Whether a file that names one of these means it in place of `key`: there is one custodian, and of each carrier
    one key to seal to.
    """
    return any(
        (key.use is Use.ENC and (new.use, new.carrier) == (Use.ENC, key.carrier))
        or (Role.CUSTODIAN in key.roles and Role.CUSTODIAN in new.roles)
        for new in fresh
    )


def _rotated(trust: Trust, event: ev.KeysRotated) -> Trust:
    at_once = [kid for kid in event.retire if event.ends_at is None or trust.keys[kid].use is Use.ENC]
    left = _without(trust, at_once)
    ending: dict[KeyId, WallMs] = {}
    if event.ends_at is not None:
        ending = {kid: event.ends_at for kid in event.retire if kid not in at_once}
    added = {key.kid: key for key in event.add}
    return replace(left, keys=left.keys | added, ends=left.ends | ending, asked=None)


def _without(trust: Trust, kids: Iterable[KeyId]) -> Trust:
    gone = {kid: trust.keys[kid].x for kid in kids if kid in trust.keys}
    return replace(
        trust,
        keys={kid: key for kid, key in trust.keys.items() if kid not in gone},
        ends={kid: at for kid, at in trust.ends.items() if kid not in gone},
        retired=trust.retired | gone,
    )
