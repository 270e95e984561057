"""Events and commands as JSON objects and back, compiled once per class from its type hints.

Field names are the wire names, but for `classes` and `starts`, which are `class` and `from` there. None fields are left
out.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from difflib import get_close_matches
from functools import partial
from operator import attrgetter
from typing import Any, Generic, TypeVar, get_type_hints

from controller.contract.fields import FieldType, Mismatch, field_type, without_none
from controller.contract.parcel_fields import ParcelFields, parcel_fields
from controller.contract.wire_json import JSON, JsonObject
from controller.domain.commands import COMMANDS, Command
from controller.domain.events import EVENTS, Event
from controller.domain.ids import (
    CarrierId,
    CompartmentId,
    Currency,
    DriverId,
    DriverNumber,
    Jti,
    KeyId,
    KeyPoint,
    Language,
    LockerId,
    Note,
    NoticeId,
    ParcelId,
    PinVerifier,
    Word,
)

T = TypeVar("T")

WIRE_NAMES = {"classes": "class", "starts": "from"}
COMMAND_NAMES = {**WIRE_NAMES, "pin": "pin_jwe"}
"""A PIN's verifier never travels but sealed to the locker that is to know it; see `sealed_pin`."""
COMMAND_PATTERNS: Mapping[Any, str] = {
    ParcelId: "^([A-Za-z0-9_-]{1,64}/)?[A-Za-z0-9_-]{1,64}$",
    CarrierId: "^[A-Za-z0-9_-]{1,64}$",
    CompartmentId: "^[A-Za-z0-9_-]{1,32}$",
    Currency: "^[A-Z]{3}$",
    DriverId: "^[A-Za-z0-9_-]{1,64}$",
    DriverNumber: "^[0-9]{3,12}$",
    Jti: "^[A-Za-z0-9_-]{1,64}$",
    KeyId: "^[A-Za-z0-9._-]{1,64}$",
    KeyPoint: "^[A-Za-z0-9_-]{43}$",
    PinVerifier: r"^[A-Za-z0-9_-]{1,1024}\.\.[A-Za-z0-9_-]{16}\.[A-Za-z0-9_-]{1,1024}\.[A-Za-z0-9_-]{22}$",
    Language: "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$",
    LockerId: "^[A-Za-z0-9_-]{1,32}$",
    Note: "^.{1,140}$",
    NoticeId: "^n[0-9]{1,19}$",
    Word: "^[a-z][a-z0-9_]{0,39}$",
    str: "^.{1,512}$",
}
"""Bounds of the strings that others send; our own records are as wide as what made them."""


class NotUnderstood(ValueError):
    """A command that cannot be read; the sentence names the field and what it takes."""


@dataclass(frozen=True, slots=True)
class Member:
    """One field of a class: what it is called, what it takes, and whether it may be absent."""

    name: str
    wire: str
    type: FieldType
    required: bool
    defaulted: bool
    """Absent, it takes the default of the class; otherwise None."""
    private: bool


class ClassCodec(Generic[T]):
    """The codec of one dataclass."""

    def __init__(self, cls: type[T], members: tuple[Member, ...]) -> None:
        self.members = members
        self._cls = cls
        self._public = _Half(tuple(member for member in members if not member.private))
        self._private = _Half(tuple(member for member in members if member.private))

    def encode(self, value: T) -> JsonObject:
        """The public fields of `value`. Raises ValueError where one is outside of its range."""
        return self._public.encode(value)

    def encode_private(self, value: T) -> JsonObject | None:
        """The private fields of `value`, or None where all of them are None."""
        return self._private.encode(value) or None

    def decode(self, public: Mapping[str, JSON], private: Mapping[str, JSON] | None = None) -> T:
        """The value these objects stand for. Raises `Mismatch`."""
        taken = self._public.decode(public)
        if private is not None:
            taken |= self._private.decode(private)
        return self._cls(**taken)


class _Half:
    """The public or the private fields of a class."""

    def __init__(self, members: tuple[Member, ...]) -> None:
        self._members = {member.wire: member for member in members}
        self._absent_none = tuple(m.name for m in members if not m.required and not m.defaulted)
        self._required = frozenset(member.wire for member in members if member.required)
        self._plan = tuple((member.wire, member.type.encode) for member in members)
        self._values = _getter(tuple(member.name for member in members))

    def encode(self, value: object) -> JsonObject:
        out: JsonObject = {}
        for (wire, encode), field in zip(self._plan, self._values(value), strict=True):
            if field is not None:
                out[wire] = field if encode is None else encode(field)
        return out

    def decode(self, data: Mapping[str, JSON]) -> dict[str, Any]:
        taken: dict[str, Any] = dict.fromkeys(self._absent_none)
        for wire, value in data.items():
            member = self._members.get(wire)
            if member is None:
                raise self._unknown(wire)
            try:
                taken[member.name] = member.type.decode(value)
            except Mismatch as mismatch:
                raise mismatch.inside(wire) from None
        if not self._required <= data.keys():
            raise Mismatch("is missing", min(self._required - data.keys()))
        return taken

    def _unknown(self, wire: str) -> Mismatch:
        near = get_close_matches(wire, self._members, 1)
        return Mismatch(f"is not a field of it{f'; is {near[0]} meant?' if near else ''}", ascii(wire[:64]))


def _getter(names: tuple[str, ...]) -> Callable[[object], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    if not names:
        return lambda value: ()
    only = attrgetter(names[0])
    return lambda value: (only(value),)


def compile_codec(
    cls: type[T],
    patterns: Mapping[Any, str],
    special: Mapping[str, FieldType],
    names: Mapping[str, str] = WIRE_NAMES,
) -> ClassCodec[T]:
    """The codec of `cls`. `special` replaces the types of fields by name, `names` says what they are called outside.

    Raises TypeError where a field has no form on the wire, or would not come back as it went out.
    """
    hints = get_type_hints(cls)
    members = []
    for item in fields(cls):  # type: ignore[arg-type]  # the bound of `T` cannot say "a dataclass"
        hint, optional = without_none(hints[item.name])
        defaulted = item.default is not MISSING or item.default_factory is not MISSING
        if optional and defaulted and item.default is not None:
            raise TypeError(f"{cls.__name__}.{item.name}: None is left out, so its default must be None")
        members.append(
            Member(
                name=item.name,
                wire=names.get(item.name, item.name),
                type=special.get(item.name) or field_type(hint, patterns, partial(_nested, patterns)),
                required=not optional and not defaulted,
                defaulted=defaulted,
                private=item.metadata.get("private", False),
            )
        )
    return ClassCodec(cls, tuple(members))


def _nested(patterns: Mapping[Any, str], cls: type[Any]) -> FieldType:
    codec = compile_codec(cls, patterns, {})

    def decode(value: JSON) -> Any:
        if not isinstance(value, dict):
            raise Mismatch("must be an object")
        return codec.decode(value)

    return FieldType(object_schema(codec.members), decode, codec.encode)


def object_schema(members: tuple[Member, ...]) -> JsonObject:
    """The JSON Schema of the public `members` of an object."""
    public = [member for member in members if not member.private]
    return {
        "type": "object",
        "properties": {member.wire: member.type.schema for member in public},
        "required": [member.wire for member in public if member.required],
    }


def _three_lengths(value: JSON) -> tuple[int, ...]:
    lengths = value if isinstance(value, list) else [value]
    good = [length for length in lengths if type(length) is int and 1 <= length <= 10_000]
    if good != lengths or len(good) not in (0, 3):
        raise Mismatch("must be three lengths in millimetres, 1 to 10000")
    return tuple(good)


_MM = FieldType(
    {
        "type": "array",
        "items": {"type": "integer", "minimum": 1, "maximum": 10_000},
        "anyOf": [{"maxItems": 0}, {"minItems": 3, "maxItems": 3}],
    },
    _three_lengths,
    list,
)

EVENT_CODECS: Mapping[str, ClassCodec[Event]] = {name: compile_codec(cls, {}, {}) for name, cls in EVENTS.items()}
COMMAND_CODECS: Mapping[str, ClassCodec[Command]] = {
    type_: compile_codec(cls, COMMAND_PATTERNS, {"mm": _MM}, COMMAND_NAMES) for type_, cls in COMMANDS.items()
}


PARCEL_FIELDS: Mapping[str, ParcelFields] = {
    name: named for name, cls in EVENTS.items() if (named := parcel_fields(cls)) is not None
}


def encode_data(event: Event) -> JsonObject:
    """The `data` of the event's record. Raises ValueError where a value is outside of the contract's range."""
    data, named = EVENT_CODECS[event.NAME].encode(event), PARCEL_FIELDS.get(event.NAME)
    return data if named is None else named.to_wire(data)


def encode_private(event: Event) -> JsonObject | None:
    """What must never stand in the record, or None where the event keeps nothing private."""
    return EVENT_CODECS[event.NAME].encode_private(event)


def decode_event(name: str, data: Mapping[str, JSON], private: Mapping[str, JSON] | None) -> Event:
    """The event called `name`; `private` is None where it has no private part any more. Raises `Mismatch`."""
    codec = EVENT_CODECS.get(name)
    if codec is None:
        raise Mismatch("is not an event this software knows", name)
    named = PARCEL_FIELDS.get(name)
    return codec.decode(data if named is None else named.from_wire(data), private)


def encode_command(command: Command) -> JsonObject:
    """The members of `cmd` beside `type`, which is `command.TYPE`."""
    return COMMAND_CODECS[command.TYPE].encode(command)


def decode_command(type_: str, data: Mapping[str, JSON]) -> Command:
    """The command of this type; `data` is `cmd` without its `type`. Raises `NotUnderstood`."""
    codec = COMMAND_CODECS.get(type_)
    if codec is None:
        raise NotUnderstood(f"cmd.type must be one of {', '.join(COMMAND_CODECS)}")
    try:
        return codec.decode(data)
    except Mismatch as mismatch:
        raise NotUnderstood(f"cmd.{mismatch}") from None
