"""Arbitrary values of the domain's types, built by Hypothesis from their type hints."""

from collections.abc import Mapping
from dataclasses import fields, replace
from enum import StrEnum
from types import UnionType
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from controller.contract.codec import COMMAND_PATTERNS
from controller.contract.fields import BIG_MAX, HEAVIEST_G, INT_MAX, INT_MIN, WALL_MAX
from controller.contract.parcel_fields import parcel_fields
from controller.contract.record import compose_private
from controller.domain.claims import Dispute
from controller.domain.commands import Command
from controller.domain.delegates import Delegation
from controller.domain.desired import Desired
from controller.domain.events import (
    CodeDelegated,
    CodeIssued,
    ConfigAccepted,
    DriverUpserted,
    Event,
    ParcelExpected,
    PinRequested,
    PreferenceChanged,
)
from controller.domain.evidence import Pin
from controller.domain.ids import (
    CompartmentId,
    Counter,
    Grams,
    KeyId,
    MinorUnits,
    MonoMs,
    ParcelId,
    PickupId,
    Role,
    SessionId,
    WallMs,
)
from controller.domain.naming import parcel_id
from controller.domain.staff import Staff, StaffMember
from controller.domain.stamp import Stamp
from controller.domain.state import Compartment, KeptPreferences, Parcel, Pickup, State
from controller.domain.trust import Trust, TrustedKey

Strategy = st.SearchStrategy[Any]

_SCALARS: Mapping[Any, Strategy] = {
    str: st.text(max_size=20),
    bool: st.booleans(),
    int: st.integers(INT_MIN, INT_MAX),
    Grams: st.integers(1, HEAVIEST_G),
    MinorUnits: st.integers(0, INT_MAX),
    WallMs: st.integers(0, WALL_MAX),
    MonoMs: st.integers(0, BIG_MAX),
    Counter: st.integers(0, BIG_MAX),
}


_names = st.text("abcXYZ0189_-", min_size=1, max_size=20)


def _parcel_ids(carriers: Strategy) -> Strategy:
    return st.builds(parcel_id, carriers, _names)


def arbitrary(hint: Any, bounds: Mapping[Any, Strategy] = _SCALARS) -> Strategy:
    """Any value of a type the domain uses; `bounds` has the strategies of single types."""
    if hint in bounds:
        return bounds[hint]
    if isinstance(hint, NewType):
        return arbitrary(hint.__supertype__, bounds)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return st.sampled_from(hint)
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return st.one_of([st.none() if arg is type(None) else arbitrary(arg, bounds) for arg in args])
    if origin is tuple and args[-1] is not Ellipsis:
        return st.tuples(*[arbitrary(arg, bounds) for arg in args])
    if origin is tuple:
        return st.lists(arbitrary(args[0], bounds), max_size=3).map(tuple)
    if origin is dict:
        return st.dictionaries(arbitrary(args[0], bounds), arbitrary(args[1], bounds), max_size=3)
    return instances(hint, bounds)


def instances(cls: type[Any], bounds: Mapping[Any, Strategy] = _SCALARS, **given: Strategy) -> Strategy:
    """Any instance of a dataclass; `given` has the strategies of single fields."""
    hints = get_type_hints(cls)
    built = {item.name: arbitrary(hints[item.name], bounds) for item in fields(cls) if item.name not in given}
    return st.builds(cls, **built, **given)


def events(cls: type[Event]) -> Strategy:
    """Any event of a class; its parcels are of the carrier it names."""
    named = parcel_fields(cls)
    if named is None:
        return instances(cls, {**_SCALARS, ParcelId: _parcel_ids(_names)})

    def of_one(carrier: str) -> Strategy:
        given = {"carrier": st.just(carrier)} if named.says_carrier else {}
        return instances(cls, {**_SCALARS, ParcelId: _parcel_ids(st.just(carrier))}, **given)

    return _names.flatmap(of_one)


def stamps() -> Strategy:
    """Any moment that a record can bear."""
    return instances(Stamp, boot=st.integers(1, INT_MAX))


def commands(cls: type[Command]) -> Strategy:
    """Any command of a class that the contract lets through."""
    bounds = {hint: st.from_regex(pattern, fullmatch=True) for hint, pattern in COMMAND_PATTERNS.items()}
    given = {}
    if "mm" in get_type_hints(cls):
        given["mm"] = st.one_of(st.just(()), st.tuples(*[st.integers(1, 10_000)] * 3))
    return instances(cls, {**_SCALARS, **bounds}, **given)


@st.composite
def states(draw: st.DrawFn) -> tuple[State, dict[int, bytes]]:
    """Any state whose parts agree about their ids, and the private parts of the records that issued its codes."""
    pickups = {
        pickup.id: replace(
            pickup, issued_sequence=number, code=None if pickup.code is None else f"{number}-{pickup.code}"
        )
        for number, pickup in enumerate(draw(_some(Pickup)), 1)
    }
    kept = {
        each.handle: replace(
            each, changed_sequence=1000 + number, note=None if each.note is None else f"{number}-{each.note}"
        )
        for number, each in enumerate(draw(_some(KeptPreferences, "handle")))
    }
    members = {
        each.key: replace(
            each,
            told_sequence=2000 + number,
            number=None if each.number is None else f"{number}{each.number}",
        )
        for number, each in enumerate(draw(_some(StaffMember, "key")))
    }
    pins = {
        pickup: replace(pin, sequence=3000 + number, hmac=None if pin.hmac is None else f"{number}-{pin.hmac}")
        for number, (pickup, pin) in enumerate(draw(arbitrary(dict[PickupId, Pin])).items())
    }
    desired = draw(st.none() | instances(Desired, told_sequence=st.just(4000)))
    parcels = {
        each.id: replace(
            each, told_sequence=6000 + number, second=None if each.second is None else f"{number}-{each.second}"
        )
        for number, each in enumerate(draw(_some(Parcel)))
    }
    delegations = tuple(
        replace(each, sequence=5000 + number, code=f"{number}-{each.code}")
        for number, each in enumerate(draw(st.lists(instances(Delegation), max_size=3)))
    )
    state: State = draw(
        instances(
            State,
            compartments=_some(Compartment).map(_by_id),
            parcels=st.just(parcels),
            delegations=st.just(delegations),
            pickups=st.just(pickups),
            preferences=st.just(kept),
            staff=instances(Staff, members=st.just(members)),
            pins=st.just(pins),
            trust=instances(Trust, keys=_some(TrustedKey, "kid").map(lambda some: {each.kid: each for each in some})),
            desired=st.just(desired),
            disputes=_some(Dispute, "parcel").map(lambda some: {each.parcel: each for each in some}),
            codes=st.just({pickup.code: pickup.id for pickup in pickups.values() if pickup.code is not None}),
        )
    )
    private = {pickup.issued_sequence: _issued(pickup) for pickup in pickups.values() if pickup.code is not None}
    private |= {each.changed_sequence: _changed(each) for each in kept.values() if each.note is not None}
    private |= {each.told_sequence: _told(each) for each in members.values() if each.tells_in_private}
    private |= {pin.sequence: _asked_for(pickup, pin) for pickup, pin in pins.items() if pin.hmac is not None}
    if desired is not None and desired.settings is not None:
        private[4000] = _wanted(desired)
    private |= {each.told_sequence: _announced(each) for each in parcels.values() if each.second is not None}
    private |= {each.sequence: _delegated(each) for each in delegations}
    return state, private


def _some(cls: type[Any], key: str = "id") -> Strategy:
    return st.lists(instances(cls), max_size=3, unique_by=lambda item: getattr(item, key))


def _by_id(items: list[Any]) -> dict[Any, Any]:
    return {item.id: item for item in items}


def _changed(kept: KeptPreferences) -> bytes:
    event: Event = PreferenceChanged(
        handle=kept.handle,
        carrier=kept.carrier,
        by=Role.CARRIER,
        preferences=kept.preferences,
        note=kept.note,
    )
    part = compose_private(event, bytes(16))
    assert part is not None
    return part


def _wanted(desired: Desired) -> bytes:
    event: Event = ConfigAccepted(
        version=desired.version, sha256=desired.sha256, kid=KeyId("k"), settings=desired.settings
    )
    part = compose_private(event, bytes(16))
    assert part is not None
    return part


def _announced(parcel: Parcel) -> bytes:
    event: Event = ParcelExpected(parcel=parcel.id, label="", carrier=parcel.carrier, second_hmac=parcel.second)
    part = compose_private(event, bytes(16))
    assert part is not None
    return part


def _delegated(delegation: Delegation) -> bytes:
    event: Event = CodeDelegated(
        parcel=delegation.parcel,
        pickup=PickupId(""),
        compartment=CompartmentId(""),
        delegate=delegation.delegate,
        expires_at=WallMs(0),
        code_jwe="",
        code_hmac=delegation.code,
    )
    part = compose_private(event, bytes(16))
    assert part is not None
    return part


def _told(member: StaffMember) -> bytes:
    event: Event = DriverUpserted(driver=member.driver, scope=member.scope, number=member.number, pin=member.pin)
    part = compose_private(event, bytes(16))
    assert part is not None
    return part


def _asked_for(pickup: PickupId, pin: Pin) -> bytes:
    event: Event = PinRequested(
        parcel=ParcelId(pickup),
        pickup=pickup,
        session=SessionId("s"),
        expires_at=WallMs(0),
        until=pin.until,
        pin_jwe="",
        pin_hmac=pin.hmac,
    )
    part = compose_private(event, bytes(16))
    assert part is not None
    return part


def _issued(pickup: Pickup) -> bytes:
    event: Event = CodeIssued(
        parcel=pickup.parcels[0] if pickup.parcels else pickup.id,  # type: ignore[arg-type]  # any id will do
        pickup=pickup.id,
        compartment="A01",  # type: ignore[arg-type]  # any id will do
        expires_at=pickup.expires_at,
        code_jwe="",
        code_hmac=pickup.code,
    )
    part = compose_private(event, bytes(16))
    assert part is not None
    return part
