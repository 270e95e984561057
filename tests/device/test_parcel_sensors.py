"""What parcel sensors are believed, and when: pure, on a clock of numbers."""

from controller.device.flapping import MOST_CHANGES
from controller.device.parcel_sensors import ParcelSensors
from controller.domain.ids import MINUTE_MS, CompartmentId

A01, A02 = CompartmentId("A01"), CompartmentId("A02")


def test_what_a_sensor_says_is_news_and_is_remembered() -> None:
    sensors = ParcelSensors()
    assert sensors.take(A01, True, 0)
    assert sensors.take(A01, False, 1)
    assert sensors.about((A01, A02)) == ((A01, False),)
    assert sensors.next_rest() is None


def test_a_sensor_that_fell_silent_says_nothing_and_is_known_no_longer() -> None:
    sensors = ParcelSensors()
    sensors.take(A01, True, 0)
    assert not sensors.take(A01, None, 1)
    assert sensors.about((A01,)) == ()


def test_a_survey_tells_without_news_and_takes_nothing_away() -> None:
    sensors = ParcelSensors()
    sensors.surveyed(A01, True)
    sensors.surveyed(A02, None)
    assert sensors.about((A01, A02)) == ((A01, True),)


def test_a_sensor_that_flaps_is_not_listened_to_until_it_has_rested() -> None:
    sensors = ParcelSensors()
    news = [sensors.take(A01, bool(at % 2), at) for at in range(100)]
    assert sum(news) == MOST_CHANGES + 1
    rested = sensors.next_rest()
    assert rested == 99 + MINUTE_MS
    assert sensors.take_rested(rested - 1) == []
    assert sensors.take_rested(rested) == [A01]
    assert sensors.about((A01,)) == ((A01, True),), "what it said last"
