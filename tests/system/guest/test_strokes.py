"""What the kernel keeps of a scanner's strokes: keys alone, and of too many at once nothing that could mislead."""

import os
import time
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue

from support.kernel_keyboard import EV_MSC, KernelKeyboard

from firmware_bridge.faults import BoardFault
from firmware_bridge.key_events import EV_KEY, EV_SYN, EVENT, PAUSE_S
from firmware_bridge.keyboard_port import hear_only_keys
from firmware_bridge.scanner import Scanner, keyboard_source

NAME = Path("/dev/input/by-id/usb-strokes-event-kbd")
HEARD_S = 10
PATIENCE_S = 60


def test_the_kernel_keeps_nothing_for_us_but_keys() -> None:
    keyboard = KernelKeyboard(NAME)
    descriptor = os.open(keyboard.node, os.O_RDONLY)
    keyboard.reads("a")
    assert EV_MSC in _kinds(os.read(descriptor, 4096))
    hear_only_keys(descriptor)
    keyboard.reads("a")
    assert _kinds(os.read(descriptor, 4096)) == {EV_SYN, EV_KEY}
    os.close(descriptor)
    keyboard.unplug()


def test_a_scan_of_which_strokes_were_lost_is_dropped_whole_and_the_next_one_counts() -> None:
    keyboard = KernelKeyboard(NAME)
    scans: SimpleQueue[str] = SimpleQueue()
    faults: SimpleQueue[BoardFault | None] = SimpleQueue()
    scanner = Scanner(keyboard_source(str(NAME)), scanned=scans.put, fault=faults.put)
    scanner.open()
    assert faults.get(timeout=PATIENCE_S) is None

    keyboard.reads_at_once("A" * 3000)
    heard = None
    for _ in range(10):  # this machine may stop for longer than the kernel keeps strokes: then people scan again
        time.sleep(2 * PAUSE_S)
        keyboard.reads("AFTER")
        with suppress(Empty):
            heard = scans.get(timeout=HEARD_S)
            break

    assert heard == "AFTER"
    scanner.close()
    keyboard.unplug()


def _kinds(events: bytes) -> set[int]:
    return {kind for _, _, kind, _, _ in EVENT.iter_unpack(events)}
