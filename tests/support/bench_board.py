"""CU48 boards on a pty that answer at once and note when each unlock came in. They have no baud rate."""

import os
import select
import threading
import time
import tty
from queue import SimpleQueue

POLLS_OPEN = 3
STATUS, UNLOCK, ANSWER = 0x50, 0x51, 0x65


class QuickBoards:
    """While `obeying`, a door that is unlocked is seen open for three polls, then shut; before, all stay shut.

    `unlocks` receives `(address, lock, ns)` in either case.
    """

    def __init__(self) -> None:
        self._far, near = os.openpty()
        tty.setraw(self._far)
        tty.setraw(near)
        self.port = f"pty:{os.ttyname(near)}"
        self._near = near
        self.obeying = False
        self.unlocks: SimpleQueue[tuple[int, int, int]] = SimpleQueue()
        self._open: dict[tuple[int, int], int] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="boards", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._ended.set()
        self._thread.join()
        os.close(self._far)
        os.close(self._near)

    def _run(self) -> None:
        pending = b""
        while not self._ended.is_set():
            if not select.select([self._far], [], [], 0.2)[0]:
                continue
            pending += os.read(self._far, 4096)
            at = time.monotonic_ns()
            while len(pending) >= 6:
                frame, pending = pending[:6], pending[6:]
                self._take(frame, at)

    def _take(self, frame: bytes, at: int) -> None:
        _, address, lock, command, _, _ = frame
        if command == UNLOCK:
            if self.obeying:
                self._open[address, lock] = POLLS_OPEN
            self.unlocks.put((address, lock, at))
        elif command == STATUS:
            body = bytes([0x02, address, 0x00, ANSWER, *self._doors(address), 0x03])
            os.write(self._far, body + bytes([sum(body) & 0xFF]))

    def _doors(self, address: int) -> bytes:
        shut = (1 << 48) - 1
        for (board, lock), polls in list(self._open.items()):
            if board == address:
                shut &= ~(1 << lock)
                self._open[board, lock] = polls - 1
        self._open = {door: polls for door, polls in self._open.items() if polls}
        return shut.to_bytes(6, "little")
