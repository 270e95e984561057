"""Events of signed commands, and attempts at what is not allowed."""

from dataclasses import dataclass

from controller.domain.events.base import Event
from controller.domain.ids import Counter, Jti, KeyId, WallMs


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandReceived(Event):
    """A command whose signature, key and address were good."""

    NAME = "command.received"
    jti: Jti
    kid: KeyId
    command: str
    expires_at: WallMs
    ctr: Counter | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandExecuted(Event):
    """The command was carried out; for a door, what became of it: see `outcomes.Outcome`."""

    NAME = "command.executed"
    jti: Jti
    outcome: str = "executed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRefused(Event):
    """With a `jti`: decided and answered. Without: nothing of it could be trusted, and it is only counted."""

    NAME = "command.refused"
    reason: str
    jti: Jti | None = None
    kid: KeyId | None = None
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityBadSignature(Event):
    """Messages whose signature was wrong, `count` since the last such record."""

    NAME = "security.bad_signature"
    what: str
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityReplay(Event):
    """Commands that came again after they had been answered, `count` since the last such record."""

    NAME = "security.replay"
    what: str
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityGuessing(Event):
    """The allowance of wrong codes has run out."""

    NAME = "security.guessing"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityFork(Event):
    """The carrier acknowledged something this journal does not hold."""

    NAME = "security.fork"
    sequence: str
    head: str
