"""The `locker` command: which module holds which command, and how each ends."""

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from controller.cli.defaults import DEFAULT_CONFIG
from controller.cli.failure import Exit, Failed

_MODULES = {
    "demo": "demo",
    "run": "run",
    "check": "check",
    "doctor": "doctor",
    "commission": "commission",
    "plan": "plan",
    "simulate-board": "simulate_board",
    "status": "service",
    "open": "service",
    "block": "service",
    "emergency": "service",
    "lockout": "service",
    "unblock": "service",
    "parcels": "parcels",
    "drift": "drift",
    "erase": "erase",
    "config": "config",
    "watch": "service",
    "journal": "journal",
    "proof": "proof",
    "key": "key",
    "claim": "claim",
    "carrier": "carrier",
    "fleet": "fleet",
    "contract": "contract",
    "camera": "camera",
    "safe-off": "safe_off",
}
"""Only the module of the command that was asked for is loaded; for a list of commands, all are."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code. `arguments` are those of the process where None."""
    words = sys.argv[1:] if arguments is None else [*arguments]
    try:
        config = _plain_run(words)
        return _daemon(config) if config is not None else _command(words)
    except Failed as failed:
        for line in failed.lines:
            sys.stderr.write(f"{line}\n")
        return failed.code


def _plain_run(words: list[str]) -> Path | None:
    """The configuration of a `locker run` without mistakes: it starts without the libraries of the terminal.

    They take 70 ms and would stay in the daemon's memory.
    """
    match words:
        case ["run"]:
            return DEFAULT_CONFIG
        case ["run", "--config", file] if not file.startswith("-"):
            return Path(file)
        case ["run", option] if option.startswith("--config="):
            return Path(option.removeprefix("--config="))
        case _:
            return None


def _daemon(config: Path) -> int:
    from controller.cli.daemon import run_daemon

    return run_daemon(config)


def _command(words: list[str]) -> int:
    from controller.cli.root import root

    app = root()
    for module in _wanted(words):
        app.add_typer(import_module(f"controller.cli.{module}").app)
    try:
        app(words, prog_name="locker")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else Exit.GOOD
    return Exit.GOOD


def _wanted(words: list[str]) -> list[str]:
    if words == ["--version"]:
        return []
    if words and words[0] in _MODULES:
        return [_MODULES[words[0]]]
    return [*dict.fromkeys(_MODULES.values())]


if __name__ == "__main__":
    sys.exit(main())
