"""Events of the keys: those that the locker trusts, and its own."""

from dataclasses import dataclass

from controller.domain.events.base import Event
from controller.domain.ids import Jti, KeyId, MonoMs, WallMs
from controller.domain.trust import TrustedKey


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysListed(Event):
    """The keyring's file, where it is not as it was when it was last read. It brings back nothing that was retired."""

    NAME = "key.listed"
    keys: tuple[TrustedKey, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RotationAsked(Event):
    """The first of the two signatures that changing the keys needs."""

    NAME = "key.rotation_asked"
    kid: KeyId
    jti: Jti
    until: MonoMs
    """The second has to come before."""
    add: tuple[TrustedKey, ...] = ()
    retire: tuple[KeyId, ...] = ()
    ends_at: WallMs | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysRotated(Event):
    """Two operators have changed the keys: those added count from now on."""

    NAME = "key.rotated"
    jti: Jti
    first: KeyId
    second: KeyId
    """Whose signatures it bears."""
    add: tuple[TrustedKey, ...] = ()
    retire: tuple[KeyId, ...] = ()
    ends_at: WallMs | None = None
    """Until when those that are retired still sign; None for not at all. Nothing is sealed to them any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyEnded(Event):
    """The time that a retired key had left is over."""

    NAME = "key.ended"
    kid: KeyId


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceKeyChanged(Event):
    """The locker signs its proofs with another key from here on. The old one stays good for what it has signed."""

    NAME = "key.device_changed"
    kid: KeyId
    previous: KeyId
