from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.debounce import HOLD_MS, Contact, Panel, ParcelPanel, edged, elapsed, polled
from firmware_bridge.lock_board import Door, DoorReading

CLOSED = Contact(Door.CLOSED)
READINGS = st.sampled_from(list(Door))
TRACES = st.lists(st.tuples(READINGS, st.integers(0, 200)), max_size=40)


def test_one_poll_changes_nothing_and_the_second_equal_one_does() -> None:
    once, change = polled(CLOSED, Door.OPEN, 1_000)
    assert change is None
    assert once.door is Door.CLOSED
    twice, change = polled(once, Door.OPEN, 1_010)
    assert change is Door.OPEN
    assert twice == Contact(Door.OPEN, 1_010)


def test_a_poll_that_disagrees_starts_over() -> None:
    contact, _ = polled(CLOSED, Door.OPEN, 0)
    contact, change = polled(contact, Door.CLOSED, 10)
    assert (contact, change) == (Contact(Door.CLOSED, 10), None)
    contact, change = polled(contact, Door.OPEN, 20)
    assert change is None


def test_a_reading_between_two_others_is_a_candidate_of_its_own() -> None:
    contact, _ = polled(CLOSED, Door.OPEN, 0)
    contact, change = polled(contact, Door.UNKNOWN, 10)
    assert change is None
    contact, change = polled(contact, Door.UNKNOWN, 20)
    assert change is Door.UNKNOWN


def test_a_single_lost_answer_does_not_make_a_door_unknown() -> None:
    contact, change = polled(CLOSED, Door.UNKNOWN, 0)
    assert change is None
    contact, change = polled(contact, Door.CLOSED, 10)
    assert (contact.door, change) == (Door.CLOSED, None)


def test_a_single_reading_does_not_make_a_door_known() -> None:
    contact, change = polled(Contact(), Door.CLOSED, 0)
    assert (contact.door, change) == (Door.UNKNOWN, None)


def test_edges_settle_only_by_resting() -> None:
    contact, change = edged(CLOSED, Door.OPEN, 0)
    for at_ms in (2, 4, 6, 8):
        contact, change = edged(contact, Door.OPEN, at_ms)
        assert change is None
    contact, change = elapsed(contact, HOLD_MS - 1)
    assert change is None
    contact, change = elapsed(contact, HOLD_MS)
    assert change is Door.OPEN


def test_a_bounce_back_and_forth_counts_from_the_last_time_it_left() -> None:
    contact, _ = edged(CLOSED, Door.OPEN, 0)
    contact, _ = edged(contact, Door.CLOSED, 5)
    contact, _ = edged(contact, Door.OPEN, 7)
    assert contact.due_ms() == 7 + HOLD_MS
    contact, change = elapsed(contact, HOLD_MS)
    assert change is None


def test_an_edge_after_a_rest_settles_what_had_rested_before_it() -> None:
    contact, _ = edged(CLOSED, Door.OPEN, 0)
    contact, change = edged(contact, Door.CLOSED, 500)
    assert change is Door.OPEN
    assert contact.candidate is Door.CLOSED


@given(TRACES)
def test_polls_tell_a_change_only_to_another_door_and_never_after_a_single_reading(
    trace: list[tuple[Door, int]],
) -> None:
    contact, at_ms, before = CLOSED, 0, Door.CLOSED
    previous: Door | None = None
    for raw, passed_ms in trace:
        at_ms += passed_ms
        contact, change = polled(contact, raw, at_ms)
        assert change in (None, contact.door)
        if change is not None:
            assert change is not before
            assert raw is previous is change
            before = change
        previous = raw
    assert contact.door is before


@given(TRACES)
def test_edges_tell_a_change_only_after_a_rest(trace: list[tuple[Door, int]]) -> None:
    contact, at_ms = CLOSED, 0
    left_ms: int | None = None
    for raw, passed_ms in trace:
        at_ms += passed_ms
        was, candidate = contact.door, contact.candidate
        contact, change = edged(contact, raw, at_ms)
        if change is not None:
            assert change is candidate is not was
            assert left_ms is not None
            assert at_ms - left_ms >= HOLD_MS
        left_ms = contact.since_ms if contact.candidate is not None else None


def test_a_panel_settles_its_channels_apart() -> None:
    panel = Panel(frozenset({1, 2}))
    panel.polled({1: Door.CLOSED, 2: Door.OPEN}, 0)
    assert panel.polled({1: Door.CLOSED, 2: Door.CLOSED}, 10) == {1: Door.CLOSED}
    assert panel.restless
    assert panel.polled({1: Door.CLOSED, 2: Door.CLOSED}, 20) == {2: Door.CLOSED}
    assert not panel.restless
    assert panel.readings(50) == {1: DoorReading(Door.CLOSED, 30), 2: DoorReading(Door.CLOSED, 30)}


def test_channels_that_a_poll_leaves_out_become_unknown_with_the_second_poll() -> None:
    panel = Panel(frozenset({1}))
    panel.polled({1: Door.CLOSED}, 0)
    panel.polled({1: Door.CLOSED}, 10)
    assert panel.polled({}, 20) == {}
    assert panel.polled({}, 30) == {1: Door.UNKNOWN}


def test_a_lost_wire_makes_every_known_door_unknown_at_once() -> None:
    panel = Panel(frozenset({1, 2}))
    panel.polled({1: Door.CLOSED}, 0)
    panel.polled({1: Door.CLOSED}, 10)
    assert panel.lost(20) == {1: Door.UNKNOWN}
    assert panel.lost(30) == {}
    assert not panel.restless


def test_a_parcel_sensor_is_believed_when_two_polls_running_agree() -> None:
    panel = ParcelPanel(frozenset((1, 2)))
    assert panel.polled({1: True, 2: False, 3: True}) == {}
    assert panel.polled({1: True, 2: True, 3: True}) == {1: True}
    assert panel.polled({1: False, 2: True}) == {2: True}
    assert panel.polled({1: True, 2: True}) == {}, "a single poll to the contrary is nothing"
    assert panel.settled() == {1: True, 2: True}


def test_a_parcel_sensor_that_is_lost_is_not_known_and_must_be_seen_twice_again() -> None:
    panel = ParcelPanel(frozenset((1,)))
    assert panel.lost() == {}
    for _ in range(2):
        panel.polled({1: True})
    assert panel.lost() == {1: None}
    assert panel.settled() == {}
    assert panel.polled({1: True}) == {}
    assert panel.polled({1: True}) == {1: True}
