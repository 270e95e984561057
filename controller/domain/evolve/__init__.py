"""From one state to the next by one event. The journal read from its start through here gives the locker as it is."""

from dataclasses import replace

from controller.domain import events as ev
from controller.domain.evolve.audits import evolve_audits
from controller.domain.evolve.codes import evolve_codes
from controller.domain.evolve.custody import evolve_custody
from controller.domain.evolve.doors import evolve_doors
from controller.domain.evolve.drift import with_drift
from controller.domain.evolve.machine import evolve_machine
from controller.domain.evolve.notifications import evolve_notifications
from controller.domain.evolve.orders import evolve_orders
from controller.domain.evolve.parcels import evolve_parcels
from controller.domain.evolve.people import evolve_people
from controller.domain.evolve.preferences import evolve_preferences
from controller.domain.evolve.recipients import evolve_recipients
from controller.domain.evolve.service import evolve_service
from controller.domain.evolve.sites import evolve_sites
from controller.domain.evolve.trust import evolve_trust
from controller.domain.stamp import Stamp
from controller.domain.state import State

_AREAS = {
    "stream": evolve_machine,
    "boot": evolve_machine,
    "clock": evolve_machine,
    "config": evolve_machine,
    "health": evolve_machine,
    "private": evolve_codes,
    "code": evolve_codes,
    "pass": evolve_codes,
    "app": evolve_codes,
    "parcel": evolve_parcels,
    "ladder": evolve_parcels,
    "notification": evolve_notifications,
    "plan": evolve_people,
    "preference": evolve_preferences,
    "driver": evolve_people,
    "recipient": evolve_recipients,
    "unlock": evolve_doors,
    "door": evolve_doors,
    "compartment": evolve_doors,
    "custody": evolve_custody,
    "command": evolve_orders,
    "security": evolve_orders,
    "service": evolve_service,
    "site": evolve_sites,
    "key": evolve_trust,
    "technician": evolve_audits,
    "audit": evolve_audits,
}
_BY_EVENT = {cls: _AREAS[name.partition(".")[0]] for name, cls in ev.EVENTS.items()}


def evolve(state: State, event: ev.Event, stamp: Stamp) -> State:
    """The state after `event`, which happened at `stamp`. Counts it in `sequence`."""
    counted = replace(state, sequence=state.sequence + 1, last=stamp)
    return with_drift(_BY_EVENT[type(event)](counted, event, stamp), state, event, stamp)
