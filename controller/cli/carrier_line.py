"""What `locker carrier` and `locker fleet` share: where broker and keys are, and how they say what came of it."""

import asyncio
import random
import secrets
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from controller.cli.failure import Exit, Failed
from controller.contract.broker import Broker, parse_url
from controller.contract.result import Result, ResultStatus
from controller.contract.topics import DEFAULT_ROOT, Topics
from controller.contract.wire_json import loads_object
from controller.device.mqtt_link import MqttLink
from controller.domain.commands import Command
from controller.domain.ids import Role, WallMs
from controller.journal.errors import CommitFailed
from controller.remote.carrier_store import StoreRefused
from controller.remote.key_set import KeySet, KeysMissing
from controller.remote.sender import NoAnswer, NotTaken, Sender

T = TypeVar("T")
HERE = Path()
LOCAL = "mqtt://127.0.0.1:1883"

Folder = Annotated[Path, typer.Option("--dir", envvar="LOCKER_CARRIER_DIR", help="Folder of the keys and records.")]
Url = Annotated[str, typer.Option("--url", envvar="LOCKER_URL", help="mqtts://host[:port], or mqtt:// on loopback.")]
Locker = Annotated[str, typer.Option("--locker", envvar="LOCKER_ID", help="The locker's id.")]
Lockers = Annotated[str, typer.Option("--locker", envvar="LOCKER_ID", help="One locker's id; + for all of them.")]
Timeout = Annotated[float, typer.Option("--timeout", min=0.1, help="Seconds to wait for the locker's answer.")]


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach the broker, whichever it is; given before the command's name."""

    root: str
    ca_file: Path | None
    cert_file: Path | None
    key_file: Path | None
    username: str | None
    password_file: Path | None
    allow_plaintext: bool

    def broker(self, url: str) -> Broker:
        """Raises ValueError for a URL that will not do."""
        host, port, tls = parse_url(url, self.allow_plaintext)
        return Broker(
            host,
            port,
            tls,
            ca_file=self.ca_file,
            cert_file=self.cert_file,
            key_file=self.key_file,
            username=self.username,
            password_file=self.password_file,
        )

    def link(self, url: str, client_id: str, *, persistent: bool) -> MqttLink:
        """A link that is not yet run. Raises ValueError for a URL that will not do."""
        return MqttLink(self.broker(url), client_id, chance=random.SystemRandom().random, persistent=persistent)


def access(
    context: typer.Context,
    root: Annotated[str, typer.Option(envvar="LOCKER_ROOT", help="The first levels of every topic.")] = DEFAULT_ROOT,
    ca_file: Annotated[Path | None, typer.Option(help="The authorities to trust for the broker.")] = None,
    cert_file: Annotated[Path | None, typer.Option(help="Our certificate.")] = None,
    key_file: Annotated[Path | None, typer.Option(help="Its private key.")] = None,
    username: Annotated[str | None, typer.Option(help="Our name at the broker.")] = None,
    password_file: Annotated[Path | None, typer.Option(help="The file that holds our password.")] = None,
    allow_plaintext: Annotated[bool, typer.Option(help="Speak mqtt:// to other machines too.")] = False,
) -> None:
    """The options of a command whose subcommands reach a broker."""
    context.obj = Access(root, ca_file, cert_file, key_file, username, password_file, allow_plaintext)


def wall() -> WallMs:
    """Milliseconds since 1970."""
    return WallMs(time.time_ns() // 1_000_000)


def fresh_id() -> str:
    """128 random bits."""
    return secrets.token_hex(16)


@contextmanager
def explained() -> Iterator[None]:
    """Turn what can go wrong into its sentence and exit code. Raises `Failed`."""
    try:
        yield
    except (KeysMissing, StoreRefused, ValueError, FileExistsError) as error:
        raise Failed(Exit.WRONG_USE, str(error)) from error
    except (NoAnswer, NotTaken, OSError) as error:
        raise Failed(Exit.UNREACHABLE, str(error)) from error
    except CommitFailed as error:
        raise Failed(Exit.NOT_GOOD, str(error)) from error


async def beside(link: MqttLink, act: Awaitable[T]) -> T:
    """What `act` gives, with the link running for as long as that takes."""
    running = asyncio.create_task(link.run())
    try:
        return await act
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@dataclass(frozen=True, slots=True)
class Order:
    """One command to send, and how to tell of its end."""

    access: Access
    url: str
    folder: Path
    locker: str
    role: Role
    timeout_s: float
    as_json: bool
    device_keys: Path | None = None
    """The locker's public JWK set, to seal to; what it announces where None."""

    def send(self, make: Callable[[KeySet], Command], shown: Callable[[Result], str] | None = None) -> None:
        """Send it, wait, print, as `shown` has it; ends the process with the exit code that fits."""
        with explained():
            keys = KeySet.load(self.folder)
            result = asyncio.run(self._send(keys, make(keys)))
        typer.echo(result.encode().decode() if self.as_json else (shown or sentence)(result))
        if result.status is not ResultStatus.EXECUTED:
            raise typer.Exit(Exit.NOT_GOOD)

    async def _send(self, keys: KeySet, command: Command) -> Result:
        client_id = f"{keys.carrier}-{self.role.value}-{secrets.token_hex(4)}"
        link = self.access.link(self.url, client_id, persistent=False)
        given = None if self.device_keys is None else loads_object(self.device_keys.read_bytes())
        sender = Sender(
            link, Topics(self.access.root, self.locker), keys=keys, wall=wall, fresh=fresh_id, device_keys=given
        )
        return await beside(link, sender.send(self.locker, command, self.role, self.timeout_s))


def sentence(result: Result) -> str:
    """A result for people."""
    words = [
        result.status.value,
        result.outcome,
        result.reason,
        result.detail,
        result.first and f"first answer: {result.first}",
    ]
    return ": ".join(word for word in words if word)
