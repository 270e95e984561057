"""`locker simulate-board`: lock boards with doors behind a pty, to try everything with that needs a cabinet."""

import signal
import sys
import threading
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from controller.cli.failure import Exit, Failed
from controller.cli.options import AsJson
from controller.cli.output import print_json_line
from firmware_bridge.codecs import Feedback, Relays

if TYPE_CHECKING:
    from controller.cli.simulated_stage import Script, Stage
    from firmware_bridge.codecs import Codec

app = typer.Typer()

MOST_DOORS = 24
"""Doors beside a board where nobody says how many; fewer where it has fewer channels."""

Driver = Annotated[str, typer.Option("--driver", metavar="X", help="As in the configuration.")]
Baud = Annotated[int | None, typer.Option(help="Default: as such boards are delivered.")]
Doors = Annotated[int | None, typer.Option("--doors", metavar="N", min=1, help="Doors beside each board.")]
Address = Annotated[
    list[int] | None, typer.Option("--address", metavar="N", help="A board's address; may be given several times.")
]
Pty = Annotated[Path | None, typer.Option(metavar="PATH", help="Where the port is to be found.")]
PulseMs = Annotated[
    int | None,
    typer.Option(min=50, max=3000, help="What boards are set to that time it. Default: as is usual for their locks."),
]
Switches = Annotated[Feedback | None, typer.Option(help="What the bits say. Default: as such boards are delivered.")]
Options = Annotated[
    list[str] | None,
    typer.Option("--option", metavar="KEY=VALUE", help="An option of the driver, as in the configuration."),
]
Turnaround = Annotated[float, typer.Option(min=0, help="From a question's end to its answer.")]
Noise = Annotated[bool, typer.Option("--noise", help="Bytes of nobody come before every answer.")]
Echo = Annotated[bool, typer.Option("--echo", help="The adapter gives back what it is told.")]
Late = Annotated[int, typer.Option(metavar="MS", min=0, help="Every answer comes so much later.")]
Reset = Annotated[int | None, typer.Option(metavar="N", min=1, help="Each N-th pulse resets the boards.")]
Scramble = Annotated[int | None, typer.Option(metavar="SEED", help="Shuffle the wires of the locks.")]
ScrambleSwitches = Annotated[int | None, typer.Option(metavar="SEED", help="And those of the switches.")]
Invert = Annotated[str, typer.Option(metavar="N,N|half", help="Doors whose switch is of the other kind.")]
Cut = Annotated[str, typer.Option(metavar="N,N", help="Doors whose lock has no wire.")]
Double = Annotated[
    str, typer.Option(metavar="N+N", help="The second door's lock hangs on the first one's channel too.")
]
CloseAfter = Annotated[int | None, typer.Option(metavar="MS", min=0, help="Somebody closes each door.")]


@app.command(name="simulate-board")
def simulate_board(
    driver: Driver,
    baud: Baud = None,
    doors: Doors = None,
    address: Address = None,
    pty: Pty = None,
    pulse_ms: PulseMs = None,
    feedback: Switches = None,
    option: Options = None,
    turnaround_ms: Turnaround = 4,
    noise: Noise = False,
    echo: Echo = False,
    late: Late = 0,
    reset: Reset = None,
    scramble: Scramble = None,
    scramble_switches: ScrambleSwitches = None,
    invert: Invert = "",
    cut: Cut = "",
    double: Double = "",
    close_after: CloseAfter = None,
    as_json: AsJson = False,
) -> None:
    """Simulate a cabinet with boards of one kind behind a pty, until Ctrl-C.

    Doors are pushed by lines such as `force 3`; `help` lists them all.
    """
    from controller.cli.simulated_hands import trouble
    from controller.cli.simulated_stage import Script, Wires, lock_of
    from firmware_bridge.board_spec import USUAL_PULSE_MS
    from firmware_bridge.responders import Manner

    options, addresses = dict(map(_option, option or ())), tuple(address or (1,))
    codec = _codec(driver, options)
    count = min(codec.channels, MOST_DOORS) if doors is None else doors
    if count > codec.channels:
        raise Failed(Exit.WRONG_USE, f"--doors {count}: a board of driver {driver} has {codec.channels} channels")
    everything = range(1, count * len(addresses) + 1)
    inverted = tuple(everything[1::2]) if invert == "half" else _numbers("--invert", invert)
    script = Script(
        driver=driver,
        baud=codec.baud if baud is None else baud,
        doors=count,
        addresses=addresses,
        manner=Manner(USUAL_PULSE_MS[lock_of(driver)] if pulse_ms is None else pulse_ms, feedback, options),
        wires=Wires(scramble, scramble_switches, inverted, _numbers("--cut", cut), _pairs(double)),
        trouble=trouble(noise=noise, echo=echo, late_ms=late),
        turnaround_ms=turnaround_ms,
        link=None if pty is None else pty.absolute(),
        close_after_ms=close_after,
        reset_every=reset,
    )
    _play(script, as_json)


def _play(script: "Script", as_json: bool) -> None:
    from controller.cli.simulated_stage import stage

    def tell(door: int, what: str) -> None:
        _say({"door": door, "event": what}, f"door {door} {what}", as_json)

    try:
        with _awaited(signal.SIGINT, signal.SIGTERM) as told_to_end, stage(script, tell) as put_up:
            _introduce(put_up, as_json)
            threading.Thread(target=_obey, args=(put_up, as_json), daemon=True).start()
            told_to_end()
    except (OSError, ValueError) as error:
        raise Failed(Exit.WRONG_USE, f"the cabinet cannot be put up: {error}") from error


@contextmanager
def _awaited(*signals: signal.Signals) -> Iterator[Callable[[], object]]:
    """What waits for one of the signals. Until then they are held back: one that is raised in the middle of a lock's
    own code would leave it held.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        yield partial(signal.sigwait, signals)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _introduce(stage: "Stage", as_json: bool) -> None:
    """Where the port is, and what a configuration needs to reach it."""
    doors, port = stage.cabinet.channels, stage.line.port
    facts = {"port": port, "driver": stage.script.driver, "baud": stage.script.baud, "doors": len(doors)}
    text = f"{stage.script.driver} with doors {doors[0]} to {doors[-1]} on {port}\n\n{stage.board_tables()}"
    _say(facts, f"{text}\nType `help` for what can be done to doors and line; Ctrl-C ends it.", as_json)


def _obey(stage: "Stage", as_json: bool) -> None:
    """Do what people type, as long as they do."""
    from controller.cli.simulated_hands import NotPushed, push

    for line in sys.stdin:
        try:
            answer = push(stage, line)
        except NotPushed as refused:
            answer = str(refused)
        if answer:
            _say({"answer": answer}, answer, as_json)


def _say(facts: dict[str, object], line: str, as_json: bool) -> None:
    if as_json:
        print_json_line(facts)
    else:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def _codec(driver: str, options: dict[str, object]) -> "Codec | Relays":
    from firmware_bridge.board_spec import BoardSpec
    from firmware_bridge.builtin_responders import RESPONDERS
    from firmware_bridge.drivers import codec_of, relays_of
    from firmware_bridge.options import nearest

    if driver not in RESPONDERS:
        known = sorted(RESPONDERS)
        what = f"there is no simulated board for driver {driver!r}, but for {', '.join(known)}{nearest(driver, known)}"
        raise Failed(Exit.WRONG_USE, what)
    try:
        spec = BoardSpec("simulated", driver, "psu", {}, options=options)
        codec = codec_of(spec) or relays_of(spec)
    except ValueError as unusable:
        raise Failed(Exit.WRONG_USE, str(unusable)) from unusable
    if codec is None:
        raise TypeError(f"driver {driver} has a simulated far end and speaks no language")
    return codec


def _option(text: str) -> tuple[str, object]:
    key, equals, value = text.partition("=")
    if not equals:
        raise Failed(Exit.WRONG_USE, f"--option {text}: write KEY=VALUE")
    try:
        return key, tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return key, value


def _numbers(option: str, text: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in text.split(",") if part.strip())
    except ValueError:
        raise Failed(Exit.WRONG_USE, f"{option} {text}: write door numbers, such as 3,7") from None


def _pairs(text: str) -> tuple[tuple[int, int], ...]:
    pairs = [pair.split("+") for pair in text.split(",") if pair.strip()]
    if any(len(pair) != 2 or not all(part.strip().isdecimal() for part in pair) for pair in pairs):
        raise Failed(Exit.WRONG_USE, f"--double {text}: write two door numbers, such as 3+4")
    return tuple((int(first), int(second)) for first, second in pairs)
