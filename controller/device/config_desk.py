"""The configuration wanted from afar: taken from the broker, looked at, put to the locker, and reported on."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from controller.contract.desired_config import BadConfig, WantedConfig, open_config
from controller.contract.keys import Keyring
from controller.contract.link import Link, Message
from controller.contract.topics import Topics
from controller.contract.wire_json import dumps
from controller.device.config_report import NotTaken, as_told, report
from controller.device.configuration import Configuration, problems_with
from controller.device.engine import Unavailable
from controller.device.seams import Committed
from controller.device.settings_errors import Problem
from controller.domain.answers import Answer, CommandAnswer
from controller.domain.desired import Desired
from controller.domain.events import ConfigAccepted
from controller.domain.inputs import ConfigRejected, Input, SettingsOffered
from controller.domain.refusals import Refusal

log = logging.getLogger(__name__)
_RETRY_S = 0.5
Aside = Callable[[Callable[[], tuple[Problem, ...]]], Awaitable[tuple[Problem, ...]]]


class ConfigDesk:
    """The broker says what is wanted with every connection; what was looked at once is not looked at again."""

    def __init__(
        self,
        link: Link,
        topics: Topics,
        *,
        locker: str,
        keyring: Keyring,
        configuration: Configuration,
        desired: Callable[[], Desired | None],
        ask: Callable[[Input], Awaitable[Answer]],
        tell: Callable[[Input], None],
        aside: Aside = asyncio.to_thread,
    ) -> None:
        """`desired` gives what was accepted last; `aside` is where what takes long is done."""
        self._link = link
        self._topics = topics
        self._locker = locker
        self._keyring = keyring
        self._configuration = configuration
        self._desired = desired
        self._ask = ask
        self._tell = tell
        self._aside = aside
        self._came: bytes | None = None
        self._seen: bytes | None = None
        self._refused: NotTaken | None = None
        self._wake = asyncio.Event()
        link.subscribe(topics.config_desired, self._take)
        link.follow(self._say, lambda: None)

    def committed(self, happened: Sequence[Committed]) -> None:
        """Follow the engine with this."""
        if any(isinstance(each.event, ConfigAccepted) for each in happened):
            self._refused = None
            self._say()

    async def run(self) -> None:
        """Look at what comes until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            if self._came is not None and self._came != self._seen:
                self._seen = self._came
                await self._judge(self._came)

    async def offered(self) -> SettingsOffered | None:
        """What came last, looked at once more; None where nothing came that could be believed."""
        if self._came is None:
            return None
        try:
            return await self._looked_at(open_config(self._came, self._keyring, self._locker))
        except BadConfig:
            return None

    def _take(self, message: Message) -> None:
        message.take()
        if message.payload:
            self._came = message.payload
            self._wake.set()

    async def _judge(self, token: bytes) -> None:
        try:
            wanted = open_config(token, self._keyring, self._locker)
        except BadConfig as bad:
            self._tell(ConfigRejected(bad.reason, kid=bad.kid))
            self._refuse(NotTaken(None, bad.reason))
            return
        offered = await self._looked_at(wanted)
        answer = await self._answer(offered)
        if isinstance(answer, CommandAnswer) and answer.reason is not None:
            self._refuse(NotTaken(offered.version, Refusal(answer.reason), offered.problems, offered.sha256))
        elif self._refused is not None:
            self._refused = None
            self._say()

    async def _looked_at(self, wanted: WantedConfig) -> SettingsOffered:
        found = await self._aside(partial(problems_with, self._configuration.own, wanted.settings))
        return SettingsOffered(wanted.version, wanted.sha256, wanted.settings, wanted.kid, as_told(found))

    async def _answer(self, offered: SettingsOffered) -> Answer:
        while True:
            try:
                return await self._ask(offered)
            except Unavailable as error:
                log.warning("the configuration has to wait: %s", error)
                await asyncio.sleep(_RETRY_S)

    def _refuse(self, refused: NotTaken) -> None:
        log.warning("the configuration that is wanted from afar is refused: %s", refused.reason.value)
        self._refused = refused
        self._say()

    def _say(self) -> None:
        told = report(self._configuration, self._desired(), self._refused)
        self._link.publish(self._topics.config_reported, dumps(told), retain=True)
