"""A parcel in and out through the touchscreen's HTTP interface, its doors on a kernel's own GPIO lines."""

from collections.abc import Iterator

import pytest
from support import daemon_journal
from support.daemon import Daemon, wait_until
from support.daemon_carrier import Backend, a_backend
from support.daemon_kiosk import Page, Reply
from support.daemon_premises import CARRIER, LOCKER
from support.daemon_wire import TOPICS, Pen, a_wire
from support.locker_in_hand import s10_label
from support.pin_site import PinLock, PinSite

from controller.cli.carrier_line import wall
from controller.domain.commands import ExpectParcel
from controller.domain.ids import CarrierId, DriverId, ParcelId, Role

LABEL = s10_label(47_312_482)
STORY = [
    *("parcel.expected", "custody.depositing", "unlock.authorised", "door.opened", "door.closed", "custody.stored"),
    *("code.issued", "code.accepted", "custody.collecting", "unlock.authorised", "door.opened", "door.closed"),
    "custody.collected",
]


@pytest.fixture
def backend(running: Daemon[PinSite]) -> Iterator[Backend]:
    with a_backend(running.site) as backend:
        yield backend


def test_a_parcel_is_delivered_and_picked_up(running: Daemon[PinSite], backend: Backend) -> None:
    site, pen = running.site, Pen(running.site.keys, wall)
    before = len(site.pulses())
    _announce(site, pen)

    page = Page(site.kiosk_port)
    _accepted(page.post("/api/driver/badge", {"badge": pen.issuer().badge((LOCKER,), DriverId("d7"))}))
    _accepted(page.post("/api/driver/label", {"label": LABEL}))
    lock = _door(site, _accepted(page.post("/api/driver/plan", {"acknowledged": True})))
    _go_through(site, lock)
    wait_until(lambda: page.post("/api/driver/done", {}).reason != "door_open", "the deposit to be confirmed")
    page.leave()
    backend.wait_for_record("custody.stored", parcel="P1")

    code = wait_until(lambda: backend.code_of("P1"), "the code")
    assert _door(site, _accepted(page.post("/api/pickup", {"code": code}))) is lock
    _go_through(site, lock)
    backend.wait_for_record("custody.collected", parcel="P1")
    page.leave()

    pulses, names = site.pulses()[before:], daemon_journal.names(site.data_dir)
    told = [name for name in names[names.index("parcel.expected") :] if name in STORY]
    print(f"{len(names)} records; of this parcel: {', '.join(told)}")
    print(f"pulses of {lock.compartment}: {', '.join(f'{pulse.width_ms:.1f} ms' for pulse in pulses)}")
    assert sorted(told) == sorted(STORY)
    assert [pulse.compartment for pulse in pulses] == [lock.compartment] * 2
    assert daemon_journal.verified(site.data_dir).damage is None
    assert backend.complaints == []


def _announce(site: PinSite, pen: Pen) -> None:
    parcel = ExpectParcel(parcel=ParcelId("P1"), label=LABEL, carrier=CarrierId(CARRIER))
    with a_wire(site) as wire:
        jti, token = pen.order(parcel, Role.CARRIER)
        wire.say(TOPICS.commands, token)
        result = wait_until(lambda: wire.result_of(jti, 1.0, lambda: False), "the parcel to be expected")
    assert result["status"] == "executed"


def _accepted(reply: Reply) -> Reply:
    assert reply.accepted, reply
    return reply


def _door(site: PinSite, reply: Reply) -> PinLock:
    (compartment,) = reply.said["compartments"]
    return site.lock(compartment)


def _go_through(site: PinSite, lock: PinLock) -> None:
    """Stand before a door until the locker has seen it open, then shut it."""
    _wait_for_last_door_event(site, "door.opened", lock)
    lock.move_door(to_open=False)
    _wait_for_last_door_event(site, "door.closed", lock)


def _wait_for_last_door_event(site: PinSite, name: str, lock: PinLock) -> None:
    def met() -> bool:
        doors = [it for it in daemon_journal.records(site.data_dir) if it["type"].startswith("locker.door.")]
        return bool(doors) and (doors[-1]["type"], doors[-1]["subject"]) == (f"locker.{name}.v1", lock.compartment)

    wait_until(met, f"{name} of {lock.compartment}")
