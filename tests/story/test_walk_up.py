"""A parcel that nobody has announced, while nobody can be asked: stored offline, reconciled when its carrier speaks."""

from pathlib import Path

import pytest
from support.daemon import locker
from support.daemon_kiosk import Page
from support.daemon_people import Street
from support.daemon_premises import CARRIER, LOCKER
from support.daemon_storm import a_street_and_broker
from support.locker_in_hand import s10_label

LABEL = s10_label(1)
ALLOWED = f'\n[[carriers]]\nname = "{CARRIER}"\nwalk_up = true\n'


@pytest.mark.timeout(300)
def test_a_walk_up_deposit_offline_is_collected_once_its_carrier_has_spoken(tmp_path: Path) -> None:
    with a_street_and_broker(tmp_path) as (street, broker):
        config = street.site.config
        config.write_text(config.read_text() + ALLOWED)
        street.daemon.run()
        broker.stop()
        _store(street)
        street.daemon.wait_for_record("custody.stored")
        broker.start()
        _announce(street)
        street.daemon.wait_for_record("parcel.claimed", parcel="P1")
        street.collect("P1")
        street.daemon.wait_for_record("custody.collected", parcel="P1")
        street.daemon.terminate()
        assert "Traceback" not in street.daemon.said()


def _announce(street: Street) -> None:
    site = street.site
    words = ["--url", site.broker_url, "--dir", str(site.carrier_dir), "--locker", LOCKER, "--timeout", "30"]
    announced = locker("carrier", "expect", "P1", "--label", LABEL, *words)
    assert announced.returncode == 0, announced.stderr


def _store(street: Street) -> None:
    page = Page(street.site.kiosk_port)
    assert page.post("/api/driver/badge", {"badge": street.badge}).accepted
    assert page.post("/api/driver/label", {"label": LABEL}).accepted
    (door,) = page.post("/api/driver/plan", {"acknowledged": True}).said["compartments"]
    street.daemon.wait_for_record("door.opened", compartment=door)
    street.hands.put_in(door, "P1")
    street.hands.shut(door)
    street.daemon.wait_for_record("door.closed", compartment=door)
    page.post("/api/driver/done", {})
    page.leave()
