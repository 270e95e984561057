"""A signature as it was drawn on the screen, made into a picture. Pillow is loaded only when somebody signs."""

from collections.abc import Sequence
from io import BytesIO
from itertools import pairwise
from math import hypot

WIDTH, HEIGHT = 1000, 400
"""The field that strokes are drawn in, in its own units."""
LEAST_INK = 250
"""How long all strokes together must be: a dot or a dash is no signature."""
_FINER = 2
_PEN = 5

Stroke = Sequence[tuple[int, int]]


def ink(strokes: Sequence[Stroke]) -> float:
    """How long all strokes are together, in the field's units."""
    return sum(hypot(x2 - x1, y2 - y1) for stroke in strokes for (x1, y1), (x2, y2) in pairwise(stroke))


def draw(strokes: Sequence[Stroke]) -> bytes:
    """The picture, a PNG of `WIDTH` by `HEIGHT` pixels, black on white. The same strokes give the same picture."""
    from PIL import Image, ImageDraw

    image = Image.new("L", (WIDTH * _FINER, HEIGHT * _FINER), 255)
    pen = ImageDraw.Draw(image)
    for stroke in strokes:
        points = [(x * _FINER, y * _FINER) for x, y in stroke]
        pen.line(points, fill=0, width=_PEN * _FINER, joint="curve")
        for x, y in (points[0], points[-1]):
            radius = _PEN * _FINER / 2
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=0)
    png = BytesIO()
    image.resize((WIDTH, HEIGHT), Image.Resampling.BOX).save(png, "PNG", optimize=True)
    return png.getvalue()
