"""The long form of `tests/kills`: a hundred kills at random, ten thousand records through five killed brokers."""

from pathlib import Path
from random import Random

import pytest
from support import daemon_journal, daemon_rules
from support.daemon_storm import Storm, a_street, a_street_and_broker
from support.daemon_stream import deliver_through_kills

KILLS = 100
RECORDS = 10_000
BROKER_KILLS = 5


@pytest.mark.timeout(3600)
def test_every_rule_is_kept_through_100_kills_at_random(tmp_path: Path) -> None:
    with a_street(tmp_path) as street:
        storm = Storm(street, Random(100))
        storm.rage(KILLS)

        street.daemon.terminate()
        street.backend.wait_for_sequence(daemon_rules.check(street).sequence)
        assert set(street.truth.inside.values()) <= street.withheld
        assert street.truth.handed_out | street.withheld == set(storm.parcels) != set()
        print(
            f"\n{KILLS} kills: {len(storm.parcels)} parcels, {len(street.withheld)} of them withheld for a person, "
            f"{storm.orders} orders, {len(street.site.boards.unlockings)} unlocks, "
            f"{daemon_journal.last_sequence(street.site.data_dir)} records, all with the carrier"
        )


@pytest.mark.timeout(3600)
def test_none_of_10000_records_is_lost_with_a_broker_killed_five_times(tmp_path: Path) -> None:
    with a_street_and_broker(tmp_path) as (street, broker):
        street.daemon.run()

        delivery = deliver_through_kills(street, broker, RECORDS, BROKER_KILLS)

        assert delivery.records > RECORDS
        assert delivery.repeated <= BROKER_KILLS * 1000
        street.daemon.terminate()
        print(f"\n{BROKER_KILLS} brokers killed: {delivery.records} records, {delivery.repeated} of them seen again")
