"""What must hold whenever one looks, and at the end: the rules of a locker that may die at any moment."""

from itertools import pairwise

from support import daemon_journal
from support.daemon_carrier import Backend
from support.daemon_hands import Truth
from support.daemon_line import WatchedBoards
from support.daemon_people import Street
from support.daemon_site import Site

from controller.domain.ids import CompartmentId
from controller.domain.naming import name_of
from controller.domain.state import Custody, State


def check_journal(site: Site) -> State:
    """Every hash, link, proof and snapshot is good; the state that follows from the records.

    A process that was killed in its very first moments may have left no journal, but never half of one.
    """
    if not daemon_journal.exists(site.data_dir):
        return State()
    found = daemon_journal.verified(site.data_dir)
    assert found.damage is None, found.damage
    return daemon_journal.folded(site.data_dir)


def check_unlocks(boards: WatchedBoards) -> None:
    """No pulse without a committed authorisation of the same boot, and none twice for one."""
    unlawful = [unlocking for unlocking in boards.unlockings if not unlocking.lawful]
    assert unlawful == [], f"pulsed without a record that allows it: {unlawful}"


def check_supply(site: Site) -> None:
    """At most one lock energised at a time."""
    spans = sorted((current.on_ms, current.off_ms) for current in site.cabinet.currents)
    for (_, end), (start, _) in pairwise(spans):
        assert start >= end, "two locks were energised at a time"


def check_carrier(site: Site, backend: Backend) -> int:
    """What the carrier took are the journal's first records, byte for byte and in order; how many it has."""
    taken = backend.records()
    kept = [raw for _, raw in daemon_journal.rows(site.data_dir)]
    assert taken == kept[: len(taken)], "the carrier holds a record that the journal does not"
    assert backend.sequences == list(range(1, len(backend.sequences) + 1)), "the carrier took records out of order"
    assert backend.complaints == [], backend.complaints
    return len(taken)


def check_parcels(site: Site, state: State, truth: Truth) -> None:
    """Every parcel is in one place; what may hold one is not given out; none was collected twice."""
    with truth.lock:
        inside, handed_out = dict(truth.inside), set(truth.handed_out)
    for place, parcel in inside.items():
        compartment = state.compartments[CompartmentId(place)]
        held = compartment.parcel and name_of(compartment.parcel)
        assert held == parcel or compartment.quarantine is not None, f"{place} counts as empty: {parcel}"
    for kept in state.parcels.values():
        holds = [c.id for c in state.compartments.values() if c.parcel == kept.id]
        assert holds == ([] if kept.compartment is None else [kept.compartment]), f"{kept.id} is in {holds}"
        if kept.custody in (Custody.STORED, Custody.COLLECTING):
            assert inside.get(str(kept.compartment)) == kept.name or kept.name in handed_out, f"{kept.id} is nowhere"
    collected = [record["data"]["parcel"] for record in daemon_journal.records(site.data_dir, "custody.collected")]
    assert len(collected) == len(set(collected)), "a parcel was collected twice"
    assert set(collected) <= handed_out, "a parcel counts as collected that nobody took"


def check_doors(site: Site, state: State) -> None:
    """The locker knows of every door how it stands."""
    truth = {channel: door.sensor.value for channel, door in site.cabinet.doors().items()}
    known = {int(id[1:]): compartment.door.value for id, compartment in state.compartments.items()}
    assert known == truth, f"the locker takes its doors for {known}"


def check(street: Street) -> State:
    """All that must hold at any moment in which no daemon runs; the state on record."""
    assert "Traceback" not in street.daemon.said(), street.daemon.said()
    state = check_journal(street.site)
    check_unlocks(street.site.boards)
    check_supply(street.site)
    check_carrier(street.site, street.backend)
    check_parcels(street.site, state, street.truth)
    return state
