"""Who may sign in, as their carrier or the site's operator announced them; and who may not any more."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

from controller.domain.ids import NEVER, CarrierId, DriverId, DriverNumber, Jti, Language, MonoMs, PinVerifier, WallMs

StaffKey = NewType("StaffKey", str)
"""`carrier/driver`, and `/technician` for the site's own: one name may be two people's, of two carriers."""
MOST_KEPT = 500
"""Drivers, and revocations, that are kept of each carrier."""
REVOKED_MS = 400 * 24 * 3_600_000
"""How long a revocation is remembered: longer than anybody makes badges in advance."""


class Scope(StrEnum):
    """What somebody may do here."""

    DEPOSIT = "deposit"
    TAKE_AWAY = "take_away"
    TECHNICIAN = "technician"


DRIVING = (Scope.DEPOSIT, Scope.TAKE_AWAY)
"""What a badge allows that names no scope."""


@dataclass(frozen=True, slots=True)
class StaffMember:
    """One driver or technician. Number and PIN are private: None once they were erased."""

    carrier: CarrierId | None
    """None for the site's own people."""
    driver: DriverId
    scope: tuple[Scope, ...]
    language: Language | None
    valid_until: WallMs | None
    number: DriverNumber | None
    pin: PinVerifier | None
    told_sequence: int
    """The record whose private part holds the number and the PIN's verifier."""
    badges_from: WallMs | None = None
    """Badges that were good before are of a time when this person was revoked; None: there was none."""

    @property
    def key(self) -> StaffKey:
        """What they are kept under."""
        return key_of(self.carrier, self.driver)

    @property
    def tells_in_private(self) -> bool:
        """Whether there is a private part to be erased one day."""
        return self.number is not None or self.pin is not None


@dataclass(frozen=True, slots=True)
class PinTries:
    """Wrong PINs of one number, whether or not it is anybody's."""

    wrong: int
    """Since the last lock, or the last right one."""
    locks: int
    locked_until: MonoMs
    last: MonoMs


@dataclass(frozen=True, slots=True)
class ChecklistRead:
    """How often, and when last, a driver has read the checklist."""

    version: str
    times: int
    at: WallMs


@dataclass(frozen=True, slots=True)
class Staff:
    """Everybody who was announced, and what is remembered of those who were not let in."""

    members: dict[StaffKey, StaffMember] = field(default_factory=dict)
    revoked: dict[StaffKey, WallMs] = field(default_factory=dict)
    """Drivers who are let in no more, whatever badge they hold, and since when."""
    revoked_badges: dict[str, WallMs] = field(default_factory=dict)
    """The same for single badges, by `carrier/jti`."""
    checklists: dict[StaffKey, ChecklistRead] = field(default_factory=dict)
    """Of each driver who has read it."""
    tries: dict[str, PinTries] = field(default_factory=dict)
    """By whose number it is, or by a word that hides what was typed."""
    tries_due: MonoMs = NEVER
    """When the allowance of wrong PINs, whoever types them, will be full again; see `allowance`."""


def key_of(carrier: CarrierId | None, driver: DriverId) -> StaffKey:
    """The key of this carrier's driver, or of the site's own technician."""
    return StaffKey(f"{carrier or ''}/{driver}")


def badge_key(carrier: CarrierId | None, jti: Jti) -> str:
    """The key of a badge: a carrier can revoke its own only."""
    return f"{carrier or ''}/{jti}"


def with_number(staff: Staff, number: DriverNumber) -> tuple[StaffMember, ...]:
    """Whose number this is: no two people of one carrier have the same, and of two carriers their PINs decide."""
    return tuple(member for member in staff.members.values() if member.number == number)


def most_with_one_number(staff: Staff) -> int:
    """How many people may have the same number: one of each carrier that announced any, and of the site. At least 1."""
    return max(len({member.carrier for member in staff.members.values()}), 1)


def is_of_before(staff: Staff, carrier: CarrierId | None, driver: DriverId, good_from: WallMs) -> bool:
    """Whether a badge that is good from then on was made before its driver was revoked, and announced anew later."""
    member = staff.members.get(key_of(carrier, driver))
    return member is not None and member.badges_from is not None and good_from <= member.badges_from


def why_not_let_in(
    staff: Staff, carrier: CarrierId | None, driver: DriverId, jti: Jti | None, wall: WallMs
) -> str | None:
    """`revoked` or `expired`, where one of them holds for this person or this badge; None where nothing does.

    A badge is enough by itself: its driver need not have been announced.
    """
    key = key_of(carrier, driver)
    if key in staff.revoked or (jti is not None and badge_key(carrier, jti) in staff.revoked_badges):
        return "revoked"
    member = staff.members.get(key)
    if member is not None and member.valid_until is not None and member.valid_until < wall:
        return "expired"
    return None


def scope_of(
    staff: Staff, carrier: CarrierId | None, driver: DriverId, badge: tuple[Scope, ...] | None
) -> tuple[Scope, ...]:
    """What this person may do: what their badge allows, where they show one, and not more than was announced."""
    member = staff.members.get(key_of(carrier, driver))
    announced = member.scope if member is not None else DRIVING
    return announced if badge is None else tuple(each for each in announced if each in badge)
