"""That the locker is there: its status, its will, its nonce and its public keys, retained at the broker."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from controller.contract.link import Link
from controller.contract.status import LockerStatus
from controller.contract.topics import Topics

NONCE_S = 30.0


class Nonces:
    """What a command must echo while the clock is unknown: the current one or the one before."""

    def __init__(self, fresh: Callable[[], str]) -> None:
        """`fresh` gives text that nobody can guess."""
        self._fresh = fresh
        self.current = fresh()
        self._previous = self.current

    def rotate(self) -> None:
        """A new one; the current one becomes the one before."""
        self._previous, self.current = self.current, self._fresh()

    def is_good(self, nonce: str) -> bool:
        """Whether a command that echoes `nonce` was made just now."""
        return nonce in (self.current, self._previous)


@dataclass(frozen=True, slots=True)
class Identity:
    """What does not change while the process runs."""

    boot: int
    stream: str
    software: str
    public_keys: bytes
    """The JWK set of the device, as JSON."""


class Presence:
    """Says online when the link comes up and whenever the nonce changes. `run` it beside the link."""

    def __init__(
        self, link: Link, topics: Topics, identity: Identity, nonces: Nonces, head: Callable[[], tuple[int, bytes]]
    ) -> None:
        """`head`: sequence and SHA-256 of the last committed record. Make this before anything else that follows."""
        self._link = link
        self._topics = topics
        self._identity = identity
        self._nonces = nonces
        self._head = head
        link.leave_will(self._will)
        link.follow(self.say, self._went_down)

    async def run(self) -> None:
        """Rotate the nonce until cancelled."""
        while True:
            await asyncio.sleep(NONCE_S)
            self.renew()

    def renew(self) -> None:
        """A new nonce, for the one in force was used or is old."""
        self._nonces.rotate()
        self._link.publish(self._topics.status, self._status(True, self._link.conn), retain=True)

    async def farewell(self, timeout_s: float = 1.0) -> None:
        """Say offline, and wait until the broker has it or `timeout_s` is over; before an orderly end."""
        heard = asyncio.Event()
        status = self._status(False, self._link.conn)
        if self._link.publish(self._topics.status, status, retain=True, confirmed=lambda _: heard.set()):
            try:
                await asyncio.wait_for(heard.wait(), timeout_s)
            except TimeoutError:
                return

    def say(self) -> None:
        """Publish the public keys and the status, retained."""
        self._link.publish(self._topics.keys, self._identity.public_keys, retain=True)
        self._link.publish(self._topics.status, self._status(True, self._link.conn), retain=True)

    def _went_down(self) -> None:
        self._nonces.rotate()

    def _will(self, conn: int) -> tuple[str, bytes]:
        return self._topics.status, self._status(False, conn)

    def _status(self, online: bool, conn: int) -> bytes:
        sequence, head = self._head()
        status = LockerStatus(
            online=online,
            boot=self._identity.boot,
            conn=conn,
            stream=self._identity.stream,
            sequence=sequence,
            head=head.hex(),
            software=self._identity.software,
            nonce=self._nonces.current if online else None,
        )
        return status.encode()
