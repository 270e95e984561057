"""PINs that were asked for, and the files that show what was given."""

from dataclasses import replace

from controller.domain import events as ev
from controller.domain.changes import with_item, without
from controller.domain.evidence import EvidenceFile, Pin
from controller.domain.ids import ParcelId, PickupId
from controller.domain.rules import Evidence
from controller.domain.stamp import Stamp
from controller.domain.state import State


def evolve_pins(state: State, event: ev.Event, stamp: Stamp) -> State:
    """The state after a PIN was asked for or typed."""
    match event:
        case ev.PinRequested():
            state = pin_forgotten(state, event.pickup)
            pin = Pin(event.pin_hmac, stamp.mono, event.until, state.sequence)
            return replace(state, pins=with_item(state.pins, event.pickup, pin))
        case ev.PinAccepted():
            return _given(pin_forgotten(state, event.pickup), ev.EvidenceDigest(Evidence.PIN))
        case ev.PinRefused():
            return _refused(replace(state, tries_due=event.tries_due), event)
        case _:
            return state


def pin_forgotten(state: State, pickup: PickupId) -> State:
    """The state without this pickup's PIN, whose private part is to be erased."""
    pin = state.pins.get(pickup)
    if pin is None:
        return state
    pins = without(state.pins, pickup)
    return replace(state, pins=pins, to_erase=(*state.to_erase, pin.sequence))


def pins_forgotten(state: State) -> State:
    """The state without any: who asked for one has seen the locker start again."""
    for pickup in state.pins:
        state = pin_forgotten(state, pickup)
    return state


def signed(state: State, event: ev.RecipientSigned) -> State:
    """The state that knows of a signature."""
    file = EvidenceFile(Evidence.SIGNATURE, event.parcels, event.kept_until, state.sequence)
    state = replace(state, files=with_item(state.files, event.file, file))
    return _given(state, ev.EvidenceDigest(Evidence.SIGNATURE, event.sha256))


def files_erased(state: State, event: ev.PrivateErased) -> State:
    """The state without these files and without the PINs of these records."""
    files = {name: file for name, file in state.files.items() if name not in event.files}
    pins = {pickup: pin for pickup, pin in state.pins.items() if pin.sequence not in event.sequences}
    return replace(state, files=files, pins=pins)


def frozen(state: State, parcel: ParcelId, stamp: Stamp) -> State:
    """The state in which everything that shows how this parcel was handed over is kept for longer."""
    files = {
        name: replace(file, disputed_at=stamp.wall) if parcel in file.parcels else file
        for name, file in state.files.items()
    }
    return replace(state, files=files)


def _given(state: State, given: ev.EvidenceDigest) -> State:
    visit = state.recipient
    if visit is None:
        return state
    return replace(state, recipient=replace(visit, shown=(*visit.shown, given)))


def _refused(state: State, event: ev.PinRefused) -> State:
    pin = state.pins.get(event.pickup)
    if pin is None or event.why != "wrong":
        return state
    counted = replace(pin, wrong=pin.wrong + 1, hmac=pin.hmac if event.left else None)
    return replace(state, pins=with_item(state.pins, event.pickup, counted))
