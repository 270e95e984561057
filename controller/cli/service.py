"""Commands to the running locker, through its service socket. What is asked for is on record with it."""

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from controller.cli.failure import Exit, Failed
from controller.cli.options import AsJson, ConfigOrNone, DataOrNone, data_directory
from controller.cli.output import print_json, print_json_line
from controller.contract.wire_json import JsonObject

app = typer.Typer()
lockout = typer.Typer(name="lockout", help="The service lock-out: nothing is unlocked.", no_args_is_help=True)
app.add_typer(lockout)

OUTCOME_S = 90.0
"""Longer than the longest time that a site may give its doors to open."""
OUTCOMES = {
    "opened": "opened",
    "already_open": "stood open already",
    "did_not_open": "did not open: its lock was pulsed and the door stayed shut",
    "no_reply": "not seen to open, and its board does not answer; `locker status` says what to do",
    "no_feedback": "its lock was pulsed; no sensor says whether the door opened",
    "wiring_fault": "ANOTHER DOOR OPENED; nothing more is unlocked on its supply, `locker status` says what to do",
    "rejected": "nothing moved: its board did not take the order",
    "not_sent": "nothing moved: the order did not reach its board; `locker status` says what to do",
}
_WELL = ("opened", "already_open", "no_feedback")

Compartment = Annotated[str, typer.Argument(metavar="COMPARTMENT", help="The name on its door, such as A01.")]
Why = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, if you like. Kept beside the record.")]
Reason = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Why. Kept with the record, but never published.")
]


@app.command()
def status(config: ConfigOrNone = None, data: DataOrNone = None, as_json: AsJson = False) -> None:
    """Show the machine, its boards and every door."""
    from controller.cli.service_client import ask
    from controller.cli.status_view import show_status

    facts = ask(data_directory(data, config), {"do": "status"})
    if as_json:
        print_json(facts)
    else:
        show_status(facts)


@app.command(name="open")
def open_(
    compartment: Compartment,
    reason: Reason,
    config: ConfigOrNone = None,
    data: DataOrNone = None,
    as_json: AsJson = False,
) -> None:
    """Unlock one compartment, and wait for what its door does."""
    _open("open", compartment, reason, data_directory(data, config), as_json)


@app.command()
def emergency(
    compartment: Compartment,
    reason: Reason,
    config: ConfigOrNone = None,
    data: DataOrNone = None,
    as_json: AsJson = False,
) -> None:
    """Unlock one compartment because a person is shut in: outside of every limit, and with an alarm."""
    _open("emergency", compartment, reason, data_directory(data, config), as_json)


@lockout.command("on")
def lock_out(reason: Reason, config: ConfigOrNone = None, data: DataOrNone = None, as_json: AsJson = False) -> None:
    """Unlock nothing any more, whoever asks: somebody has their hands in the cabinet."""
    _switch("lock-out", "nothing is unlocked any more", reason, data_directory(data, config), as_json)


@lockout.command("off")
def end_lock_out(reason: Reason, config: ConfigOrNone = None, data: DataOrNone = None, as_json: AsJson = False) -> None:
    """Let doors be unlocked again. See for yourself that nobody has their hands in the cabinet."""
    _switch("end-lock-out", "doors are unlocked again", reason, data_directory(data, config), as_json)


@app.command()
def block(
    compartment: Compartment,
    reason: Why = "",
    config: ConfigOrNone = None,
    data: DataOrNone = None,
    as_json: AsJson = False,
) -> None:
    """Take a compartment out of service. A parcel that is in it can still be picked up."""
    request = {"do": "block", "compartment": compartment, "reason": reason}
    _order(request, f"{compartment}: out of service", config, data, as_json)


@app.command()
def unblock(
    compartment: Compartment,
    reason: Why = "",
    config: ConfigOrNone = None,
    data: DataOrNone = None,
    as_json: AsJson = False,
) -> None:
    """Put a compartment back into service. Look inside first: this also ends a quarantine, and once every door of a
    wiring fault was looked at and put back, its supply goes on.
    """
    request = {"do": "unblock", "compartment": compartment, "reason": reason}
    _order(request, f"{compartment}: in service", config, data, as_json)


@app.command()
def watch(config: ConfigOrNone = None, data: DataOrNone = None, as_json: AsJson = False) -> None:
    """Show what happens, as it happens, until Ctrl-C."""
    from controller.cli.event_line import show_event
    from controller.cli.service_client import follow

    directory = data_directory(data, config)
    with suppress(KeyboardInterrupt):
        for message in follow(directory):
            event = message.get("event")
            if isinstance(event, dict):
                print_json_line(event) if as_json else show_event(event)
        raise Failed(Exit.UNREACHABLE, f"{directory}: the locker has stopped")


def _open(verb: str, compartment: str, reason: str, directory: Path, as_json: bool) -> None:
    from controller.cli.service_client import ask

    request: JsonObject = {"do": verb, "compartment": compartment, "reason": reason, "wait": True}
    answer = ask(directory, request, OUTCOME_S)
    outcome = str(answer["outcome"])
    if as_json:
        print_json({"done": verb, **answer})
    else:
        typer.echo(f"{compartment}: {OUTCOMES[outcome]}")
    if outcome not in _WELL:
        raise typer.Exit(Exit.NOT_GOOD)


def _switch(verb: str, done: str, reason: str, directory: Path, as_json: bool) -> None:
    from controller.cli.service_client import ask

    answer = ask(directory, {"do": verb, "reason": reason})
    if as_json:
        print_json({"done": verb, **answer})
    else:
        typer.echo(done)


def _order(request: dict[str, str], done: str, config: ConfigOrNone, data: DataOrNone, as_json: bool) -> None:
    from controller.cli.service_client import ask

    answer = ask(data_directory(data, config), {**request})
    if as_json:
        print_json({"done": request["do"], **answer})
    else:
        typer.echo(done)
