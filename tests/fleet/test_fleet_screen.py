from io import StringIO

import pytest
from rich.console import Console
from support.fleet_talk import Talker

from controller.cli.fleet_screen import Screen, draw, in_order, press
from controller.contract.topics import DEFAULT_ROOT
from controller.contract.wire_json import JsonObject
from controller.domain import events as ev
from controller.domain.ids import CompartmentId, MonoMs
from controller.remote.fleet.fleet_view import FleetView
from controller.remote.fleet.locker_view import LockerView

A01 = CompartmentId("A01")
LISTED = [f"L{n}" for n in range(1, 31)]
DOWN, UP, PAGE_DOWN, ENTER, ESC = b"\x1b[B", b"\x1b[A", b"\x1b[6~", b"\r", b"\x1b"


def pressed(*keys: bytes, listed: list[str] = LISTED) -> Screen:
    screen = Screen()
    for key in keys:
        screen = press(screen, key, listed)
    return screen


def drawn(screen: Screen, views: list[LockerView], lines: int = 24, note: str = "") -> list[str]:
    out = StringIO()
    Console(file=out, width=100, height=lines).print(draw(screen, views, lines, note))
    return out.getvalue().splitlines()


def fleet(*names: str) -> list[LockerView]:
    view = FleetView(DEFAULT_ROOT, lambda: 0.0)
    for name in names:
        view.take(*Talker(name).online())
    return view.lockers()


@pytest.mark.parametrize(
    ("keys", "selected", "opened"),
    [
        ((), None, None),
        ((DOWN,), "L1", None),
        ((DOWN, DOWN), "L2", None),
        ((DOWN, UP, UP), "L1", None),
        ((DOWN, PAGE_DOWN), "L11", None),
        ((DOWN, *[PAGE_DOWN] * 9), "L30", None),
        ((ENTER,), None, "L1"),
        ((DOWN, DOWN, ENTER), "L2", "L2"),
        ((DOWN, ENTER, DOWN), "L1", "L1"),
        ((DOWN, ENTER, ESC), "L1", None),
        ((b"x", b"\xff"), None, None),
    ],
)
def test_keys(keys: tuple[bytes, ...], selected: str | None, opened: str | None) -> None:
    assert pressed(*keys) == Screen(selected, opened)


@pytest.mark.parametrize("keys", [(b"q",), (ESC,), (ENTER, ESC, ESC), (ENTER, b"q")])
def test_ways_out(keys: tuple[bytes, ...]) -> None:
    assert pressed(*keys).over


def test_nothing_can_be_chosen_where_there_is_nothing() -> None:
    assert pressed(DOWN, ENTER, listed=[]) == Screen()


def test_a_locker_that_is_no_longer_listed_leaves_the_choice_at_the_top() -> None:
    assert press(Screen("gone"), DOWN, LISTED).selected == "L1"


def test_those_in_trouble_come_first() -> None:
    view = FleetView(DEFAULT_ROOT, lambda: 0.0)
    for said in (Talker("L1").online(), Talker("L2").offline(), Talker("L3").online()):
        view.take(*said)
    assert [each.locker for each in in_order(view.lockers())] == ["L2", "L1", "L3"]


def test_what_does_not_fit_is_counted_and_the_chosen_one_is_always_seen() -> None:
    views = fleet(*LISTED)
    lines = drawn(Screen("L30"), views, lines=10)
    assert len(lines) <= 10
    assert any(line.startswith("L30 ") for line in lines)
    assert lines[-1].endswith("24 more")


def test_a_broker_that_is_away_is_said() -> None:
    assert "no broker" in drawn(Screen(), fleet("L1"), note="no broker: gone")[0]


def test_one_locker_with_its_timeline_fits_the_terminal() -> None:
    talker, view = Talker("L1"), FleetView(DEFAULT_ROOT, lambda: 0.0)
    view.take(*talker.online())
    view.take(*talker.face("A01", status="quarantined"))
    for _ in range(30):
        view.take(*talker.record(ev.DoorClosed(compartment=A01, open_ms=MonoMs(4))))
    lines = drawn(Screen("L1", "L1"), view.lockers(), lines=12)
    assert len(lines) <= 12
    assert lines[0].startswith("L1  online  software 1.4.2, boot 1, stream 7777")
    assert "quarantine A01 since 2026-11-23T03:00:00.000Z" in lines
    assert any("#30 door.closed A01" in line for line in lines)


def test_what_a_locker_says_does_not_steer_the_terminal() -> None:
    view = FleetView(DEFAULT_ROOT, lambda: 0.0)
    view.take(*Talker("L1", software="\x1b[2J").online())
    for screen in (Screen(), Screen("L1", "L1")):
        assert not any("\x1b" in line for line in drawn(screen, view.lockers()))


def test_the_version_in_force_is_shown_with_what_waits_and_what_was_refused_and_why() -> None:
    talker, view = Talker("L1"), FleetView(DEFAULT_ROOT, lambda: 0.0)
    problem: JsonObject = {"file": "config/desired", "key": "policy.hold_s", "reason": "must be \x1b[2J"}
    refused: JsonObject = {"version": 9, "sha256": None, "reason": "bad_settings", "problems": [problem]}
    view.take(*talker.online())
    view.take(*talker.configured(7, pending=8, refused=refused))
    [row] = [line for line in drawn(Screen(), view.lockers()) if line.startswith("L1")]
    assert row.rstrip().endswith("7 → 8 not 9")
    assert any("config/desired: policy.hold_s: must be " in line for line in drawn(Screen("L1", "L1"), view.lockers()))
