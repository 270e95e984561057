from controller.device.announcing import AnnouncedLocks
from controller.domain.ids import CompartmentId
from firmware_bridge.signal_spec import WARNING_MS
from firmware_bridge.timers import VirtualTimers

A01 = CompartmentId("A01")


class Street:
    """What is heard before the cabinet, and when."""

    def __init__(self) -> None:
        self.timers = VirtualTimers()
        self.heard: list[tuple[int, str]] = []
        self.locks = AnnouncedLocks(self, self.timers.call_later)

    def pulse(self, compartment: CompartmentId) -> None:
        self.heard.append((self.timers.now_ms(), f"pulse {compartment}"))

    def stand_still(self, supplies: frozenset[str]) -> None:
        raise AssertionError("nobody asked for that")

    def warn(self) -> None:
        self.heard.append((self.timers.now_ms(), "warning"))


def test_a_warning_comes_two_seconds_before_the_pulse() -> None:
    street = Street()
    street.locks.warn = street.warn
    street.locks.pulse(A01)
    street.timers.advance(WARNING_MS - 1)
    assert street.heard == [(0, "warning")]
    street.timers.advance(1)
    assert street.heard == [(0, "warning"), (WARNING_MS, "pulse A01")]


def test_where_nothing_can_warn_nothing_is_waited_for() -> None:
    street = Street()
    street.locks.pulse(A01)
    assert street.heard == [(0, "pulse A01")]
