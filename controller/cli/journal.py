"""`locker journal`: the journal on disk, whether its locker runs or not. Nothing is changed."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from controller.cli.failure import Exit, Failed
from controller.cli.options import AlwaysJson, AsJson, ConfigOrNone, DataOrNone, data_directory
from controller.cli.output import console, local_time, print_facts, print_json, size_of, some, table

if TYPE_CHECKING:
    from controller.journal.stats import Stats
    from controller.journal.verify import Report, Verified

app = typer.Typer(name="journal", help="The journal on disk, whether its locker runs or not.", no_args_is_help=True)

PublicKey = Annotated[
    Path | None,
    typer.Option("--key", metavar="JWK", help="The locker's public key, where its keys/ directory is not there."),
]


@app.command()
def verify(
    config: ConfigOrNone = None, data: DataOrNone = None, key: PublicKey = None, as_json: AsJson = False
) -> None:
    """Check every record, its link to the one before, its proof, and all snapshots. Exit 1 at the first break."""
    from importlib.metadata import version

    from controller.journal.verify import verify_journal

    directory = data_directory(data, config)
    check = _verifier(directory, key)
    with explained(), _progress(shown=not as_json) as report:
        verified = verify_journal(directory, version("parcel-locker"), check, report)
    if as_json:
        print_json(_facts(verified))
    if verified.damage is not None:
        if as_json:
            raise typer.Exit(Exit.NOT_GOOD)
        good = f"The {some(verified.records, 'record')} before it are good." if verified.records else ""
        raise Failed(Exit.NOT_GOOD, f"{directory}: {verified.damage}", f"{good} {verified.remedy}".strip())
    if not as_json:
        _show_verified(verified)


@app.command()
def export(
    config: ConfigOrNone = None,
    data: DataOrNone = None,
    since: Annotated[int, typer.Option("--since", metavar="SEQ", min=1, help="The first record wanted.")] = 1,
    as_json: AlwaysJson = False,
) -> None:
    """Print records, byte for byte as they were published, one a line. Nothing is verified."""
    from controller.journal.export import export_records

    with explained():
        for raw in export_records(data_directory(data, config), since):
            sys.stdout.buffer.write(raw + b"\n")
    sys.stdout.flush()


@app.command()
def stats(config: ConfigOrNone = None, data: DataOrNone = None, as_json: AsJson = False) -> None:
    """Show what the journal holds, in figures. Nothing is verified."""
    from importlib.metadata import version

    from controller.journal.stats import journal_stats

    with explained():
        figures = journal_stats(data_directory(data, config), version("parcel-locker"))
    if as_json:
        print_json(_stats_facts(figures))
    else:
        _show_stats(figures)


def _verifier(directory: Path, key: Path | None) -> Any:
    from controller.cli.device_keys import device_keys, verifier
    from controller.cli.proof_keys import ProofKeys

    return ProofKeys.read(key).verify if key is not None else verifier(device_keys(directory))


@contextmanager
def explained() -> Iterator[None]:
    """Turn what a journal refuses with into how a command ends."""
    from controller.journal.errors import JournalDamaged, JournalRefused

    try:
        yield
    except JournalDamaged as damaged:
        raise Failed(Exit.NOT_GOOD, str(damaged)) from damaged
    except JournalRefused as refused:
        raise Failed(Exit.WRONG_USE, str(refused)) from refused


@contextmanager
def _progress(shown: bool) -> Iterator["Report | None"]:
    """A bar beside the output, on a terminal only."""
    if not shown or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    with Progress(
        BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=Console(stderr=True), transient=True
    ) as bar:
        task = bar.add_task("")
        yield lambda checked, of: bar.update(task, completed=checked, total=of)


def _facts(verified: "Verified") -> dict[str, object]:
    identity, damage = verified.identity, verified.damage
    return {
        "good": damage is None,
        "locker": identity.locker if identity else None,
        "stream": identity.stream if identity else None,
        "first": verified.first,
        "sequence": verified.head.sequence,
        "head": verified.head.hash.hex(),
        "records": verified.records,
        "proofs": verified.proofs,
        "snapshots": verified.snapshots,
        "damage": None if damage is None else {"sequence": damage.sequence, "what": damage.what},
        "remedy": verified.remedy or None,
    }


def _show_verified(verified: "Verified") -> None:
    identity = verified.identity
    print_facts(
        {
            "journal": "is good",
            "locker": identity.locker if identity else "",
            "stream": identity.stream if identity else "",
            "records": f"{verified.records} checked, {verified.first} to {verified.head.sequence}",
            "proofs": f"{verified.proofs} checked",
            "snapshots": f"{verified.snapshots} checked",
            "head": verified.head.hash.hex(),
        }
    )


def _stats_facts(figures: "Stats") -> dict[str, object]:
    return {
        "locker": figures.identity.locker,
        "stream": figures.identity.stream,
        "records": figures.records,
        "first": figures.first_sequence,
        "sequence": figures.last_sequence,
        "first_time": figures.first_time,
        "last_time": figures.last_time,
        "acknowledged": figures.cursor,
        "waiting": figures.unacknowledged,
        "record_bytes": figures.record_bytes,
        "file_bytes": figures.file_bytes,
        "private_parts": figures.private_parts,
        "snapshots": figures.snapshots,
        "types": figures.by_type,
    }


def _show_stats(figures: "Stats") -> None:
    times = [local_time(time) for time in (figures.first_time, figures.last_time) if time is not None]
    print_facts(
        {
            "locker": figures.identity.locker,
            "stream": figures.identity.stream,
            "records": f"{figures.records}, {figures.first_sequence} to {figures.last_sequence}",
            "time": " to ".join(times) or "no record yet",
            "carrier": f"has everything up to {figures.cursor}, {figures.unacknowledged} wait",
            "size": f"{size_of(figures.record_bytes)} of records in a file of {size_of(figures.file_bytes)}",
            "private": some(figures.private_parts, "part"),
            "snapshots": figures.snapshots,
        }
    )
    rows = table("record type", ">records")
    for name, count in figures.by_type.items():
        rows.add_row(name, str(count))
    out = console()
    out.print()
    out.print(rows)
