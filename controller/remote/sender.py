"""Commands from the other end: signed, sent, and waited for."""

import asyncio
from collections.abc import Callable
from functools import partial

from joserfc.jwk import OKPKey

from controller.contract.command import make_command
from controller.contract.jose import MAX_TOKEN_BYTES
from controller.contract.link import Link, Message
from controller.contract.permissions import PERMISSIONS
from controller.contract.result import Result, joined
from controller.contract.sealed_pin import sealed, sealing_key
from controller.contract.status import LockerStatus
from controller.contract.topics import Topics, locker_of
from controller.contract.wire_json import JsonObject, loads_object
from controller.domain.commands import Command, UpsertDriver
from controller.domain.ids import Jti, Role, WallMs
from controller.remote.key_set import KeySet

ANSWER_S = 10.0
"""How long to wait for a locker that is there."""
_STATUS_S = 2.0


class NoAnswer(Exception):
    """It is not known what became of a command; the sentence says what is."""


class NotTaken(Exception):
    """The broker would not take the command; the sentence says why."""


class Sender:
    """Sends to every locker that `topics` covers."""

    def __init__(
        self,
        link: Link,
        topics: Topics,
        *,
        keys: KeySet,
        wall: Callable[[], WallMs],
        fresh: Callable[[], str],
        device_keys: JsonObject | None = None,
    ) -> None:
        """`wall`: the time. `fresh`: an id that was never used before. `device_keys`: the public JWK set of the locker,
        to seal to; what it announces where None. Raises ValueError for one without a key to seal to.
        """
        self._link = link
        self._root = topics.root
        self._keys = keys
        self._wall = wall
        self._fresh = fresh
        self._up = asyncio.Event()
        self._statuses: dict[str, LockerStatus] = {}
        self._status_came = asyncio.Event()
        self._keys_came = asyncio.Event()
        self._awaited: dict[Jti, asyncio.Future[Result]] = {}
        self._open: dict[Jti, tuple[str, bytes]] = {}
        self._parts: dict[Jti, dict[int, Result]] = {}
        self._count = 0
        self._given = None if device_keys is None else sealing_key(device_keys)
        self._sealing: dict[str, OKPKey] = {}
        link.follow(self._went_up, self._up.clear)
        link.subscribe(topics.status, self._take_status)
        link.subscribe(topics.results, self._take_result)
        link.subscribe(topics.keys, self._take_keys)

    def status_of(self, locker: str) -> LockerStatus | None:
        """What a locker last said of itself, None where it was never heard."""
        return self._statuses.get(locker)

    async def send(self, locker: str, command: Command, role: Role, timeout_s: float = ANSWER_S) -> Result:
        """What the locker made of the command, signed in `role`.

        Raises NoAnswer when it has not said within `timeout_s`, NotTaken when the broker refused the command, and
        KeysMissing without that role's key.
        """
        key = self._keys.signing(role)
        jti = Jti(self._fresh())
        answered: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._awaited[jti] = answered
        try:
            async with asyncio.timeout(timeout_s):
                await self._up.wait()
                status = await self._await_status(locker)
                token = make_command(
                    await self._sealed(command, locker),
                    key=key,
                    issuer=self._keys.carrier,
                    locker=locker,
                    jti=jti,
                    at=self._wall(),
                    ctr=self._next_count() if PERMISSIONS[type(command)].counted else None,
                    nonce=status.nonce if status is not None else None,
                )
                self._open[jti] = (Topics(self._root, locker).commands, token.encode())
                self._publish(jti)
                return await answered
        except TimeoutError:
            raise NoAnswer(self._why_not(locker, jti)) from None
        finally:
            del self._awaited[jti]
            self._open.pop(jti, None)
            self._parts.pop(jti, None)

    def _next_count(self) -> int:
        """Milliseconds of the wall clock, so that it goes up from one process to the next as well."""
        self._count = max(self._count + 1, self._wall())
        return self._count

    async def _sealed(self, command: Command, locker: str) -> Command:
        """The command as it may travel; what is to be sealed waits for the locker's key."""
        if not isinstance(command, UpsertDriver) or command.pin is None:
            return command
        while self._given is None and locker not in self._sealing:
            self._keys_came.clear()
            await self._keys_came.wait()
        return sealed(command, self._given or self._sealing[locker])

    def _take_keys(self, message: Message) -> None:
        message.take()
        locker = locker_of(self._root, message.topic)
        try:
            if locker is not None and len(message.payload) <= MAX_TOKEN_BYTES:
                self._sealing[locker] = sealing_key(loads_object(message.payload))
                self._keys_came.set()
        except ValueError:
            return

    async def _await_status(self, locker: str) -> LockerStatus | None:
        """The status, with its nonce, which the broker has kept for us; None where the locker was never there."""
        deadline = asyncio.get_running_loop().time() + _STATUS_S
        while locker not in self._statuses:
            self._status_came.clear()
            try:
                async with asyncio.timeout_at(deadline):
                    await self._status_came.wait()
            except TimeoutError:
                break
        return self._statuses.get(locker)

    def _why_not(self, locker: str, jti: Jti) -> str:
        if not self._up.is_set() and jti not in self._open:
            return "the broker could not be reached; the command was not sent"
        status = self._statuses.get(locker)
        if jti not in self._open and self._given is None and locker not in self._sealing:
            return f"{locker} has told no key to seal a PIN to; the command was not sent"
        if status is None:
            return f"{locker} has never been heard of at this broker, which keeps nothing for it; send it again later"
        if not status.online:
            return f"{locker} is offline; the command waits at the broker until it expires"
        return f"{locker} is online and has not answered; the command may still be carried out"

    def _publish(self, jti: Jti) -> None:
        topic, token = self._open[jti]
        self._link.publish(topic, token, confirmed=partial(self._confirmed, jti))

    def _confirmed(self, jti: Jti, refusal: str | None) -> None:
        answered = self._awaited.get(jti)
        if refusal is not None and answered is not None and not answered.done():
            answered.set_exception(NotTaken(f"the broker refuses commands from us: {refusal}"))

    def _went_up(self) -> None:
        self._up.set()
        for jti in tuple(self._open):
            self._publish(jti)  # the last connection may have lost it; its id keeps it from being done twice

    def _say_again(self, commands: str) -> None:
        """A locker has just come: the broker may have had nobody to keep its commands for."""
        for jti, (topic, _) in tuple(self._open.items()):
            if topic == commands:
                self._publish(jti)

    def _take_status(self, message: Message) -> None:
        message.take()
        locker = locker_of(self._root, message.topic)
        if locker is None or not message.payload:
            return
        try:
            status = LockerStatus.decode(message.payload)
        except ValueError:
            return
        known = self._statuses.get(locker)
        if known is not None and (status.boot, status.conn) < (known.boot, known.conn):
            return
        self._statuses[locker] = status
        self._status_came.set()
        if status.online and (known is None or (status.boot, status.conn) > (known.boot, known.conn)):
            self._say_again(Topics(self._root, locker).commands)

    def _take_result(self, message: Message) -> None:
        message.take()
        try:
            result = Result.decode(message.payload)
        except ValueError:
            return
        answered = self._awaited.get(result.jti)
        if answered is None or answered.done():
            return
        parts = self._parts.setdefault(result.jti, {})
        parts[result.part] = result
        if len(parts) == result.parts:
            answered.set_result(joined([*parts.values()]))
