"""`locker camera`: a photo now, to see that the camera is there, points the right way and is in focus."""

from pathlib import Path
from typing import Annotated

import typer

from controller.cli.defaults import DEFAULT_CONFIG
from controller.cli.failure import Exit, Failed
from controller.cli.options import AsJson, ConfigFile
from controller.cli.output import print_json, some

app = typer.Typer()
Output = Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Where to put the photo, a JPEG.")]


@app.command()
def camera(config: ConfigFile = DEFAULT_CONFIG, output: Output = None, as_json: AsJson = False) -> None:
    """Take a photo with the configured camera and say how sharp it is. The locker may run meanwhile."""
    from controller.device.photographing import camera_of
    from controller.device.settings import load
    from controller.device.settings_errors import SettingsError
    from firmware_bridge.camera import CameraError, take_photo

    try:
        table = load(config).camera
    except SettingsError as error:
        raise Failed(Exit.WRONG_USE, *error.lines) from error
    if table is None:
        raise Failed(Exit.WRONG_USE, f"{config} names no camera: it needs a table [camera]")
    try:
        photo = take_photo(camera_of(table), table.least_sharpness, table.tries)
    except CameraError as error:
        raise Failed(Exit.NOT_GOOD, error.fault().sentence()) from error
    if output is not None:
        _keep(output, photo.jpeg)
    if as_json:
        keys = ("width", "height", "sharpness", "sharp", "tries")
        print_json({key: getattr(photo, key) for key in keys} | {"least_sharpness": table.least_sharpness})
    else:
        how = "sharp" if photo.sharp else f"blurred: {table.least_sharpness} is wanted; clean or focus the camera"
        figures = (
            f"{photo.width} × {photo.height}, sharpness {photo.sharpness}, after {some(photo.tries, 'try', 'tries')}"
        )
        typer.echo(f"{figures}: {how}")
    raise typer.Exit(Exit.GOOD if photo.sharp else Exit.NOT_GOOD)


def _keep(output: Path, jpeg: bytes) -> None:
    try:
        output.write_bytes(jpeg)
    except OSError as error:
        raise Failed(Exit.WRONG_USE, f"{output} cannot be written: {error.strerror}") from error
