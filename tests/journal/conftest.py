"""Both ways to run a store."""

from collections.abc import Callable

import pytest

from controller.journal.store import Inline, Runner
from controller.journal.writer import Writer


@pytest.fixture(params=[Writer, Inline], ids=["thread", "inline"])
def runner(request: pytest.FixtureRequest) -> Callable[[], Runner]:
    made: Callable[[], Runner] = request.param
    return made
