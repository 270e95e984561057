"""Boards that send their status bytes in either order: which one it is shows when most locks lie beside their sensors.

A lock and its switch usually share a plug, so their channels have one number. Where more of them do if the bytes are
read the other way round, they are sent the other way round. Pure.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Final

from controller.device.commissioning.draft import Draft, Terminal
from controller.device.commissioning.learning import SENSORS, Moved, Trial
from controller.device.commissioning.lines import Line
from firmware_bridge.codecs.lockboard_8a import StatusOrder
from firmware_bridge.drivers import find_driver

KEY: Final = "status_order"
"""The option of the drivers whose boards do."""


def other_orders(draft: Draft, trials: Sequence[Trial], lines: Iterable[Line]) -> dict[str, StatusOrder]:
    """The boards whose bytes come in the other order than the draft says, and that order."""
    sensors = {line.board: line.sensors for line in lines}
    return {
        spec.name: _other(StatusOrder(str(spec.options.get(KEY, StatusOrder.LAST_BYTE_FIRST))))
        for spec in draft.specs
        if KEY in (field.name for field in fields(find_driver(spec.driver).options))
        and _reads_better(trials, spec.name, sensors.get(spec.name, 0))
    }


def reread(draft: Draft, trials: Iterable[Trial], boards: Mapping[str, int]) -> list[Trial]:
    """The trials as they would have been with the bytes of these boards the other way round; `boards` has the number
    of their sensors. What the sensors said had opened is theirs to say anew.
    """
    again = [replace(trial, moved=tuple(_reread(it, boards) for it in trial.moved)) for trial in trials]
    return [replace(it, opened=_beside(draft, it)) if it.by == SENSORS else it for it in again]


def _beside(draft: Draft, trial: Trial) -> tuple[str, ...]:
    beside = (draft.beside(it.sensor) for it in trial.moved)
    return tuple(id for id in beside if id is not None)


def _reread(moved: Moved, boards: Mapping[str, int]) -> Moved:
    board, channel = moved.sensor
    return replace(moved, sensor=Terminal(board, _turned(channel, boards[board]))) if board in boards else moved


def _turned(channel: int, sensors: int) -> int:
    """The channel that the same bit stands for when the bytes are read the other way round."""
    byte, bit = divmod(channel - 1, 8)
    return ((sensors + 7) // 8 - 1 - byte) * 8 + bit + 1


def _reads_better(trials: Sequence[Trial], board: str, sensors: int) -> bool:
    def beside(read: Callable[[int], int]) -> int:
        return sum(
            1
            for trial in trials
            for it in trial.moved
            if trial.lock.board == it.sensor.board == board and read(it.sensor.channel) == trial.lock.channel
        )

    return beside(lambda channel: _turned(channel, sensors)) > beside(lambda channel: channel)


def _other(order: StatusOrder) -> StatusOrder:
    return next(it for it in StatusOrder if it is not order)
