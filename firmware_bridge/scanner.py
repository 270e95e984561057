"""A barcode scanner, on a serial port or typing like a keyboard: one scan at a time, and nothing it might be made to.

A scanner is a keyboard for strangers (BadBarcode, PacSec 2015): a barcode can hold control characters and the maker's
own set-up commands. Printable ASCII and the GS1 separator pass; everything else ends in the bin.
"""

import threading
from collections.abc import Callable
from functools import partial
from typing import Final, Protocol

from firmware_bridge.faults import BoardFault
from firmware_bridge.keyboard_port import check_device, open_keyboard
from firmware_bridge.parts import Part, PartState, part_with
from firmware_bridge.serial_port import OpenPort, PortError, check_port, open_port

NAME: Final = "scanner"

LONGEST_SCAN: Final = 4096
"""Characters; a longer one is passed on cut short, and is then no label, pass or badge."""
GROUP_SEPARATOR: Final = 0x1D
_ENDS: Final = b"\r\n"
_LISTEN_MS: Final = 500
_PAUSES_S: Final = (0.5, 1, 2, 5)


class ScanReader:
    """Bytes in, whole scans out. A scan ends with a carriage return or a line feed; empty ones are dropped."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, heard: bytes) -> list[str]:
        """The scans that `heard` completes."""
        scans = []
        for byte in heard:
            if byte in _ENDS:
                if self._held:
                    scans.append(self._held.decode("ascii"))
                self._held.clear()
            elif (0x20 <= byte < 0x7F or byte == GROUP_SEPARATOR) and len(self._held) <= LONGEST_SCAN:
                self._held.append(byte)
        return scans


class ScanSource(Protocol):
    """An open scanner. `read` raises PortError once it is gone."""

    def read(self, wait_ms: float) -> bytes:
        """What has come in, waiting up to `wait_ms` for the first of it; empty if nothing did."""

    def close(self) -> None:
        """Give it back."""


OpenSource = Callable[[], ScanSource]
"""Opens the scanner. Raises PortError saying why it could not be had."""


def serial_source(port: str, baud: int, open_port: OpenPort = open_port) -> OpenSource:
    """A scanner on a serial port. Raises ValueError for a port of no known form."""
    check_port(port)
    return partial(open_port, port, baud)


def keyboard_source(device: str) -> OpenSource:
    """A scanner that types, taken for ourselves alone. Raises ValueError for a device of no known form."""
    check_device(device)
    return partial(open_keyboard, device)


class Scanner:
    """One thread that listens. Both callbacks come from it and must not block."""

    def __init__(
        self, source: OpenSource, *, scanned: Callable[[str], None], fault: Callable[[BoardFault | None], None]
    ) -> None:
        """`fault` is told of a scanner that is missing or lost, and with None that it is there."""
        self._source = source
        self._scanned = scanned
        self._fault = fault
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scanner", daemon=True)

    def open(self) -> None:
        """Begin to listen. A scanner that is missing is looked for again by itself."""
        self._thread.start()

    def close(self) -> None:
        """End the thread, within half a second."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        failures = 0
        while not self._ended.is_set():
            try:
                source = self._source()
            except PortError as error:
                self._tell(error)
            else:
                failures = 0
                self._fault(None)
                self._hold(source)
            self._ended.wait(_PAUSES_S[min(failures, len(_PAUSES_S) - 1)])
            failures += 1

    def _hold(self, source: ScanSource) -> None:
        reader = ScanReader()
        try:
            while not self._ended.is_set():
                for scan in reader.feed(source.read(_LISTEN_MS)):
                    self._scanned(scan)
        except PortError as error:
            self._tell(error)
        finally:
            source.close()

    def _tell(self, error: PortError) -> None:
        self._fault(BoardFault(NAME, error.kind, error.detail))


def find_scanner(source: OpenSource) -> Part:
    """Whether the scanner can be had. For when nothing else of ours holds it."""
    try:
        source().close()
    except PortError as error:
        return part_with(BoardFault(NAME, error.kind, error.detail))
    return Part(NAME, PartState.FOUND, "it is there; whether it reads shows only when something is scanned")
