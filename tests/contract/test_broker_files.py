"""The access rules of every broker name the topics of the contract: none is forgotten when one is added."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from controller.contract.channels import Speaker, channels
from controller.contract.topics import DEFAULT_ROOT
from controller.remote.fleet.told import subscriptions

BROKERS = Path(__file__).parents[2] / "config" / "brokers"
SAID = {c.topic for c in channels(DEFAULT_ROOT) if c.speaker is Speaker.LOCKER}
Rules = Callable[[], tuple[set[str], set[str]]]
HEARD = {c.topic for c in channels(DEFAULT_ROOT)} - SAID


def of_locker(topic: str, name: str) -> str:
    """A topic of the contract with one locker in it, and `+` for a compartment."""
    return topic.replace("+", name, 1)


def mosquitto() -> tuple[set[str], set[str]]:
    lines = re.findall(r"^pattern (read|write) (\S+)$", (BROKERS / "mosquitto" / "acl").read_text(), re.MULTILINE)
    rules = [(verb, topic.replace("%u", "L1")) for verb, topic in lines]
    return {t for verb, t in rules if verb == "write"}, {t for verb, t in rules if verb == "read"}


def emqx() -> tuple[set[str], set[str]]:
    text = (BROKERS / "emqx" / "acl.conf").read_text()
    rules = re.findall(r"\{allow, all, (publish|subscribe), \[(.*?)\]\}\.", text, re.DOTALL)
    found = {verb: set(re.findall(r'"([^"]+)"', topics)) for verb, topics in rules}
    named = {verb: {topic.replace("${username}", "L1") for topic in topics} for verb, topics in found.items()}
    return named["publish"], named["subscribe"]


def nats() -> tuple[set[str], set[str]]:
    made = subprocess.run([BROKERS / "nats" / "locker.sh", "L1"], check=True, capture_output=True, text=True).stdout
    rule = made.split('"CN=L1"')[1]
    lists = re.findall(r"(publish|subscribe): \[(.*?)\]", rule, re.DOTALL)
    found = {verb: set(re.findall(r'"([^"$]+)"', subjects)) for verb, subjects in lists}
    topics = {verb: {_topic(subject) for subject in subjects} for verb, subjects in found.items()}
    return topics["publish"], topics["subscribe"]


def _topic(subject: str) -> str:
    return subject.replace("locker.v1", "locker/v1").replace(".", "/").replace("*", "+")


@pytest.mark.parametrize("rules", [mosquitto, emqx, nats])
def test_a_locker_may_say_and_hear_its_own_topics_and_no_more(rules: Rules) -> None:
    said, heard = rules()

    assert said == {of_locker(topic, "L1") for topic in SAID}
    assert heard == {of_locker(topic, "L1") for topic in HEARD}


def test_rabbitmq_lets_a_locker_say_and_hear_its_own_topics_and_no_more() -> None:
    script = BROKERS / "rabbitmq" / "locker.sh"
    made = json.loads(subprocess.run([script, "L1"], check=True, capture_output=True, text=True).stdout)
    (rule,) = made["topic_permissions"]
    for own, foreign, pattern in ((SAID, HEARD, rule["write"]), (HEARD, SAID, rule["read"])):
        allowed = re.compile(pattern)
        assert all(allowed.search(_key(of_locker(topic, "L1"))) for topic in own)
        assert not any(allowed.search(_key(of_locker(topic, "L1"))) for topic in foreign)
        assert not any(allowed.search(_key(of_locker(topic, "L2"))) for topic in own | foreign)


def watched() -> dict[str, set[str]]:
    """What each broker lets a watcher hear, where its rules are lists of topics."""
    plain = (BROKERS / "mosquitto" / "acl").read_text().split("user watcher\n")[1].split("\nuser ")[0]
    said = (BROKERS / "emqx" / "acl.conf").read_text().split('"watcher"}, subscribe, [')[1].split("]")[0]
    made = subprocess.run([BROKERS / "nats" / "locker.sh", "L1"], check=True, capture_output=True, text=True).stdout
    subjects = made.split('"CN=watcher"')[1].split("subscribe: [")[1].split("]")[0]
    return {
        "mosquitto": set(re.findall(r"^topic read (\S+)$", plain, re.MULTILINE)),
        "emqx": set(re.findall(r'"([^"]+)"', said)),
        "nats": {_topic(subject) for subject in re.findall(r'"([^"$]+)"', subjects)},
    }


def test_a_watcher_may_hear_all_that_the_fleet_is_watched_by() -> None:
    wanted = {*subscriptions(DEFAULT_ROOT, "+")}
    for heard in watched().values():
        assert wanted <= heard
    rules = json.loads((BROKERS / "rabbitmq" / "definitions.json").read_text())["topic_permissions"]
    (allowed,) = [re.compile(rule["read"]) for rule in rules if rule["user"] == "watcher"]
    assert all(allowed.search(_key(topic.replace("+", "L1", 1))) for topic in wanted)


def _key(topic: str) -> str:
    return topic.replace("+", "A01").replace("/", ".")


@pytest.mark.parametrize("broker", ["nats", "rabbitmq"])
@pytest.mark.parametrize("name", ["", "L 1", 'L1"', "L1.#", "*"])
def test_a_name_that_would_open_more_is_refused(broker: str, name: str) -> None:
    made = subprocess.run([BROKERS / broker / "locker.sh", name], capture_output=True, text=True, check=False)

    assert made.returncode == 2
    assert "must be letters, digits" in made.stderr
