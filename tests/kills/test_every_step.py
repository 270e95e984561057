"""SIGKILL at every step of the heart, at every turn of a parcel's life: it goes on, and every rule is kept."""

import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from support import daemon_doomed, daemon_rules
from support.daemon_doomed import UNLOCKING_ONLY, Occasion, Step
from support.daemon_people import Street
from support.daemon_storm import a_street


class Fate:
    """Starts the daemon again and again, each time to die at the same step of the next turn of the parcel's life."""

    def __init__(self, street: Street, step: Step, turns: Sequence[Occasion]) -> None:
        self._street = street
        self._step = step
        self._turns = list(turns)
        street.revive = self.revive

    def start(self) -> None:
        """Start it, doomed while there are turns left."""
        daemon = self._street.daemon
        if self._turns:
            script = Path(daemon_doomed.__file__)
            daemon.start([sys.executable, "-P", script, self._step, self._turns[0], daemon.site.config])
        else:
            daemon.start()
        daemon.wait_ready()

    def revive(self) -> None:
        """It died as it was meant to; what it left is sound, and what starts on it moves nothing by itself."""
        street, site = self._street, self._street.site
        assert street.daemon.wait_gone() == -signal.SIGKILL, street.daemon.said()
        self._turns.pop(0)
        daemon_rules.check(street)
        self.start()
        state = daemon_rules.check_journal(site)
        assert [unlocking for unlocking in site.boards.unlockings if unlocking.boot == state.boot] == []
        daemon_rules.check_doors(site, state)

    @property
    def is_fulfilled(self) -> bool:
        """Whether it died at every turn."""
        return not self._turns


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    with a_street(tmp_path) as street:
        yield street


@pytest.mark.timeout(600)
@pytest.mark.parametrize("step", Step)
def test_a_parcel_survives_a_kill_at_this_step_of_every_turn(street: Street, step: Step) -> None:
    turns = [turn for turn in Occasion if turn.is_of_a_parcel]
    fate = Fate(street, step, [turn for turn in turns if turn.unlocks or step not in UNLOCKING_ONLY])
    fate.start()

    parcels = set()
    while not fate.is_fulfilled:
        parcel, label = street.expect()
        street.deliver(parcel, label)
        street.collect(parcel)
        parcels.add(parcel)

    street.daemon.terminate()
    street.backend.wait_for_sequence(daemon_rules.check(street).sequence)
    assert street.truth.handed_out == parcels
    assert {street.backend.custody_of(parcel) for parcel in parcels} == {"collected"}
