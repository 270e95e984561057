"""`locker key`: the public half of the device's own keys."""

import typer

from controller.cli.options import AlwaysJson, ConfigOrNone, DataOrNone, data_directory
from controller.cli.output import print_json

app = typer.Typer(name="key", help="The locker's own keys.", no_args_is_help=True)


@app.callback()
def key() -> None:
    """The locker's own keys."""


@app.command()
def show(config: ConfigOrNone = None, data: DataOrNone = None, as_json: AlwaysJson = False) -> None:
    """Print the public JWK set: what anyone checks this locker's proofs with, and seals to."""
    from controller.cli.device_keys import device_keys

    print_json(device_keys(data_directory(data, config)).public())
