"""What somebody should look at, and which records raise and end it."""

from collections.abc import Mapping
from enum import StrEnum


class Alarm(StrEnum):
    """One kind of trouble. Where it is, a compartment or a board, stands beside it."""

    OFFLINE = "offline"
    FORCED = "forced"
    """A door was opened by force; until the next lawful unlock of it, or until it is restored."""
    JAM = "jam"
    """A door stayed shut after its unlock; until it is seen to open."""
    WIRING = "wiring"
    """A lock moved another door than its own, and its supply stands still; until its door is restored."""
    LEFT_OPEN = "left_open"
    SENSOR = "sensor"
    """A door whose sensor says nothing."""
    QUARANTINE = "quarantine"
    SHORTFALL = "shortfall"
    """A handoff took place without evidence that its plan demands; until the compartment is given out again."""
    SOMEONE_INSIDE = "someone_inside"
    """Somebody says that a person is shut in; until a technician has come."""
    LOCKOUT = "lockout"
    """A service lock-out that nobody switched off in time; until a technician has come."""
    TAMPER = "tamper"
    """The service door is open, or the cabinet was moved, and nobody of ours is there."""
    FIRE = "fire"
    MAINS = "mains"
    """It runs on its battery."""
    MISSING = "missing"
    """A parcel that was not where it should be; until stock is taken again."""
    DISPUTE = "dispute"
    """A recipient denies what they were handed; until somebody has settled it."""
    UNTOLD = "untold"
    """No channel is left to tell the recipient of a parcel; until one delivered or the parcel is gone."""
    UNDECIDED = "undecided"
    """Somebody has to decide about a parcel; until it is gone."""
    CHANNEL = "channel"
    """A channel did not show that it is alive; until it does."""
    DRIFT = "drift"
    """Something small goes wrong too often; until it has been well for some days."""
    BOARD = "board"
    POWER = "power"
    HEAT = "heat"
    DISK = "disk"
    JOURNAL = "journal"
    CLOCK = "clock"
    BACKLOG = "backlog"
    """Records have waited for their acknowledgement for too long."""
    CERTIFICATE = "certificate"
    GUESSING = "guessing"
    """Somebody has used up the allowance of wrong codes; until a right one is typed."""
    FORK = "fork"


RAISED_BY: Mapping[str, Alarm] = {
    "door.forced": Alarm.FORCED,
    "door.did_not_open": Alarm.JAM,
    "door.wiring_fault": Alarm.WIRING,
    "door.left_open": Alarm.LEFT_OPEN,
    "door.sensor_unknown": Alarm.SENSOR,
    "compartment.quarantined": Alarm.QUARANTINE,
    "security.someone_inside": Alarm.SOMEONE_INSIDE,
    "service.lockout_lapsed": Alarm.LOCKOUT,
    "custody.disputed": Alarm.DISPUTE,
    "health.board_fault": Alarm.BOARD,
    "health.drift": Alarm.DRIFT,
    "health.undervoltage": Alarm.POWER,
    "health.overheat": Alarm.HEAT,
    "health.disk_low": Alarm.DISK,
    "health.storage_error": Alarm.JOURNAL,
    "security.guessing": Alarm.GUESSING,
    "security.fire": Alarm.FIRE,
    "health.mains_lost": Alarm.MAINS,
    "security.fork": Alarm.FORK,
}
RAISED_FOR: Mapping[tuple[str, str], Alarm] = {
    ("security.tamper", "unattended"): Alarm.TAMPER,
    ("custody.removed", "missing"): Alarm.MISSING,
    ("compartment.quarantined", "missing"): Alarm.MISSING,
}
"""The same for records that raise an alarm only for one `reason`."""
ENDED_BY: Mapping[str, tuple[Alarm, ...]] = {
    "custody.dispute_settled": (Alarm.DISPUTE,),
    "unlock.authorised": (Alarm.FORCED,),
    "custody.depositing": (Alarm.SHORTFALL,),
    "door.opened": (Alarm.JAM, Alarm.SENSOR),
    "door.closed": (Alarm.LEFT_OPEN, Alarm.SENSOR),
    "door.seen": (Alarm.SENSOR,),
    "compartment.restored": (Alarm.FORCED, Alarm.JAM, Alarm.WIRING, Alarm.QUARANTINE),
    "health.board_recovered": (Alarm.BOARD,),
    "health.drift_over": (Alarm.DRIFT,),
    "health.voltage_recovered": (Alarm.POWER,),
    "health.temperature_recovered": (Alarm.HEAT,),
    "health.disk_recovered": (Alarm.DISK,),
    "code.accepted": (Alarm.GUESSING,),
    "technician.signed_in": (Alarm.SOMEONE_INSIDE, Alarm.LOCKOUT),
    "security.tamper_ended": (Alarm.TAMPER,),
    "security.fire_ended": (Alarm.FIRE,),
    "health.mains_recovered": (Alarm.MAINS,),
    "stream.started": (Alarm.FORK, Alarm.JOURNAL),
}
ENDED_EVERYWHERE_BY: Mapping[str, tuple[Alarm, ...]] = {"audit.started": (Alarm.MISSING,)}
LONGEST_WAIT_S = 15 * 60
"""A record that waits longer for its acknowledgement is a backlog."""
CERTIFICATE_DAYS = 21
"""A certificate that is good for fewer days has to be replaced."""
