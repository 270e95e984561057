"""What is behind the doors of the simulated cabinet, and which stand open: kept in a file, for the next demo."""

import json
import threading
from collections.abc import Mapping
from pathlib import Path

from firmware_bridge.cabinet import Cabinet


class Contents:
    """Puts everything back when it is made, which must be before anybody watches the doors; then keeps up."""

    def __init__(self, cabinet: Cabinet, channels: Mapping[str, int], file: Path) -> None:
        self._cabinet = cabinet
        self._channels = channels
        self._file = file
        self._turn = threading.Lock()
        self._written = self._restore() if file.exists() else {}
        cabinet.on_change(self._keep)

    def _restore(self) -> dict[str, list[str]]:
        kept: dict[str, list[str]] = json.loads(self._file.read_bytes())
        for door in {*kept["full"], *kept["open"]}:
            self._cabinet.force(self._channels[door])
        for door in kept["full"]:
            self._cabinet.put_item(self._channels[door])
        for door in {*kept["full"]} - {*kept["open"]}:
            self._cabinet.close_door(self._channels[door])
        return kept

    def _keep(self, channel: int | None) -> None:
        """In any thread: the cabinet tells of its doors in those that move them."""
        with self._turn:
            truths = {door: self._cabinet.doors()[channel] for door, channel in self._channels.items()}
            now = {
                "full": [door for door, truth in truths.items() if truth.item],
                "open": [door for door, truth in truths.items() if truth.open],
            }
            if now != self._written:
                self._written = now
                part = self._file.with_suffix(".part")
                part.write_text(json.dumps(now))
                part.replace(self._file)
