"""One serial line and everything said on it: one thread, one exchange at a time, an answer to each question.

Half-duplex boards lose step when a question is cut short, so an exchange, once begun, runs to its answer or its time
limit. Before each the line must have been silent; what was still coming in is thrown away, so that a late answer never
becomes the answer to the next question. Nothing here ever says a thing twice: a board that wants to ask again, asks
again; an order is said once or not at all.
"""

import math
import threading
import time
from collections import deque
from dataclasses import replace
from typing import Final

from firmware_bridge.bus_health import BusHealth
from firmware_bridge.codecs import Codec
from firmware_bridge.faults import FaultKind
from firmware_bridge.serial_exchange import Answered, Dropped, Exchange, Failed, Outcome, Rider, Written
from firmware_bridge.serial_port import OpenPort, Port, PortError, open_port

DIRTY_SILENCE_MS: Final = 50
"""The silence asked for after an answer that did not come: it may still be on its way."""
BABBLE_MS: Final = 500
"""A line that was not silent for this long is nobody's to speak on."""
URGENT_BABBLE_MS: Final = 50
"""The same for an exchange that must not wait; then it is said all the same."""
WATCH_MS: Final = 200
"""How often a line on which nobody ever asks is looked at: otherwise a port that is gone would show only when used."""
FIRST_PAUSE_MS: Final = 250
LAST_PAUSE_MS: Final = 4_000


def monotonic_ms() -> float:
    """Monotonic milliseconds with their fraction: on a serial line a tenth of one is a long time."""
    return time.monotonic() * 1000


def gap_ms(baud: int) -> int:
    """The least silence between two exchanges: 3.5 characters, but 1.75 ms above 19200 baud as Modbus has it, and 1 ms
    (together 5 ms at 9600), as boards were seen to need.
    """
    return math.ceil(max(35_000 / baud, 1.75) + 1)


class SerialBus:
    """The line behind one port. Boards join and leave; the port is held from the first to the last of them."""

    def __init__(self, port: str, baud: int, *, open_port: OpenPort = open_port) -> None:
        self.port = port
        self.baud = baud
        self._open_port = open_port
        self._changed = threading.Condition()
        self._riders: list[Rider] = []
        self._greeted: set[Rider] = set()
        self._orders: deque[tuple[Rider, Exchange]] = deque()
        self._woken = False
        self._hurried = False
        self._talking: Rider | None = None
        self._thread: threading.Thread | None = None
        self._health = BusHealth()
        self._echoing: bool | None = None
        self._busy_ms = 0.0
        self._gap_ms = self._silence_ms = gap_ms(baud)

    def join(self, rider: Rider) -> None:
        """Take `rider` along; the first one opens the port."""
        with self._changed:
            self._riders.append(rider)
            self._wake()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=f"line {self.port}", daemon=True)
                self._thread.start()

    def leave(self, rider: Rider) -> None:
        """Leave `rider` behind: what it says just now is finished, its orders that wait are dropped, and the last one
        closes the port. Nothing of the rider is called once this has returned. Not to be called from its callbacks.
        """
        with self._changed:
            self._riders.remove(rider)
            self._greeted.discard(rider)
            dropped = [exchange for owner, exchange in self._orders if owner is rider]
            self._orders = deque(order for order in self._orders if order[0] is not rider)
            self._wake()
            self._changed.wait_for(lambda: self._talking is not rider)
            ended = None if self._riders else self._thread
        for exchange in dropped:
            exchange.done(Dropped())
        if ended is not None:
            ended.join()
            self._thread = None

    def order(self, rider: Rider, exchange: Exchange) -> None:
        """Say `exchange` next, before any question. A line that is down fails it at once: it never waits for one.
        A rider that has left is dropped on the caller's thread.
        """
        with self._changed:
            aboard = rider in self._riders
            if aboard:
                self._orders.append((rider, exchange))
                self._hurried = self._hurried or exchange.urgent
                self._wake()
        if not aboard:
            exchange.done(Dropped())

    def wake(self) -> None:
        """A rider wants the line earlier than it last said."""
        with self._changed:
            self._wake()

    def health(self) -> BusHealth:
        """The counts so far."""
        return self._health

    def _wake(self) -> None:
        self._woken = True
        self._changed.notify_all()

    def _count(self, **more: int) -> None:
        counted = self._health
        self._health = replace(counted, **{name: getattr(counted, name) + count for name, count in more.items()})

    def _run(self) -> None:
        pause_ms, opened = FIRST_PAUSE_MS, False
        while self._riders:
            try:
                port = self._open_port(self.port, self.baud)
            except PortError as fault:
                self._wait_out(fault, pause_ms)
                pause_ms = min(2 * pause_ms, LAST_PAUSE_MS)
            else:
                self._count(reopenings=opened)
                pause_ms, opened = FIRST_PAUSE_MS, True
                self._hold(port)

    def _hold(self, port: Port) -> None:
        """Serve the open port until it is lost or the last rider leaves."""
        self._greeted.clear()
        self._echoing = None
        try:
            while turn := self._next(port):
                self._take(port, *turn)
        except PortError as fault:
            lost: PortError | None = fault
        else:
            lost = None
        port.close()
        if lost is not None:
            self._wait_out(lost, FIRST_PAUSE_MS)

    def _next(self, port: Port) -> tuple[Rider, Exchange | None] | None:
        """Wait for whatever is to be done next; None when nobody is left.

        An order comes before any question, but for one whose answer could not be told from an echo: a question that is
        due anyway shows first whether this line echoes.
        """
        with self._changed:
            while self._riders:
                rider, wanted_ms = self._neediest()
                left_ms = wanted_ms - monotonic_ms()
                unsure = self._echoing is None and left_ms <= 0
                if self._orders and not (unsure and self._orders[0][1].echo_is_answer):
                    self._talking, order = self._orders.popleft()
                    return self._talking, order
                if left_ms <= 0:
                    self._talking = rider
                    return rider, rider.question() if rider in self._greeted else None
                if not self._changed.wait(min(left_ms, WATCH_MS if math.isinf(left_ms) else left_ms) / 1000):
                    self._peek(port)
        return None

    def _peek(self, port: Port) -> None:
        if heard := port.read(0):
            self._busy_ms = monotonic_ms()
            self._count(stray_bytes=len(heard))

    def _neediest(self) -> tuple[Rider, float]:
        def wanted_ms(rider: Rider) -> float:
            due_ms = rider.due_ms() if rider in self._greeted else 0.0
            return math.inf if due_ms is None else due_ms

        rider = min(self._riders, key=wanted_ms)
        return rider, wanted_ms(rider)

    def _take(self, port: Port, rider: Rider, exchange: Exchange | None) -> None:
        try:
            if exchange is not None:
                self._say(port, exchange)
            else:
                self._greeted.add(rider)
                rider.line_up()
        finally:
            self._silent()

    def _silent(self) -> None:
        with self._changed:
            self._talking = None
            self._changed.notify_all()

    def _say(self, port: Port, exchange: Exchange) -> None:
        sent = False
        try:
            if not self._hush(port, URGENT_BABBLE_MS if exchange.urgent else BABBLE_MS) and not exchange.urgent:
                exchange.done(Failed(FaultKind.BABBLE, f"{self.port}: no silence within {BABBLE_MS} ms", sent=False))
                return
            port.write(exchange.request)
            sent = True
            self._count(requests=1)
            port.flush()
            self._busy_ms = monotonic_ms()
            if exchange.codec is None:
                outcome: Outcome = Written()
                self._silence_ms = max(self._gap_ms, exchange.rest_ms)
            else:
                outcome = self._listen(port, exchange, exchange.codec)
        except PortError as fault:
            exchange.done(Failed(fault.kind, fault.detail, sent))
            raise
        exchange.done(outcome)

    def _hush(self, port: Port, patience_ms: int) -> bool:
        """Throw away what still comes in until the line has been silent for long enough; False if it never is."""
        give_up_ms = monotonic_ms() + patience_ms
        while True:
            left_ms = self._busy_ms + self._silence_ms - monotonic_ms()
            heard = port.read(max(left_ms, 0))
            if heard:
                self._busy_ms = monotonic_ms()
                self._count(stray_bytes=len(heard))
                if self._busy_ms > give_up_ms:
                    return False
            elif left_ms <= 0:
                self._silence_ms = self._gap_ms
                return True

    def _listen(self, port: Port, exchange: Exchange, codec: Codec) -> Outcome:
        """Hear the answer out, passing over whatever else comes meanwhile."""
        reader, ends_ms = codec.reader(), self._busy_ms + exchange.reply_ms
        pause_ms = exchange.reply_ms
        heard = echoed = False
        while (left_ms := ends_ms - monotonic_ms()) > 0:
            if chunk := port.read(min(left_ms, pause_ms)):
                heard, pause_ms, self._busy_ms = True, self._gap_ms, monotonic_ms()
            else:
                pause_ms = exchange.reply_ms
            for frame in reader.feed(chunk) if chunk else reader.quiet():
                if frame == exchange.request and self._echoing and not echoed:
                    echoed = True
                    continue
                answer = codec.answer(exchange.request, frame)
                if answer is not None:
                    self._learn(exchange, echoed)
                    self._count(replies=1, echoes=echoed, bad_checksums=reader.bad_checksums)
                    return Answered(answer)
                echoed = echoed or frame == exchange.request
        self._learn(exchange, echoed or (heard and self._echoing is True))
        self._silence_ms, self._busy_ms = DIRTY_SILENCE_MS, monotonic_ms()
        self._count(timeouts=1, echoes=echoed, bad_checksums=reader.bad_checksums)
        kind = FaultKind.ECHO if echoed else FaultKind.BAD_REPLY if heard else FaultKind.NO_REPLY
        return Failed(kind, self.port, sent=True)

    def _learn(self, exchange: Exchange, echoed: bool) -> None:
        """An exchange that could not be mistaken shows whether the line echoes."""
        if not exchange.echo_is_answer:
            self._echoing = echoed

    def _wait_out(self, fault: PortError, pause_ms: float) -> None:
        """Let `pause_ms` pass without a port, failing orders as they come and telling the riders. An urgent one cuts it
        short.
        """
        began_ms = monotonic_ms()
        self._hurried = False
        while (left_ms := began_ms + self._shortened(pause_ms) - monotonic_ms()) > 0 and self._riders:
            with self._changed:
                self._woken = False
                untold = list(self._riders)
            while told := self._next_told(untold):
                self._tell(fault, *told)
            with self._changed:
                self._changed.wait_for(lambda: self._woken, left_ms / 1000)

    def _shortened(self, pause_ms: float) -> float:
        return min(pause_ms, FIRST_PAUSE_MS) if self._hurried else pause_ms

    def _next_told(self, untold: list[Rider]) -> tuple[Rider, Exchange | None] | None:
        with self._changed:
            if self._orders:
                self._talking, order = self._orders.popleft()
                return self._talking, order
            while untold:
                if (rider := untold.pop()) in self._riders:
                    self._talking = rider
                    return rider, None
        return None

    def _tell(self, fault: PortError, rider: Rider, exchange: Exchange | None) -> None:
        try:
            if exchange is not None:
                exchange.done(Failed(fault.kind, fault.detail, sent=False))
            else:
                rider.line_down(fault)
        finally:
            self._silent()
