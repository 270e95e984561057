"""A locker for each test; whatever the test did to it, its journal must give it back."""

from collections.abc import Iterator

import pytest
from support.locker_in_hand import LockerInHand


@pytest.fixture
def locker() -> Iterator[LockerInHand]:
    """Four compartments, S M M L, doors shut and seen."""
    locker = LockerInHand()
    yield locker
    locker.check_replay()
