"""By a clock that only lags behind: what is over by it is over, nothing is too early, and it is said on record."""

import pytest
from support.locker_in_hand import DRIVER, NORTH, RECIPIENT, TECHNICIAN, LockerInHand, norths

from controller.domain import inputs
from controller.domain.ids import HOUR_MS, ClockQuality, DriverId, Jti, WallMs
from controller.domain.staff import key_of

WEEK_MS = 7 * 24 * HOUR_MS
KNOWN = (ClockQuality.NTP, ClockQuality.HOLDOVER)


@pytest.fixture
def stored(locker: LockerInHand) -> LockerInHand:
    """A parcel waits inside, and a technician is known."""
    locker.deposit(1)
    locker.service()
    locker.leave(TECHNICIAN)
    locker.counted.clear()
    return locker


def show(locker: LockerInHand, what: str, begins_in_ms: int, ends_in_ms: int) -> list[inputs.Counted]:
    """Somebody shows it; what was refused of it."""
    begins, ends = WallMs(locker.at.wall + begins_in_ms), WallMs(locker.at.wall + ends_in_ms)
    match what:
        case "pass":
            locker.put(inputs.PassShown(RECIPIENT, Jti("p"), NORTH, norths("P1"), begins, ends))
        case "badge":
            locker.put(inputs.BadgeShown(DRIVER, Jti("b"), DriverId("d-7"), NORTH, begins, ends))
        case _:
            badge = inputs.TechnicianShown(TECHNICIAN, Jti("t"), DriverId("t-1"), begins, ends)
            key = key_of(None, DriverId("t-1"))
            told = locker.state.staff.members[key].told_sequence
            locker.put(inputs.TechnicianProven(badge, inputs.PinTyped(TECHNICIAN, key, key, True, told)))
    return locker.counted


@pytest.mark.parametrize("what", ["pass", "badge", "technician"])
class TestWhatIsShown:
    def test_that_begins_a_week_later_by_a_clock_that_lags_is_good(self, stored: LockerInHand, what: str) -> None:
        stored.set_clock(ClockQuality.UNKNOWN)
        assert show(stored, what, WEEK_MS, WEEK_MS + HOUR_MS) == []

    def test_that_is_over_even_by_a_clock_that_lags_is_over(self, stored: LockerInHand, what: str) -> None:
        stored.set_clock(ClockQuality.UNKNOWN)
        [refused] = show(stored, what, -HOUR_MS, -1)
        assert "expired" in str(refused)

    @pytest.mark.parametrize("quality", KNOWN)
    def test_too_early_by_a_clock_that_knows_is_too_early(
        self, stored: LockerInHand, what: str, quality: ClockQuality
    ) -> None:
        stored.set_clock(quality)
        assert len(show(stored, what, HOUR_MS, 2 * HOUR_MS)) == 1
