"""How one field travels, derived from its type hint: the value on the wire, the way back, and the JSON Schema of it.

| hint | on the wire |
|---|---|
| `str`, a NewType of it | string |
| `int` | integer within 32 bits |
| `bool` | true or false |
| `WallMs` | RFC 3339, UTC, milliseconds: `2026-11-23T03:00:00.123Z` |
| `MonoMs`, `Counter` | decimal string |
| a `StrEnum` | its value |
| `tuple[X, ...]` | array |
| a dataclass | object, its None fields left out |
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import UnionType
from typing import Any, NewType, Union, get_args, get_origin

from controller.contract.wire_json import JSON, JsonObject
from controller.domain.ids import Counter, Grams, MinorUnits, MonoMs, WallMs

HEAVIEST_G = 1_000_000
INT_MIN, INT_MAX = -(2**31), 2**31 - 1
BIG_MAX = 2**63 - 1
WALL_MAX = 253_402_300_799_999
"""The last millisecond of the year 9999."""
WALL_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,3})?Z$"
BIG_PATTERN = "^(0|[1-9][0-9]{0,18})$"

_wall_shape = re.compile(WALL_PATTERN.removesuffix("$"))
_big_shape = re.compile(BIG_PATTERN.removesuffix("$"))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class Mismatch(ValueError):
    """A value is not what its field takes. The sentence names the field and what it takes, never what came."""

    def __init__(self, predicate: str, path: str = "") -> None:
        super().__init__(f"{path} {predicate}".lstrip())
        self.predicate = predicate
        self.path = path

    def inside(self, name: str) -> "Mismatch":
        """The same, seen from the object whose member `name` it is in."""
        return Mismatch(self.predicate, f"{name}.{self.path}" if self.path else name)


@dataclass(frozen=True, slots=True)
class FieldType:
    """Both directions of one type. `encode` is None where the value travels as it is."""

    schema: JsonObject
    decode: Callable[[JSON], Any]
    encode: Callable[[Any], JSON] | None = None


def field_type(hint: Any, patterns: Mapping[Any, str], nested: Callable[[Any], FieldType]) -> FieldType:
    """Derive the field type of `hint`.

    `patterns` bounds strings by their hint, as anchored regular expressions; `nested` makes the type of a dataclass.
    Raises TypeError for a hint the contract has no form for.
    """
    if get_origin(hint) is tuple:
        item, _ = get_args(hint)
        return _array(field_type(item, patterns, nested))
    if hint in _SCALARS:
        return _SCALARS[hint]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _choice(hint)
    if hint is str or (isinstance(hint, NewType) and hint.__supertype__ is str):
        return _string(patterns.get(hint))
    if hasattr(hint, "__dataclass_fields__"):
        return nested(hint)
    raise TypeError(f"the contract has no form for a field of type {hint}")


def without_none(hint: Any) -> tuple[Any, bool]:
    """`X | None` as `(X, True)`, anything else as `(hint, False)`."""
    if get_origin(hint) not in (Union, UnionType):
        return hint, False
    [inner] = [arg for arg in get_args(hint) if arg is not type(None)]
    return inner, True


def wall_text(wall: int) -> str:
    """RFC 3339 of milliseconds since the epoch, 0 to `WALL_MAX`. Raises ValueError outside of that."""
    if not 0 <= wall <= WALL_MAX:
        raise ValueError(f"{wall} ms is not a time between the years 1970 and 9999")
    seconds, milliseconds = divmod(wall, 1000)
    return f"{datetime.fromtimestamp(seconds, UTC).isoformat()[:19]}.{milliseconds:03d}Z"


def wall_ms(value: JSON) -> WallMs:
    """Milliseconds since the epoch of an RFC 3339 time in UTC. Raises `Mismatch`."""
    if not isinstance(value, str) or not _wall_shape.fullmatch(value):
        raise Mismatch("must be a time such as 2026-11-23T03:00:00.123Z")
    try:
        wall = (datetime.fromisoformat(value) - _EPOCH) // _MILLISECOND
    except ValueError:
        raise Mismatch("must be a time that the calendar has") from None
    if wall < 0:
        raise Mismatch("must be a time after 1970")
    return WallMs(wall)


def big_text(value: int) -> str:
    """An integer too large for JSON readers as its decimal string. Raises ValueError outside of 0 to `BIG_MAX`."""
    if not 0 <= value <= BIG_MAX:
        raise ValueError(f"{value} does not fit 63 bits")
    return str(value)


def big(value: JSON) -> int:
    """The integer that a decimal string names. Raises `Mismatch`."""
    if not isinstance(value, str) or not _big_shape.fullmatch(value) or int(value) > BIG_MAX:
        raise Mismatch("must be a decimal number in a string")
    return int(value)


def whole(value: JSON) -> int:
    """An integer within 32 bits. Raises `Mismatch`."""
    if type(value) is not int or not INT_MIN <= value <= INT_MAX:
        raise Mismatch("must be a whole number within 32 bits")
    return value


def minor_units(value: JSON) -> int:
    """Money in whole units of the smallest coin. Raises `Mismatch`."""
    if type(value) is not int or not 0 <= value <= INT_MAX:
        raise Mismatch("must be a whole number of the currency's smallest coin, 0 to 2147483647")
    return value


def grams(value: JSON) -> int:
    """What a parcel weighs. Raises `Mismatch`."""
    if type(value) is not int or not 1 <= value <= HEAVIEST_G:
        raise Mismatch(f"must be whole grams, 1 to {HEAVIEST_G}")
    return value


def text(value: JSON) -> str:
    """A string of Unicode characters. Raises `Mismatch`."""
    if type(value) is not str:
        raise Mismatch("must be a string")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Mismatch("must be a string of Unicode characters") from None
    return value


def _truth(value: JSON) -> bool:
    if type(value) is not bool:
        raise Mismatch("must be true or false")
    return value


def _whole_out(value: int) -> int:
    if not INT_MIN <= value <= INT_MAX:
        raise ValueError(f"{value} does not fit 32 bits")
    return value


_SCALARS: dict[Any, FieldType] = {
    bool: FieldType({"type": "boolean"}, _truth),
    int: FieldType({"type": "integer", "minimum": INT_MIN, "maximum": INT_MAX}, whole, _whole_out),
    Grams: FieldType({"type": "integer", "minimum": 1, "maximum": HEAVIEST_G}, grams, _whole_out),
    MinorUnits: FieldType({"type": "integer", "minimum": 0, "maximum": INT_MAX}, minor_units, _whole_out),
    WallMs: FieldType({"type": "string", "format": "date-time", "pattern": WALL_PATTERN}, wall_ms, wall_text),
    MonoMs: FieldType({"type": "string", "pattern": BIG_PATTERN}, big, big_text),
    Counter: FieldType({"type": "string", "pattern": BIG_PATTERN}, big, big_text),
}


def _string(pattern: str | None) -> FieldType:
    if pattern is None:
        return FieldType({"type": "string"}, text)
    shape = re.compile(pattern.removesuffix("$"))

    def decode(value: JSON) -> str:
        if not shape.fullmatch(text(value)):
            raise Mismatch(f"must be a string that matches {pattern}")
        return text(value)

    return FieldType({"type": "string", "pattern": pattern}, decode)


def _choice(enum: type[StrEnum]) -> FieldType:
    members = {str(member): member for member in enum}

    def decode(value: JSON) -> StrEnum:
        if type(value) is not str or value not in members:
            raise Mismatch(f"must be one of {', '.join(members)}")
        return members[value]

    return FieldType({"type": "string", "enum": list(members)}, decode, str)


def _array(item: FieldType) -> FieldType:
    decode_item, encode_item = item.decode, item.encode

    def decode(value: JSON) -> tuple[Any, ...]:
        if type(value) is not list:
            raise Mismatch("must be an array")
        return tuple(map(decode_item, value))

    def encode(value: tuple[Any, ...]) -> JSON:
        return list(map(encode_item, value)) if encode_item else list(value)

    return FieldType({"type": "array", "items": item.schema}, decode, encode)
