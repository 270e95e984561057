"""The long-running commands of `locker carrier`: looking on, and being the backend."""

import asyncio
import json
import secrets
import signal
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from controller.cli.carrier_line import (
    HERE,
    LOCAL,
    Access,
    Folder,
    Lockers,
    Timeout,
    Url,
    beside,
    explained,
    fresh_id,
    wall,
)
from controller.cli.failure import Exit, Failed
from controller.cli.options import AsJson
from controller.contract.link import Message
from controller.contract.topics import ANY, Topics, locker_of
from controller.domain.preferences import Channel
from controller.journal.writer import Writer
from controller.remote.address_book import AddressBook, AddressesRefused
from controller.remote.authority import Authority
from controller.remote.carrier_desk import CarrierDesk
from controller.remote.carrier_store import CarrierStore
from controller.remote.courier import AppriseCourier, Courier, CourierMissing, Pretending, by_apprise
from controller.remote.custodian import Tell
from controller.remote.follower import read
from controller.remote.key_set import KeySet
from controller.remote.notice import Notice
from controller.remote.provisioning import Renewals
from controller.remote.sender import ANSWER_S
from controller.remote.tidings import line

STORE_FILE = "carrier.db"


def watch(
    context: typer.Context,
    url: Url = LOCAL,
    lockers: Lockers = ANY,
    timeout: Timeout = ANSWER_S,
    as_json: AsJson = False,
) -> None:
    """Print every record as it is published. Acknowledges nothing; needs no keys."""
    with explained():
        asyncio.run(_watch(context.obj, url, lockers, timeout, as_json))


async def _watch(access: Access, url: str, lockers: str, timeout_s: float, as_json: bool) -> None:
    link = access.link(url, f"watch-{secrets.token_hex(4)}", persistent=False)
    up = asyncio.Event()

    def came(message: Message) -> None:
        message.take()
        record, locker = read(message.payload), locker_of(access.root, message.topic)
        if record is None:
            typer.echo(f"{locker}: a message that is no record", err=True)
        else:
            typer.echo(message.payload.decode() if as_json else f"{locker} {line(record)}")

    link.follow(up.set, up.clear)
    link.subscribe(Topics(access.root, lockers).events, came)

    async def until_stopped() -> None:
        try:
            await asyncio.wait_for(up.wait(), timeout_s)
        except TimeoutError:
            raise Failed(Exit.UNREACHABLE, f"the broker at {url} does not answer: {link.reason}") from None
        typer.echo(f"watching {lockers} at {url}; end with Ctrl-C", err=True)
        await _stopped()

    await beside(link, until_stopped())


def serve(
    context: typer.Context,
    url: Url = LOCAL,
    lockers: Lockers = ANY,
    folder: Folder = HERE,
    device_keys: Annotated[
        Path | None, typer.Option(help="The public JWK set of --locker, as `locker key show` prints it.")
    ] = None,
    show_codes: Annotated[
        bool, typer.Option("--show-codes", help="Print pickup codes in the clear. For demonstrations only.")
    ] = False,
    bounce: Annotated[
        list[Channel] | None,
        typer.Option("--bounce", help="Report what goes by this channel as bounced, to try the next; may be repeated."),
    ] = None,
    notify: Annotated[
        Path | None,
        typer.Option("--notify", metavar="FILE", help="Tell recipients, by the addresses here: docs/notices.md."),
    ] = None,
    authority: Annotated[
        Path | None,
        typer.Option("--authority", metavar="DIR", help="Renew certificates of known lockers with this."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Be the backend: take the journals in, check and acknowledge them, decrypt the codes, report what recipients are
    told as delivered. Until stopped.
    """
    with explained():
        given = {}
        if device_keys is not None:
            if lockers == ANY:
                raise ValueError("--device-keys are those of one locker: name it with --locker")
            given = {lockers: device_keys.read_bytes()}
        tell = partial(_print, show_codes, as_json)
        asyncio.run(_serve(context.obj, url, lockers, folder, given, tell, _courier(notify, bounce or []), authority))


def _courier(addresses: Path | None, bouncing: list[Channel]) -> Courier:
    if addresses is None:
        return Pretending(bouncing)
    try:
        return AppriseCourier(AddressBook(addresses), by_apprise())
    except (AddressesRefused, CourierMissing) as error:
        raise Failed(Exit.WRONG_USE, str(error)) from error


async def _serve(
    access: Access,
    url: str,
    lockers: str,
    folder: Path,
    given: dict[str, bytes],
    tell: Tell,
    courier: Courier,
    authority: Path | None,
) -> None:
    keys, writer = KeySet.load(folder), Writer()
    link = access.link(url, f"{keys.carrier}-backend", persistent=True)
    store = CarrierStore(folder / STORE_FILE)
    desk = CarrierDesk(
        link,
        access.root,
        keys=keys,
        store=store,
        runner=writer,
        wall=wall,
        fresh=fresh_id,
        tell=tell,
        locker=lockers,
        device_keys=given,
        courier=courier,
    )

    if authority is not None:
        own = Authority.load_or_create(authority, datetime.now(UTC))
        Renewals(link, access.root, authority=own, keys_of=desk.keys_of, tell=tell)
    link.follow(lambda: typer.echo(f"serving {keys.carrier} at {url}; end with Ctrl-C", err=True), lambda: None)

    async def until_stopped() -> None:
        serving, stopped = asyncio.create_task(desk.run()), asyncio.create_task(_stopped())
        done, _ = await asyncio.wait((serving, stopped), return_when=asyncio.FIRST_COMPLETED)
        serving.cancel()
        stopped.cancel()
        for task in done:
            task.result()

    try:
        await beside(link, until_stopped())
    finally:
        writer.stop()
        store.close()


async def _stopped() -> None:
    """Return when the process is asked to end."""
    asked, loop = asyncio.Event(), asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, asked.set)
    await asked.wait()


def _print(show_codes: bool, as_json: bool, notice: Notice) -> None:
    typer.echo(_notice_json(notice, show_codes) if as_json else _notice(notice, show_codes))


def _notice(notice: Notice, show_codes: bool) -> str:
    mark = {True: " [proof good]", None: " [proof not checked: no key]", False: ""}[notice.proven]
    code = f" code={notice.code.code}" if notice.code is not None and show_codes else ""
    pin = f" pin={notice.pin.code}" if notice.pin is not None and show_codes else ""
    theirs = f" delegated_code={notice.delegated.code}" if notice.delegated is not None and show_codes else ""
    contact = f" contact={notice.contact.contact}" if notice.contact is not None and show_codes else ""
    return f"{notice.locker} {notice.text}{mark}{code}{pin}{contact}{theirs}"


def _notice_json(notice: Notice, show_codes: bool) -> str:
    members: dict[str, object] = {"kind": notice.kind.value, "locker": notice.locker, "text": notice.text}
    if notice.record is not None:
        place = notice.record.place
        members |= {"stream": place.stream, "sequence": place.sequence, "type": notice.record.name}
        members |= {"data": notice.record.data, "proven": notice.proven}
    if notice.code is not None:
        members["parcel"] = notice.code.parcel
        if show_codes:
            members["code"] = notice.code.code
    if notice.pin is not None:
        members["parcel"] = notice.pin.parcel
        if show_codes:
            members["pin"] = notice.pin.code
    if notice.delegated is not None and show_codes:
        members["delegated_code"] = notice.delegated.code
    if notice.contact is not None:
        members["parcel"] = notice.contact.parcel
        if show_codes:
            members["contact"] = {"channel": notice.contact.channel, "contact": notice.contact.contact}
    return json.dumps(members, ensure_ascii=False)
