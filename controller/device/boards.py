"""From the configuration's tables to lock boards that can be opened. Touches no hardware."""

from collections.abc import Mapping
from dataclasses import replace

from controller.device.settings import CabinetSettings, Settings
from controller.device.settings_tables import BoardTable, CompartmentTable, ContactTable
from controller.device.wiring import Place, Wires
from controller.domain.contacts import Contact
from controller.domain.ids import CompartmentId
from firmware_bridge.bench import Bench
from firmware_bridge.board_spec import BoardSpec, ChannelLines
from firmware_bridge.cabinet import Cabinet
from firmware_bridge.codecs import Feedback
from firmware_bridge.drivers import build_boards
from firmware_bridge.lock_board import LockBoard
from firmware_bridge.supply import LockKind, Supply, SupplyRules
from firmware_bridge.timers import Timers


def supplies(settings: CabinetSettings, timers: Timers) -> dict[str, Supply]:
    """Every power supply of the configuration, by name."""
    return {
        table.name: Supply(SupplyRules(table.name, table.max_energised, table.gap_ms), timers)
        for table in settings.supplies
    }


def build(
    settings: CabinetSettings,
    supplies: Mapping[str, Supply],
    timers: Timers,
    cabinets: Mapping[str, Cabinet] | None = None,
) -> Mapping[str, LockBoard]:
    """Every board of the configuration, closed; `cabinets` are those of simulated boards, by board.

    Raises ValueError, beginning with the board's name, for a board that cannot be.
    """
    return build_boards(specs(settings), Bench(supplies, timers, cabinets=cabinets))


def specs(settings: CabinetSettings) -> list[BoardSpec]:
    """What the bridge needs to know of each board."""
    return [_spec(board, settings) for board in settings.boards]


def wires(settings: Settings) -> dict[CompartmentId, Wires]:
    """Where each compartment's lock and door sensor are connected."""
    return {
        CompartmentId(table.id): Wires(Place(table.board, table.channel), Place(*table.sensor))
        for table in settings.compartments
    }


def contacts(settings: CabinetSettings) -> dict[Place, Contact]:
    """Where the cabinet's contacts are connected."""
    return {Place(table.board, table.channel): table.contact for table in settings.contacts}


def _spec(board: BoardTable, settings: CabinetSettings) -> BoardSpec:
    return BoardSpec(
        name=board.name,
        driver=board.driver,
        supply=board.supply,
        channels=_channels(board, settings.compartments) | _inputs(board, settings.contacts),
        port=board.port,
        baud=board.baud,
        address=board.address,
        lock=LockKind(board.lock),
        feedback=None if board.feedback is None else Feedback(board.feedback),
        pulse_ms=board.pulse_ms,
        options=board.options,
    )


def _inputs(board: BoardTable, contacts: tuple[ContactTable, ...]) -> dict[int, ChannelLines]:
    """The channels of this board on which nothing but a contact is read."""
    return {
        table.channel: ChannelLines(None, table.line, chip=board.chip, lock=False)
        for table in contacts
        if table.board == board.name
    }


def _channels(board: BoardTable, compartments: tuple[CompartmentTable, ...]) -> dict[int, ChannelLines]:
    """Every channel that a compartment uses of this board: for its lock, for its door's sensor, or for both."""
    channels = {
        table.channel: ChannelLines(table.lock_line, None, table.active_high, board.chip)
        for table in compartments
        if table.board == board.name
    }
    for table in compartments:
        sensor_board, channel = table.sensor
        if sensor_board == board.name:
            lock = channels.get(channel, ChannelLines(chip=board.chip, lock=False))
            feedback = None if table.feedback is None else Feedback(table.feedback)
            channels[channel] = replace(lock, door_line=table.door_line, feedback=feedback)
    return channels
