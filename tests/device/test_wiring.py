"""Locks and door sensors on different boards, and what the loop is told of them; on virtual time."""

import asyncio
from collections.abc import Awaitable, Callable

from support.machine import LoopTimers
from support.virtual_loop import VirtualLoop, run_virtual

from controller.device.wiring import Place, Wires, Wiring
from controller.domain.ids import CompartmentId, Door
from controller.domain.inputs import BoardTrouble, DoorsRead, Input, UnlockEnded
from firmware_bridge.cabinet import Cabinet
from firmware_bridge.simulated_board import SimulatedBoard
from firmware_bridge.supply import Supply, SupplyRules

A01, A02 = CompartmentId("A01"), CompartmentId("A02")


class Apart:
    """Two compartments: their locks on `relays`, their door switches on `inputs`, the other way round."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        timers = LoopTimers(loop)
        self.cabinet = Cabinet((1, 2), timers)
        self.switches = Cabinet((1, 2), timers)
        self.supply = Supply(SupplyRules("psu"), timers)
        boards = {
            "relays": SimulatedBoard("relays", self.cabinet, self.supply, timers),
            "inputs": SimulatedBoard("inputs", self.switches, Supply(SupplyRules("none"), timers), timers),
        }
        wires = {A01: Wires(Place("relays", 1), Place("inputs", 2)), A02: Wires(Place("relays", 2), Place("inputs", 1))}
        self.wiring = Wiring(boards, {"psu": self.supply}, wires, post=loop.call_soon, now_ms=loop.now_ms)
        self.told: list[Input] = []
        self.wiring.open(self.told.append)

    def doors(self) -> list[tuple[CompartmentId, Door]]:
        return [reading for item in self.told if isinstance(item, DoorsRead) for reading in item.doors]


def played(story: Callable[[Apart], Awaitable[None]]) -> None:
    async def whole() -> None:
        apart = Apart()
        await asyncio.sleep(1)
        apart.told.clear()
        await story(apart)
        apart.wiring.close()

    run_virtual(whole())


def test_the_lock_is_pulsed_on_its_board_and_the_door_read_on_the_other() -> None:
    async def story(apart: Apart) -> None:
        apart.wiring.pulse(A01)
        await asyncio.sleep(1)
        assert [pulse.channel for pulse in apart.cabinet.pulses] == [1]
        assert apart.switches.pulses == []
        assert apart.told == [UnlockEnded(A01, "written")], "what the relay board sees of its own doors is nobody's"
        apart.switches.force(2)
        await asyncio.sleep(1)
        assert apart.doors() == [(A01, Door.OPEN)]

    played(story)


def test_a_survey_asks_every_board_and_takes_each_door_from_its_own() -> None:
    async def story(apart: Apart) -> None:
        apart.cabinet.force(1)
        apart.switches.force(1)
        survey = await apart.wiring.survey()
        assert dict(survey.doors) == {A01: Door.CLOSED, A02: Door.OPEN}

    played(story)


def test_a_board_that_only_reads_makes_its_doors_unknown_when_it_falls_silent_and_locks_go_on() -> None:
    async def story(apart: Apart) -> None:
        apart.switches.lose_replies(True)
        await asyncio.sleep(1)
        assert sorted(apart.doors()) == [(A01, Door.UNKNOWN), (A02, Door.UNKNOWN)]
        assert BoardTrouble("inputs", "no_reply") in apart.told
        apart.wiring.pulse(A02)
        await asyncio.sleep(1)
        assert [pulse.channel for pulse in apart.cabinet.pulses] == [2]

    played(story)


def test_what_each_board_knows_can_be_asked_at_any_time() -> None:
    async def story(apart: Apart) -> None:
        apart.switches.lose_replies(True)
        await asyncio.sleep(1)
        states = apart.wiring.states()
        assert states["relays"].fault is None
        assert states["inputs"].fault is not None

    played(story)


def test_a_supply_that_stands_still_reports_what_it_does_not_pulse() -> None:
    async def story(apart: Apart) -> None:
        apart.wiring.stand_still(frozenset({"psu"}))
        apart.wiring.pulse(A01)
        await asyncio.sleep(1)
        assert apart.told == [UnlockEnded(A01, "not_sent")]
        apart.wiring.stand_still(frozenset())
        apart.wiring.pulse(A01)
        await asyncio.sleep(1)
        assert apart.told[1:] == [UnlockEnded(A01, "written")]
        assert len(apart.cabinet.pulses) == 1

    played(story)
