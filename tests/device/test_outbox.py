"""The rules of the page "Acknowledging", one by one, on a clock of the test's own."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.device.outbox import Confirm, Limits, Outbox, Span


class Desk:
    """An outbox, its clock, and what it let out."""

    def __init__(self, *, tail: int, cursor: int = 0, confirm: Confirm = Confirm.BACKEND) -> None:
        self.now = 100.0
        self.cursors: list[int] = []
        self.outbox = Outbox(cursor=cursor, tail=tail, confirm=confirm, moved=self.cursors.append)
        self.outbox.went_up(self.now)

    def send(self) -> list[int]:
        """Everything that is due now."""
        sent = []
        while (span := self.outbox.due(self.now)) is not None:
            for sequence in range(span.first, span.first + span.count):
                self.outbox.sent(sequence, self.now)
                sent.append(sequence)
        return sent

    def send_and_confirm(self) -> list[int]:
        """The same, with a broker that takes everything at once."""
        everything: list[int] = []
        while batch := self.send():
            everything += batch
            for sequence in batch:
                self.outbox.confirmed(sequence)
        return everything

    def wait(self, seconds: float) -> list[int]:
        """What goes out in so many seconds, by the outbox's own alarm clock, with a willing broker."""
        until, sent = self.now + seconds, self.send_and_confirm()
        while (wake := self.outbox.wake_at(self.now)) is not None and wake <= until:
            self.now = wake
            sent += self.send_and_confirm()
        self.now = until
        return sent


def up_to(last: int, first: int = 1) -> list[int]:
    return list(range(first, last + 1))


def test_no_more_than_a_hundred_are_with_the_broker_unconfirmed() -> None:
    desk = Desk(tail=5000)

    assert desk.send() == up_to(100)
    desk.outbox.confirmed(1)
    assert desk.send() == [101]


def test_no_more_than_a_thousand_are_with_the_carrier_unacknowledged() -> None:
    desk = Desk(tail=5000)

    assert desk.send_and_confirm() == up_to(1000)
    desk.outbox.acked(10, desk.now)
    assert desk.send_and_confirm() == up_to(1010, 1001)


def test_nothing_goes_out_while_the_link_is_down() -> None:
    desk = Desk(tail=5)
    desk.outbox.went_down(desk.now)

    assert desk.send() == []
    assert desk.outbox.wake_at(desk.now) is None


def test_a_new_record_goes_out_at_once() -> None:
    desk = Desk(tail=0)
    assert desk.send() == []
    desk.outbox.committed(1)

    assert desk.outbox.due(desk.now) == Span(1, 1)


def test_the_cursor_moves_with_acknowledgements_and_with_nothing_else() -> None:
    desk = Desk(tail=50)
    desk.send_and_confirm()
    assert desk.outbox.cursor == 0
    desk.outbox.acked(20, desk.now)
    desk.outbox.acked(20, desk.now)
    desk.outbox.acked(50, desk.now)

    assert desk.cursors == [20, 50]
    assert desk.outbox.depth == 0


def test_a_new_connection_begins_behind_what_the_carrier_has() -> None:
    desk = Desk(tail=50)
    desk.send()
    desk.outbox.acked(20, desk.now)
    desk.outbox.went_down(desk.now)
    desk.outbox.went_up(desk.now)

    assert desk.send() == up_to(50, 21)


def test_what_the_carrier_has_already_is_not_sent_again_when_it_says_so_in_time() -> None:
    desk = Desk(tail=500, cursor=100)
    desk.send()
    desk.outbox.acked(400, desk.now)

    assert desk.send_and_confirm() == []
    for sequence in up_to(200, 101):
        desk.outbox.confirmed(sequence)
    assert desk.send_and_confirm() == up_to(500, 401)


def test_a_repeated_ack_asks_for_a_rewind() -> None:
    desk = Desk(tail=50)
    desk.send_and_confirm()
    desk.outbox.acked(20, desk.now)
    desk.now += 5
    desk.outbox.acked(20, desk.now)

    assert desk.wait(0.5) == up_to(50, 21)


def test_an_ack_that_only_crossed_a_record_on_its_way_asks_for_nothing() -> None:
    desk = Desk(tail=50)
    desk.send_and_confirm()
    desk.now += 5
    desk.outbox.acked(0, desk.now)
    desk.now += 0.1
    desk.outbox.acked(50, desk.now)

    assert desk.wait(5) == []


def test_a_repeated_ack_with_nothing_out_asks_for_nothing() -> None:
    desk = Desk(tail=20)
    desk.send_and_confirm()
    desk.outbox.acked(20, desk.now)
    desk.outbox.acked(20, desk.now)

    assert desk.wait(100) == []
    assert not desk.outbox.silent


def test_rewinds_are_a_second_apart() -> None:
    desk = Desk(tail=3)
    desk.send_and_confirm()
    desk.now += 5
    times = []
    for _ in range(50):
        desk.outbox.acked(0, desk.now)
        if desk.wait(0.1):
            times.append(desk.now)

    assert len(times) == 5
    assert all(later - earlier > 0.9 for earlier, later in pairwise(times))


def test_an_ack_below_the_cursor_brings_the_records_again_and_leaves_the_cursor() -> None:
    desk = Desk(tail=50, cursor=50)
    desk.outbox.acked(30, desk.now)

    assert desk.wait(2) == up_to(50, 31)
    assert desk.outbox.cursor == 50


def test_a_silent_carrier_is_probed_with_one_record_ever_more_rarely() -> None:
    desk = Desk(tail=50)
    desk.send_and_confirm()
    probes = []
    for second in range(240):
        if sent := desk.wait(1):
            assert sent == [1]
            probes.append(second + 1)

    assert probes == [10, 20, 40, 80, 140, 200]
    assert desk.outbox.silent


def test_a_carrier_that_answers_the_probe_gets_the_rest_at_once() -> None:
    desk = Desk(tail=50)
    desk.send_and_confirm()
    assert desk.wait(10) == [1]
    desk.outbox.acked(1, desk.now)

    assert desk.send_and_confirm() == up_to(50, 2)
    assert not desk.outbox.silent


def test_a_silent_carrier_does_not_get_the_backlog_with_every_new_connection() -> None:
    desk = Desk(tail=50)
    desk.send_and_confirm()
    desk.wait(30)
    for _ in range(5):
        desk.outbox.went_down(desk.now)
        desk.outbox.went_up(desk.now)
        assert desk.send_and_confirm() == [1]


def test_new_records_still_go_out_to_others_while_the_carrier_is_silent() -> None:
    desk = Desk(tail=50)
    desk.send_and_confirm()
    desk.wait(15)
    desk.outbox.committed(52)

    assert desk.send_and_confirm() == [51, 52]


def test_time_without_a_link_is_not_the_carriers_silence() -> None:
    desk = Desk(tail=50)
    desk.send_and_confirm()
    desk.wait(6)
    desk.outbox.went_down(desk.now)
    desk.now += 3600
    desk.outbox.went_up(desk.now)

    assert desk.send_and_confirm() == up_to(50)
    assert desk.wait(3.5) == []
    assert desk.wait(1) == [1]


def test_a_record_the_broker_refuses_holds_everything_up_for_a_while() -> None:
    desk = Desk(tail=50)
    assert desk.send() == up_to(50)
    for sequence in up_to(50):
        desk.outbox.refused(desk.now) if sequence == 7 else desk.outbox.confirmed(sequence)

    assert desk.send() == []
    assert desk.wait(1) == up_to(50)


def test_a_broker_that_goes_on_refusing_is_asked_ever_more_rarely() -> None:
    desk = Desk(tail=1)
    pauses = []
    for _ in range(8):
        before = desk.now
        assert desk.send() == [1]
        desk.outbox.refused(desk.now)
        wake = desk.outbox.wake_at(desk.now)
        assert wake is not None
        desk.now = wake
        pauses.append(desk.now - before)

    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]


def test_with_the_brokers_word_for_it_the_cursor_moves_in_order() -> None:
    desk = Desk(tail=5, confirm=Confirm.BROKER)
    assert desk.send() == up_to(5)
    for sequence in (2, 3, 1, 5):
        desk.outbox.confirmed(sequence)

    assert desk.outbox.cursor == 3
    desk.outbox.went_down(desk.now)
    desk.outbox.went_up(desk.now)
    assert desk.send() == [4, 5]


def test_with_the_brokers_word_for_it_nobody_is_probed() -> None:
    desk = Desk(tail=5, confirm=Confirm.BROKER)
    desk.send_and_confirm()

    assert desk.wait(1000) == []
    assert desk.outbox.wake_at(desk.now) is None


def test_what_was_pruned_is_passed_over() -> None:
    desk = Desk(tail=50, cursor=40)
    desk.outbox.acked(0, desk.now)
    desk.now += 2
    assert desk.outbox.due(desk.now) == Span(1, 50)
    desk.outbox.pruned_before(31)

    assert desk.send_and_confirm() == up_to(50, 31)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("commit"), st.integers(1, 400)),
        st.tuples(st.just("confirm"), st.integers(1, 150)),
        st.tuples(st.just("refuse"), st.just(0)),
        st.tuples(st.just("ack"), st.integers(0, 3000)),
        st.tuples(st.just("flap"), st.just(0)),
        st.tuples(st.just("wait"), st.integers(0, 90)),
    ),
    max_size=60,
)


@given(STEPS)
def test_whatever_happens_the_limits_hold_and_everything_arrives_in_the_end(steps: list[tuple[str, int]]) -> None:
    desk, tail, out = Desk(tail=0), 0, list[int]()
    carrier = 0

    def receive(sent: list[int]) -> None:
        nonlocal carrier
        for sequence in sent:
            carrier = max(carrier, sequence) if sequence <= carrier + 1 else carrier

    for what, amount in steps:
        if what == "commit":
            tail += amount
            desk.outbox.committed(tail)
        elif what == "flap":
            desk.outbox.went_down(desk.now)
            out.clear()
            desk.outbox.went_up(desk.now)
        elif what == "wait":
            desk.now += amount
        elif what == "ack":
            desk.outbox.acked(min(amount, carrier), desk.now)
        elif what == "refuse" and out:
            out.pop(0)
            desk.outbox.refused(desk.now)
        elif what == "confirm":
            for sequence in out[:amount]:
                desk.outbox.confirmed(sequence)
            del out[:amount]
        sent = desk.send()
        out += sent
        receive(sent)
        assert len(out) <= Limits().unconfirmed
        assert all(sequence <= tail for sequence in sent)
        assert desk.outbox.cursor <= carrier
    for _ in range(5000):
        if carrier == tail:
            break
        while out:
            desk.outbox.confirmed(out.pop())
        desk.outbox.acked(carrier, desk.now)
        desk.now += 1.5
        sent = desk.send()
        out += sent
        receive(sent)
    assert carrier == tail


@pytest.mark.parametrize("limits", [Limits(1, 1), Limits(10, 5), Limits(100, 1000)])
def test_smaller_windows_work_too(limits: Limits) -> None:
    outbox = Outbox(cursor=0, tail=20, limits=limits, moved=lambda _: None)
    outbox.went_up(0.0)
    got = 0
    while (span := outbox.due(0.0)) is not None:
        assert span.count <= min(limits.unconfirmed, limits.unacked)
        for sequence in range(span.first, span.first + span.count):
            outbox.sent(sequence, 0.0)
            outbox.confirmed(sequence)
            got = sequence
        outbox.acked(got, 0.0)

    assert got == 20
