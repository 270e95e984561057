"""`locker run` with its doors on a kernel's own GPIO lines, and every level of every lock watched all the while."""

import time
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any

import gpiod
from support import daemon_journal
from support.daemon import Daemon, locker, wait_until
from support.figures import spread
from support.pin_site import GAP_MS, PULSE_MS, PinLock, PinSite

from controller.cli.failure import Failed
from controller.cli.service_client import ask, follow

ROUNDS = 3
GOAL_MS = 3.0
"""A pulse is meant to be as long as it should within this."""
Events = Iterator[dict[str, Any]]


def test_no_lock_is_energised_by_a_start(running: Daemon[PinSite]) -> None:
    site = running.site

    for lock in site.locks:
        first = site.drives(lock)[0]
        assert first.high is not lock.active_high
        assert not lock.energised
        assert _holder(lock) == "locker"
    print(f"{len(site.locks)} locks on {len(site.chips)} chips, every other one active low: inactive from the start on")


def test_pulses_are_as_long_as_they_should_be_and_doors_are_heard_soon(running: Daemon[PinSite]) -> None:
    site, events = running.site, follow(running.site.data_dir)
    next(events)
    before, closing_ms = len(site.pulses()), []

    for _ in range(ROUNDS):
        for lock in site.locks:
            _open(site, events, lock)
            closing_ms.append(_shut(events, lock))

    pulses = site.pulses()[before:]
    beyond_ms = [pulse.width_ms - PULSE_MS[site.lock(pulse.compartment).chip.label] for pulse in pulses]
    within = sum(abs(each) <= GOAL_MS for each in beyond_ms)
    print(f"pulses of {PULSE_MS} ms, longer than that by: {spread(beyond_ms)}; {within} within ± {GOAL_MS:g} ms")
    print(f"door's edge to its event, committed and told, 55 ms of debouncing included: {spread(closing_ms)}")
    assert [pulse.compartment for pulse in pulses] == ROUNDS * [lock.compartment for lock in site.locks]
    assert min(beyond_ms) > -1, "a pulse ended early"


def test_a_stop_in_the_middle_of_a_pulse_ends_it_and_lets_go_of_every_line(running: Daemon[PinSite]) -> None:
    site, lock = running.site, running.site.lock("A06")
    before = len(site.pulses())

    _begin_pulse(site, lock)
    took_s = running.terminate()

    pulses = site.pulses()[before:]
    assert [pulse.compartment for pulse in pulses] == [lock.compartment]
    assert site.energised() == []
    assert [_holder(each) for each in site.locks] == [None] * len(site.locks)
    print(f"stopped within {took_s:.2f} s; the pulse of {PULSE_MS['far']} ms had lasted {pulses[0].width_ms:.0f} ms")


def test_safe_off_ends_the_pulse_of_a_locker_that_was_killed(running: Daemon[PinSite]) -> None:
    site, lock = running.site, running.site.lock("A05")
    before = len(site.pulses())

    _begin_pulse(site, lock)
    running.kill()
    killed_s = time.monotonic()
    assert site.energised() == [lock.compartment], "as on a Raspberry Pi, the line keeps its level"
    ended = locker("safe-off", "--config", site.config)

    assert (ended.returncode, ended.stdout) == (0, "every lock of 2 boards is off\n"), ended.stderr
    assert site.energised() == []
    (pulse,) = site.pulses()[before:]
    running.run()
    assert len(site.pulses()) == before + 1, "nothing is pulsed again after a crash"
    print(f"killed in a pulse of {PULSE_MS['far']} ms; safe-off ended it {pulse.off_s - killed_s:.2f} s later")


def test_a_start_after_a_kill_ends_what_still_runs_and_pulses_nothing(running: Daemon[PinSite]) -> None:
    site, lock = running.site, running.site.lock("A06")
    before = len(site.pulses())

    _begin_pulse(site, lock)
    running.kill()
    assert site.energised() == [lock.compartment]
    running.run()

    (pulse,) = site.pulses()[before:]
    assert site.energised() == []
    assert pulse.compartment == lock.compartment
    print(f"killed in a pulse, started again without safe-off: ended {pulse.width_ms / 1000:.2f} s after it began")


def test_a_lock_whose_line_somebody_else_holds_is_a_fault_and_the_rest_works(daemon: Daemon[PinSite]) -> None:
    site, taken, other = daemon.site, daemon.site.lock("A01"), daemon.site.lock("A02")
    if daemon.alive:
        daemon.terminate()
    site.shut_all()

    with gpiod.request_lines(taken.chip.device, consumer="somebody", config={taken.line: None}):
        daemon.run()
        events, before = follow(site.data_dir), len(site.pulses())
        next(events)
        faults = {board["name"]: board["fault"] for board in _status(site)["boards"]}
        _order(site, taken)
        failed = _next(events, "door.did_not_open", taken)
        _open(site, events, other)
        _shut(events, other)
        assert [pulse.compartment for pulse in site.pulses()[before:]] == [other.compartment]

    wait_until(lambda: _holder(taken) == "locker", "the line to be taken when it is free")
    wait_until(lambda: _status(site)["boards"][0]["fault"] is None, "the fault to be over")
    _open(site, events, taken)
    _shut(events, taken)
    assert faults == {"near": "line_busy", "far": None}
    print(f"{faults}; {failed['type']} {failed['data']}")


def test_every_pulse_came_after_a_record_that_allows_it_and_no_two_at_a_time(site: PinSite) -> None:
    wall_s, pulses = time.time() - time.monotonic(), site.pulses()
    allowed = daemon_journal.records(site.data_dir, "unlock.authorised")

    later, after_ms = iter(allowed), []
    for pulse in pulses:
        record = next((each for each in later if each["data"]["compartment"] == pulse.compartment), None)
        assert record is not None, f"no record allows {pulse}"
        after_ms.append((wall_s + pulse.on_s - datetime.fromisoformat(record["time"]).timestamp()) * 1000)
    gaps_ms = [(after.on_s - before.off_s) * 1000 for before, after in pairwise(pulses)]
    print(f"{len(pulses)} pulses, {len(allowed)} records; from a record's time to its pulse: {spread(after_ms)}")
    print(f"between two pulses: {min(gaps_ms):.1f} ms or more")
    assert min(after_ms) > -1
    assert min(gaps_ms) >= GAP_MS


def _status(site: PinSite) -> Any:
    return ask(site.data_dir, {"do": "status"})


def _order(site: PinSite, lock: PinLock) -> None:
    """Have a lock opened, as soon as no other door moves."""
    wait_until(lambda: _is_taken(site, lock), f"{lock.compartment} to be opened")


def _is_taken(site: PinSite, lock: PinLock) -> bool:
    try:
        ask(site.data_dir, {"do": "open", "compartment": lock.compartment, "reason": "somebody has to look"})
    except Failed as refused:
        if "a door is moving" not in str(refused):
            raise
        return False
    return True


def _begin_pulse(site: PinSite, lock: PinLock) -> None:
    """Have a lock opened, and return while it is energised."""
    _order(site, lock)
    site.watch.wait_for(lambda: lock.energised, f"{lock.compartment} to be energised")


def _open(site: PinSite, events: Events, lock: PinLock) -> None:
    """Have a door opened, and wait until the locker has told of it and the pulse is over."""
    _order(site, lock)
    _next(events, "door.opened", lock)
    site.watch.wait_for(lambda: not lock.energised, f"the pulse of {lock.compartment} to end")


def _shut(events: Events, lock: PinLock) -> float:
    """Shut a door, and wait until the locker tells of it; how long that took, in ms."""
    began = time.monotonic()
    lock.move_door(to_open=False)
    _next(events, "door.closed", lock)
    return (time.monotonic() - began) * 1000


def _next(events: Events, name: str, lock: PinLock) -> dict[str, Any]:
    """The next event of this name, or area, about a compartment."""
    for message in events:
        event: dict[str, Any] = message.get("event", {"type": "", "data": {}})
        if event["type"].startswith(name) and event["data"].get("compartment") == lock.compartment:
            return event
    raise AssertionError(f"the locker stopped before {name} of {lock.compartment}")


def _holder(lock: PinLock) -> str | None:
    """Who holds a lock's line, as the kernel says."""
    with gpiod.Chip(lock.chip.device) as chip:
        info = chip.get_line_info(lock.line)
        return info.consumer if info.used else None
