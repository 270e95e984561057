"""How far a recipient has come with the parcels of their pickup. Pure."""

from controller.domain.state import State
from kiosk.session import Visit


def progress(visit: Visit, state: State) -> dict[str, int] | None:
    """Which of how many this door is, and how many `wait` behind other doors; None for who was not let in."""
    recipient = state.recipient
    if recipient is None or recipient.session != visit.session:
        return None
    here = {door.id for door in visit.doors}
    live = (state.parcels[id] for id in recipient.parcels if id in state.parcels)
    waiting = sum(parcel.compartment not in here and not parcel.cancelled for parcel in live)
    return {"number": len(recipient.tried), "of": len(recipient.parcels), "waiting": waiting}
