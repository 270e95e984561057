"""A tireless attacker at the screen for a day, in virtual time, against the rules themselves."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import sqrt
from random import Random

from controller.domain.allowance import next_try_s
from controller.domain.decide import decide
from controller.domain.events import CompartmentSpec
from controller.domain.ids import (
    CarrierId,
    CodeHmac,
    CompartmentId,
    Door,
    MonoMs,
    PickupId,
    SessionId,
    Size,
    WallMs,
)
from controller.domain.inputs import CodeTyped
from controller.domain.naming import parcel_id
from controller.domain.policy import Policy
from controller.domain.stamp import Stamp
from controller.domain.state import Compartment, Custody, Parcel, Pickup, State

DAY_MS = 24 * 3_600_000
BEGIN = Stamp(WallMs(1_790_000_000_000), MonoMs(1_000_000_000), 1)
ATTACKER = SessionId("attacker")


@dataclass(frozen=True, slots=True)
class Day:
    """What a day at the screen came to."""

    hit: bool
    tries: int
    """Codes that were looked at."""
    waits_s: tuple[int, ...]
    """How long each of the honest visitors would have waited before a code of theirs was looked at."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Hits in so many days, with Wilson's interval for 99.9 % of all such experiments."""

    hits: int
    days: int

    @property
    def bounds(self) -> tuple[float, float]:
        z, n, p = 3.29, self.days, self.hits / self.days
        middle, spread = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return (middle - spread) / (1 + z * z / n), (middle + spread) / (1 + z * z / n)


def expected_rate(live: int, digits: int, tries: int) -> float:
    """The chance of at least one hit with so many different codes, all of them equally likely to be live."""
    missed = 1.0
    for tried in range(tries):
        missed *= 1 - live / (10**digits - tried)
    return 1 - missed


def live_codes(count: int, digits: int, chance: Random) -> State:
    """A locker with one parcel behind each of `count` codes."""
    codes = [f"{code:0{digits}d}" for code in chance.sample(range(10**digits), count)]
    compartments, parcels, pickups = {}, {}, {}
    for number, code in enumerate(codes):
        id, door = parcel_id(CarrierId("north"), f"P{number}"), CompartmentId(f"A{number:02}")
        compartments[door] = Compartment(CompartmentSpec(door, Size.M), door=Door.CLOSED, parcel=id)
        until = WallMs(BEGIN.wall + 10 * DAY_MS)
        parcels[id] = Parcel(
            id,
            code,
            CarrierId("north"),
            BEGIN.wall,
            custody=Custody.STORED,
            compartment=door,
            pickup=PickupId(id),
            hold_until=until,
        )
        pickups[PickupId(id)] = Pickup(PickupId(id), CarrierId("north"), (id,), until, CodeHmac(code), 1)
    by_code = {CodeHmac(code): PickupId(f"north/P{number}") for number, code in enumerate(codes)}
    return State(compartments=compartments, parcels=parcels, pickups=pickups, codes=by_code)


def attack(live: int, digits: int, policy: Policy, seed: int, visitors: int = 20) -> Day:
    """Different codes, each the moment one is looked at again, until a hit or the end of 24 hours."""
    chance = Random(seed)
    state, hit, tries = live_codes(live, digits, chance), False, 0
    arrivals = sorted(chance.randrange(DAY_MS) for _ in range(visitors))
    waits: list[int] = []
    for now, code in zip(_moments(policy), _codes(digits, chance), strict=False):
        while arrivals and arrivals[0] < now:
            moment = MonoMs(BEGIN.mono + arrivals.pop(0))
            waits.append(next_try_s(state.tries_due, moment, policy))
        decision = decide(state, CodeTyped(ATTACKER, code), _at(now), policy)
        state, tries = decision.state, tries + 1
        if state.recipient is not None:
            hit = True
            break
    return Day(hit, tries, tuple(waits))


def attack_with_second(live: int, digits: int, policy: Policy, seed: int) -> Day:
    """The same against codes that take a second identifier: another guess of both each time."""
    chance = Random(seed)
    state, tries = _with_seconds(live_codes(live, digits, chance), policy, chance), 0
    for now, code in zip(_moments(policy), _codes(digits, chance), strict=False):
        second = CodeHmac(f"second-{chance.randrange(10**policy.second_digits)}")
        decision = decide(state, CodeTyped(ATTACKER, code, second), _at(now), policy)
        state, tries = decision.state, tries + 1
        if state.recipient is not None:
            return Day(hit=True, tries=tries, waits_s=())
    return Day(hit=False, tries=tries, waits_s=())


def attack_known_code(policy: Policy, seed: int, wrong: int = 20) -> Day:
    """Somebody has read a code over its recipient's shoulder, and guesses the second identifier alone."""
    chance = Random(seed)
    state, tries = _with_seconds(live_codes(1, policy.short_digits, chance), policy, chance), 0
    [code] = state.codes
    for number, guess in enumerate(chance.sample(range(10**policy.second_digits), wrong)):
        at = _at(number * policy.code_interval_ms)
        state = decide(state, CodeTyped(ATTACKER, code, CodeHmac(f"second-{guess}")), at, policy).state
        tries += 1
        if state.recipient is not None:
            return Day(hit=True, tries=tries, waits_s=())
    return Day(hit=False, tries=tries, waits_s=())


def days_with_second(count: int, live: int, digits: int, policy: Policy) -> Rate:
    """So many days, each from its own seed."""
    return Rate(sum(attack_with_second(live, digits, policy, seed).hit for seed in range(count)), count)


def known_codes(count: int, policy: Policy) -> Rate:
    """So many codes that somebody knows without the second identifier."""
    return Rate(sum(attack_known_code(policy, seed).hit for seed in range(count)), count)


def _with_seconds(state: State, policy: Policy, chance: Random) -> State:
    parcels = {
        id: replace(parcel, second=CodeHmac(f"second-{chance.randrange(10**policy.second_digits)}"))
        for id, parcel in state.parcels.items()
    }
    pickups = {id: replace(pickup, takes_second=True) for id, pickup in state.pickups.items()}
    return replace(state, parcels=parcels, pickups=pickups)


def days(count: int, live: int, digits: int, policy: Policy, first_seed: int = 0) -> Rate:
    """So many days, each from its own seed."""
    hits = sum(attack(live, digits, policy, first_seed + n, visitors=0).hit for n in range(count))
    return Rate(hits, count)


def _moments(policy: Policy) -> Iterator[int]:
    """All at once at first, then one whenever one is earned; up to, and not at, the end of the day."""
    yield from range(policy.code_burst)
    yield from range(policy.code_interval_ms, DAY_MS + 1, policy.code_interval_ms)


def _codes(digits: int, chance: Random) -> Iterator[CodeHmac]:
    known: set[int] = set()
    while True:
        code = chance.randrange(10**digits)
        if code not in known:
            known.add(code)
            yield CodeHmac(f"{code:0{digits}d}")


def _at(span_ms: int) -> Stamp:
    return Stamp(WallMs(BEGIN.wall + span_ms), MonoMs(BEGIN.mono + span_ms), BEGIN.boot)
