"""The claims that every signed message of ours shares, read once and strictly."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from controller.contract.fields import WALL_MAX
from controller.contract.wire_json import JSON, JsonObject, loads_object
from controller.domain.ids import Jti, WallMs

_JTI = re.compile(r"[A-Za-z0-9_-]{1,64}")
_MAX_COUNT = 2**53 - 1
"""The largest whole number that every JSON reader keeps."""


class BadClaim(ValueError):
    """A claim is missing or not in the form of the contract; the sentence names it."""


@dataclass(frozen=True, slots=True)
class Claims:
    """The members of one signed payload."""

    members: JsonObject

    @classmethod
    def read(cls, payload: bytes) -> "Claims":
        """Raises `BadClaim` where the payload is not an object."""
        try:
            return cls(loads_object(payload))
        except ValueError:
            raise BadClaim("the payload must be a JSON object without floats") from None

    def allow_only(self, names: Collection[str]) -> None:
        """Raises `BadClaim` for a claim that nobody would heed."""
        for name in self.members:
            if name not in names:
                raise BadClaim(f"{name[:32]!a} is not a claim here; there are {', '.join(names)}")

    def jti(self) -> Jti:
        """The unique id."""
        value = self.members.get("jti")
        if not isinstance(value, str) or not _JTI.fullmatch(value):
            raise BadClaim("jti must be 1 to 64 letters, digits, _ and -")
        return Jti(value)

    def identifier(self, name: str) -> str:
        """A name in the form of an id."""
        value = self.members.get(name)
        if not isinstance(value, str) or not _JTI.fullmatch(value):
            raise BadClaim(f"{name} must be 1 to 64 letters, digits, _ and -")
        return value

    def text(self, name: str) -> str:
        """A short printable string."""
        value = self.members.get(name)
        if not isinstance(value, str) or not 1 <= len(value) <= 256 or not value.isprintable():
            raise BadClaim(f"{name} must be a string of 1 to 256 printable characters")
        return value

    def is_for(self, locker: str) -> bool:
        """Whether `aud` names this locker, alone or in a list."""
        aud = self.members.get("aud")
        return locker in aud if isinstance(aud, list) else aud == locker

    def moment(self, name: str) -> WallMs:
        """A NumericDate (RFC 7519) in whole seconds."""
        value = self.members.get(name)
        if type(value) is not int or not 0 <= value <= WALL_MAX // 1000:
            raise BadClaim(f"{name} must be a time in whole seconds since 1970")
        return WallMs(value * 1000)

    def period(self, start: str, end: str) -> tuple[WallMs, WallMs]:
        """Two moments in their order."""
        first, last = self.moment(start), self.moment(end)
        if last <= first:
            raise BadClaim(f"{end} must be later than {start}")
        return first, last

    def count(self, name: str) -> int | None:
        """A whole number, None where there is none."""
        value = self.members.get(name)
        if value is None:
            return None
        if type(value) is not int or not 0 <= value <= _MAX_COUNT:
            raise BadClaim(f"{name} must be a whole number from 0 to 2^53 - 1")
        return value


def audience(lockers: Collection[str]) -> JSON:
    """The `aud` claim for one locker or several."""
    names: list[JSON] = list(lockers)
    return names[0] if len(names) == 1 else names
