"""A PIN that was not taken: what is wrong, and how long until another is looked at. Pure."""

from dataclasses import replace

from controller.domain.answers import Refused
from controller.domain.ids import MonoMs
from kiosk.screens import ProveNumber, TypeDriverPin
from kiosk.session import Visit, show
from kiosk.technician_screens import TypePin

PinScreen = ProveNumber | TypeDriverPin | TypePin


def not_believed(visit: Visit, screen: PinScreen, no: Refused, now: MonoMs) -> Visit:
    """The same screen, with the sentence and, after too many, with the time to wait."""
    retry_at = MonoMs(now + 1000 * no.retry_after_s) if no.retry_after_s else None
    return show(visit, replace(screen, refused=no.reason.value, retry_at=retry_at), now)
