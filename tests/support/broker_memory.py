"""A broker in memory, on the loop it is used from: no thread, no socket, and as much trouble as a test wants.

It keeps what a real one keeps: retained messages, the sessions of persistent clients, wills, messages not yet taken.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from controller.contract.link import Confirmed, Message, WillFor
from controller.contract.topics import covers


@dataclass(frozen=True, slots=True)
class Said:
    """One message as the broker took it."""

    client: str
    topic: str
    payload: bytes
    retain: bool


@dataclass(slots=True)
class Session:
    """What the broker holds for one client: what it wants, and what it has not taken."""

    wants: list[str] = field(default_factory=list)
    untaken: deque[tuple[str, bytes, bool]] = field(default_factory=deque)


class MemoryBroker:
    """Starts running. Everything happens one loop iteration later, or `delay_s` later where that is set."""

    def __init__(self) -> None:
        self.running = True
        self.delay_s = 0.0
        self.said: list[Said] = []
        self.retained: dict[str, bytes] = {}
        self.refuses: dict[str, str] = {}
        """Topics it will not take messages on, and the reason it gives."""
        self.loses = 0
        """So many of the next messages are confirmed and then lost, as when it is killed."""
        self.forgets: Callable[[str], bool] = lambda topic: False
        """Topics whose messages are confirmed and never delivered."""
        self._links: list[MemoryLink] = []
        self._sessions: dict[str, Session] = {}

    def link(self, client: str, *, persistent: bool = True) -> "MemoryLink":
        """A link for one client; `run` it."""
        return MemoryLink(self, client, persistent)

    def stop(self, *, lose_sessions: bool = False) -> None:
        """Cut everybody off. Nobody's will is told."""
        self.running = False
        if lose_sessions:
            self._sessions.clear()
        for link in tuple(self._links):
            link.cut()

    def start(self) -> None:
        """Let everybody in again who is still trying."""
        self.running = True
        for link in tuple(self._links):
            link.enter()

    def publish(self, client: str, topic: str, payload: bytes, retain: bool = False) -> None:
        """Take a message and pass it on."""
        self.said.append(Said(client, topic, payload, retain))
        if retain and payload:
            self.retained[topic] = payload
        elif retain:
            self.retained.pop(topic, None)
        if self.loses:
            self.loses -= 1
            return
        if self.forgets(topic):
            return
        for name, session in self._sessions.items():
            if any(covers(wanted, topic) for wanted in session.wants):
                session.untaken.append((topic, payload, retain))
                self.deliver(name)

    def session(self, client: str) -> Session:
        """What is held for `client`."""
        return self._sessions.setdefault(client, Session())

    def drop_session(self, client: str) -> None:
        """Forget a client that does not want to be remembered."""
        self._sessions.pop(client, None)

    def deliver(self, client: str) -> None:
        """Bring a client what it has not been brought in this connection."""
        for link in self._links:
            if link.client == client and link.up:
                link.bring(self.session(client))

    def add(self, link: "MemoryLink") -> None:
        """Let a link know of starts and stops."""
        self._links.append(link)

    def remove(self, link: "MemoryLink") -> None:
        """Forget a link."""
        self._links.remove(link)


class MemoryLink:
    """A `Link` to a `MemoryBroker`."""

    def __init__(self, broker: MemoryBroker, client: str, persistent: bool) -> None:
        self.client = client
        self.up = False
        self.conn = 0
        self._broker = broker
        self._persistent = persistent
        self._listeners: list[tuple[str, Callable[[Message], None]]] = []
        self._followers: list[tuple[Callable[[], None], Callable[[], None]]] = []
        self._will: WillFor | None = None
        self._told: tuple[str, bytes] | None = None
        self._brought = 0

    def publish(self, topic: str, payload: bytes, *, retain: bool = False, confirmed: Confirmed | None = None) -> bool:
        """Hand a message to the broker, who answers later."""
        if not self.up:
            return False
        self._later(partial(self._arrive, self.conn, topic, payload, retain, confirmed))
        return True

    def subscribe(self, subscription: str, listener: Callable[[Message], None]) -> None:
        """Have every message that `subscription` covers."""
        self._listeners.append((subscription, listener))

    def follow(self, up: Callable[[], None], down: Callable[[], None]) -> None:
        """Be told of ups and downs."""
        self._followers.append((up, down))

    def leave_will(self, will: WillFor) -> None:
        """What the broker says when this link is lost."""
        self._will = will

    async def run(self) -> None:
        """Stay connected whenever the broker runs, until cancelled."""
        self._broker.add(self)
        if self._broker.running:
            self.enter()
        try:
            await asyncio.Event().wait()
        finally:
            self.cut()
            self._broker.remove(self)

    def enter(self) -> None:
        """Connect."""
        self.conn += 1
        self._told = self._will(self.conn) if self._will is not None else None
        if not self._persistent:
            self._broker.drop_session(self.client)
        session = self._broker.session(self.client)
        session.wants = [subscription for subscription, _ in self._listeners]
        self._brought = 0
        self.up = True
        for topic, payload in self._broker.retained.items():
            self._hear(topic, payload, True)
        self.bring(session)
        for up, _ in self._followers:
            up()

    def cut(self) -> None:
        """Lose the connection without a word."""
        if self.up:
            self.up = False
            for _, down in self._followers:
                down()

    def die(self) -> None:
        """Lose the connection, and have the broker tell our will."""
        self.cut()
        if self._told is not None:
            topic, payload = self._told
            self._broker.publish(self.client, topic, payload, retain=True)

    def bring(self, session: Session) -> None:
        """Have what is new in the session."""
        while self._brought < len(session.untaken):
            item = session.untaken[self._brought]
            self._brought += 1
            self._later(partial(self._deliver, self.conn, session, item))

    def _deliver(self, conn: int, session: Session, item: tuple[str, bytes, bool]) -> None:
        topic, payload, retained = item
        if self.up and self.conn == conn:
            self._hear(topic, payload, retained, partial(self._take, conn, session, item))

    def _hear(self, topic: str, payload: bytes, retained: bool, take: Callable[[], None] = lambda: None) -> None:
        for subscription, listener in self._listeners:
            if covers(subscription, topic):
                listener(Message(topic, payload, retained, take))

    def _take(self, conn: int, session: Session, item: tuple[str, bytes, bool]) -> None:
        if self.up and self.conn == conn and item in session.untaken:
            session.untaken.remove(item)
            self._brought -= 1

    def _arrive(self, conn: int, topic: str, payload: bytes, retain: bool, confirmed: Confirmed | None) -> None:
        if not self.up or self.conn != conn:
            return
        refusal = self._broker.refuses.get(topic)
        if refusal is None:
            self._broker.publish(self.client, topic, payload, retain)
        if confirmed is not None:
            self._later(partial(self._confirm, conn, confirmed, refusal))

    def _confirm(self, conn: int, confirmed: Confirmed, refusal: str | None) -> None:
        if self.up and self.conn == conn:
            confirmed(refusal)

    def _later(self, act: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        if self._broker.delay_s:
            loop.call_later(self._broker.delay_s, act)
        else:
            loop.call_soon(act)
