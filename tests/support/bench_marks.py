"""Where the time goes between a code and its frame: a mark at each step of the way, in the locker's own process."""

import time
from collections.abc import Callable
from typing import Any

from controller.device.engine import Engine
from controller.device.wiring import Wiring
from controller.journal.tables import Tables
from firmware_bridge.serial_bus import SerialBus
from kiosk.errands import Errands

STEPS = (
    ("HTTP in, JSON read, turn settled", Errands, "pick_up_by_code"),
    ("code to HMAC, into the inbox, loop wakes", Engine, "_go_round"),
    ("decided, sealed, handed to the writer", Tables, "commit"),
    ("transaction and sync", Wiring, "pulse"),
    ("supply's turn, port's worker wakes", SerialBus, "_say"),
)


class Marks:
    """When each step was first entered after the one before, monotonic ns, in their order."""

    def __init__(self) -> None:
        self.entered: list[int] = []
        for number, (_, owner, method) in enumerate(STEPS):
            setattr(owner, method, self._noted(number, getattr(owner, method)))

    def _noted(self, number: int, method: Callable[..., Any]) -> Callable[..., Any]:
        def marked(*args: Any, **kwargs: Any) -> Any:
            if len(self.entered) == number:
                self.entered.append(time.monotonic_ns())
            return method(*args, **kwargs)

        return marked
