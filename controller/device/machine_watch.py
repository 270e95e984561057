"""Looks at the computer now and then: what is wrong with it goes on record, its figures into the health message."""

import asyncio
from collections.abc import Callable

from controller.contract.wire_json import JSON, JsonObject
from controller.device.part_tables import MachineTable
from controller.domain.ids import MINUTE_MS, MonoMs
from controller.domain.inputs import BoardTrouble, HeatChecked, Input, PowerChecked
from firmware_bridge.computer import Computer, Throttled, Vitals
from firmware_bridge.faults import BoardFault, FaultKind
from firmware_bridge.real_time_clock import NAME as CLOCK
from firmware_bridge.real_time_clock import RealTimeClock, clock_fault

LOOK_EVERY_S = 30.0
COOLER_C = 10
"""How far the temperature must fall before it counts as over."""
GOOD_FOR_MS = 10 * MINUTE_MS
"""How long the power must suffice before it counts as good again: locks pull it down anew with each pulse."""


class MachineWatch:
    """`run` it beside the engine."""

    def __init__(
        self, table: MachineTable, computer: Computer, now: Callable[[], MonoMs], tell: Callable[[Input], None]
    ) -> None:
        """`now` is powered time."""
        self._table = table
        self._computer = computer
        self._now = now
        self._tell = tell
        self._vitals = Vitals()
        self._clock: RealTimeClock | None = None
        self._clock_fault: FaultKind | None = None
        self._hot = False
        self._low_at: MonoMs | None = None
        """When the voltage was last too low; None: not since it was told to be good."""

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self.take(*await asyncio.to_thread(self._look))
            await asyncio.sleep(LOOK_EVERY_S)

    def take(self, vitals: Vitals, clock: RealTimeClock | None) -> None:
        """Compare with what was so before, and tell what is new."""
        self._take_heat(vitals)
        self._take_power(vitals)
        self._vitals, self._clock = vitals, clock
        if self._table.real_time_clock:
            self._take_clock_fault(clock_fault(clock))

    def figures(self) -> JsonObject:
        """The last look, for the health message."""
        vitals, clock = self._vitals, self._clock
        return {
            "temperatures_c": dict(vitals.temperatures_c),
            "undervoltage": vitals.undervoltage,
            "throttled": _words(vitals.now),
            "throttled_since_boot": _words(vitals.since_boot),
            "real_time_clock": None
            if clock is None
            else {"device": clock.device, "ahead_s": clock.ahead_s, "battery_mv": clock.battery_mv},
        }

    def _look(self) -> tuple[Vitals, RealTimeClock | None]:
        return self._computer.vitals(), self._computer.real_time_clock()

    def _take_heat(self, vitals: Vitals) -> None:
        hottest = vitals.hottest_c
        if hottest is None:
            return
        limit = self._table.hot_celsius - (COOLER_C if self._hot else 0)
        if (hottest >= limit) is not self._hot:
            self._hot = not self._hot
            self._tell(HeatChecked(self._hot, hottest))

    def _take_power(self, vitals: Vitals) -> None:
        now = self._now()
        if vitals.undervoltage or self._dipped(vitals):
            if self._low_at is None:
                self._tell(PowerChecked(low=True))
            self._low_at = now
        elif self._low_at is not None and now - self._low_at >= GOOD_FOR_MS:
            self._low_at = None
            self._tell(PowerChecked(low=False))

    def _take_clock_fault(self, fault: BoardFault | None) -> None:
        kind = None if fault is None else fault.kind
        if kind is not self._clock_fault:
            self._clock_fault = kind
            self._tell(BoardTrouble(CLOCK, None if kind is None else kind.value))

    def _dipped(self, vitals: Vitals) -> bool:
        """Too low between two looks, or before the first: the firmware remembers it once for all."""
        before, after = self._vitals.since_boot or Throttled(0), vitals.since_boot or Throttled(0)
        return Throttled.UNDERVOLTAGE in after and Throttled.UNDERVOLTAGE not in before


def _words(flags: Throttled | None) -> JSON:
    return None if flags is None else list(flags.words())
