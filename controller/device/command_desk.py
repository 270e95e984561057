"""Signed commands from afar: taken from the broker once they are on record, answered once they are decided."""

import asyncio
import logging
import secrets
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

from controller.contract.command import open_command
from controller.contract.keys import Keyring
from controller.contract.link import Link, Message
from controller.contract.result import Result, ResultStatus
from controller.contract.topics import Topics
from controller.contract.wire_json import JsonObject
from controller.device.config_report import problems
from controller.device.engine import Unavailable
from controller.device.presence import Nonces
from controller.device.seams import Committed
from controller.device.telling import Teller
from controller.domain.answers import Answer, CommandAnswer
from controller.domain.commands import ASKS, ApplyConfig, AuthorisePickup, Command, ExpectParcel
from controller.domain.events import CommandExecuted, CommandRefused
from controller.domain.ids import CodeHmac, Jti, SessionId
from controller.domain.inputs import CommandArrived, CommandRejected, Input, SettingsOffered
from controller.domain.refusals import Refusal

log = logging.getLogger(__name__)

MOST_WAITING = 256
"""More than a broker may hand us at once; what comes above it is left with the broker."""
_MOST_KEPT = 256
_RETRY_S = 0.5
STARTED = "started"
"""The answer to a command whose door is on its way: what became of it will be an event."""


def _random_hex() -> str:
    return secrets.token_hex(16)


class Offers(Protocol):
    """Where the configuration that is wanted from afar is looked at."""

    async def offered(self) -> SettingsOffered | None:
        """The one that came last, with what is wrong with it; None where none came."""


class CommandDesk:
    """One command after the other, in the order in which they came. `run` it beside the link."""

    def __init__(
        self,
        link: Link,
        topics: Topics,
        *,
        locker: str,
        keyring: Keyring,
        unseal: Callable[[str], bytes],
        nonces: Nonces,
        nonce_used: Callable[[], None],
        ask: Callable[[Input], Awaitable[Answer]],
        tell: Callable[[Input], None],
        teller: Teller,
        present: Callable[[str], SessionId | None],
        config: Offers,
        second: Callable[[str], CodeHmac | None] = lambda _: None,
        seed: Callable[[], str] = _random_hex,
    ) -> None:
        """`present` gives the visit at the screen that was shown a presence nonce a moment ago, once."""
        self._link = link
        self._results = topics.results
        self._locker = locker
        self._keyring = keyring
        self._unseal = unseal
        self._nonces = nonces
        self._nonce_used = nonce_used
        self._ask = ask
        self._tell = tell
        self._seed = seed
        self._second = second
        self._teller = teller
        self._present = present
        self._config = config
        self._queue: deque[Message] = deque()
        self._wake = asyncio.Event()
        self._deciding: Jti | None = None
        self._ended_early: Result | None = None
        """How the command in `_deciding` ended, where its door was quicker than the answer."""
        self._moving: set[Jti] = set()
        """Commands whose door is on its way."""
        self._unsaid: OrderedDict[tuple[Jti, int], Result] = OrderedDict()
        """Results that the broker has not confirmed."""
        link.subscribe(topics.commands, self._came)
        link.follow(self._went_up, self._went_down)

    def committed(self, happened: Sequence[Committed]) -> None:
        """Follow the engine with this: a door that was commanded to open has, or has not."""
        for item in happened:
            match item.event:
                case CommandExecuted(jti=jti, outcome="unknown"):
                    self._say(Result(jti, ResultStatus.UNKNOWN))
                case CommandExecuted(jti=jti, outcome=outcome):
                    told = None if outcome == ResultStatus.EXECUTED else outcome
                    self._ended(Result(jti, ResultStatus.EXECUTED, outcome=told))
                case CommandRefused(jti=str(jti), reason=reason):
                    self._ended(Result(Jti(jti), ResultStatus.REFUSED, reason))
                case _:
                    pass

    async def run(self) -> None:
        """Serve until cancelled."""
        while True:
            while self._queue:
                await self._serve(self._queue.popleft())
            await self._wake.wait()
            self._wake.clear()

    async def _serve(self, message: Message) -> None:
        if message.retained:
            self._tell(CommandRejected(Refusal.RETAINED))
        else:
            opened = open_command(message.payload, self._keyring, self._locker, self._nonces.is_good, self._unseal)
            match opened.item:
                case CommandRejected() as rejected:
                    self._reject(rejected, opened.detail)
                case CommandArrived(command=command) as arrived:
                    await self._decide(await self._with_facts(replace(arrived, seed=self._seed()), command))
        message.take()

    async def _with_facts(self, arrived: CommandArrived, command: Command) -> CommandArrived:
        """With what the rules need to know of the outside for this command."""
        if isinstance(command, ASKS):
            return replace(arrived, telling=self._teller.telling())
        if isinstance(command, ApplyConfig):
            return replace(arrived, offered=await self._config.offered())
        if isinstance(command, AuthorisePickup):
            return replace(arrived, presence_session=self._present(command.presence))
        if isinstance(command, ExpectParcel) and command.second_jwe is not None:
            return replace(arrived, second=self._second(command.second_jwe))
        return arrived

    def _reject(self, rejected: CommandRejected, detail: str | None) -> None:
        self._tell(rejected)
        if rejected.jti is not None:
            self._say(Result(rejected.jti, ResultStatus.REFUSED, rejected.reason.value, detail))

    async def _decide(self, arrived: CommandArrived) -> None:
        if arrived.jti in self._moving or self._teller.owes(arrived.jti):
            return  # come twice while it is under way: one answer, when that has ended
        self._deciding, self._ended_early = arrived.jti, None
        answer = await self._answer(arrived)
        self._deciding = None
        if arrived.nonce_good:
            self._nonce_used()
        if isinstance(arrived.command, ASKS) and answer == CommandAnswer("executed"):
            self._teller.take(arrived, self._say)
        elif answer != CommandAnswer(STARTED):
            self._say(_result(arrived, answer))
        elif self._ended_early is not None:
            self._say(self._ended_early)
        else:
            self._moving.add(arrived.jti)

    async def _answer(self, arrived: CommandArrived) -> Answer:
        while True:
            try:
                return await self._ask(arrived)
            except Unavailable as error:
                log.warning("command %s has to wait: %s", arrived.jti, error)
                await asyncio.sleep(_RETRY_S)

    def _ended(self, result: Result) -> None:
        if result.jti == self._deciding:
            self._ended_early = result
        elif result.jti in self._moving:
            self._moving.discard(result.jti)
            self._say(result)

    def _say(self, result: Result) -> None:
        self._unsaid[result.jti, result.part] = result
        if len(self._unsaid) > _MOST_KEPT:
            self._unsaid.popitem(last=False)
        self._link.publish(self._results, result.encode(), confirmed=partial(self._said, result))

    def _said(self, result: Result, refusal: str | None) -> None:
        if refusal is not None:
            log.error("the broker refused a result on %s: %s", self._results, refusal)
        if self._unsaid.get((result.jti, result.part)) is result:
            del self._unsaid[result.jti, result.part]

    def _came(self, message: Message) -> None:
        if len(self._queue) < MOST_WAITING:
            self._queue.append(message)
            self._wake.set()

    def _went_up(self) -> None:
        for result in tuple(self._unsaid.values()):
            self._say(result)

    def _went_down(self) -> None:
        self._queue.clear()  # the broker brings them again


def _result(arrived: CommandArrived, answer: Answer) -> Result:
    match answer:
        case CommandAnswer(status=status, reason=reason, first=first, outcome=outcome):
            why = _why(arrived, reason)
            return Result(arrived.jti, ResultStatus(status), reason, first=first, outcome=outcome, data=why)
        case _:
            raise TypeError(f"a command was answered with {type(answer).__name__}")


def _why(arrived: CommandArrived, reason: str | None) -> JsonObject | None:
    """What a sender needs beside the reason to do better."""
    if reason == Refusal.NOT_KEPT.value:
        return {"first": arrived.telling.first, "last": arrived.telling.last}
    if reason == Refusal.BAD_SETTINGS.value and arrived.offered is not None:
        return problems(arrived.offered.problems)
    return None
