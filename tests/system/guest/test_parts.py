"""A camera and a typing scanner as the kernel has them: its own test picture generator, and a keyboard made by hand."""

import os
import select
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from queue import Queue

import pytest
from PIL import Image, ImageStat
from support.figures import spread
from support.kernel_keyboard import KernelKeyboard

from firmware_bridge.camera import CameraError, sharpness, take_photo
from firmware_bridge.faults import BoardFault, FaultKind
from firmware_bridge.scanner import Scanner, keyboard_source
from firmware_bridge.v4l2_camera import V4l2Camera

VIDEO = "/dev/video0"
SCANNER = Path("/dev/input/by-id/usb-scanner-event-kbd")
BARS = [(red, green, blue) for green in (True, False) for red in (True, False) for blue in (True, False)]
"""White, yellow, cyan, green, magenta, red, blue, black: which colours each is made of."""
DARK = 90
SCANS = 10
PATIENCE_S = 60.0


@pytest.fixture
def keyboard() -> Iterator[KernelKeyboard]:
    keyboard = KernelKeyboard(SCANNER)
    yield keyboard
    keyboard.unplug()


class Listener:
    """A `Scanner` and all that it says."""

    def __init__(self) -> None:
        self.scans: Queue[str] = Queue()
        self.faults: Queue[BoardFault | None] = Queue()
        self.scanner = Scanner(keyboard_source(str(SCANNER)), scanned=self.scans.put, fault=self.faults.put)
        self.scanner.open()
        assert self.faults.get(timeout=PATIENCE_S) is None


@pytest.fixture
def listener(keyboard: KernelKeyboard) -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.scanner.close()


def test_a_photo_of_the_kernel_s_colour_bars() -> None:
    camera = V4l2Camera(VIDEO, 640, 360)

    began = time.monotonic()
    photo = take_photo(camera, least_sharpness=1, tries=1)
    took_s = time.monotonic() - began

    with Image.open(BytesIO(photo.jpeg)) as picture:
        middles = [picture.crop((x, photo.height // 2, x + 1, photo.height)) for x in _bar_middles(photo.width)]
        bars = [tuple(round(level) for level in ImageStat.Stat(middle).mean) for middle in middles]
        assert [tuple(level > DARK for level in bar) for bar in bars] == BARS
        assert sharpness(picture) > 0
    print(f"{camera.look()}: {photo.width} × {photo.height}, sharpness {photo.sharpness}, in {took_s:.1f} s")
    print(f"bars: {bars}")


def test_a_device_that_is_no_camera_is_said_so(keyboard: KernelKeyboard) -> None:
    for device, kind in ((str(keyboard.node), FaultKind.WRONG_DEVICE), ("/dev/video99", FaultKind.PORT_MISSING)):
        with pytest.raises(CameraError) as refused:
            V4l2Camera(device, 640, 360).take()
        assert refused.value.kind is kind


def test_scans_are_typed_to_us_alone(keyboard: KernelKeyboard, listener: Listener) -> None:
    eavesdropper = os.open(keyboard.node, os.O_RDONLY | os.O_NONBLOCK)
    texts, took_ms = [f"LKR-7F3k9q/{number}+$" for number in range(SCANS)], []

    for text in texts:
        began = time.monotonic()
        keyboard.reads(text)
        assert listener.scans.get(timeout=PATIENCE_S) == text
        took_ms.append((time.monotonic() - began) * 1000)

    assert not select.select([eavesdropper], [], [], 0)[0], "somebody else was typed to"
    os.close(eavesdropper)
    print(f"from a scan's first stroke, of {len(texts[0]) + 1}, to the scan: {spread(took_ms)}")


def test_a_scanner_that_is_pulled_out_is_missed_and_taken_again_by_itself() -> None:
    keyboard = KernelKeyboard(SCANNER)
    listener = Listener()

    keyboard.unplug()
    lost = listener.faults.get(timeout=PATIENCE_S)
    began = time.monotonic()
    keyboard = KernelKeyboard(SCANNER)
    while (told := listener.faults.get(timeout=PATIENCE_S)) is not None:
        assert told.kind is FaultKind.PORT_MISSING
    keyboard.reads("AGAIN")

    assert lost is not None
    assert lost.kind is FaultKind.PORT_LOST
    assert listener.scans.get(timeout=PATIENCE_S) == "AGAIN"
    print(f"{lost.sentence()}; back after {time.monotonic() - began:.1f} s")
    listener.scanner.close()
    keyboard.unplug()


def _bar_middles(width: int) -> list[int]:
    return [(2 * n + 1) * width // 16 for n in range(8)]
