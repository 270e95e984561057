"""What the demo says in the terminal, and the browser it opens."""

import os
import shlex
import sys
import threading
import webbrowser
from pathlib import Path

import typer

from controller.cli.demo.house import House


def say_starting() -> None:
    """The first line."""
    typer.echo("Starting a whole locker on this machine …")


def say_ready(url: str, broker_port: int, house: House, kept: bool) -> None:
    """Where everything is and what to try. Nothing more is said until the end."""
    typer.echo(
        f"\n  Everything on one page    {url}/demo/"
        f"\n  The touchscreen alone     {url}/"
        "\n\nOn the page, follow the amber ring. From another terminal, try"
        f"\n\n  {_locker()} carrier watch --url mqtt://127.0.0.1:{broker_port}"
        f"\n  {_locker()} status --config {shlex.quote(str(house.config))}"
        f"\n\nCtrl-C ends it. {_fate(house.directory, kept)}"
    )


def _fate(directory: Path, kept: bool) -> str:
    if kept:
        return f"Its journal stays in {directory} for the next time."
    return "Its journal is gone then; --data DIR keeps one."


def _locker() -> str:
    """How this program is called, if its name alone would not find it."""
    called = Path(sys.argv[0])
    return "locker" if called.parent == Path() else shlex.quote(os.path.relpath(called))


def open_browser(url: str) -> None:
    """Show the page, where there is a desktop to show it on. Nobody waits for it."""
    if sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        threading.Thread(target=_show, args=(url,), daemon=True).start()


def _show(url: str) -> None:
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return  # a desktop without a browser: the address is in the terminal
    in_this_terminal = type(browser) is webbrowser.GenericBrowser
    if not in_this_terminal or os.environ.get("BROWSER"):
        browser.open(url)
