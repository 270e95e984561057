"""A stream of records on its way to the carrier, through a broker that is killed and started again."""

import json
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from support import daemon_journal, daemon_rules
from support.broker import Mosquitto
from support.daemon_people import Street
from support.daemon_site import Site

from controller.device.service_requests import SOCKET


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came of a stream."""

    records: int
    repeated: int
    """Messages beyond the first for a record, as a bystander at the broker counted them."""


def deliver_through_kills(street: Street, broker: Mosquitto, records: int, kills: int) -> Delivery:
    """Have the running daemon make so many records while the broker is killed in between, and count what arrives.

    Raises AssertionError if the carrier lacks one, has one twice, or took one out of order.
    """
    backend, data_dir = street.backend, street.site.data_dir
    with ThreadPoolExecutor(1, "stream") as threads:
        pouring = threads.submit(pour, street.site, records)
        for kill in range(1, kills + 1):
            backend.wait_for_taken(records * kill // (kills + 1))
            broker.kill()
            broker.start()
        pouring.result()
    backend.wait_for_sequence(daemon_journal.last_sequence(data_dir))
    assert daemon_rules.check_carrier(street.site, backend) == daemon_journal.last_sequence(data_dir)
    seen = street.wire.records()
    return Delivery(backend.taken, len(seen) - len(set(seen)))


def pour(site: Site, records: int) -> None:
    """Have the locker make one record after the other."""
    with _terminal(site) as ask:
        for number in range(records):
            ask(do="unblock" if number % 2 else "block", compartment=site.compartments[-1])


def at_the_terminal(site: Site, **request: str) -> None:
    """Ask the locker for one thing at its own terminal, and get it."""
    with _terminal(site) as ask:
        ask(**request)


@contextmanager
def _terminal(site: Site) -> Iterator[Callable[..., None]]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as terminal:
        terminal.connect(str(site.data_dir / SOCKET))
        with terminal.makefile("rwb") as lines:

            def ask(**request: str) -> None:
                lines.write(json.dumps(request).encode() + b"\n")
                lines.flush()
                answer = json.loads(lines.readline())
                assert answer["ok"], answer

            yield ask
