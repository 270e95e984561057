"""`locker proof`: the signed records of handoffs, shown from a journal or checked anywhere."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Annotated

import typer

from controller.cli.failure import Exit, Failed
from controller.cli.in_words import COLUMNS, print_under, rules_in_words
from controller.cli.options import AsJson, ConfigOrNone, DataOrNone, data_directory
from controller.cli.output import local_time, print_facts, print_json, some
from controller.cli.proof_evidence import evidence

if TYPE_CHECKING:
    from controller.cli.proof_check import Checked
    from controller.contract.record import Record

app = typer.Typer(name="proof", help="The signed records of handoffs.", no_args_is_help=True)


@app.command()
def show(
    parcel: Annotated[
        str,
        typer.Argument(metavar="PARCEL", help="Its id, as announced; CARRIER/ID where two carriers have it."),
    ],
    config: ConfigOrNone = None,
    data: DataOrNone = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the records themselves, byte for byte.")] = False,
) -> None:
    """Say in words what the signed records of one parcel prove; nothing of it is checked, as `verify` does."""
    from controller.cli.journal import explained
    from controller.journal.export import export_proofs
    from controller.journal.naming import find_parcel

    directory = data_directory(data, config)
    with explained():
        records = [*export_proofs(directory, find_parcel(directory, parcel))]
    if not records:
        raise Failed(Exit.NOT_GOOD, f"{directory}: no handoff of parcel {parcel} is on record")
    _tell(records, config, as_json)


@app.command()
def stock(
    config: ConfigOrNone = None,
    data: DataOrNone = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the records themselves, byte for byte.")] = False,
) -> None:
    """Say in words what each signed stock-taking came to: what agreed, what was missing, what lay there besides."""
    from controller.cli.journal import explained
    from controller.journal.export import export_stocktakings

    directory = data_directory(data, config)
    with explained():
        records = [*export_stocktakings(directory)]
    if not records:
        raise Failed(Exit.NOT_GOOD, f"{directory}: no stock-taking is on record")
    _tell(records, config, as_json)


app.command()(evidence)


@app.command()
def verify(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="Records, proofs (JWS) or commissioning reports, one a line; - for stdin."),
    ],
    key: Annotated[Path, typer.Option("--key", metavar="JWK", help="The locker's public key, or a JWK set with it.")],
    as_json: AsJson = False,
) -> None:
    """Check proofs, anywhere. Nothing but the locker's public key is needed; exit 1 when one is not good."""
    from controller.cli.proof_check import check_proof, split
    from controller.cli.proof_keys import ProofKeys

    keys = ProofKeys.read(key)
    checked = [check_proof(each, keys) for each in split(_content(file))]
    bad = [each for each in checked if each.flaw is not None]
    says = rules_in_words(None)
    if as_json:
        print_json({"good": not bad, "proofs": [each.facts() | {"says": _words(each, says)} for each in checked]})
        raise typer.Exit(Exit.NOT_GOOD if bad else Exit.GOOD)
    for number, each in enumerate(checked, 1):
        if each.flaw is not None:
            place = f"{file}, line {number}" if len(checked) > 1 else str(file)
            raise Failed(Exit.NOT_GOOD, f"{place}: the proof is not good: {each.flaw}")
    for each in checked:
        print_facts({"proof": "is good", **each.shown()})
        for sentence in _words(each, says):
            typer.echo(fill(sentence, COLUMNS, break_long_words=False, break_on_hyphens=False))
    if len(checked) > 1:
        typer.echo(f"{some(len(checked), 'proof')}, all good")


def _words(checked: "Checked", says: Mapping[str, str]) -> list[str]:
    """What a good one proves."""
    from controller.journal.proof_words import proof_sentences, receipt_sentences

    if checked.receipt is not None:
        return receipt_sentences(checked.receipt, local_time)
    return [] if checked.record is None or checked.flaw else proof_sentences(checked.record, says, local_time)


def _tell(records: Sequence[bytes], config: Path | None, as_json: bool) -> None:
    from controller.contract.record import parse

    if as_json:
        sys.stdout.buffer.writelines(record + b"\n" for record in records)
        sys.stdout.flush()
        return
    says = rules_in_words(config)
    for record in map(parse, records):
        _print_words(record, says)
    typer.echo("--json prints the records themselves, for `locker proof verify` or openssl")


def _print_words(record: "Record", says: Mapping[str, str]) -> None:
    from controller.journal.proof_words import proof_sentences

    name = record.name
    for sentence in proof_sentences(record, says, local_time):
        print_under(name, sentence)
        name = ""
    typer.echo()


def _content(file: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise Failed(Exit.WRONG_USE, f"{file}: cannot be read: {error.strerror}") from error
