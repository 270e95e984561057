"""The broker is killed with -9 in mid-stream: whatever it had taken and lost comes again, in order and once."""

from pathlib import Path

import pytest
from support.daemon_storm import a_street_and_broker
from support.daemon_stream import deliver_through_kills


@pytest.mark.timeout(600)
def test_none_of_1000_records_is_lost_with_a_broker_killed_twice(tmp_path: Path) -> None:
    with a_street_and_broker(tmp_path) as (street, broker):
        street.daemon.run()

        delivery = deliver_through_kills(street, broker, records=1000, kills=2)

        assert delivery.records > 1000
        assert delivery.repeated <= 2 * 1000
