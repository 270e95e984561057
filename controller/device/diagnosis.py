"""The machine in a few lines, for the technician before it: what the status page knows, without names and numbers."""

from collections.abc import Mapping
from typing import Any

from controller.domain.state import State


def diagnosis(status: Mapping[str, Any], state: State) -> dict[str, str | int | bool]:
    """Each fact under the name that the screen has a word for; boards and parts under their own."""
    journal, broker = status["journal"], status["broker"]
    facts: dict[str, str | int | bool] = {
        "software": status["software"],
        "running_h": status["running_s"] // 3600,
        "clock": f"{status['time'][:16].replace('T', ' ')} UTC, {status['clock']}",
        "broker": "ok" if broker["connected"] else str(broker["reason"]),
        "waiting": journal["waiting"],
        "disk_low": state.disk_low,
    }
    for board in status["boards"]:
        facts[board["name"]] = _stands(board["fault"], board["advice"])
    for part in status["parts"]:
        facts[part["name"]] = _stands(part["fault"], part["advice"])
    return facts


def _stands(fault: str | None, advice: str | None) -> str:
    return "ok" if fault is None else f"{fault.replace('_', ' ')}: {advice}"
