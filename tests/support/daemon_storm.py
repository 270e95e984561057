"""A busy locker that is killed at random moments: people, an office that orders doors about, and SIGKILL."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from random import Random

from support import daemon_journal, daemon_rules
from support.broker import Mosquitto, running_mosquitto
from support.daemon import a_daemon, wait_until
from support.daemon_carrier import a_backend
from support.daemon_people import Street
from support.daemon_site import a_site
from support.daemon_wire import Pen, a_wire

from controller.cli.carrier_line import wall
from controller.domain.commands import (
    BlockCompartment,
    CancelParcel,
    Command,
    ExpectParcel,
    UnblockCompartment,
    UnlockCompartment,
)
from controller.domain.ids import CarrierId, CompartmentId, ParcelId, Role

DOORS = 16
SPARE = frozenset({"A15", "A16"})
"""Doors that the office plays with and no parcel ever comes to."""
IN_START = 0.2
"""The share of kills that come before the daemon serves."""
MOST_RECORDS = 40


@contextmanager
def a_street(folder: Path, seed: int = 0, doors: int = DOORS, spare: frozenset[str] = SPARE) -> Iterator[Street]:
    """A site with its own broker and backend; its daemon is not started."""
    with a_street_and_broker(folder, seed, doors, spare) as (street, _):
        yield street


@contextmanager
def a_street_and_broker(
    folder: Path, seed: int = 0, doors: int = DOORS, spare: frozenset[str] = SPARE
) -> Iterator[tuple[Street, Mosquitto]]:
    """The same, with the broker within reach."""
    (folder / "broker").mkdir()
    with (
        running_mosquitto(folder / "broker") as broker,
        a_site(folder, broker.port, doors=doors) as site,
        a_daemon(site) as daemon,
        a_backend(site) as backend,
        a_wire(site) as wire,
    ):
        yield Street(daemon, backend, wire, Pen(site.keys, wall), Random(seed), spare), broker


class Storm:
    """Customers and office, each a thread, for as long as the storm goes on."""

    def __init__(self, street: Street, chance: Random) -> None:
        self.parcels: list[str] = []
        """Those that were handed in and fetched."""
        self.orders = 0
        """Answered commands of the office."""
        self._street = street
        self._chance = chance
        self._over = threading.Event()
        self._start_s = 1.0
        """How long the last start took that was not cut short."""

    def rage(self, kills: int) -> None:
        """Kill the daemon so many times; after each of them look whether every rule was kept."""
        daemon = self._street.daemon
        with ThreadPoolExecutor(2, "people") as threads:
            busy = [threads.submit(self._serve_customers), threads.submit(self._run_office)]
            try:
                for _ in range(kills):
                    daemon.start()
                    self._wait_for_a_moment(busy)
                    daemon.kill()
                    daemon_rules.check(self._street)
                daemon.run()
            finally:
                self._over.set()
            for thread in busy:
                thread.result()

    def _wait_for_a_moment(self, busy: list[Future[None]]) -> None:
        """Any moment: of the start, or so many records after it that people are in the middle of something."""
        daemon, data_dir = self._street.daemon, self._street.site.data_dir
        began = time.monotonic()
        if self._chance.random() < IN_START:
            moment = began + self._chance.uniform(0, self._start_s)
            wait_until(lambda: daemon.healthy() or time.monotonic() > moment, "a moment of the start")
            return
        daemon.wait_ready()
        self._start_s = time.monotonic() - began
        enough = daemon_journal.last_sequence(data_dir) + self._chance.randint(1, MOST_RECORDS)
        wait_until(lambda: self._went_on(busy, enough), f"record {enough}")

    def _went_on(self, busy: list[Future[None]], enough: int) -> bool:
        for thread in busy:
            if thread.done():
                thread.result()
        return daemon_journal.last_sequence(self._street.site.data_dir) >= enough

    def _serve_customers(self) -> None:
        """One parcel after the other, each to its end."""
        while not self._over.is_set():
            parcel, label = self._street.expect()
            self._street.deliver(parcel, label)
            self._street.collect(parcel)
            self.parcels.append(parcel)

    def _run_office(self) -> None:
        """Orders that come to nothing but records, and now and then a door."""
        doors = sorted(SPARE)
        while not self._over.is_set():
            door = CompartmentId(doors[self.orders % len(doors)])
            parcel = ParcelId(f"Q{self.orders}")
            order: list[tuple[Command, Role]] = [
                (BlockCompartment(compartment=door), Role.OPERATOR),
                (ExpectParcel(parcel=parcel, label=f"Q{self.orders}", carrier=CarrierId("acme")), Role.CARRIER),
                (CancelParcel(parcel=parcel), Role.CARRIER),
                (UnlockCompartment(compartment=door), Role.OPERATOR),
            ]
            for command, role in order:
                self._street.command(command, role)
                self._street.go_round()
                self.orders += 1
        for spare in doors:
            self._street.command(UnblockCompartment(compartment=CompartmentId(spare)), Role.OPERATOR)
