"""Parts beside the lock boards, from the terminal: the camera tried out, and what a running locker says of them."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from support.command_line import Daemon, Locker, start_daemon, stop_daemon
from support.locker_folder import GOOD, make_folder

CAMERA = '[camera]\ndriver = "simulated"\nwidth = 640\nheight = 360\n'
PARTS = """
[scanner]
device = "/dev/input/by-id/none-event-kbd"

[camera]
driver = "v4l2"
device = "/dev/v4l/by-id/none"

[signals]
pins = "mock"
buzzer = 23
"""


def test_a_photo_is_taken_judged_and_kept(locker: Locker, tmp_path: Path) -> None:
    config = make_folder(tmp_path, GOOD + CAMERA)
    photo = tmp_path / "photo.jpg"

    ended = locker("camera", "--config", config, "--output", photo)
    facts = json.loads(locker("camera", "--config", config, "--json").out)

    assert (ended.code, ended.err) == (0, "")
    assert re.fullmatch(r"640 × 360, sharpness [0-9]+, after 1 try: sharp\n", ended.out)
    with Image.open(photo) as picture:
        assert (picture.format, picture.size) == ("JPEG", (640, 360))
    assert (facts["sharp"], facts["tries"], facts["least_sharpness"]) == (True, 1, 100)


def test_a_photo_that_stays_blurred_is_not_good(locker: Locker, tmp_path: Path) -> None:
    config = make_folder(tmp_path, GOOD + CAMERA + "least_sharpness = 10000\ntries = 2\n")

    ended = locker("camera", "--config", config)

    assert ended.code == 1
    assert ended.out.endswith(": blurred: 10000 is wanted; clean or focus the camera\n")


def test_a_camera_that_is_not_there_is_told_with_what_to_do(locker: Locker, tmp_path: Path) -> None:
    config = make_folder(tmp_path, GOOD + '[camera]\ndriver = "v4l2"\ndevice = "/dev/v4l/by-id/none"\n')

    ended = locker("camera", "--config", config)

    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("camera: port missing (/dev/v4l/by-id/none: No such file or directory): plug it in")


def test_without_a_camera_in_the_configuration_there_is_none_to_try(locker: Locker, tmp_path: Path) -> None:
    ended = locker("camera", "--config", make_folder(tmp_path))

    assert (ended.code, "needs a table [camera]" in ended.err) == (2, True)


def test_a_place_that_cannot_be_written_is_wrong_use(locker: Locker, tmp_path: Path) -> None:
    config = make_folder(tmp_path, GOOD + CAMERA)

    assert locker("camera", "--config", config, "--output", tmp_path / "no" / "photo.jpg").code == 2


@pytest.fixture(scope="module")
def with_parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    running = start_daemon(make_folder(tmp_path_factory.mktemp("locker"), GOOD + PARTS))
    yield running
    stop_daemon(running)


def test_a_running_locker_says_which_parts_are_missing_and_serves(locker: Locker, with_parts: Daemon) -> None:
    parts: dict[str, str | None] = {}
    deadline = time.monotonic() + 30
    while parts != {"scanner": "port_missing", "camera": "port_missing", "signals": None}:
        assert time.monotonic() < deadline, parts
        facts = json.loads(locker("status", "--json", "--data", with_parts.data).out)
        parts = {part["name"]: part["fault"] for part in facts["parts"]}

    shown = locker("status", "--data", with_parts.data)

    assert "scanner port missing: plug it in" in shown.out
    assert "signals works" in shown.out
    assert locker("open", "A01", "--reason", "to look inside", "--data", with_parts.data).code == 0
