"""Alarms that are about a parcel or a channel, not about a place at the cabinet."""

from collections.abc import Mapping

from controller.contract.record import Record
from controller.remote.fleet.alarms import Alarm

Trouble = tuple[Alarm, str]
_SETTLED_BY = ("custody.collected", "custody.removed", "custody.returned", "custody.stored")
"""After these nobody has to decide anything about the parcel any more."""


def after(troubles: Mapping[Trouble, str], record: Record, since: str) -> Mapping[Trouble, str]:
    """The troubles that are left, and those that this record raises; `since` is its time."""
    parcel, channel, carrier = (record.data.get(name) for name in ("parcel", "channel", "carrier"))
    about = f"{carrier}/{parcel if parcel is not None else channel}"
    raised = _raised(record, by_parcel=parcel is not None)
    if raised is not None:
        return {**troubles, (raised, about): since}
    ended = {(alarm, about) for alarm in _ended(record, by_parcel=parcel is not None)}
    return {trouble: at for trouble, at in troubles.items() if trouble not in ended} if ended else troubles


def _raised(record: Record, *, by_parcel: bool) -> Alarm | None:
    match record.name, record.data.get("action"):
        case "notification.exhausted", _:
            return Alarm.UNTOLD
        case "notification.failed", _ if not by_parcel:
            return Alarm.CHANNEL
        case "ladder.step", "operator":
            return Alarm.UNDECIDED
        case _:
            return None


def _ended(record: Record, *, by_parcel: bool) -> tuple[Alarm, ...]:
    if record.name == "notification.delivered":
        return (Alarm.UNTOLD,) if by_parcel else (Alarm.CHANNEL,)
    if record.name == "recipient.answered":
        return (Alarm.UNTOLD,)
    gone = record.name in _SETTLED_BY or (record.name == "parcel.cancelled" and record.data.get("stored") is False)
    return (Alarm.UNTOLD, Alarm.UNDECIDED) if gone else ()
