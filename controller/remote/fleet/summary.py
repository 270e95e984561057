"""Many lockers in a few figures."""

from collections import Counter
from collections.abc import Iterable

from controller.contract.wire_json import JSON, JsonObject
from controller.remote.fleet.locker_view import LockerView

COUNTED = ("free", "reserved", "occupied", "quarantined", "out_of_service")
"""How a compartment can stand, as the topic `state` counts it."""


def summary(views: Iterable[LockerView]) -> JsonObject:
    """Totals, and a line for each locker."""
    listed = list(views)
    online = sum(view.online for view in listed)
    alarms = Counter(alarm.value for view in listed for alarm, _ in view.troubles)
    software = Counter(view.software or "unknown" for view in listed)
    return {
        "lockers": len(listed),
        "online": online,
        "offline": len(listed) - online,
        "compartments": {name: sum(view.count(name) for view in listed) for name in COUNTED},
        "alarms": dict(alarms.most_common()),
        "backlog": sum(view.backlog for view in listed),
        "software": dict(software.most_common()),
        "each": list[JSON](facts(view) for view in listed),
    }


def facts(view: LockerView) -> JsonObject:
    """One locker, for programs."""
    status = view.status
    return {
        "locker": view.locker,
        "online": view.online,
        "software": view.software,
        "boot": status.boot if status is not None else None,
        "stream": status.stream if status is not None else None,
        "seq": max(view.gaps.newest, status.sequence if status is not None else 0),
        "compartments": {name: view.count(name) for name in COUNTED},
        "backlog": view.backlog,
        "alarms": list[JSON](
            {"kind": alarm.value, "where": where, "since": since} for (alarm, where), since in view.troubles.items()
        ),
    }
