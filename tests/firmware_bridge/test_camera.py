"""Pictures: how sharp they are, how often they are taken, and the program of the Raspberry Pi's own cameras."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from firmware_bridge.camera import CameraError, Photo, sharpness, take_photo
from firmware_bridge.faults import FaultKind
from firmware_bridge.rpicam import RpicamCamera
from firmware_bridge.simulated_camera import SimulatedCamera


def board(size: int, square: int) -> Image.Image:
    """A chessboard."""
    return Image.frombytes(
        "L", (size, size), bytes(255 * ((x // square + y // square) % 2) for y in range(size) for x in range(size))
    )


def test_one_edge_gives_the_variance_that_can_be_worked_out_by_hand() -> None:
    picture = Image.frombytes("L", (6, 4), bytes((0, 0, 0, 40, 40, 40)) * 4)
    # inside: 0, +40, -40, 0 in both rows, so the mean is 0 and the variance (1600 + 1600) / 4
    assert sharpness(picture) == 800


def test_the_more_blurred_a_picture_the_less_sharp() -> None:
    sharp = board(256, 16)
    figures = [sharpness(sharp.filter(ImageFilter.GaussianBlur(radius))) for radius in (0, 1, 2, 4, 8)]
    assert figures == sorted(figures, reverse=True)
    assert figures[0] > 100 > figures[-1]


def test_what_is_plain_or_tiny_has_no_sharpness() -> None:
    assert sharpness(Image.new("RGB", (200, 100), (9, 99, 199))) == 0
    assert sharpness(Image.new("L", (2, 900))) == 0


def test_a_large_picture_is_judged_like_the_same_one_smaller() -> None:
    small, large = board(640, 40), board(1280, 80)
    assert abs(sharpness(small) - sharpness(large)) <= sharpness(small) * 0.05


def test_the_first_sharp_picture_is_kept() -> None:
    camera = SimulatedCamera(blurred=2)
    photo = take_photo(camera, 100, 5)
    assert (photo.sharp, photo.tries, camera.taken) == (True, 3, 3)
    assert photo.sharpness >= 100
    with Image.open(BytesIO(photo.jpeg)) as picture:
        assert (picture.format, picture.size, len(picture.getexif())) == ("JPEG", (640, 360), 0)


def test_a_picture_that_stays_blurred_is_kept_and_said_to_be() -> None:
    camera = SimulatedCamera(blurred=9)
    photo = take_photo(camera, 100, 3)
    assert (photo.sharp, photo.tries, camera.taken) == (False, 3, 3)


class Fading(SimulatedCamera):
    """Its second picture is the best of a bad lot."""

    def take(self) -> bytes:
        pictures = {1: 9, 2: 3, 3: 6}
        self.taken += 1
        drawn = BytesIO()
        board(320, 16).filter(ImageFilter.GaussianBlur(pictures[self.taken])).save(drawn, "PNG")
        return drawn.getvalue()


def test_of_blurred_pictures_the_sharpest_is_kept() -> None:
    best = take_photo(Fading(), 10_000, 3)
    assert (best.sharp, best.tries) == (False, 3)
    assert best.sharpness > max(take_photo(Fading(), 10_000, 1).sharpness, 1)


def test_no_try_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="at least once, not 0 times"):
        take_photo(SimulatedCamera(), 100, 0)


class Broken(SimulatedCamera):
    def take(self) -> bytes:
        return b"\xff\xd8\xff\xe0 cut off"


def test_bytes_that_are_no_picture_are_a_fault() -> None:
    with pytest.raises(CameraError, match="12 bytes that are no picture") as failed:
        take_photo(Broken(), 100, 3)
    assert failed.value.kind is FaultKind.NO_PICTURE


def program(folder: Path, *lines: str) -> str:
    """A program in the place of rpicam-still."""
    path = folder / "rpicam-still"
    path.write_text("\n".join(("#!/bin/sh", *lines)) + "\n")
    path.chmod(0o755)
    return str(path)


def test_the_raspberry_pis_camera_is_asked_for_a_jpeg_on_its_output(tmp_path: Path) -> None:
    (tmp_path / "drawn.png").write_bytes(SimulatedCamera().take())
    rpicam = program(tmp_path, f'echo "$@" > {tmp_path}/asked', f"cat {tmp_path}/drawn.png")
    photo: Photo = take_photo(RpicamCamera(1280, 720, rpicam), 100, 1)
    asked = (tmp_path / "asked").read_text()
    assert asked == "--nopreview --timeout 1000 --width 1280 --height 720 --encoding jpg --output -\n"
    assert photo.sharp


def test_the_raspberry_pis_cameras_are_listed(tmp_path: Path) -> None:
    listing = ("echo 'Available cameras'", "echo '-----'", "echo '0 : imx708_wide [4608x2592 10-bit RGGB] (/base/i2c)'")
    assert RpicamCamera(1280, 720, program(tmp_path, *listing)).look() == (
        "imx708_wide [4608x2592 10-bit RGGB] (/base/i2c)"
    )


@pytest.mark.parametrize(
    ("lines", "kind", "detail"),
    [
        (["echo 'No cameras available!'"], FaultKind.PORT_MISSING, "rpicam-still knows no camera"),
        (["echo 'ERROR: no cameras' >&2", "exit 255"], FaultKind.NO_PICTURE, "ended with 255: ERROR: no cameras"),
        (["exit 1"], FaultKind.NO_PICTURE, "ended with 1: without a word"),
    ],
)
def test_why_there_is_no_camera_has_a_name(tmp_path: Path, lines: list[str], kind: FaultKind, detail: str) -> None:
    with pytest.raises(CameraError) as failed:
        RpicamCamera(1280, 720, program(tmp_path, *lines)).look()
    assert failed.value.kind is kind
    assert detail in failed.value.detail


def test_a_program_that_hangs_is_ended_at_its_deadline(tmp_path: Path) -> None:
    hanging = RpicamCamera(1280, 720, program(tmp_path, "exec sleep 60"), deadline_s=0.2)
    with pytest.raises(CameraError, match=r"took longer than 0.2 s") as failed:
        hanging.take()
    assert failed.value.kind is FaultKind.NO_PICTURE


def test_a_program_that_is_not_there_is_to_be_installed(tmp_path: Path) -> None:
    with pytest.raises(CameraError) as failed:
        RpicamCamera(1280, 720, str(tmp_path / "none")).take()
    assert failed.value.kind is FaultKind.PROGRAM_MISSING


def test_a_locker_that_takes_no_pictures_does_not_load_what_judges_them() -> None:
    script = "import sys, controller.device.app; assert not [name for name in sys.modules if name.startswith('PIL')]"
    subprocess.run([sys.executable, "-c", script], check=True)
