"""`locker claim`: a new locker gets its certificate and its keyring, with a token that a person carried."""

import asyncio
import random
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from controller.cli.defaults import DEFAULT_CONFIG
from controller.cli.failure import Exit, Failed
from controller.cli.identity import installing, loaded
from controller.cli.options import ConfigFile
from controller.contract.claim import BadClaim, Grant, make_claim, open_answer
from controller.contract.link import Message
from controller.contract.topics import Topics
from controller.device.broker_settings import broker_of
from controller.device.enrolling import Identity, claim_of, device_keys_at, now
from controller.device.mqtt_link import MqttLink
from controller.device.settings_identity import IdentitySettings

app = typer.Typer()
CLAIMANT = "claim"
"""Our name at the broker until we have one of our own."""


@app.command()
def claim(
    token_file: Annotated[Path, typer.Option(metavar="FILE", help="Where the token stands; - is the input.")],
    cert_file: Annotated[Path, typer.Option(help="The certificate that lets a new locker ask.")],
    key_file: Annotated[Path, typer.Option(help="Its key.")],
    config: ConfigFile = DEFAULT_CONFIG,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds to wait for the backend.")] = 60.0,
) -> None:
    """Ask the backend for this locker's certificate and keyring, once, before the first start."""
    settings, token = loaded(config), _token(token_file)
    with installing(settings) as place:
        place(asyncio.run(_claim(settings, token, cert_file, key_file, timeout)))
        reason = asyncio.run(_try(settings, timeout))
    if reason is not None:
        raise Failed(Exit.UNREACHABLE, f"certificate and keyring are in place, but the broker cannot be had: {reason}")
    typer.echo(f"{settings.locker.id} has its certificate and its keyring, and the broker knows it")


def _token(file: Path) -> str:
    try:
        text = sys.stdin.readline() if str(file) == "-" else file.read_text()
    except OSError as unreadable:
        raise Failed(Exit.WRONG_USE, f"{file}: cannot be read: {unreadable.strerror}") from unreadable
    if not text.strip():
        raise Failed(Exit.WRONG_USE, "there is no token: `locker carrier provision` prints it")
    return text.strip()


async def _claim(settings: IdentitySettings, token: str, cert_file: Path, key_file: Path, timeout_s: float) -> Grant:
    keys = device_keys_at(settings.locker.data_dir)
    message = make_claim(claim_of(Identity.of(settings), keys, now()), keys, token)
    topics = Topics(settings.mqtt.root, settings.locker.id)
    broker = replace(broker_of(settings.mqtt), cert_file=cert_file, key_file=key_file)
    link = MqttLink(broker, CLAIMANT, chance=random.random, persistent=False)
    granted: asyncio.Future[Grant] = asyncio.get_running_loop().create_future()

    def came(answer: Message) -> None:
        answer.take()
        try:
            granted.set_result(open_answer(answer.payload, token))
        except (BadClaim, asyncio.InvalidStateError):
            return  # somebody else's word: ours is still to come, or came

    def ask() -> None:
        link.publish(topics.claim, message)

    link.subscribe(topics.claim_answer, came)
    link.follow(ask, _nothing)
    running = asyncio.create_task(link.run())
    try:
        async with asyncio.timeout(timeout_s):
            return await granted
    except TimeoutError:
        why = link.reason or "nobody answers who knows the token; is `locker carrier provision` running?"
        raise Failed(Exit.UNREACHABLE, f"no certificate: {why}") from None
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def _try(settings: IdentitySettings, timeout_s: float) -> str | None:
    """Connect once under the new identity; why that did not work, None where it did."""
    link = MqttLink(broker_of(settings.mqtt), f"locker-{settings.locker.id}", chance=random.random, persistent=False)
    up = asyncio.Event()
    link.follow(up.set, _nothing)
    running = asyncio.create_task(link.run())
    try:
        async with asyncio.timeout(timeout_s):
            await up.wait()
    except TimeoutError:
        return link.reason or "it does not answer"
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    return None


def _nothing() -> None:
    """The link says why it went down."""
