"""Whether a lock board is there, asked without moving anything: by its status questions, or after its lines."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from firmware_bridge.bench import Pins
from firmware_bridge.board_spec import BoardSpec
from firmware_bridge.drivers import codec_of
from firmware_bridge.faults import BoardFault
from firmware_bridge.lock_board import Door
from firmware_bridge.parts import Part, PartState, part_with
from firmware_bridge.probe import probe


@dataclass(frozen=True, slots=True)
class FoundBoard:
    """The board as a part, and its doors by channel where it told of them; None where only a running locker can."""

    part: Part
    doors: Mapping[int, Door] | None = field(default=None)


def find_board(spec: BoardSpec, pins: Pins) -> FoundBoard:
    """Look after a board that nobody else holds. Takes up to a second or so. Raises ValueError for what cannot be."""
    name = f"board {spec.name}"
    codec = codec_of(spec)
    if codec is None:
        return FoundBoard(_without_line(name, spec, pins))
    if not codec.status_requests(spec.address):
        return FoundBoard(Part(name, PartState.FOUND, "boards of this kind cannot be asked; it is taken to be there"))
    probed = probe(spec, codec)
    if probed.fault is not None:
        return FoundBoard(part_with(BoardFault(name, probed.fault, f"address {spec.address}, {probed.detail}")))
    feedback = spec.feedback or codec.feedback
    doors = {channel: spec.switches.get(channel, feedback).door(bit) for channel, bit in probed.bits.items()}
    what = f"it answers at {probed.baud} baud and tells of {len(doors)} doors"
    if probed.echo:
        advice = "switch the adapter's local echo off"
        return FoundBoard(
            Part(name, PartState.FAULTY, f"{what}, but its adapter gives back what it is told", advice), doors
        )
    return FoundBoard(Part(name, PartState.FOUND, what), doors)


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
