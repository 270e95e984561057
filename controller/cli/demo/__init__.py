"""`locker demo`: the whole system on this machine, without hardware and without set-up."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from controller.cli.failure import Exit, Failed

app = typer.Typer()


@app.command()
def demo(
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Where its page is served; 0 for any free port.")] = 8080,
    data: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Keep everything here; the next demo goes on with it.")
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Open no browser.")] = False,
) -> None:
    """Show everything on this machine: a simulated cabinet, its touchscreen, a broker and a carrier. Until stopped."""
    if find_spec("amqtt") is None:
        raise Failed(Exit.WRONG_USE, "the demo's own broker is missing: pip install 'parcel-locker[demo]'")
    from controller.cli.demo.show import show

    show(port, data, browser=not no_browser)
