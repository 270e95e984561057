"""`locker proof evidence`: a signature that is kept encrypted, opened by whoever holds the key, and held against its
digest.
"""

from pathlib import Path
from typing import Annotated

import typer

from controller.cli.failure import Exit, Failed
from controller.cli.options import ConfigOrNone, DataOrNone, data_directory
from controller.cli.output import some
from controller.journal.kept_evidence import KeptEvidence


def evidence(
    parcel: Annotated[
        str, typer.Argument(metavar="PARCEL", help="Its id, as announced; CARRIER/ID where two carriers have it.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the pictures are written, for you alone.")],
    key: Annotated[
        Path | None,
        typer.Option("--key", metavar="JWK", help="What they are encrypted with.  [default: keys/files.jwk]"),
    ] = None,
    config: ConfigOrNone = None,
    data: DataOrNone = None,
) -> None:
    """Open the signatures that were given for one parcel; exit 1 where one is gone, or is not what is on record."""
    from controller.cli.journal import explained
    from controller.contract.device_keys import BadDeviceKeys, kept_secret
    from controller.device.private_files import KEY_FILE
    from controller.journal.kept_evidence import kept_evidence
    from controller.journal.naming import find_parcel

    directory = data_directory(data, config)
    try:
        secret = kept_secret(key or directory / "keys" / KEY_FILE)
    except (BadDeviceKeys, OSError) as error:
        raise Failed(Exit.WRONG_USE, str(error)) from error
    with explained():
        found = kept_evidence(directory, find_parcel(directory, parcel))
    if not found:
        raise Failed(Exit.NOT_GOOD, f"{directory}: nothing was signed for parcel {parcel}")
    flaws = [flaw for each in found if (flaw := _open(each, directory, secret, out)) is not None]
    if flaws:
        raise Failed(Exit.NOT_GOOD, *flaws)


def _open(kept: KeptEvidence, directory: Path, secret: bytes, out: Path) -> str | None:
    """Write it and say so; or why that cannot be done."""
    from controller.contract.device_keys import write_private
    from controller.device.private_files import UnreadableFile, read_kept, salted

    about = f"{kept.name} of record {kept.sequence}"
    if kept.salt is None:
        return f"{about}: it was erased, and nobody can say any more what it was"
    try:
        content = read_kept(directory, kept.file, secret)
    except UnreadableFile as unreadable:
        return f"{about}: {unreadable}"
    if salted(content, kept.salt) != kept.sha256:
        return f"{about}: {kept.file} is not what was given: its digest is another than the one on record"
    file = out / f"{kept.name}-{kept.sequence}.png"
    if file.exists():
        return f"{about}: {file} is there already; name another directory"
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_private(file, content)
    typer.echo(f"{about}: written to {file}\n  it has the digest on record, {kept.sha256},\n  {_named_by(kept)}")
    return None


def _named_by(kept: KeptEvidence) -> str:
    if not kept.proven_by:
        return "which no signed record names: nothing was handed over on it"
    numbers = ", ".join(map(str, kept.proven_by))
    return f"which {some(len(kept.proven_by), 'signed record')} of this parcel names: {numbers}"
