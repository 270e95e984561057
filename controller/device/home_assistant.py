"""For Home Assistant, where the site wants it: the locker described to it, and doors that it may ask for.

Whoever may write to the topic of the orders may open doors, within the limits that hold for every opening by a third
party; so they are a switch of their own, and the broker's access rules say who that is.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable

from controller.contract.home_assistant import LONGEST_WAY_S, discovery
from controller.contract.link import Link, Message
from controller.contract.topics import Topics
from controller.contract.wire_json import dumps, loads_object
from controller.device.engine import Engine, Unavailable
from controller.device.settings import Settings
from controller.domain.answers import Answer, Refused
from controller.domain.commands import UnlockCompartment
from controller.domain.ids import ClockQuality, CompartmentId
from controller.domain.inputs import CommandRejected, Input, LocalCommand
from controller.domain.refusals import Refusal
from controller.domain.stamp import Stamp

log = logging.getLogger(__name__)

NOTE = "asked for through Home Assistant"
_MOST_WAITING = 16


def for_home_assistant(
    settings: Settings, link: Link, topics: Topics, software: str, engine: Engine
) -> tuple["UnlockOrders", ...]:
    """What the two switches of the site turn on; of it, what is to be run beside the link."""
    table = settings.home_assistant
    if not table.discovery:
        return ()
    compartments = [CompartmentId(compartment.id) for compartment in settings.compartments]
    described = discovery(topics, settings.locker.name, software, compartments, unlock=table.unlock)
    HomeAssistant(link, topics, dumps(described))
    if not table.unlock:
        return ()
    return (UnlockOrders(link, topics, now=engine.now, ask=engine.ask, tell=engine.tell),)


class HomeAssistant:
    """Tells who the locker is whenever the link comes up."""

    def __init__(self, link: Link, topics: Topics, description: bytes) -> None:
        self._link = link
        self._topics = topics
        self._description = description
        link.follow(self._went_up, self._went_down)

    def _went_up(self) -> None:
        self._link.publish(self._topics.home_assistant, self._description, retain=True)

    def _went_down(self) -> None:
        """Nothing to do: it is said again when the link is back."""


class UnlockOrders:
    """Doors that Home Assistant asks for. `run` it beside the link."""

    def __init__(
        self,
        link: Link,
        topics: Topics,
        *,
        now: Callable[[], Stamp],
        ask: Callable[[Input], Awaitable[Answer]],
        tell: Callable[[Input], None],
    ) -> None:
        self._link = link
        self._answers = topics.home_assistant_answer
        self._now = now
        self._ask = ask
        self._tell = tell
        self._queue: deque[Message] = deque(maxlen=_MOST_WAITING)
        self._wake = asyncio.Event()
        link.subscribe(topics.home_assistant_unlock, self._came)

    async def run(self) -> None:
        """Serve until cancelled."""
        while True:
            while self._queue:
                await self._serve(self._queue.popleft())
            await self._wake.wait()
            self._wake.clear()

    def _came(self, message: Message) -> None:
        message.take()
        if message.retained:
            self._tell(CommandRejected(Refusal.RETAINED))
        else:
            self._queue.append(message)
            self._wake.set()

    async def _serve(self, message: Message) -> None:
        order = _order(message.payload)
        if order is None:
            self._tell(CommandRejected(Refusal.NOT_UNDERSTOOD))
            return
        compartment, at_s = order
        said = self._too_old(at_s) or await self._unlock(compartment)
        log.info("Home Assistant asked for %s: %s", compartment, said)
        self._link.publish(self._answers, dumps({"compartment": compartment, "answer": said}))

    def _too_old(self, at_s: int) -> str | None:
        """Why an order of this moment is not carried out; None when it is fresh. An unknown clock knows no moment."""
        now = self._now()
        if now.clock is ClockQuality.UNKNOWN:
            self._tell(CommandRejected(Refusal.NONCE_REQUIRED))
            return Refusal.NONCE_REQUIRED.value
        if abs(now.wall // 1000 - at_s) <= LONGEST_WAY_S:
            return None
        self._tell(CommandRejected(Refusal.EXPIRED))
        return Refusal.EXPIRED.value

    async def _unlock(self, compartment: CompartmentId) -> str:
        try:
            answer = await self._ask(LocalCommand(UnlockCompartment(compartment=compartment), NOTE))
        except Unavailable:
            return "unavailable"
        return answer.reason.value if isinstance(answer, Refused) else "unlocked"


def _order(payload: bytes) -> tuple[CompartmentId, int] | None:
    try:
        members = loads_object(payload)
    except ValueError:
        return None
    compartment, at = members.get("compartment"), members.get("at")
    if not isinstance(compartment, str) or type(at) is not int or members.keys() != {"compartment", "at"}:
        return None
    return CompartmentId(compartment), at
