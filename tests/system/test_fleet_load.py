"""Ten thousand lockers on one mosquitto, a thousand records a second, five minutes, a broker killed with a backlog."""

import resource
from pathlib import Path

import pytest
from support.fleet_load import Load, run_load

GOAL = Load(lockers=10_000, rate=1000, seconds=300, backlog=100_000)


@pytest.mark.timeout(1800)
def test_no_stream_of_10000_lockers_has_a_gap_after_a_broker_was_killed_with_a_backlog(tmp_path: Path) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))  # for the broker, which inherits it

    outcome = run_load(tmp_path, GOAL)

    assert outcome.records >= GOAL.rate * GOAL.seconds * 0.9
    print(outcome.lines())
