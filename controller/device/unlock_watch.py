"""Waiting for what becomes of an unlock that somebody at the terminal asked for."""

import asyncio
from collections.abc import Sequence

from controller.device.engine import Engine
from controller.device.seams import Committed
from controller.domain.ids import CompartmentId
from controller.domain.outcomes import Outcome, outcome_of


class UnlockWatch:
    """Listens from the moment it is made until it is closed. On the loop only."""

    def __init__(self, engine: Engine, compartment: CompartmentId) -> None:
        self._engine = engine
        self._compartment = compartment
        self._outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self.close = engine.follow(self._committed)

    async def ended(self) -> Outcome:
        """What became of it. The rules give every door its time, so this comes in any case."""
        return await self._outcome

    def _committed(self, committed: Sequence[Committed]) -> None:
        for item in committed:
            if getattr(item.event, "compartment", None) != self._compartment or self._outcome.done():
                continue
            outcome = outcome_of(item.event, self._engine.state)
            if outcome is not None:
                self._outcome.set_result(outcome)
