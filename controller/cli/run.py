"""`locker run` with its help; see `main` for the way it usually takes."""

import typer

from controller.cli.defaults import DEFAULT_CONFIG
from controller.cli.options import ConfigFile

app = typer.Typer()


@app.command()
def run(config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Run the locker until it is told to stop (SIGTERM or Ctrl-C)."""
    from controller.cli.daemon import run_daemon

    raise typer.Exit(run_daemon(config))
