"""A recipient at the real screen, step by step, who waits until the locker has seen what they did."""

from support import daemon_journal
from support.daemon import wait_until
from support.daemon_kiosk import Page
from support.daemon_people import Street


def open_up(street: Street, page: Page, **means: str) -> str:
    """With a code or a pass: the door that opened, as the locker has seen."""
    data_dir = street.site.data_dir
    before = len(daemon_journal.records(data_dir, "door.opened"))
    reply = page.post("/api/pickup", means)
    assert reply.accepted, reply
    (door,) = reply.said["compartments"]
    wait_until(lambda: len(daemon_journal.records(data_dir, "door.opened")) > before, f"door {door} to be seen open")
    return str(door)


def take_out(street: Street, door: str, parcel: str) -> None:
    """What was behind that door, and the door shut."""
    street.hands.take_out(door)
    street.hands.shut(door)
    street.daemon.wait_for_record("custody.collected", parcel=parcel)
