"""The walk from channel to channel, with hands and eyes that do as they are told."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from support.commissioned import a_draft

from controller.device.commissioning.draft import Terminal
from controller.device.commissioning.learning import Moved, Trial
from controller.device.commissioning.walk import (
    Again,
    Answer,
    Attempt,
    Back,
    Finish,
    NoSensors,
    NotPulsed,
    Opened,
    SensorEyes,
    StandsOpen,
    walk,
)
from firmware_bridge.faults import BoardFault, FaultKind
from firmware_bridge.lock_board import Sent, UnlockReport


def at(channel: int) -> Terminal:
    return Terminal("main", channel)


DRAFT = a_draft(3, try_channels=3)


@dataclass
class ToldHands:
    """Pulsing a channel moves the bits that it says. Nothing takes time: what does not hold now never will."""

    moves: Mapping[int, Sequence[int]] = field(default_factory=dict)
    sent: Sent = Sent.WRITTEN
    stays_open: bool = False
    pulsed: list[int] = field(default_factory=list)
    bits: dict[Terminal, bool] = field(default_factory=lambda: {at(it): it % 2 == 0 for it in range(1, 4)})
    moved: set[Terminal] = field(default_factory=set)

    def look(self) -> Mapping[Terminal, bool]:
        self.moved.clear()
        return dict(self.bits)

    def seen(self) -> Mapping[Terminal, bool]:
        return dict(self.bits)

    def stirred(self) -> Collection[Terminal]:
        return set(self.moved)

    def pulse(self, lock: Terminal) -> UnlockReport:
        self.pulsed.append(lock.channel)
        for sensor in map(at, self.moves.get(lock.channel, ())):
            self.moved.add(sensor)
            if self.stays_open:
                self.bits[sensor] = not self.bits[sensor]
        fault = BoardFault("main", FaultKind.PORT_LOST, "/dev/x") if self.sent is Sent.NOT_SENT else None
        return UnlockReport(lock.channel, self.sent, fault)

    def wait(self, true: Callable[[], bool], limit_s: float) -> bool:
        return true()


@dataclass
class ToldEyes:
    """Answers what it was told, in turn."""

    answers: list[Answer | Again]
    name: str = "a person"
    begun: list[int] = field(default_factory=list)
    asked: list[Attempt] = field(default_factory=list)
    shuts: list[tuple[str, ...]] = field(default_factory=list)

    def begin(self, channels: int) -> None:
        self.begun.append(channels)

    def which(self, attempt: Attempt) -> Answer | Again:
        self.asked.append(attempt)
        return self.answers.pop(0)

    def shut(self, opened: Sequence[str], is_shut: Callable[[], bool]) -> None:
        self.shuts.append(tuple(opened))


def walked(hands: ToldHands, eyes: ToldEyes | SensorEyes, known: Sequence[Trial] = ()) -> tuple[list[Trial], list[int]]:
    """The trials, and how many were kept each time."""
    kept: list[int] = []
    trials = walk(DRAFT, hands, eyes, known, lambda trials: kept.append(len(trials)), lambda: "now")
    return trials, kept


def test_every_channel_is_pulsed_once_and_kept_with_what_was_said_and_seen() -> None:
    hands = ToldHands({1: [2], 2: [], 3: [1]})
    eyes = ToldEyes([Opened(("A02",)), Opened(()), Opened(("A01",))])
    trials, kept = walked(hands, eyes)
    assert hands.pulsed == [1, 2, 3]
    assert [(it.opened, it.moved) for it in trials] == [
        (("A02",), (Moved(at(2), True),)),
        ((), ()),
        (("A01",), (Moved(at(1), False),)),
    ]
    assert (kept, eyes.begun, eyes.shuts) == ([1, 2, 3], [3], [("A02",), ("A01",)])
    assert (trials[0].by, trials[0].at, trials[0].sent, trials[0].pulses) == ("a person", "now", "written", 1)
    assert [attempt.found for attempt in eyes.asked] == [frozenset(), frozenset({"A02"}), frozenset({"A02"})]


def test_a_channel_is_pulsed_again_only_when_somebody_says_so() -> None:
    hands = ToldHands({1: [1]})
    trials, _ = walked(hands, ToldEyes([Again(), Again(), Opened(("A01",)), Finish()]))
    assert hands.pulsed == [1, 1, 1, 2]
    assert [it.pulses for it in trials] == [3]


def test_going_back_tries_the_channel_before_anew() -> None:
    hands = ToldHands({1: [1], 2: [2]})
    eyes = ToldEyes([Opened(("A03",)), Back(), Opened(("A01",)), Opened(("A02",)), Finish()])
    trials, kept = walked(hands, eyes)
    assert hands.pulsed == [1, 2, 1, 2, 3]
    assert [it.opened for it in trials] == [("A01",), ("A02",)]
    assert kept == [1, 0, 1, 2]
    assert eyes.shuts[1] == ()


def test_it_goes_on_from_what_is_known() -> None:
    known = [Trial(at(1), ("A01",), (), "written", 1, "somebody", "then")]
    hands, eyes = ToldHands({2: [2], 3: [3]}), ToldEyes([Opened(("A02",)), Opened(("A03",))])
    trials, _ = walked(hands, eyes, known)
    assert hands.pulsed == [2, 3]
    assert trials[0] is known[0]
    assert eyes.begun == [2]


def test_an_unlock_that_never_left_stops_the_walk() -> None:
    with pytest.raises(NotPulsed, match="main 1 could not be pulsed: main: port lost"):
        walked(ToldHands(sent=Sent.NOT_SENT), ToldEyes([]))


def test_a_board_that_gives_no_answer_may_have_pulsed_and_does_not() -> None:
    trials, _ = walked(ToldHands({1: [1]}, sent=Sent.NO_REPLY), ToldEyes([Opened(("A01",)), Finish()]))
    assert trials[0].sent == "no_reply"


def test_sensors_say_which_compartment_is_beside_them() -> None:
    hands = ToldHands({1: [2], 2: [], 3: [1, 3]})
    trials, _ = walked(hands, SensorEyes(DRAFT, hands))
    assert [it.opened for it in trials] == [("A02",), (), ("A01", "A03")]
    assert {it.by for it in trials} == {"sensors"}


def test_where_nobody_looks_and_nothing_sees_nothing_is_pulsed() -> None:
    hands = ToldHands(bits={})
    with pytest.raises(NoSensors, match="somebody must look"):
        walked(hands, SensorEyes(DRAFT, hands))
    assert hands.pulsed == []


def test_a_door_that_nobody_closes_ends_it_when_what_was_learned_is_kept() -> None:
    hands, kept = ToldHands({1: [2]}, stays_open=True), []
    with pytest.raises(StandsOpen, match="A02 stands open"):
        walk(DRAFT, hands, SensorEyes(DRAFT, hands), (), lambda trials: kept.append(len(trials)), lambda: "now")
    assert kept == [1]
