"""Signed commands to one locker or many: which they are is shown, and a person says yes, before any is sent."""

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from controller.cli.carrier_line import HERE, LOCAL, Access, Folder, Url, beside, explained, fresh_id, sentence, wall
from controller.cli.carrier_orders import Rewired
from controller.cli.failure import Exit, Failed
from controller.cli.fleet_line import Filter, settled, watching
from controller.cli.options import AsJson
from controller.cli.output import print_json, some
from controller.contract.codec import encode_command
from controller.contract.result import Result, ResultStatus
from controller.contract.topics import ANY, Topics, check_locker
from controller.domain.commands import (
    BlockCompartment,
    Command,
    EmergencyUnlock,
    RotateKeys,
    StartAudit,
    UnblockCompartment,
    UnlockAll,
    UnlockCompartment,
)
from controller.domain.ids import CompartmentId, Role
from controller.remote.carrier_desk import UNLOCK_WAIT_S
from controller.remote.fleet.filters import Wanted, wanted
from controller.remote.key_set import KeySet
from controller.remote.sender import ANSWER_S, NoAnswer, NotTaken, Sender

AT_ONCE = 50
"""Commands under way at a time: a broker that is asked for more gains nothing."""
_SHOWN = 20

Compartment = Annotated[str, typer.Argument(help="The compartment, such as A01.")]
Named = Annotated[list[str] | None, typer.Option("--locker", metavar="ID", help="This locker; may be given again.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Timeout = Annotated[float, typer.Option("--timeout", min=0.1, help="Seconds to wait for each locker's answer.")]


def open_(
    context: typer.Context,
    compartment: Compartment,
    lockers: Named = None,
    words: Filter = "",
    yes: Yes = False,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = UNLOCK_WAIT_S,
    as_json: AsJson = False,
) -> None:
    """Open this door at each of the lockers, as operator."""
    batch = Batch(context.obj, url, folder, UnlockCompartment(compartment=CompartmentId(compartment)), timeout)
    batch.give(lockers or [], words, yes, as_json)


def emergency(
    context: typer.Context,
    compartment: Compartment,
    locker: Annotated[str, typer.Option("--locker", metavar="ID", help="The locker.")],
    yes: Yes = False,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = UNLOCK_WAIT_S,
    as_json: AsJson = False,
) -> None:
    """Open this door because a person is shut in, as operator: outside of every limit."""
    batch = Batch(context.obj, url, folder, EmergencyUnlock(compartment=CompartmentId(compartment)), timeout)
    batch.give([locker], "", yes, as_json)


def open_all(
    context: typer.Context,
    lockers: Named = None,
    words: Filter = "",
    yes: Yes = False,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = ANSWER_S,
    as_json: AsJson = False,
) -> None:
    """Open every door at each of the lockers, in turn. It takes a second operator with a key of their own to say the
    same within five minutes.
    """
    Batch(context.obj, url, folder, UnlockAll(), timeout).give(lockers or [], words, yes, as_json)


def audit(
    context: typer.Context,
    lockers: Named = None,
    words: Filter = "",
    yes: Yes = False,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = ANSWER_S,
    as_json: AsJson = False,
) -> None:
    """Have stock taken at each of the lockers, by the next technician who stands before it."""
    Batch(context.obj, url, folder, StartAudit(), timeout).give(lockers or [], words, yes, as_json)


def block(
    context: typer.Context,
    compartment: Compartment,
    lockers: Named = None,
    words: Filter = "",
    yes: Yes = False,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = ANSWER_S,
    as_json: AsJson = False,
) -> None:
    """Take this compartment out of service at each of the lockers, as operator."""
    batch = Batch(context.obj, url, folder, BlockCompartment(compartment=CompartmentId(compartment)), timeout)
    batch.give(lockers or [], words, yes, as_json)


def unblock(
    context: typer.Context,
    compartment: Compartment,
    lockers: Named = None,
    words: Filter = "",
    rewired: Rewired = False,
    yes: Yes = False,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = ANSWER_S,
    as_json: AsJson = False,
) -> None:
    """Put this compartment back into service at each of the lockers, after somebody looked inside."""
    command = UnblockCompartment(compartment=CompartmentId(compartment), rewired=rewired)
    batch = Batch(context.obj, url, folder, command, timeout)
    batch.give(lockers or [], words, yes, as_json)


@dataclass(frozen=True, slots=True)
class Batch:
    """One command for several lockers."""

    access: Access
    url: str
    folder: Path
    command: Command
    timeout_s: float
    shown: Callable[[Result], str] = sentence
    """An answer for people."""

    def give(self, named: Sequence[str], words: str, yes: bool, as_json: bool) -> None:
        """Choose, ask, send, tell; ends the process with the exit code that fits."""
        with explained():
            keys = KeySet.load(self.folder)
            keys.signing(Role.OPERATOR)
            chosen = self._choose(named, words)
            if not yes:
                confirm(_in_words(self.command), chosen)
            answers = asyncio.run(self._send(keys, chosen))
        _tell(answers, as_json, self.shown)
        if any(isinstance(answer, str) for answer in answers.values()):
            raise typer.Exit(Exit.UNREACHABLE)
        if any(
            isinstance(answer, Result) and answer.status is not ResultStatus.EXECUTED for answer in answers.values()
        ):
            raise typer.Exit(Exit.NOT_GOOD)

    def _choose(self, named: Sequence[str], words: str) -> list[str]:
        if not named and not words:
            raise Failed(Exit.WRONG_USE, "name the lockers with --locker, or choose them with --filter")
        met = wanted(words)
        if not words:
            return [check_locker(name) for name in dict.fromkeys(named)]
        listed = asyncio.run(self._listed(met))
        chosen = [name for name in listed if not named or name in named]
        if not chosen:
            raise Failed(Exit.NOT_GOOD, f"no locker at {self.url} is meant by {words!r}; nothing was sent")
        return chosen

    async def _listed(self, met: Wanted) -> list[str]:
        async with watching(self.access, self.url) as (fleet, link):
            await settled(fleet, link, self.url, self.timeout_s)
            return [view.locker for view in fleet.lockers() if met(view)]

    async def _send(self, keys: KeySet, chosen: Sequence[str]) -> Mapping[str, Result | str]:
        link = self.access.link(self.url, f"{keys.carrier}-operator-{secrets.token_hex(4)}", persistent=False)
        sender = Sender(link, Topics(self.access.root, ANY), keys=keys, wall=wall, fresh=fresh_id)
        turns = asyncio.Semaphore(AT_ONCE)
        return await beside(link, self._send_all(sender, turns, chosen))

    async def _send_all(
        self, sender: Sender, turns: asyncio.Semaphore, chosen: Sequence[str]
    ) -> dict[str, Result | str]:
        answers = await asyncio.gather(*(self._send_one(sender, turns, locker) for locker in chosen))
        return dict(zip(chosen, answers, strict=True))

    async def _send_one(self, sender: Sender, turns: asyncio.Semaphore, locker: str) -> Result | str:
        async with turns:
            try:
                return await sender.send(locker, self.command, Role.OPERATOR, self.timeout_s)
            except (NoAnswer, NotTaken) as error:
                return str(error)


def confirm(what: str, chosen: Sequence[str]) -> None:
    """Show which lockers `what` goes to, and have a person say yes. Raises `Failed` or typer.Abort otherwise."""
    shown = ", ".join(chosen[:_SHOWN]) + (f" and {len(chosen) - _SHOWN} more" if len(chosen) > _SHOWN else "")
    typer.echo(f"{what} goes to {shown}", err=True)
    if len(chosen) == 1:
        typer.confirm("Send it?", abort=True, err=True)
        return
    typed = typer.prompt(f"Type {len(chosen)} to send it to {some(len(chosen), 'locker')}", err=True)
    if typed.strip() != str(len(chosen)):
        raise Failed(Exit.WRONG_USE, "that was another number; nothing was sent")


def _in_words(command: Command) -> str:
    """Its type and what it is about, such as `compartment.block A01`."""
    if isinstance(command, RotateKeys):
        added, retired = " and ".join(key.kid for key in command.add), " and ".join(command.retire)
        return " ".join((command.TYPE, *(added and ("add", added)), *(retired and ("retire", retired))))
    return " ".join((command.TYPE, *map(str, encode_command(command).values())))


def _tell(answers: Mapping[str, Result | str], as_json: bool, shown: Callable[[Result], str]) -> None:
    if as_json:
        print_json(
            {locker: {"error": told} if isinstance(told, str) else told.members() for locker, told in answers.items()}
        )
        return
    for locker, told in answers.items():
        typer.echo(f"{locker}: {told if isinstance(told, str) else shown(told)}")
