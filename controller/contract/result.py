"""What became of a command, as the locker tells its sender."""

from dataclasses import dataclass
from enum import StrEnum

from controller.contract.wire_json import JsonObject, dumps, loads_object
from controller.domain.ids import Jti


class ResultStatus(StrEnum):
    """The word a sender acts on."""

    EXECUTED = "executed"
    REFUSED = "refused"
    EXPIRED = "expired"
    DUPLICATE = "duplicate"
    """Seen before; `first` is what was answered then."""
    UNKNOWN = "unknown"
    """The power went while the door was moving, and nothing is ever pulsed twice: look at the door."""


_TEXTS = ("reason", "detail", "first", "outcome")


@dataclass(frozen=True, slots=True)
class Result:
    """One message on `…/results`."""

    jti: Jti
    status: ResultStatus
    reason: str | None = None
    """A reason code of the contract."""
    detail: str | None = None
    """For people."""
    first: str | None = None
    outcome: str | None = None
    """What the door did, for one that was unlocked."""

    def members(self) -> JsonObject:
        """What is encoded, members that are None left out."""
        members: JsonObject = {"jti": self.jti, "status": self.status.value}
        for name in _TEXTS:
            value = getattr(self, name)
            if value is not None:
                members[name] = value
        return members

    def encode(self) -> bytes:
        """The JSON of it."""
        return dumps(self.members())

    @classmethod
    def decode(cls, payload: bytes) -> "Result":
        """Raises ValueError for anything that `encode` would not have written."""
        members = loads_object(payload)
        texts = {name: str(members[name]) for name in _TEXTS if name in members}
        return cls(Jti(str(members.get("jti"))), ResultStatus(str(members.get("status"))), **texts)
