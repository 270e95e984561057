"""QR codes as the outline of their dark modules: the page draws them itself, so no picture needs an address."""

from controller.contract.wire_json import JsonObject

_QUIET = 4
"""Modules of margin that readers need."""


def qr_outline(content: str) -> JsonObject:
    """`size` in modules, margin included, and `path` for an SVG of that size. Raises ValueError for what is too long.

    ASCII alone: readers disagree about the rest.
    """
    import qrcode
    from qrcode.exceptions import DataOverflowError

    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_L, border=_QUIET)
    code.add_data(content.encode("ascii"))
    try:
        rows = code.get_matrix()
    except (DataOverflowError, ValueError) as overflow:  # it refuses its own 41st version before it sees the overflow
        raise ValueError("more than a QR code holds") from overflow
    return {"size": len(rows), "path": "".join(_runs(y, row) for y, row in enumerate(rows))}


def _runs(y: int, row: list[bool]) -> str:
    """One rectangle for each run of dark modules in a row."""
    drawn, start = [], None
    for x, dark in enumerate([*row, False]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            drawn.append(f"M{start} {y}h{x - start}v1H{start}z")
            start = None
    return "".join(drawn)
