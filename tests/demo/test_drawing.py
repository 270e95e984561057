"""QR codes as outlines."""

import re

import pytest
import qrcode

from controller.cli.demo.drawing import qr_outline


def modules(path: str, size: int) -> list[list[bool]]:
    """The outline, filled in again."""
    rows = [[False] * size for _ in range(size)]
    for x, y, width, back in re.findall(r"M(\d+) (\d+)h(\d+)v1H(\d+)z", path):
        assert x == back
        rows[int(y)][int(x) : int(x) + int(width)] = [True] * int(width)
    return rows


@pytest.mark.parametrize("text", ["RR123456785DE", "a.b.c" * 90])
def test_the_outline_is_that_of_the_code(text: str) -> None:
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_L, border=4)
    code.add_data(text.encode())

    outline = qr_outline(text)

    assert isinstance(outline["size"], int)
    assert modules(str(outline["path"]), outline["size"]) == code.get_matrix()


@pytest.mark.parametrize("text", ["ä", "x" * 3000])
def test_what_no_reader_reads_is_not_drawn(text: str) -> None:
    with pytest.raises(ValueError, match=r"ascii|more than a QR code holds"):
        qr_outline(text)
