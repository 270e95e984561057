import pytest

from controller.contract.topics import ANY, Topics, covers, locker_of

TOPICS = Topics("locker/v1", "L0042")


def test_the_topics_are_those_of_the_contract() -> None:
    assert [
        TOPICS.status,
        TOPICS.events,
        TOPICS.ack,
        TOPICS.state,
        TOPICS.compartment("A01"),
        TOPICS.health,
        TOPICS.commands,
        TOPICS.results,
        TOPICS.config_desired,
        TOPICS.config_reported,
        TOPICS.keys,
        TOPICS.home_assistant,
    ] == [
        "locker/v1/L0042/status",
        "locker/v1/L0042/events",
        "locker/v1/L0042/ack",
        "locker/v1/L0042/state",
        "locker/v1/L0042/state/A01",
        "locker/v1/L0042/health",
        "locker/v1/L0042/commands",
        "locker/v1/L0042/results",
        "locker/v1/L0042/config/desired",
        "locker/v1/L0042/config/reported",
        "locker/v1/L0042/keys",
        "homeassistant/device/L0042/config",
    ]


def test_no_topic_has_more_than_seven_slashes() -> None:
    longest = Topics("a/b/c/d/e", "L").compartment("A01")

    assert longest.count("/") == 7
    with pytest.raises(ValueError, match="1 to 5 levels"):
        Topics("a/b/c/d/e/f", "L")


@pytest.mark.parametrize("root", ["", "/a", "a/", "a//b", "a/+", "#", "$SYS", "a b"])
def test_a_root_that_is_no_topic_is_refused(root: str) -> None:
    with pytest.raises(ValueError, match="the root"):
        Topics(root, "L")


@pytest.mark.parametrize("locker", ["", "a/b", "#", "L" * 33, "ä"])
def test_a_locker_that_is_no_level_is_refused(locker: str) -> None:
    with pytest.raises(ValueError, match="the locker id"):
        Topics("locker/v1", locker)


def test_a_topic_tells_whose_it_is() -> None:
    assert locker_of("locker/v1", "locker/v1/L0042/events") == "L0042"
    assert locker_of("locker/v1", "locker/v1/L0042") is None
    assert locker_of("locker/v1", "locker/v2/L0042/events") is None
    assert locker_of("locker/v1", "locker/v1//events") is None
    assert locker_of("locker/v1", "x/locker/v1/L0042/events") is None


@pytest.mark.parametrize(
    ("subscription", "topic", "covered"),
    [
        (Topics("locker/v1", ANY).events, TOPICS.events, True),
        (Topics("locker/v1", ANY).state, TOPICS.compartment("A01"), False),
        (TOPICS.events, TOPICS.events, True),
        (TOPICS.events, TOPICS.ack, False),
        ("locker/v1/#", TOPICS.compartment("A01"), True),
        ("locker/+/L0042/state/+", TOPICS.compartment("A01"), True),
        ("locker/v1/L0042/state/+/x", TOPICS.compartment("A01"), False),
    ],
)
def test_subscriptions_cover_as_mqtt_says(subscription: str, topic: str, covered: bool) -> None:
    assert covers(subscription, topic) is covered
