"""The shipped unit: a locker that is killed in the middle of a pulse, and what systemd makes of it."""

import os
import signal
import time
from collections.abc import Iterator

import pytest
from support.daemon import Daemon, serves, wait_until
from support.guest_systemd import CONFIG, DATA, Systemd, a_systemd
from support.pin_site import PULSE_MS, PinSite

from controller.cli.service_client import ask
from controller.remote.key_set import TRUST_FILE


@pytest.fixture
def systemd(daemon: Daemon[PinSite]) -> Iterator[Systemd]:
    site = daemon.site
    if daemon.alive:
        daemon.terminate()
    site.shut_all()
    config = site.config.read_text().replace('data_dir = "data"', f'data_dir = "{DATA}"')
    keyring = site.carrier_dir / TRUST_FILE
    config = config.replace(f'"{site.carrier_dir.name}/{TRUST_FILE}"', f'"{CONFIG}/trust.json"')
    devices = [chip.device for chip in site.chips]
    with a_systemd(site.folder, config, keyring.read_bytes(), devices) as systemd:
        yield systemd


def test_a_killed_locker_s_pulse_is_ended_by_its_unit_which_starts_it_again(site: PinSite, systemd: Systemd) -> None:
    lock, before = site.lock("A06"), len(site.pulses())
    systemd.run("systemctl", "start", "locker")
    _wait_until_served(site, systemd)

    data_dir, process = systemd.root / DATA.relative_to("/"), systemd.main_process
    ask(data_dir, {"do": "open", "compartment": lock.compartment, "reason": "somebody has to look"})
    site.watch.wait_for(lambda: lock.energised, "the pulse")
    os.kill(process, signal.SIGKILL)
    killed_s = time.monotonic()
    assert site.energised() == [lock.compartment]
    wait_until(lambda: not lock.energised, "the pulse to end")
    _wait_until_served(site, systemd)

    (pulse,) = site.pulses()[before:]
    assert (systemd.show("NRestarts"), systemd.show("ActiveState")) == ("1", "active")
    print(f"killed in a pulse of {PULSE_MS['far']} ms; ended {pulse.off_s - killed_s:.2f} s later by the unit")
    print(f"serving again {time.monotonic() - killed_s:.1f} s after the kill; nothing was pulsed again")


def _wait_until_served(site: PinSite, systemd: Systemd) -> None:
    try:
        wait_until(lambda: serves(site), "the unit to serve")
    except AssertionError as never:
        raise AssertionError(systemd.run("journalctl", "--no-pager", "--lines", "60")) from never
