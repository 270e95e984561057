"""What is known of a cabinet before it is commissioned: its supplies, its boards, and its doors in their order.

The file has the tables of the configuration. Of a compartment only `id` and `size` are needed: where it says no board
and channel, the next free one is guessed. A board may say on how many of its channels, from 1 on, there may be a lock
(`try_channels`, 0 for none). Tables of other names are not looked at, so the configuration itself will do.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from controller.device.boards import specs
from controller.device.settings import CabinetSettings, parse, validated
from controller.device.settings_errors import Problem, SettingsError
from controller.device.settings_tables import CompartmentTable
from firmware_bridge.board_spec import BoardSpec, ChannelLines
from firmware_bridge.codecs import Feedback
from firmware_bridge.drivers import codec_of, relays_of


class Terminal(NamedTuple):
    """One channel of one board: the place of a lock, or of a door's sensor."""

    board: str
    channel: int

    def __str__(self) -> str:
        return f"{self.board} {self.channel}"


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft that can be walked. `specs` have every channel that is watched, `locks` are the channels to be tried.

    `supplies` and `boards` are the file's tables as they stand there, for what is written in the end.
    """

    specs: tuple[BoardSpec, ...]
    locks: tuple[Terminal, ...]
    compartments: tuple[CompartmentTable, ...]
    supplies: tuple[Mapping[str, Any], ...]
    boards: tuple[Mapping[str, Any], ...]
    digest: str
    """SHA-256 of all that, lower-case hex: progress belongs to one draft."""

    @property
    def ids(self) -> tuple[str, ...]:
        """The compartments in the order of the cabinet."""
        return tuple(table.id for table in self.compartments)

    def guessed(self, lock: Terminal) -> str | None:
        """The compartment that the draft has on this channel."""
        return next((table.id for table in self.compartments if (table.board, table.channel) == lock), None)

    def beside(self, sensor: Terminal) -> str | None:
        """The compartment whose door the draft has on this sensor."""
        return next((table.id for table in self.compartments if table.sensor == sensor), None)

    def lines(self, place: Terminal) -> ChannelLines:
        """The GPIO lines of a channel."""
        return next(spec.channels[place.channel] for spec in self.specs if spec.name == place.board)


def read_draft(path: Path) -> Draft:
    """Read a draft from a file. Raises SettingsError, whose lines name file, key, reason and nearest key."""
    return make_draft(path, parse(path))


def make_draft(path: Path, raw: dict[str, Any]) -> Draft:
    """Check the tables of a draft; `path` stands in what is said of mistakes. Raises SettingsError."""
    digest = hashlib.sha256(json.dumps(raw, default=str, sort_keys=True).encode()).hexdigest()
    counts = _take_counts(path, raw)
    boards = tuple(dict(board) for board in _tables(raw, "boards"))
    _guess(raw, counts)
    cabinet = validated(path, raw, CabinetSettings)
    try:
        made = tuple(_watching_all(spec, counts.get(spec.name)) for spec in specs(cabinet))
        locks = tuple(Terminal(spec.name, channel) for spec in made for channel in sorted(spec.locks))
    except ValueError as unusable:
        raise SettingsError([Problem(path, "boards", str(unusable))]) from unusable
    return Draft(made, locks, cabinet.compartments, tuple(_tables(raw, "supplies")), boards, digest)


def _tables(raw: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = raw.get(name)
    return [table for table in found if isinstance(table, dict)] if isinstance(found, list) else []


def _take_counts(path: Path, raw: Mapping[str, Any]) -> dict[str, int]:
    counts = {}
    for index, board in enumerate(_tables(raw, "boards")):
        count = board.pop("try_channels", None)
        if count is None:
            continue
        if type(count) is not int or not 0 <= count <= 1024:
            raise SettingsError([Problem(path, f"boards[{index}].try_channels", f"must be 0 to 1024, not {count!r}")])
        counts[str(board.get("name"))] = count
    return counts


def _guess(raw: Mapping[str, Any], counts: Mapping[str, int]) -> None:
    """Put every compartment that says nothing on the next channel that is free."""
    compartments, boards = _tables(raw, "compartments"), _tables(raw, "boards")
    taken = {(table.get("board"), table.get("channel")) for table in compartments}
    free = (
        (board.get("name"), channel)
        for board in boards
        for channel in range(1, counts.get(str(board.get("name")), len(compartments)) + 1)
        if (board.get("name"), channel) not in taken
    )
    for table in compartments:
        if "channel" in table or "lock_line" in table:
            table.setdefault("board", boards[0].get("name") if boards else None)
        elif (place := next(free, None)) is not None:
            table["board"], table["channel"] = place


def _watching_all(spec: BoardSpec, count: int | None) -> BoardSpec:
    """The same board with every channel that it has, so that each of its door bits is seen as it is."""
    language = codec_of(spec) or relays_of(spec)
    if language is not None and count is not None and count > language.channels:
        raise ValueError(f"board {spec.name} has {language.channels} channels, not {count}")
    known = spec.channels if language is None else dict.fromkeys(range(1, language.channels + 1), ChannelLines())
    tried = {channel: _is_tried(spec, channel, lines, count) for channel, lines in known.items()}
    lines = {channel: replace(each, feedback=None, lock=tried[channel]) for channel, each in known.items()}
    return replace(spec, channels=lines, feedback=Feedback.CLOSED_IS_1)


def _is_tried(spec: BoardSpec, channel: int, lines: ChannelLines, count: int | None) -> bool:
    """Whether there may be a lock: where locks have lines of their own, one must be named."""
    if any(each.lock_line is not None or each.door_line is not None for each in spec.channels.values()):
        return lines.lock_line is not None
    return lines.lock and (count is None or channel <= count)
