"""What trials teach: the conclusions alone, without boards or people."""

from collections.abc import Sequence

from controller.device.commissioning.draft import Terminal
from controller.device.commissioning.learning import Learned, Moved, Standing, Trial, Verdict, learn
from firmware_bridge.codecs import Feedback

IDS = ("A01", "A02", "A03")
WHEN = "2026-11-23T03:00:00.000Z"


def at(channel: int, board: str = "main") -> Terminal:
    return Terminal(board, channel)


LOCKS = tuple(map(at, range(1, 5)))


def trial(channel: int, opened: str = "", moved: Sequence[int] = (), *, ones: bool = True) -> Trial:
    bits = tuple(Moved(at(sensor), ones) for sensor in moved)
    return Trial(at(channel), tuple(opened.split()), bits, "written", 1, "a person", WHEN)


def learned(*trials: Trial, watched: bool = True) -> Learned:
    return learn(IDS, LOCKS, trials, watched=watched)


def standing(it: Learned) -> list[Standing]:
    return [compartment.standing for compartment in it.compartments]


def test_crossed_locks_and_sensors_are_told_apart() -> None:
    it = learned(trial(1, "A03", [2]), trial(2, "A01", [4], ones=False), trial(3, "A02", [1]))
    assert [(c.lock, c.sensor, c.feedback) for c in it.compartments] == [
        (at(2), at(4), Feedback.CLOSED_IS_0),
        (at(3), at(1), Feedback.CLOSED_IS_1),
        (at(1), at(2), Feedback.CLOSED_IS_1),
    ]
    assert it.feedback == {"main": Feedback.CLOSED_IS_1}
    assert it.good
    assert it.channels[3].verdict is Verdict.UNTRIED


def test_a_sensor_may_be_on_another_board_than_its_lock() -> None:
    elsewhere = Trial(at(1), ("A01",), (Moved(at(7, "inputs"), False),), "written", 1, "a person", WHEN)
    it = learned(elsewhere)
    assert it.compartments[0].sensor == at(7, "inputs")
    assert it.feedback == {"inputs": Feedback.CLOSED_IS_0}


def test_a_channel_that_opens_nothing_is_dead_and_its_compartment_without_a_lock() -> None:
    it = learned(trial(1, "A01", [1]), trial(2), trial(3, "A03", [3]), trial(4))
    assert [channel.verdict for channel in it.channels] == [Verdict.OPENS, Verdict.DEAD, Verdict.OPENS, Verdict.DEAD]
    assert standing(it) == [Standing.KNOWN, Standing.NO_LOCK, Standing.KNOWN]
    assert not it.good


def test_a_spare_channel_that_is_dead_is_no_harm() -> None:
    assert learned(trial(1, "A01", [1]), trial(2, "A02", [2]), trial(3, "A03", [3]), trial(4)).good


def test_a_channel_that_opens_two_doors_is_nobodys() -> None:
    it = learned(trial(1, "A01 A02", [1, 2]), trial(2, "A03", [3]))
    assert (it.channels[0].verdict, it.channels[0].opens) == (Verdict.DOUBLED, ("A01", "A02"))
    assert standing(it) == [Standing.SHARED_LOCK, Standing.SHARED_LOCK, Standing.KNOWN]
    assert not it.good


def test_a_door_that_has_a_channel_of_its_own_beside_a_doubled_one_is_known() -> None:
    it = learned(trial(1, "A01 A02", [1, 2]), trial(2, "A02", [2]))
    assert standing(it) == [Standing.SHARED_LOCK, Standing.KNOWN, Standing.NO_LOCK]
    assert it.compartments[1].lock == at(2)
    assert not it.good


def test_a_door_that_only_its_sensor_saw_opening_counts_as_opened() -> None:
    it = learned(trial(1, "A01", [1, 2]), trial(2, "A02", [2]), trial(3, "A01", [1]))
    assert it.channels[0].opens == ("A01",)
    assert it.disputed == {at(2): ("A01", "A02")}
    sure = learned(trial(2, "A02", [2]), trial(3, "A02", [2]), trial(1, "", [2]))
    assert sure.channels[0].opens == ("A02",)


def test_two_channels_that_open_one_door_are_both_named_and_the_first_is_taken() -> None:
    it = learned(trial(1, "A01", [1]), trial(2, "A02", [2]), trial(3, "A03", [3]), trial(4, "A01", [1]))
    assert (it.compartments[0].lock, it.compartments[0].others) == (at(1), (at(4),))
    assert it.good


def test_a_door_whose_sensor_is_silent_is_not_known() -> None:
    assert standing(learned(trial(1, "A01"), trial(2, "A02", [2])))[:2] == [Standing.NO_SENSOR, Standing.KNOWN]


def test_a_cabinet_without_any_sensor_can_be_known_without() -> None:
    it = learned(trial(1, "A01"), trial(2, "A02"), trial(3, "A03"), watched=False)
    assert standing(it) == [Standing.UNWATCHED] * 3
    assert it.good


def test_a_sensor_that_moves_with_two_doors_belongs_to_neither() -> None:
    it = learned(trial(1, "A01", [1, 3]), trial(2, "A02", [2, 3]))
    assert [c.sensor for c in it.compartments[:2]] == [at(1), at(2)]
    assert it.disputed == {at(3): ("A01", "A02")}
    assert standing(learned(trial(1, "A01", [3]), trial(2, "A02", [3])))[:2] == [Standing.NO_SENSOR] * 2


def test_a_sensor_that_moves_while_nobody_sees_a_door_open_is_told() -> None:
    assert learned(trial(1, "", [4]), trial(2)).strays == {at(1): (at(4),)}


def test_of_two_sensors_on_one_door_the_one_beside_its_lock_is_taken() -> None:
    it = learned(trial(2, "A01", [1, 2]))
    assert (it.compartments[0].sensor, it.compartments[0].spare_sensors) == (at(2), (at(1),))


def test_the_last_trial_of_a_channel_holds() -> None:
    it = learned(trial(1), trial(1, "A01", [1]))
    assert it.channels[0].opens == ("A01",)


def test_the_polarity_of_a_board_is_that_of_most_of_its_doors() -> None:
    it = learned(trial(1, "A01", [1], ones=False), trial(2, "A02", [2]), trial(3, "A03", [3], ones=False))
    assert it.feedback == {"main": Feedback.CLOSED_IS_0}
