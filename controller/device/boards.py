"""From the configuration's tables to lock boards that can be opened. Touches no hardware."""

from collections.abc import Mapping

from controller.device.settings import Settings
from controller.device.settings_tables import BoardTable, CompartmentTable
from controller.device.wiring import Place, Wires
from controller.domain.ids import CompartmentId
from firmware_bridge.bench import Bench
from firmware_bridge.board_spec import BoardSpec, ChannelLines
from firmware_bridge.cabinet import Cabinet
from firmware_bridge.codecs import Feedback
from firmware_bridge.drivers import build_boards
from firmware_bridge.lock_board import LockBoard
from firmware_bridge.supply import LockKind, Supply, SupplyRules
from firmware_bridge.timers import Timers

_OPTIONS = ("one_shot_ms", "continuous_duty", "pins")


def build(settings: Settings, timers: Timers, cabinets: Mapping[str, Cabinet] | None = None) -> Mapping[str, LockBoard]:
    """Every board of the configuration, closed; `cabinets` are those of simulated boards, by board.

    Raises ValueError, beginning with the board's name, for a board that cannot be.
    """
    supplies = {
        table.name: Supply(SupplyRules(table.name, table.max_energised, table.gap_ms), timers)
        for table in settings.supplies
    }
    return build_boards(specs(settings), Bench(supplies, timers, cabinets=cabinets))


def specs(settings: Settings) -> list[BoardSpec]:
    """What the bridge needs to know of each board."""
    return [_spec(board, settings.compartments) for board in settings.boards]


def wires(settings: Settings) -> dict[CompartmentId, Wires]:
    """Where each compartment's lock and door sensor are connected."""
    return {
        CompartmentId(table.id): Wires(Place(table.board, table.channel), Place(*table.sensor))
        for table in settings.compartments
    }


def _spec(board: BoardTable, compartments: tuple[CompartmentTable, ...]) -> BoardSpec:
    options = board.model_dump(include=set(_OPTIONS), exclude_none=True, exclude_defaults=True)
    given = {
        "port": board.port,
        "baud": board.baud,
        "address": board.address,
        "lock": LockKind(board.lock),
        "pulse_ms": board.pulse_ms,
    }
    if board.feedback is not None:
        given["feedback"] = Feedback(board.feedback)
    return BoardSpec(
        name=board.name,
        driver=board.driver,
        supply=board.supply,
        channels=_channels(board, compartments),
        options=options,
        **given,
    )


def _channels(board: BoardTable, compartments: tuple[CompartmentTable, ...]) -> dict[int, ChannelLines]:
    channels: dict[int, ChannelLines] = {}
    for table in compartments:
        board_of_sensor, channel = table.sensor
        if table.board == board.name:
            channels[table.channel] = ChannelLines(table.lock_line, table.door_line, table.active_high, board.chip)
        elif board_of_sensor == board.name:
            channels[channel] = ChannelLines(None, table.door_line, table.active_high, board.chip)
    return channels
