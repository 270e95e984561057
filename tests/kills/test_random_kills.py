"""SIGKILL at random moments of a busy run. The long form is among the system tests."""

from pathlib import Path
from random import Random

import pytest
from support import daemon_rules
from support.daemon_storm import Storm, a_street


@pytest.mark.timeout(600)
def test_every_rule_is_kept_through_15_kills_at_random(tmp_path: Path) -> None:
    with a_street(tmp_path) as street:
        storm = Storm(street, Random(15))
        storm.rage(kills=15)

        street.daemon.terminate()
        street.backend.wait_for_sequence(daemon_rules.check(street).sequence)
        assert street.withheld == set()
        assert street.truth.inside == {}
        assert street.truth.handed_out == set(storm.parcels) != set()
        assert storm.orders > 0
