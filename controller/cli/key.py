"""`locker key`: the device's own keys, and those that it trusts."""

from pathlib import Path
from typing import Annotated, Any

import typer

from controller.cli.defaults import DEFAULT_CONFIG
from controller.cli.failure import Exit, Failed
from controller.cli.options import AlwaysJson, AsJson, ConfigFile, ConfigOrNone, DataOrNone, data_directory
from controller.cli.output import console, local_time, print_json, table

app = typer.Typer(name="key", help="The locker's own keys, and those that it trusts.", no_args_is_help=True)


@app.callback()
def key() -> None:
    """The locker's own keys, and those that it trusts."""


@app.command()
def show(config: ConfigOrNone = None, data: DataOrNone = None, as_json: AlwaysJson = False) -> None:
    """Print the public JWK set: what anyone checks this locker's proofs with, and seals to."""
    from controller.cli.device_keys import device_keys

    print_json(device_keys(data_directory(data, config)).public())


@app.command("list")
def list_(config: ConfigOrNone = None, data: DataOrNone = None, as_json: AsJson = False) -> None:
    """List the keys that this locker trusts, for what, until when, and those that were retired."""
    from controller.cli.trusted_keys import listed, read_trust

    rows = listed(read_trust(data_directory(data, config)))
    if as_json:
        print_json(rows)
    else:
        _print(rows)


@app.command()
def trust(config: ConfigOrNone = None, data: DataOrNone = None, as_json: AlwaysJson = False) -> None:
    """Print the keys that count from now on as a JWK set: what the keyring's file should say after a rotation."""
    from controller.cli.trusted_keys import keyring_of, read_trust

    print_json(keyring_of(read_trust(data_directory(data, config))))


@app.command()
def rotate(config: ConfigOrNone = None, data: DataOrNone = None, as_json: AsJson = False) -> None:
    """Make a new key to sign proofs with; the old one vouches for it. The locker has to be stopped meanwhile."""
    from controller.cli.device_keys import device_keys, rotated

    directory = data_directory(data, config)
    before = device_keys(directory).sign.kid
    now = rotated(directory).sign.kid
    if as_json:
        print_json({"previous": before, "kid": now})
        return
    typer.echo(f"proofs are signed by {now} from the next start on; {before} vouches for it, and is gone")


@app.command()
def csr(config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Print a certificate signing request for this locker, for a new key that is kept beside mqtt.key_file."""
    from controller.cli.identity import installing, loaded
    from controller.device.enrolling import Identity

    settings = loaded(config)
    with installing(settings):
        typer.echo(Identity.of(settings).request().decode(), nl=False)


@app.command()
def install(
    file: Annotated[Path, typer.Argument(help="What `locker carrier provision --csr` printed.")],
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Put the certificate in place, and the keyring where there is none yet, readable for nobody else."""
    from controller.cli.identity import installing, loaded
    from controller.contract.claim import BadClaim, read_grant

    settings = loaded(config)
    with installing(settings) as place:
        try:
            place(read_grant(file.read_bytes()))
        except BadClaim as bad:
            raise Failed(Exit.WRONG_USE, f"{file}: {bad}") from bad
    typer.echo(f"{settings.mqtt.cert_file} is in place; it is used from the next connection on")


def _print(rows: list[dict[str, Any]]) -> None:
    if not rows:
        raise Failed(Exit.NOT_GOOD, "no keys are on record yet: they are read from the keyring at the first start")
    shown = table("key", "use", "roles", "carrier", "state", "until")
    for row in rows:
        until = local_time(row["until"], "%Y-%m-%d %H:%M") if row["until"] else ""
        shown.add_row(row["kid"], row["use"], " ".join(row["roles"]), row["carrier"], row["state"], until)
    console().print(shown)
