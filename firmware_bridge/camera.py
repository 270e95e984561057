"""A camera, whichever it is: one picture at a time, taken again if it is blurred, the sharpest kept.

How sharp a picture is, is the variance of its Laplacian: edges make it large, blur and darkness small. Pillow is loaded
only when a picture is judged, so a locker that takes none does not carry it.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Final, Protocol

from firmware_bridge.faults import BoardFault, FaultKind
from firmware_bridge.parts import Part, PartState, part_with

if TYPE_CHECKING:
    from PIL import Image

NAME: Final = "camera"
JPEG_QUALITY: Final = 85
JUDGED_WIDTH: Final = 640
"""Pixels; larger pictures are judged at this width, so that the figure does not depend on the camera's resolution."""


class CameraError(Exception):
    """There is no picture: which kind of fault, and what happened to what."""

    def __init__(self, kind: FaultKind, detail: str) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind = kind
        self.detail = detail

    def fault(self) -> BoardFault:
        """The same as the camera's fault."""
        return BoardFault(NAME, self.kind, self.detail)


class Camera(Protocol):
    """Anything that takes pictures. Both methods block for up to ten seconds."""

    def take(self) -> bytes:
        """One picture in any format that Pillow reads. Raises CameraError."""

    def look(self) -> str:
        """What it is called, without taking a picture. Raises CameraError where there is none."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture that was judged."""

    jpeg: bytes
    """Without any metadata."""
    width: int
    height: int
    sharpness: int
    sharp: bool
    """False: it was taken as often as allowed and stayed blurred."""
    tries: int


def take_photo(camera: Camera, least_sharpness: int, tries: int) -> Photo:
    """The first sharp picture, or the sharpest of as many as were tried (1 or more). Raises CameraError."""
    best: Photo | None = None
    for number in range(1, tries + 1):
        photo = _judged(camera.take(), least_sharpness, number)
        if best is None or photo.sharpness > best.sharpness:
            best = photo
        if photo.sharp:
            break
    if best is None:
        raise ValueError(f"a picture must be tried at least once, not {tries} times")
    return Photo(best.jpeg, best.width, best.height, best.sharpness, best.sharp, number)


def find_camera(camera: Camera) -> Part:
    """Whether it is there."""
    try:
        return Part(NAME, PartState.FOUND, camera.look())
    except CameraError as error:
        return part_with(error.fault())


def sharpness(picture: "Image.Image") -> int:
    """The variance of its Laplacian, in grey levels squared, at most 640 pixels wide. Around 100 and more is sharp."""
    from PIL import Image, ImageFilter, ImageStat

    grey = picture.convert("L")
    if grey.width > JUDGED_WIDTH:
        grey = grey.resize((JUDGED_WIDTH, grey.height * JUDGED_WIDTH // grey.width), Image.Resampling.BOX)
    if min(grey.size) < 3:
        return 0
    laplacian = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)
    edges = grey.filter(laplacian).crop((1, 1, grey.width - 1, grey.height - 1))
    return round(ImageStat.Stat(edges).var[0])


def _judged(picture: bytes, least_sharpness: int, tries: int) -> Photo:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(BytesIO(picture)) as opened:
            image = opened.convert("RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as broken:
        raise CameraError(FaultKind.NO_PICTURE, f"{len(picture)} bytes that are no picture: {broken}") from broken
    jpeg = BytesIO()
    image.save(jpeg, "JPEG", quality=JPEG_QUALITY)
    figure = sharpness(image)
    return Photo(jpeg.getvalue(), image.width, image.height, figure, figure >= least_sharpness, tries)
