"""The line, driven through scripted ports: what is said when, what is heard, and what becomes of a port that breaks."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise

import pytest
from support.line_port import LOST, ScriptedPort

from firmware_bridge import serial_bus
from firmware_bridge.bus_health import BusHealth
from firmware_bridge.codecs import REPLY_MS, Acknowledgement, Status
from firmware_bridge.codecs.kerong import KerongCu48, status_answer, status_request, unlock_frame
from firmware_bridge.faults import FaultKind
from firmware_bridge.serial_bus import (
    DIRTY_SILENCE_MS,
    FIRST_PAUSE_MS,
    SerialBus,
    gap_ms,
    monotonic_ms,
)
from firmware_bridge.serial_exchange import Answered, Dropped, Exchange, Failed, Outcome, Written
from firmware_bridge.serial_port import Port, PortError

CODEC = KerongCu48()
QUESTION, ORDER = status_request(0), unlock_frame(0, 1)
ANSWER = status_answer(0, {1: True})
LIMIT_S = 5


class Passenger:
    """A rider that asks only when told to, and notes what came of it."""

    def __init__(self, question: bytes = QUESTION) -> None:
        self._question = question
        self._due = threading.Event()
        self._changed = threading.Condition()
        self.outcomes: list[Outcome] = []
        self.news: list[PortError | None] = []
        self.on_outcome: Callable[[Outcome], None] = lambda outcome: None

    def ask(self, bus: SerialBus) -> None:
        self._due.set()
        bus.wake()

    def due_ms(self) -> float | None:
        return 0.0 if self._due.is_set() else None

    def question(self) -> Exchange:
        self._due.clear()
        return Exchange(self._question, CODEC, self.done)

    def order(self, frame: bytes = ORDER) -> Exchange:
        return Exchange(frame, None, self.done)

    def line_up(self) -> None:
        self._note(lambda: self.news.append(None))

    def line_down(self, fault: PortError) -> None:
        self._note(lambda: self.news.append(fault))

    def done(self, outcome: Outcome) -> None:
        self.on_outcome(outcome)
        self._note(lambda: self.outcomes.append(outcome))

    def wait(self, true: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(true, LIMIT_S), f"did not come true: {self.outcomes} {self.news}"

    def _note(self, take: Callable[[], None]) -> None:
        with self._changed:
            take()
            self._changed.notify_all()


class Ports:
    """What is found when the port is opened, one after the other; the last one again and again."""

    def __init__(self, *found: ScriptedPort | PortError) -> None:
        self._found = list(found)
        self.opened_ms: list[float] = []

    def open(self, port: str, baud: int) -> Port:
        self.opened_ms.append(monotonic_ms())
        found = self._found.pop(0) if len(self._found) > 1 else self._found[0]
        if isinstance(found, PortError):
            raise found
        return found


@contextmanager
def riding(*found: ScriptedPort | PortError, riders: int = 1) -> Iterator[tuple[SerialBus, list[Passenger]]]:
    bus = SerialBus("/dev/test", 19_200, open_port=Ports(*found).open)
    passengers = [Passenger() for _ in range(riders)]
    for passenger in passengers:
        bus.join(passenger)
    try:
        yield bus, passengers
    finally:
        for passenger in passengers:
            bus.leave(passenger)


def test_a_question_is_asked_once_and_answered() -> None:
    port = ScriptedPort(lambda frame: ANSWER)
    with riding(port) as (bus, [rider]):
        rider.ask(bus)
        rider.wait(lambda: len(rider.outcomes) == 1)
        assert isinstance(rider.outcomes[0], Answered)
        assert bus.health() == BusHealth(requests=1, replies=1)
    assert port.written == [QUESTION]
    assert port.closed


def test_an_order_without_an_answer_is_written_once() -> None:
    port = ScriptedPort()
    with riding(port) as (bus, [rider]):
        bus.order(rider, rider.order())
        rider.wait(lambda: rider.outcomes == [Written()])
    assert port.written == [ORDER]


def test_an_order_overtakes_every_question_but_cuts_none_short() -> None:
    port = ScriptedPort()
    with riding(port, riders=2) as (bus, [first, second]):
        first.ask(bus)
        port.wait_for(QUESTION)
        second.ask(bus)
        bus.order(second, second.order())
        port.say(ANSWER)
        second.wait(lambda: len(second.outcomes) == 2)
    assert port.written == [QUESTION, ORDER, QUESTION]
    assert isinstance(first.outcomes[0], Answered)
    assert second.outcomes[0] == Written()


def test_silence_fails_a_question_after_its_time_and_nothing_is_said_twice() -> None:
    port = ScriptedPort()
    with riding(port) as (bus, [rider]):
        asked_ms = monotonic_ms()
        rider.ask(bus)
        rider.wait(lambda: len(rider.outcomes) == 1)
        assert monotonic_ms() - asked_ms >= REPLY_MS
        assert rider.outcomes == [Failed(FaultKind.NO_REPLY, "/dev/test", sent=True)]
        assert bus.health() == BusHealth(requests=1, timeouts=1)
    assert port.written == [QUESTION]


def test_an_unlock_is_never_said_again_whatever_happens_to_it() -> None:
    """Noise, echo, a lost port: each of them once, and the frame stands on the line once."""
    for port in (ScriptedPort(lambda frame: frame), ScriptedPort(lambda frame: b"\xff\x00"), ScriptedPort()):
        with riding(port) as (bus, [rider]):
            bus.order(rider, rider.order())
            rider.wait(lambda: len(rider.outcomes) == 1)
            rider.ask(bus)
            rider.wait(lambda: len(rider.outcomes) == 2)
        assert port.written == [ORDER, QUESTION]


def test_what_was_still_coming_in_is_thrown_away_before_a_question() -> None:
    """The late answer of the previous question, here one that says lock 1 is open, does not become this one's."""
    stale = status_answer(0, {})
    port = ScriptedPort(lambda frame: ANSWER)
    with riding(port) as (bus, [rider]):
        port.say(stale)
        rider.ask(bus)
        rider.wait(lambda: len(rider.outcomes) == 1)
        answered = rider.outcomes[0]
        assert isinstance(answered, Answered)
        assert answered.answer == CODEC.answer(QUESTION, ANSWER)
        assert bus.health().stray_bytes == len(stale)


def test_after_a_missing_answer_the_line_must_be_silent_for_longer() -> None:
    """The answer that did not come in time may still be on its way; it falls into the silence then asked for."""
    port = ScriptedPort()
    with riding(port) as (bus, [rider]):
        rider.ask(bus)
        rider.wait(lambda: len(rider.outcomes) == 1)
        rider.ask(bus)
        rider.wait(lambda: len(rider.outcomes) == 2)
    first_ns, second_ns = port.written_ns
    assert (second_ns - first_ns) / 1_000_000 >= REPLY_MS + DIRTY_SILENCE_MS


@pytest.mark.parametrize(
    ("heard", "kind"),
    [
        (b"", FaultKind.NO_REPLY),
        (b"\x00\xff\x00", FaultKind.BAD_REPLY),
        (ANSWER[:-1] + b"\x00", FaultKind.BAD_REPLY),
        (status_answer(1, {}), FaultKind.BAD_REPLY),
        (QUESTION, FaultKind.ECHO),
    ],
)
def test_what_is_no_answer_is_named(heard: bytes, kind: FaultKind) -> None:
    with riding(ScriptedPort(lambda frame: heard)) as (bus, [rider]):
        rider.ask(bus)
        rider.wait(lambda: rider.outcomes == [Failed(kind, "/dev/test", sent=True)])


def test_an_echo_before_the_answer_is_counted_and_passed_over() -> None:
    with riding(ScriptedPort(lambda frame: frame + ANSWER)) as (bus, [rider]):
        rider.ask(bus)
        rider.wait(lambda: len(rider.outcomes) == 1)
        assert isinstance(rider.outcomes[0], Answered)
        assert bus.health() == BusHealth(requests=1, replies=1, echoes=1)


@dataclass(frozen=True, slots=True)
class Parrot(KerongCu48):
    """A made-up board that says an unlock back when its lock did not open, and a status when it did."""

    def answer(self, request: bytes, frame: bytes) -> Status | Acknowledgement | None:
        if request == ORDER:
            return Acknowledgement(1, taken=frame == ANSWER) if frame in (ORDER, ANSWER) else None
        return KerongCu48().answer(request, frame)


def parrot_order(rider: Passenger) -> Exchange:
    return Exchange(ORDER, Parrot(), rider.done)


@pytest.mark.parametrize("echo", [True, False])
@pytest.mark.parametrize("taken", [True, False])
def test_a_question_shows_whether_the_line_echoes_before_an_order_is_said_whose_answer_may_be_one(
    echo: bool, taken: bool
) -> None:
    said = {QUESTION: ANSWER, ORDER: ANSWER if taken else ORDER}
    port = ScriptedPort(lambda frame: (frame if echo else b"") + said[frame])
    bus, rider = SerialBus("/dev/test", 19_200, open_port=Ports(port).open), Passenger()
    rider.ask(bus)
    bus.join(rider)
    bus.order(rider, parrot_order(rider))
    rider.wait(lambda: len(rider.outcomes) == 2)
    bus.leave(rider)
    assert port.written == [QUESTION, ORDER]
    assert rider.outcomes[1] == Answered(Acknowledgement(1, taken))


def test_on_a_line_that_echoes_an_echo_alone_is_no_answer() -> None:
    port = ScriptedPort(lambda frame: frame)
    with riding(port) as (bus, [rider]):
        rider.ask(bus)
        rider.wait(lambda: len(rider.outcomes) == 1)
        bus.order(rider, parrot_order(rider))
        rider.wait(lambda: len(rider.outcomes) == 2)
    assert rider.outcomes[1] == Failed(FaultKind.ECHO, "/dev/test", sent=True)


def test_noise_does_not_hide_that_a_line_echoes_and_silence_shows_that_it_does_not() -> None:
    heard = iter([QUESTION, b"\xff", ORDER, b"", ORDER])
    port = ScriptedPort(lambda frame: next(heard))
    with riding(port) as (bus, [rider]):

        def heard_of(count: int) -> Callable[[], bool]:
            return lambda: len(rider.outcomes) == count

        for said, asks in enumerate((True, True, False, True, False), 1):
            if asks:
                rider.ask(bus)
            else:
                bus.order(rider, parrot_order(rider))
            rider.wait(heard_of(said))
    kinds = [outcome.kind for outcome in rider.outcomes[:4] if isinstance(outcome, Failed)]
    assert kinds == [FaultKind.ECHO, FaultKind.BAD_REPLY, FaultKind.ECHO, FaultKind.NO_REPLY]
    assert rider.outcomes[4] == Answered(Acknowledgement(1, taken=False))


def test_a_line_where_nobody_asks_is_not_kept_from_its_orders() -> None:
    port = ScriptedPort(lambda frame: ORDER)
    with riding(port) as (bus, [rider]):
        bus.order(rider, parrot_order(rider))
        rider.wait(lambda: rider.outcomes == [Answered(Acknowledgement(1, taken=False))])


def test_a_board_has_the_time_that_its_answer_takes() -> None:
    port = ScriptedPort(lambda frame: ANSWER, slow_ms=REPLY_MS + 50)
    with riding(port) as (bus, [rider]):
        bus.order(rider, Exchange(QUESTION, CODEC, rider.done, reply_ms=5_000))
        rider.wait(lambda: len(rider.outcomes) == 1)
        assert isinstance(rider.outcomes[0], Answered)


def test_bad_checksums_are_counted() -> None:
    with riding(ScriptedPort(lambda frame: ANSWER[:-1] + b"\x00" + ANSWER)) as (bus, [rider]):
        rider.ask(bus)
        rider.wait(lambda: len(rider.outcomes) == 1)
        assert bus.health() == BusHealth(requests=1, replies=1, bad_checksums=1)


def test_a_line_that_never_falls_silent_is_not_spoken_on() -> None:
    port = ScriptedPort()
    port.babbling = True
    with riding(port) as (bus, [rider]):
        bus.order(rider, rider.order())
        rider.wait(lambda: len(rider.outcomes) == 1)
        failed = rider.outcomes[0]
        assert isinstance(failed, Failed)
        assert (failed.kind, failed.sent) == (FaultKind.BABBLE, False)
        assert port.written == []
        port.babbling = False
        bus.order(rider, rider.order())
        rider.wait(lambda: rider.outcomes[1:] == [Written()])


@pytest.mark.parametrize(("use", "sent"), [("read", False), ("write", False), ("flush", True)])
def test_an_order_on_a_port_that_breaks_says_whether_it_may_have_left(use: str, sent: bool) -> None:
    port = ScriptedPort()
    with riding(port, LOST) as (bus, [rider]):
        rider.wait(lambda: rider.news == [None])
        port.break_at(use)
        bus.order(rider, rider.order())
        rider.wait(lambda: rider.outcomes == [Failed(FaultKind.PORT_LOST, "script: gone", sent)])
        rider.wait(lambda: rider.news[-1] is not None)
    assert port.closed


def test_a_port_that_broke_is_opened_again_by_itself() -> None:
    broken, whole = ScriptedPort(), ScriptedPort(lambda frame: ANSWER)
    broken.break_at("write")
    with riding(broken, LOST, whole) as (bus, [rider]):
        rider.ask(bus)
        rider.wait(lambda: len(rider.news) >= 3 and rider.news[-1] is None)
        rider.ask(bus)
        rider.wait(lambda: len(rider.outcomes) == 2)
        assert isinstance(rider.outcomes[1], Answered)
        assert bus.health().reopenings == 1
    assert rider.news[0] is None


def test_a_missing_port_is_tried_with_growing_pauses() -> None:
    ports = Ports(PortError(FaultKind.PORT_MISSING, "nothing there"))
    bus, rider = SerialBus("/dev/test", 19_200, open_port=ports.open), Passenger()
    bus.join(rider)
    rider.wait(lambda: len(rider.news) >= 3)
    bus.leave(rider)
    first, second, third = ports.opened_ms[:3]
    assert second - first >= FIRST_PAUSE_MS
    assert third - second >= 2 * FIRST_PAUSE_MS


def test_an_order_while_the_port_is_away_fails_at_once_and_is_not_kept() -> None:
    missing, later = PortError(FaultKind.PORT_MISSING, "nothing there"), ScriptedPort()
    with riding(missing, later) as (bus, [rider]):
        rider.wait(lambda: len(rider.news) == 1)
        bus.order(rider, rider.order())
        rider.wait(lambda: rider.outcomes == [Failed(FaultKind.PORT_MISSING, "nothing there", sent=False)])
        rider.wait(lambda: rider.news[-1] is None)
    assert later.written == []


def test_a_pause_before_reopening_holds_up_neither_orders_nor_leaving(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serial_bus, "FIRST_PAUSE_MS", 60_000)
    with riding(PortError(FaultKind.PORT_MISSING, "nothing there")) as (bus, [rider]):
        rider.wait(lambda: len(rider.news) == 1)
        bus.order(rider, rider.order())
        rider.wait(lambda: len(rider.outcomes) == 1)


def test_a_rider_is_told_again_when_it_wakes_a_line_that_is_down() -> None:
    with riding(PortError(FaultKind.PORT_MISSING, "nothing there")) as (bus, [rider]):
        rider.wait(lambda: len(rider.news) == 1)
        bus.wake()
        rider.wait(lambda: len(rider.news) == 2)


def test_orders_of_a_rider_that_leaves_are_dropped_and_others_go_on() -> None:
    port = ScriptedPort()
    with riding(port, riders=2) as (bus, [stays, leaves]):
        stays.ask(bus)
        port.wait_for(QUESTION)
        bus.order(leaves, leaves.order(unlock_frame(0, 2)))
        bus.leave(leaves)
        assert leaves.outcomes == [Dropped()]
        bus.order(leaves, leaves.order(unlock_frame(0, 3)))
        assert leaves.outcomes == [Dropped(), Dropped()]
        bus.order(stays, stays.order())
        port.wait_for(QUESTION, ORDER)
        assert len(leaves.outcomes) == 2
        bus.join(leaves)


def test_leaving_waits_for_what_the_rider_is_saying() -> None:
    port = ScriptedPort()
    bus, rider = SerialBus("/dev/test", 19_200, open_port=Ports(port).open), Passenger()
    other = Passenger()
    bus.join(rider)
    bus.join(other)
    rider.ask(bus)
    port.wait_for(QUESTION)
    bus.leave(rider)
    assert len(rider.outcomes) == 1
    bus.leave(other)


def test_the_thread_ends_with_the_last_rider_and_begins_again_with_the_next() -> None:
    bus, rider = SerialBus("/dev/test", 19_200, open_port=Ports(ScriptedPort()).open), Passenger()
    for _ in range(2):
        bus.join(rider)
        assert [it.name for it in threading.enumerate()].count("line /dev/test") == 1
        bus.leave(rider)
        assert "line /dev/test" not in {it.name for it in threading.enumerate()}


def test_callbacks_come_from_the_lines_own_thread() -> None:
    names: list[str] = []
    with riding(ScriptedPort()) as (bus, [rider]):
        rider.on_outcome = lambda outcome: names.append(threading.current_thread().name)
        bus.order(rider, rider.order())
        rider.wait(lambda: len(rider.outcomes) == 1)
    assert names == ["line /dev/test"]


@pytest.mark.parametrize(("baud", "silence_ms"), [(9_600, 5), (19_200, 3), (115_200, 3)])
def test_the_gap_between_exchanges_is_what_boards_were_seen_to_need(baud: int, silence_ms: int) -> None:
    assert gap_ms(baud) == silence_ms


def test_two_exchanges_are_never_closer_than_the_gap() -> None:
    port = ScriptedPort(lambda frame: ANSWER)
    with riding(port, riders=2) as (bus, [first, second]):
        for _ in range(5):
            bus.order(first, first.order())
            bus.order(second, second.order())
        second.wait(lambda: len(second.outcomes) == 5)
    gaps_ns = [late - early for early, late in pairwise(port.written_ns)]
    assert min(gaps_ns) >= gap_ms(19_200) * 1_000_000


def test_the_gap_counts_from_the_answer_and_not_from_the_question() -> None:
    said_ns: list[int] = []

    def answer(frame: bytes) -> bytes:
        said_ns.append(port.said_ns)
        return ANSWER

    port = ScriptedPort(answer, slow_ms=30)
    with riding(port, riders=2) as (bus, [first, second]):
        first.ask(bus)
        port.wait_for(QUESTION)
        second.ask(bus)
        second.wait(lambda: len(second.outcomes) == 1)
    assert port.written_ns[1] - said_ns[1] >= gap_ms(19_200) * 1_000_000
