"""The receipt that a recipient takes away with their telephone: a QR code, as rows of modules for the page to draw."""

from dataclasses import replace

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_L

from kiosk.desk import Desk
from kiosk.screens import Thanks
from kiosk.session import Visit

MASK = 2
"""Any of them is lawful; trying all eight out takes many times as long."""


def with_receipt(visit: Visit, desk: Desk) -> Visit:
    """The last page with the receipt of everything that this visit has collected, where there is something."""
    recipient = desk.doorway.state().recipient
    if not isinstance(visit.screen, Thanks) or recipient is None or recipient.session != visit.session:
        return visit
    sequences = tuple(taken.records[-1] for taken in recipient.taken if taken.records)
    text = desk.doorway.receipt(sequences) if sequences else None
    return visit if text is None else replace(visit, screen=Thanks(modules(text)))


def modules(text: str) -> tuple[str, ...]:
    """The QR code of `text`, a row of `0` and `1` (dark) for each line of it, without the quiet zone."""
    code = QRCode(error_correction=ERROR_CORRECT_L, border=0, mask_pattern=MASK)
    code.add_data(text, optimize=0)
    return tuple("".join("1" if dark else "0" for dark in row) for row in code.get_matrix())
