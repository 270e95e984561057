"""QR codes for a terminal or a file. The libraries that draw are loaded when something is drawn."""

import io
from pathlib import Path

_MODULE_PIXELS = 8


def as_text(content: str) -> str:
    """The code drawn with half blocks, for a dark terminal."""
    from qrcode import QRCode
    from qrcode.constants import ERROR_CORRECT_L

    code = QRCode(error_correction=ERROR_CORRECT_L, border=2)
    code.add_data(content)
    drawn = io.StringIO()
    code.print_ascii(out=drawn, invert=True)
    return drawn.getvalue()


def as_png(content: str, path: Path) -> None:
    """The code as a picture. Raises OSError."""
    from qrcode import QRCode
    from qrcode.constants import ERROR_CORRECT_M

    code = QRCode(error_correction=ERROR_CORRECT_M, box_size=_MODULE_PIXELS, border=4)
    code.add_data(content)
    with path.open("wb") as file:
        code.make_image().save(file)
