"""Whether a lock board is there, asked without moving anything: by its status questions, or after its lines."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from firmware_bridge.bench import Pins
from firmware_bridge.board_spec import BoardSpec
from firmware_bridge.codecs import Codec
from firmware_bridge.drivers import codec_of, relays_of
from firmware_bridge.faults import BoardFault
from firmware_bridge.lock_board import Door
from firmware_bridge.parts import Part, PartState, part_with
from firmware_bridge.probe import probe
from firmware_bridge.serial_port import PortError, open_port

USUAL_BAUD: Final = 9_600
"""To see whether a port is there, any speed will do."""


@dataclass(frozen=True, slots=True)
class FoundBoard:
    """The board as a part, and its doors by channel where it told of them; None where only a running locker can."""

    part: Part
    doors: Mapping[int, Door] | None = field(default=None)


def find_board(spec: BoardSpec, pins: Pins) -> FoundBoard:
    """Look after a board that nobody else holds. Takes up to a second or so. Raises ValueError for what cannot be."""
    name = f"board {spec.name}"
    codec, relays = codec_of(spec), relays_of(spec)
    if codec is not None and codec.status_requests(spec.address):
        return _asked(name, spec, codec)
    if codec is not None or relays is not None:
        return FoundBoard(_silent(name, spec))
    return FoundBoard(_without_line(name, spec, pins))


def _asked(name: str, spec: BoardSpec, codec: Codec) -> FoundBoard:
    probed = probe(spec, codec)
    if probed.fault is not None:
        return FoundBoard(part_with(BoardFault(name, probed.fault, f"address {spec.address}, {probed.detail}")))
    feedback = spec.feedback or codec.feedback
    doors = {channel: spec.switches.get(channel, feedback).door(bit) for channel, bit in probed.bits.items()}
    what = f"it answers at {probed.baud} baud and tells of {len(doors)} doors"
    if not probed.echo:
        return FoundBoard(Part(name, PartState.FOUND, what), doors)
    advice = "switch the adapter's local echo off"
    return FoundBoard(
        Part(name, PartState.FAULTY, f"{what}, but its adapter gives back what it is told", advice), doors
    )


def _silent(name: str, spec: BoardSpec) -> Part:
    """A board that has nothing to say: whether its port is there."""
    try:
        open_port(spec.port or "", spec.baud or USUAL_BAUD).close()
    except PortError as fault:
        return part_with(BoardFault(name, fault.kind, fault.detail))
    return Part(name, PartState.FOUND, f"{spec.port} is there; boards of this kind cannot be asked anything")


def _without_line(name: str, spec: BoardSpec, pins: Pins) -> Part:
    if spec.driver != "gpio":
        return Part(name, PartState.FOUND, f"driver {spec.driver}: only a running locker can ask it")
    from firmware_bridge.gpio_wires import PIN_ERRORS, line_fault, pin_name  # only such lockers load the libraries

    factory = pins.factory(str(spec.options.get("pins", "gpiod")))
    for channel, lines in spec.channels.items():
        for line in (lines.lock_line, lines.door_line):
            try:
                if line is not None:
                    factory.pin(pin_name(lines, line))
            except PIN_ERRORS as error:
                return part_with(line_fault(name, f"of channel {channel}, {pin_name(lines, line or 0)}", error))
    return Part(name, PartState.FOUND, f"the lines of {len(spec.channels)} channels are there")
