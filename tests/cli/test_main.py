"""What holds for all commands: help, version, exit codes, and what is loaded."""

import subprocess
import sys

import pytest
from support.command_line import PROGRAM, Locker

COMMANDS = (
    "demo", "run", "check", "status", "open", "plan", "block", "unblock", "parcels", "watch", "journal", "proof", "key",
    "carrier", "contract", "fleet", "safe-off", "commission", "simulate-board", "camera", "doctor",
    "config", "drift", "erase", "emergency", "lockout", "claim",
)  # fmt: skip


def test_the_help_names_every_command(locker: Locker) -> None:
    ended = locker("--help")

    listed = [line.split()[0] for line in ended.out.partition("Commands:\n")[2].splitlines() if line[2:3].strip()]
    assert ended.code == 0
    assert sorted(listed) == sorted(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(locker: Locker, command: str) -> None:
    ended = locker(command, "--help")

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(f"Usage: locker {command} ")
    assert max(map(len, ended.out.splitlines())) <= 80


def test_the_version_is_that_of_the_distribution(locker: Locker) -> None:
    assert locker("--version").out.startswith("locker 0.")


@pytest.mark.parametrize(
    "words", [("journl",), ("journal", "verifi"), ("status", "--jsn"), ("run", "--config"), ("--x",)]
)
def test_a_slip_of_the_pen_is_wrong_use_with_a_hint(locker: Locker, words: tuple[str, ...]) -> None:
    ended = locker(*words)

    assert (ended.code, ended.out) == (2, "")
    assert "Error: " in ended.err


def test_no_command_at_all_shows_the_help(locker: Locker) -> None:
    assert "Commands:" in locker().err + locker().out


def test_output_that_nobody_reads_ends_quietly() -> None:
    process = subprocess.Popen([*PROGRAM, "contract", "schemas"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(20) in (0, 1)


HEAVY = ("typer", "rich", "qrcode", "PIL", "amqtt")


def test_the_daemon_loads_nothing_that_only_a_terminal_needs() -> None:
    program = (
        "import sys; from controller.cli.main import main; code = main(['run', '--config', '/nowhere/locker.toml'])\n"
        f"print(code, [name for name in {HEAVY} if name in sys.modules])"
    )

    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)

    assert ended.stdout == "2 []\n"
    assert ended.stderr == "/nowhere/locker.toml: cannot be read: No such file or directory\n"


@pytest.mark.parametrize("words", [["run", "--config", "/nowhere"], ["run", "--config=/nowhere"]])
def test_both_ways_to_write_the_daemons_option_are_the_same(locker: Locker, words: list[str]) -> None:
    ended = locker(*words)

    assert (ended.code, ended.err) == (2, "/nowhere: cannot be read: No such file or directory\n")
