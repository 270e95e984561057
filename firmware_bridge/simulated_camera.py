"""A camera made of nothing: draws the inside of a compartment, sharp or blurred, or fails as it is told to."""

from io import BytesIO

from firmware_bridge.camera import CameraError
from firmware_bridge.faults import FaultKind


class SimulatedCamera:
    """`blurred` pictures come out of focus, then sharp ones. `fault` is what every picture fails with, None: none."""

    def __init__(self, width: int = 640, height: int = 360, *, blurred: int = 0) -> None:
        self.blurred = blurred
        self.fault: FaultKind | None = None
        self.taken = 0
        self._size = (width, height)

    def take(self) -> bytes:
        """A drawing as PNG."""
        self.look()
        self.taken += 1
        return _drawing(self._size, focused=self.taken > self.blurred)

    def look(self) -> str:
        """What it is called."""
        if self.fault is not None:
            raise CameraError(self.fault, "the simulated camera was told to fail")
        return "a simulated camera"


def _drawing(size: tuple[int, int], *, focused: bool) -> bytes:
    from PIL import Image, ImageDraw, ImageFilter

    width, height = size
    picture = Image.new("RGB", size, (60, 64, 70))
    draw = ImageDraw.Draw(picture)
    parcel = (width // 5, height // 3, width * 4 // 5, height * 9 // 10)
    draw.rectangle(parcel, fill=(176, 132, 82), outline=(90, 62, 34), width=3)
    for number in range(24):
        left = width // 4 + number * width // 60
        draw.rectangle((left, height // 2, left + width // (90 + number % 3 * 60), height * 3 // 5), fill=(15, 15, 15))
    if not focused:
        picture = picture.filter(ImageFilter.GaussianBlur(8))
    drawn = BytesIO()
    picture.save(drawn, "PNG")
    return drawn.getvalue()
