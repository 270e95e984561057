"""`locker commission`: walk a cabinet, lock by lock, and write down which door hangs on which channel."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from getpass import getuser
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from controller.cli.failure import Exit, Failed
from controller.cli.options import AsJson, ConfigOrNone, DataOrNone

if TYPE_CHECKING:
    from controller.cli.interruption import Interruption
    from controller.contract.device_keys import DeviceKeys
    from controller.device.commissioning.hands import Hands
    from controller.device.commissioning.walk import Eyes

app = typer.Typer()

DraftFile = Annotated[
    Path | None, typer.Option("--draft", metavar="FILE", help="Supplies, boards and compartments, as far as known.")
]
DriverName = Annotated[str | None, typer.Option("--driver", metavar="X", help="Without --draft: of the one board.")]
Port = Annotated[str | None, typer.Option("--port", metavar="PORT", help="And its port.")]
Baud = Annotated[int | None, typer.Option("--baud", help="Its speed, if it is known.")]
BoardAddress = Annotated[int, typer.Option("--address", help="As its switches say.")]
Channels = Annotated[
    int | None, typer.Option("--try-channels", min=0, help="On how many of its channels a lock may be.")
]
Doors = Annotated[
    str, typer.Option("--doors", metavar="A01-A24:M,…", help="The compartments in their order, with sizes.")
]
Output = Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the cabinet's tables are written.")]
By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who says what opens.  [default: you]")]
Unattended = Annotated[
    bool, typer.Option("--unattended", help="Nobody looks: each sensor is where the draft has it. Doors must spring.")
]
OpenS = Annotated[float, typer.Option("--open-s", min=0.2, max=30, help="Unattended: how long a door may take.")]
CloseS = Annotated[float, typer.Option("--close-s", min=1, max=3600, help="Unattended: until somebody closed it.")]
Restart = Annotated[bool, typer.Option("--restart", help="Forget how far it had come.")]


@app.command()
def commission(
    draft: DraftFile = None,
    driver: DriverName = None,
    port: Port = None,
    baud: Baud = None,
    address: BoardAddress = 1,
    try_channels: Channels = None,
    doors: Doors = "",
    out: Output = Path("cabinet.toml"),
    by: By = None,
    unattended: Unattended = False,
    open_s: OpenS = 3.0,
    close_s: CloseS = 120.0,
    restart: Restart = False,
    config: ConfigOrNone = None,
    data: DataOrNone = None,
    as_json: AsJson = False,
) -> None:
    """Pulse every lock once and learn which door it opens, how its switch is wired, and what is dead or doubled.

    Writes the cabinet's tables for the configuration, and a report that the locker's own key signs.
    """
    from controller.cli.commission_draft import Flags, data_directory_of, draft_of, locker_of
    from controller.cli.commission_job import Files, Job
    from controller.cli.commission_person import PersonEyes, ask_at
    from controller.cli.interruption import Interruption
    from controller.device.commissioning.walk import SensorEyes

    wanted = draft_of(draft, Flags(driver, port, baud, address, try_channels, doors))
    files, talk, interruption = Files(out), sys.stderr if as_json else sys.stdout, Interruption()

    def eyes(hands: "Hands") -> "Eyes":
        if unattended:
            return SensorEyes(wanted, hands, open_s=open_s, close_s=close_s)
        return PersonEyes(wanted, hands.wait, by or getuser(), talk, ask_at(talk, interruption))

    if restart:
        files.progress.unlink(missing_ok=True)
    with _stoppable(files.progress, interruption), _allowed(data_directory_of(data, config, draft)) as keys:
        job = Job(wanted, files, keys, locker_of(config, draft), talk, interruption)
        good = job.run(eyes, as_json=as_json)
    raise typer.Exit(Exit.GOOD if good else Exit.NOT_GOOD)


@contextmanager
def _allowed(data_dir: Path) -> Iterator["DeviceKeys"]:
    """The locker's own keys, while no locker runs and nothing is stored. They are made where there are none yet."""
    from controller.cli.journal import explained
    from controller.contract.device_keys import BadDeviceKeys
    from controller.device.commissioning.permission import NotEmpty, alone_with_empty_cabinet

    try:
        with explained(), alone_with_empty_cabinet(data_dir, version("parcel-locker")) as keys:
            yield keys
    except NotEmpty as refused:
        raise Failed(Exit.NOT_GOOD, str(refused)) from refused
    except BadDeviceKeys as unusable:
        raise Failed(Exit.WRONG_USE, str(unusable)) from unusable
    except OSError as error:
        what = f"{error.filename or data_dir}: {error.strerror or error}"
        raise Failed(Exit.WRONG_USE, f"{what}; see to its owner, its mode and the disk") from error


@contextmanager
def _stoppable(progress: Path, interruption: "Interruption") -> Iterator[None]:
    """Ctrl-C ends the walk: boards are closed, nothing stays energised."""
    try:
        with interruption.listening():
            yield
    except KeyboardInterrupt:
        kept = f" What was learned is kept in {progress}: start again to go on." if progress.exists() else ""
        raise Failed(Exit.NOT_GOOD, f"Stopped.{kept}") from None
