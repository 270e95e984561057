import os
import tty
from queue import SimpleQueue

from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.faults import BoardFault, FaultKind
from firmware_bridge.scanner import LONGEST_SCAN, Scanner, ScanReader, serial_source

LIMIT_S = 10


def test_a_scan_ends_with_its_line_and_may_come_in_pieces() -> None:
    reader = ScanReader()
    assert reader.feed(b"RR4731") == []
    assert reader.feed(b"24829GB\r\n\r\nA-1\n") == ["RR473124829GB", "A-1"]


def test_control_characters_of_a_bad_barcode_are_dropped_and_the_gs1_separator_is_not() -> None:
    reader = ScanReader()
    assert reader.feed(b"\x1b[A\x00\x08ab\x1dcd\x7f\xffe\r") == ["[Aab\x1dcde"]


def test_a_scan_without_end_stays_within_bounds() -> None:
    reader = ScanReader()
    assert reader.feed(b"x" * 1_000_000) == []
    (scan,) = reader.feed(b"\n")
    assert len(scan) == LONGEST_SCAN + 1


@given(st.lists(st.binary()))
def test_any_bytes_however_split_give_only_printable_text(pieces: list[bytes]) -> None:
    reader = ScanReader()
    scans = [scan for piece in pieces for scan in reader.feed(piece)]
    assert scans == ScanReader().feed(b"".join(pieces))
    assert all(character == "\x1d" or character.isprintable() for scan in scans for character in scan)


def test_a_scanner_is_heard_and_its_loss_is_a_fault_with_a_name() -> None:
    far, near = os.openpty()
    tty.setraw(far)
    scans: SimpleQueue[str] = SimpleQueue()
    faults: SimpleQueue[BoardFault | None] = SimpleQueue()
    scanner = Scanner(serial_source(f"pty:{os.ttyname(near)}", 9600), scanned=scans.put, fault=faults.put)
    os.close(near)
    scanner.open()
    assert faults.get(timeout=LIMIT_S) is None
    os.write(far, b"RR473124829GB\r")
    assert scans.get(timeout=LIMIT_S) == "RR473124829GB"
    os.close(far)
    lost = faults.get(timeout=LIMIT_S)
    scanner.close()
    assert lost is not None
    assert (lost.board, lost.kind) == ("scanner", FaultKind.PORT_LOST)


def test_a_scanner_that_is_missing_is_a_fault_and_is_looked_for_again() -> None:
    faults: SimpleQueue[BoardFault | None] = SimpleQueue()
    scanner = Scanner(serial_source("/dev/serial/by-id/none", 9600), scanned=lambda scan: None, fault=faults.put)
    scanner.open()
    for _ in range(2):
        missing = faults.get(timeout=LIMIT_S)
        assert missing is not None
        assert missing.kind is FaultKind.PORT_MISSING
    scanner.close()
