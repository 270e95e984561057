"""What carriers and operators put to the locker from afar, and operators at its terminal."""

from dataclasses import dataclass

from controller.domain.commands import Command
from controller.domain.ids import (
    CarrierId,
    CodeHmac,
    Counter,
    Jti,
    KeyId,
    Reference,
    Role,
    SessionId,
    WallMs,
)
from controller.domain.inputs.configuring import SettingsOffered
from controller.domain.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Telling:
    """What can be told just now to whoever asks."""

    first: int = 1
    """Of the records that can be said once more: the first kept."""
    last: int = 0
    """And the last that was ever said."""
    busy: bool = False
    """So many are being told something that nobody else can be."""


@dataclass(frozen=True, slots=True)
class CommandArrived:
    """A command whose size, signature, type, key, role and audience were good."""

    jti: Jti
    kid: KeyId
    role: Role
    carrier: CarrierId | None
    issued_at: WallMs
    expires_at: WallMs
    ctr: Counter | None
    nonce_good: bool
    command: Command
    seed: str = ""
    """128 fresh random bits in hex, for names that this command needs."""
    telling: Telling = Telling()
    presence_session: SessionId | None = None
    """Of `pickup.authorise`: the visit at the screen that its nonce was shown to; None where it is not good."""
    offered: SettingsOffered | None = None
    """The configuration that came last, where the command is about it."""
    second: CodeHmac | None = None
    """The HMAC of the second identifier that came sealed with it; None where that could not be read."""


@dataclass(frozen=True, slots=True)
class CommandRejected:
    """A command that failed before it could be trusted; it is counted, within a budget."""

    reason: Refusal
    jti: Jti | None = None
    kid: KeyId | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class CommandRepeated:
    """A command that was already answered came again."""

    count: int = 1


@dataclass(frozen=True, slots=True)
class LocalCommand:
    """From a person at this machine's terminal, through the service socket, which only operators may open."""

    command: Command
    note: str


@dataclass(frozen=True, slots=True)
class EraseAsked:
    """Somebody at the terminal wants everything private about this parcel, recipient or driver gone."""

    reference: Reference
    sequences: tuple[int, ...] = ()
    """Records about it that have private parts, as the journal was searched."""


@dataclass(frozen=True, slots=True)
class LockOutAsked:
    """Nothing is to be unlocked any more: by the technician of this session, or by an operator at the terminal."""

    session: SessionId | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class LockoutEndAsked:
    """Doors may be unlocked again, as the same people say."""

    session: SessionId | None
    note: str = ""
