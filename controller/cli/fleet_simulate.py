"""`locker fleet simulate`: the traffic of thousands of lockers from one process, to try a broker and a backend with."""

import asyncio
import json
import resource
import signal
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from controller.cli.carrier_line import LOCAL, Access, Url, explained
from controller.cli.failure import Exit, Failed
from controller.cli.options import AsJson
from controller.cli.output import print_json_line
from controller.contract.keys import Keyring

if TYPE_CHECKING:
    from controller.cli.crowd.crowd import Crowd, Tally

REPORT_S = 1.0
Heads = dict[str, tuple[str, int, str]]
"""Stream, sequence and head of each locker."""
_FILES_BESIDE = 100
"""Open files that are not lockers' sockets."""


def simulate(
    context: typer.Context,
    lockers: Annotated[int, typer.Option("--lockers", min=1, max=50_000, help="How many.")] = 100,
    rate: Annotated[
        float, typer.Option("--rate", min=0, help="Records a second, of all together, once all are online.")
    ] = 10,
    seconds: Annotated[float, typer.Option("--seconds", min=0, help="How long; 0 until stopped.")] = 0,
    settle: Annotated[float, typer.Option("--settle", min=0, help="Then wait so long for what is owed.")] = 30,
    trust: Annotated[
        Path | None,
        typer.Option(help="A keyring (trust.json), by which the custodian's acknowledgements are believed."),
    ] = None,
    heads: Annotated[Path | None, typer.Option(help="Write stream, sequence and head of each locker here.")] = None,
    url: Url = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Be many lockers: real chains, proofs, wills, acknowledgements and rewinds, from cabinets that are not there.

    Without --trust the broker's word counts as acknowledgement. Exit 1 when records are left over at the end.
    """
    with explained():
        keyring = None if trust is None else Keyring.load(trust)
        _allow_files(lockers + _FILES_BESIDE)
        tally, held = asyncio.run(_simulate(context.obj, url, lockers, rate, (seconds, settle), keyring, as_json))
    if heads is not None:
        heads.write_text(json.dumps(held))
    if tally.backlog:
        raise Failed(Exit.NOT_GOOD, f"{tally.backlog} records were not acknowledged within {settle:g} s of the end")


async def _simulate(
    access: Access,
    url: str,
    lockers: int,
    rate: float,
    times_s: tuple[float, float],
    keyring: Keyring | None,
    as_json: bool,
) -> "tuple[Tally, Heads]":
    from controller.cli.crowd.crowd import Crowd

    stopped, loop = asyncio.Event(), asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stopped.set)
    seconds, settle_s = times_s
    crowd = Crowd(access.broker(url), access.root, lockers, keyring)
    async with crowd.connected():
        reporting = asyncio.create_task(_report(crowd, as_json))
        await _first_of(crowd.all_online(), stopped.wait())
        if seconds:
            loop.call_later(seconds, stopped.set)
        await crowd.live(rate, stopped.is_set)
        with suppress(TimeoutError):
            await asyncio.wait_for(crowd.settled(), settle_s)
        reporting.cancel()
        tally = crowd.tally()
    _say(tally, as_json)
    return tally, {each.locker: (each.stream, each.head.sequence, each.head.hash.hex()) for each in crowd.lockers}


async def _first_of(*waits: Coroutine[None, None, object]) -> None:
    tasks = [asyncio.create_task(wait) for wait in waits]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()


async def _report(crowd: "Crowd", as_json: bool) -> None:
    while True:
        await asyncio.sleep(REPORT_S)
        _say(crowd.tally(), as_json)


def _say(tally: "Tally", as_json: bool) -> None:
    if as_json:
        print_json_line(tally.members())
    else:
        typer.echo(
            f"{tally.online} of {tally.lockers} lockers online, {tally.made} records, "
            f"{tally.acknowledged} acknowledged, {tally.connections} connections"
        )


def _allow_files(count: int) -> None:
    """Raises `Failed` where this process may not have so many open files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= count:
        return
    if hard != resource.RLIM_INFINITY and hard < count:
        raise Failed(Exit.WRONG_USE, f"{count} open files are needed and {hard} allowed: raise it with `ulimit -Hn`")
    resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))
