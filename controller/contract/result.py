"""What became of a command, as the locker tells its sender."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from controller.contract.wire_json import JSON, JsonObject, dumps, loads_object
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
    data: JsonObject | None = None
    """What was asked for."""
    part: int = 1
    parts: int = 1
    """What is too long for one message comes in several, of which this is the `part`th; see `joined`."""

    def members(self) -> JsonObject:
        """What is encoded, members that are None left out."""
        members: JsonObject = {"jti": self.jti, "status": self.status.value}
        for name in _TEXTS:
            value = getattr(self, name)
            if value is not None:
                members[name] = value
        if self.data is not None:
            members["data"] = self.data
        if self.parts > 1:
            members |= {"part": self.part, "parts": self.parts}
        return members

    def encode(self) -> bytes:
        """The JSON of it."""
        return dumps(self.members())

    @classmethod
    def decode(cls, payload: bytes) -> "Result":
        """Raises ValueError for anything that `encode` would not have written."""
        members = loads_object(payload)
        texts = {name: str(members[name]) for name in _TEXTS if name in members}
        data = members.get("data")
        if data is not None and not isinstance(data, dict):
            raise ValueError("data must be an object")
        part, parts = _whole(members.get("part", 1)), _whole(members.get("parts", 1))
        if not 1 <= part <= parts:
            raise ValueError("part must be 1 to parts")
        status = ResultStatus(str(members.get("status")))
        return cls(Jti(str(members.get("jti"))), status, **texts, data=data, part=part, parts=parts)


def joined(results: Sequence[Result]) -> Result:
    """All parts of one result as a whole: lists in `data` one behind the other, whatever else there is of the first."""
    first, *others = sorted(results, key=lambda result: result.part)
    data = dict(first.data or {})
    for name, value in data.items():
        if isinstance(value, list):
            data[name] = [*value, *(each for other in others for each in _listed(other, name))]
    return replace(first, data=data if first.data is not None else None, part=1, parts=1)


def _listed(result: Result, name: str) -> list[JSON]:
    value = (result.data or {}).get(name)
    return value if isinstance(value, list) else []


def _whole(value: JSON) -> int:
    if type(value) is not int:
        raise ValueError("part and parts must be whole numbers")
    return value
