"""A converter that passes the bytes of a simulated line on over TCP, on loopback, with the manners of real ones."""

import os
import queue
import select
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress

from firmware_bridge.simulated_line import SimulatedLine

CHUNK = 512
_AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER of socket(7): closing sends a reset and waits for nothing."""


class Converter:
    """One caller at a time. One thread, which does what it is told between two chunks; `close` ends it."""

    def __init__(self, line: SimulatedLine, *, on: bool = True) -> None:
        self._tty = os.open(line.port.removeprefix("pty:"), os.O_RDWR | os.O_NOCTTY)
        self._listener: socket.socket | None = socket.create_server(("127.0.0.1", 0))
        self._address = self._listener.getsockname()
        self._caller: socket.socket | None = None
        self._mute = False
        self._left: int | None = None
        self._orders: queue.SimpleQueue[tuple[Callable[[], None], threading.Event]] = queue.SimpleQueue()
        self._bell = os.eventfd(0, os.EFD_NONBLOCK)
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="converter", daemon=True)
        self._thread.start()
        self.calls = 0
        if not on:
            self.switch_off()

    @property
    def port(self) -> str:
        """Its name in a board's configuration."""
        return f"socket://127.0.0.1:{self._address[1]}"

    def switch_off(self) -> None:
        """Nobody answers there any more, and who is connected is told so."""
        self._tell(self._go_off)

    def switch_on(self) -> None:
        """It answers again."""
        self._tell(self._go_on)

    def hang_up(self) -> None:
        """End the call in good order."""
        self._tell(self._hang_up)

    def reset(self) -> None:
        """Forget the call, as one that was switched off and on: the next byte to it is answered with a reset."""
        self._tell(self._reset)

    def mute(self, mute: bool) -> None:
        """From now on it does, or does not, keep the call and swallow every byte of it."""
        self._tell(lambda: setattr(self, "_mute", mute))

    def hang_up_after(self, octets: int) -> None:
        """Pass on so many more bytes of the boards, then hang up in the middle of whatever they say."""
        self._tell(lambda: setattr(self, "_left", octets))

    def close(self) -> None:
        """End the thread and let go of everything."""
        self._closing = True
        os.eventfd_write(self._bell, 1)
        self._thread.join()
        self._go_off()
        os.close(self._tty)
        os.close(self._bell)

    def _tell(self, order: Callable[[], None]) -> None:
        done = threading.Event()
        self._orders.put((order, done))
        os.eventfd_write(self._bell, 1)
        assert done.wait(5)

    def _run(self) -> None:
        while not self._closing:
            poll = select.poll()
            for end in (self._bell, self._tty, self._listener, self._caller):
                if end is not None:
                    poll.register(end, select.POLLIN)
            ready = {descriptor for descriptor, _ in poll.poll()}
            if self._bell in ready:
                self._obey()
            else:
                self._serve(ready)

    def _obey(self) -> None:
        os.eventfd_read(self._bell)
        while not self._orders.empty():
            order, done = self._orders.get()
            order()
            done.set()

    def _serve(self, ready: set[int]) -> None:
        if self._tty in ready:
            self._pass_to_caller(os.read(self._tty, CHUNK))
        if self._caller is not None and self._caller.fileno() in ready:
            self._pass_to_line(self._caller)
        if self._listener is not None and self._listener.fileno() in ready:
            self._hang_up()
            self._caller, _ = self._listener.accept()
            self.calls += 1

    def _pass_to_line(self, caller: socket.socket) -> None:
        try:
            heard = caller.recv(CHUNK)
        except ConnectionError:
            heard = b""
        if not heard:
            self._hang_up()
        elif not self._mute:
            os.write(self._tty, heard)

    def _pass_to_caller(self, heard: bytes) -> None:
        if self._caller is None or self._mute:
            return
        passed = heard if self._left is None else heard[: self._left]
        with suppress(ConnectionError):
            self._caller.sendall(passed)
        if self._left is not None:
            self._left -= len(passed)
            if self._left == 0:
                self._left = None
                self._hang_up()

    def _hang_up(self) -> None:
        if self._caller is not None:
            self._caller.close()
        self._caller = None

    def _reset(self) -> None:
        if self._caller is not None:
            self._caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        self._hang_up()

    def _go_off(self) -> None:
        self._hang_up()
        if self._listener is not None:
            self._listener.close()
        self._listener = None

    def _go_on(self) -> None:
        self._listener = socket.create_server(self._address)
