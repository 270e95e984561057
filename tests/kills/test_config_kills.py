"""SIGKILL while a configuration from afar is taken in: it is in force afterwards, once, and reported."""

import json
import signal
import sys
from pathlib import Path

import pytest
from support import daemon_doomed, daemon_journal
from support.daemon import wait_until
from support.daemon_doomed import Occasion, Step
from support.daemon_premises import LOCKER
from support.daemon_storm import a_street
from support.daemon_wire import TOPICS, Heard

from controller.contract.desired_config import make_config, settings_sha256
from controller.domain.ids import Role

WANTED = "[policy]\nhold_s = 3600\n"
KEPT = (Step.DURABLE, Step.UNANSWERED, Step.ANSWERED)
"""From here on it is on record, and nobody was told."""


@pytest.mark.timeout(120)
@pytest.mark.parametrize("step", [Step.INBOX, Step.DECIDED, Step.SEALED, Step.INSERTED, *KEPT])
def test_a_kill_between_taking_in_and_reporting_loses_and_doubles_nothing(tmp_path: Path, step: Step) -> None:
    with a_street(tmp_path, doors=2, spare=frozenset()) as street:
        daemon, data = street.daemon, street.site.data_dir
        token = make_config(7, WANTED, key=street.pen.key(Role.OPERATOR), issuer="acme", lockers=[LOCKER])
        street.wire.say(TOPICS.config_desired, token.encode(), retain=True)
        script = Path(daemon_doomed.__file__)
        daemon.start([sys.executable, "-P", script, step, Occasion.CONFIGURED, street.site.config])
        assert daemon.wait_gone() == -signal.SIGKILL, daemon.said()
        assert {version for version, _ in _reports(street.wire.heard)} == {0}
        assert len(daemon_journal.records(data, "config.accepted")) == (step in KEPT)

        daemon.run()
        wait_until(lambda: (7, settings_sha256(WANTED)) in _reports(street.wire.heard), "version 7 to be reported")
        wait_until(daemon.healthy, "the daemon to serve")
        daemon.terminate()

        assert [each["data"]["version"] for each in daemon_journal.records(data, "config.accepted")] == [7]
        applied = [each["data"].get("version") for each in daemon_journal.records(data, "config.applied")]
        assert applied == [None, 7]


def _reports(heard: list[Heard]) -> list[tuple[int, str]]:
    said = [json.loads(message.payload) for message in list(heard) if message.topic == TOPICS.config_reported]
    return [(report["version"], report["sha256"]) for report in said]
