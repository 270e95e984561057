import errno
import os
from pathlib import Path
from queue import SimpleQueue

import pytest
from support.typist import typed, typing_scanner

from firmware_bridge.faults import BoardFault, FaultKind
from firmware_bridge.keyboard_port import check_device, open_keyboard
from firmware_bridge.scanner import Scanner, keyboard_source
from firmware_bridge.serial_port import PortError

LIMIT_S = 10


@pytest.mark.parametrize("device", ["/dev/input/by-id/usb-scanner-event-kbd", "/run/scanner", "pty:/dev/pts/3"])
def test_names_that_stay_are_taken(device: str) -> None:
    check_device(device)


@pytest.mark.parametrize("device", ["", "event3", "pty:3", "/dev/input/event3"])
def test_names_that_do_not_are_refused_with_a_sentence(device: str) -> None:
    with pytest.raises(ValueError, match=r"next boot; use its name in /dev/input/by-id/|neither the path"):
        check_device(device)


def test_what_is_typed_arrives_and_unplugging_is_a_loss() -> None:
    faults: SimpleQueue[BoardFault | None] = SimpleQueue()
    scans: SimpleQueue[str] = SimpleQueue()
    with typing_scanner() as (device, far):
        scanner = Scanner(keyboard_source(device), scanned=scans.put, fault=faults.put)
        scanner.open()
        assert faults.get(timeout=LIMIT_S) is None
        os.write(far, typed("RR473124829GB\r"))
        assert scans.get(timeout=LIMIT_S) == "RR473124829GB"
    lost = faults.get(timeout=LIMIT_S)
    scanner.close()
    assert lost is not None
    assert (lost.board, lost.kind) == ("scanner", FaultKind.PORT_LOST)


def refusal(device: str, number: int | None = None) -> FaultKind:
    def prepare(descriptor: int) -> None:
        if number is not None:
            raise OSError(number, os.strerror(number))

    with pytest.raises(PortError) as refused:
        open_keyboard(device, prepare)
    return refused.value.kind


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.EBUSY, FaultKind.PORT_BUSY),
        (errno.EPERM, FaultKind.PORT_DENIED),
        (errno.ENOTTY, FaultKind.WRONG_DEVICE),
        (errno.ENODEV, FaultKind.PORT_MISSING),
    ],
)
def test_why_a_keyboard_cannot_be_had_has_a_name(tmp_path: Path, number: int, kind: FaultKind) -> None:
    (tmp_path / "device").touch()
    before = len([*Path("/proc/self/fd").iterdir()])
    assert refusal(str(tmp_path / "device"), number) is kind
    assert len([*Path("/proc/self/fd").iterdir()]) == before


def test_a_file_that_is_not_there_is_a_missing_keyboard(tmp_path: Path) -> None:
    assert refusal(str(tmp_path / "none")) is FaultKind.PORT_MISSING


def test_a_device_that_is_no_input_device_is_the_wrong_one() -> None:
    with pytest.raises(PortError) as refused:
        open_keyboard("/dev/null")
    assert refused.value.kind is FaultKind.WRONG_DEVICE


def test_a_keyboard_is_prepared_and_read_by_its_descriptor(tmp_path: Path) -> None:
    taken: list[int] = []
    path = tmp_path / "event"
    path.write_bytes(typed("A01\r"))
    port = open_keyboard(str(path), taken.append)
    assert port.read(1000) == b"A01\r"
    assert len(taken) == 1
    port.close()
