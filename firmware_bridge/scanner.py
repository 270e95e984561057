"""A barcode scanner on a serial port: what it reads, one scan at a time, and nothing it might be made to type.

A scanner is a keyboard for strangers (BadBarcode, PacSec 2015): a barcode can hold control characters and the maker's
own set-up commands. Printable ASCII and the GS1 separator pass; everything else ends in the bin.
"""

import threading
from collections.abc import Callable
from typing import Final

from firmware_bridge.faults import BoardFault
from firmware_bridge.serial_port import OpenPort, Port, PortError, check_port, open_port

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


class SerialScanner:
    """One thread that listens. Both callbacks come from it and must not block."""

    def __init__(
        self,
        port: str,
        baud: int,
        *,
        scanned: Callable[[str], None],
        fault: Callable[[BoardFault | None], None],
        open_port: OpenPort = open_port,
    ) -> None:
        """`fault` is told of a port that is missing or lost, and with None that it is there. Raises ValueError."""
        check_port(port)
        self._port = port
        self._baud = baud
        self._scanned = scanned
        self._fault = fault
        self._open_port = open_port
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scanner", daemon=True)

    def open(self) -> None:
        """Begin to listen. A port that is missing is looked for again by itself."""
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
                port = self._open_port(self._port, self._baud)
            except PortError as error:
                self._tell(error)
            else:
                failures = 0
                self._fault(None)
                self._hold(port)
            self._ended.wait(_PAUSES_S[min(failures, len(_PAUSES_S) - 1)])
            failures += 1

    def _hold(self, port: Port) -> None:
        reader = ScanReader()
        try:
            while not self._ended.is_set():
                for scan in reader.feed(port.read(_LISTEN_MS)):
                    self._scanned(scan)
        except PortError as error:
            self._tell(error)
        finally:
            port.close()

    def _tell(self, error: PortError) -> None:
        self._fault(BoardFault("scanner", error.kind, error.detail))
