"""Whose parcel a command is about: its sender's own, by the sender's own name for it."""

from dataclasses import replace

from controller.domain.commands import Command, ExpectParcel
from controller.domain.ids import CarrierId, ParcelId
from controller.domain.naming import meant
from controller.domain.state import State

_NAMING = ("parcel", "found")


def addressed(state: State, command: Command, by: CarrierId | None) -> Command | None:
    """The command with the parcels it names told apart from those of other carriers; None where one cannot be meant.

    `by` is the carrier that sent it, None for the site's people.
    """
    whose = command.carrier if isinstance(command, ExpectParcel) else by
    known, ids = {**state.parcels, **state.disputes}, dict[str, ParcelId]()
    for field in _NAMING:
        said = getattr(command, field, None)
        if said is None:
            continue
        id = meant(said, whose, known)
        if id is None:
            return None
        ids[field] = id
    return replace(command, **ids)  # type: ignore[arg-type]  # only fields that this very command has
