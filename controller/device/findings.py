"""The doctor's examination as the answer to `diagnostics.run`: the running locker is asked, and nothing is moved."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from controller.contract.wire_json import JSON, JsonObject
from controller.device.doctor.examination import examine, is_good
from controller.device.settings import Settings
from controller.device.telling import in_parts
from firmware_bridge.parts import Part

AT_ONCE = 100
"""Findings in one message."""
_LONGEST = 300
"""Characters of a sentence; what the system says of a file may be longer."""


async def findings(settings: Settings, status: Mapping[str, Any]) -> Sequence[JsonObject]:
    """Every part in turn, in a thread of its own. `status` is what the running locker says of itself."""
    found = await asyncio.to_thread(lambda: tuple(examine(settings, status)))
    rows: list[JSON] = [_row(part) for part in found]
    return in_parts("findings", rows, AT_ONCE, good=all(map(is_good, found)))


def _row(part: Part) -> JsonObject:
    return {
        "part": part.name,
        "state": part.state.value,
        "what": part.what[:_LONGEST],
        "advice": part.advice[:_LONGEST],
    }
