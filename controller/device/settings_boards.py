"""From the configuration's tables to the boards they describe: the specifications, the supplies and the wires."""

from controller.device.settings import Settings
from controller.device.settings_tables import CompartmentTable
from controller.device.wiring import Place, Wires
from controller.domain.ids import CompartmentId
from firmware_bridge.board_spec import BoardSpec, ChannelLines
from firmware_bridge.codecs import Feedback
from firmware_bridge.supply import LockKind, Supply, SupplyRules
from firmware_bridge.timers import Timers


def board_specs(settings: Settings) -> tuple[BoardSpec, ...]:
    """Every board with the channels that compartments use of it, for a lock, a door sensor or both."""
    return tuple(
        BoardSpec(
            name=board.name,
            driver=board.driver,
            supply=board.supply,
            channels=_channels(board.name, board.chip, settings.compartments),
            port=board.port,
            baud=board.baud,
            address=board.address,
            lock=LockKind(board.lock),
            feedback=Feedback(board.feedback),
            pulse_ms=board.pulse_ms,
            options=board.options,
        )
        for board in settings.boards
    )


def supplies(settings: Settings, timers: Timers) -> dict[str, Supply]:
    """Every supply by its name, on real or virtual time."""
    return {
        supply.name: Supply(SupplyRules(supply.name, supply.max_energised, supply.gap_ms), timers)
        for supply in settings.supplies
    }


def wires(settings: Settings) -> dict[CompartmentId, Wires]:
    """Where each compartment's lock and door sensor are connected."""
    return {
        CompartmentId(each.id): Wires(lock=Place(each.board, each.channel), sensor=Place(*each.sensor))
        for each in settings.compartments
    }


def _channels(board: str, chip: str | None, compartments: tuple[CompartmentTable, ...]) -> dict[int, ChannelLines]:
    channels: dict[int, ChannelLines] = {}
    for each in compartments:
        locks, senses = each.board == board, each.sensor[0] == board
        if locks:
            channels[each.channel] = ChannelLines(each.lock_line, None, each.active_high, chip)
        if senses:
            before = channels.get(each.sensor[1], ChannelLines(chip=chip))
            channels[each.sensor[1]] = ChannelLines(before.lock_line, each.door_line, before.active_high, chip)
    return channels
