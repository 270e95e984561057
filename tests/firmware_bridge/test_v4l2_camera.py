"""Video4Linux2: structures as the C compiler lays them out, and a driver that keeps the kernel's rules."""

import errno
from io import BytesIO

import pytest
from PIL import Image
from support.video_kernel import FakeVideo

from firmware_bridge import v4l2_format as v4l2
from firmware_bridge.camera import CameraError, find_camera, take_photo
from firmware_bridge.faults import FaultKind
from firmware_bridge.parts import PartState
from firmware_bridge.simulated_camera import SimulatedCamera
from firmware_bridge.v4l2_camera import SETTLING_FRAMES, V4l2Camera, check_camera, ppm_of_yuyv

DEVICE = "/dev/v4l/by-id/usb-camera-video-index0"

# Written by a C program that includes <linux/videodev2.h>, on x86-64; aarch64 lays them out alike.
CAPABILITY = bytes.fromhex("757663766964656f") + bytes(8) + b"HD Cam" + bytes(58)
CAPABILITY += bytes.fromhex("000000000100a08401002004") + bytes(12)
FORMAT = bytes.fromhex("01000000000000000005 0000d002000059555956 01000000000a000000201c00") + bytes(176)
BUFFERS = bytes.fromhex("04000000 01000000 01000000 00000000 00000000")
BUFFER = bytes.fromhex("03000000010000004d0000004000000000000000") + bytes(40)
BUFFER += bytes.fromhex("01000000 0020000000000000 0010000000000000 0000000000000000")


def test_requests_have_the_numbers_of_the_kernels_header() -> None:
    assert (v4l2.QUERYCAP, v4l2.S_FMT, v4l2.REQBUFS) == (0x80685600, 0xC0D05605, 0xC0145608)
    assert (v4l2.QUERYBUF, v4l2.QBUF, v4l2.DQBUF) == (0xC0585609, 0xC058560F, 0xC0585611)
    assert (v4l2.STREAMON, v4l2.STREAMOFF) == (0x40045612, 0x40045613)


def test_structures_are_laid_out_as_a_c_compiler_does() -> None:
    assert (len(CAPABILITY), len(FORMAT), len(BUFFERS), len(BUFFER)) == (104, 208, 20, 88)
    assert len(v4l2.blank_capability()) == 104
    assert v4l2.parse_capability(CAPABILITY) == ("HD Cam", 0x04200001)
    assert v4l2.parse_format(FORMAT) == v4l2.Shape(1280, 720, v4l2.YUYV, 2560)
    assert v4l2.parse_format(v4l2.build_format(v4l2.Shape(1280, 720, v4l2.YUYV))).kind == v4l2.YUYV
    assert v4l2.build_buffers(4) == BUFFERS
    assert v4l2.parse_buffers(BUFFERS) == 4
    assert v4l2.parse_buffer(BUFFER) == v4l2.Buffer(3, 77, v4l2.BROKEN_FRAME, 8192, 4096)
    assert v4l2.parse_buffer(v4l2.build_buffer(3)) == v4l2.Buffer(3)


def jpeg() -> bytes:
    drawn = BytesIO()
    Image.open(BytesIO(SimulatedCamera().take())).save(drawn, "JPEG")
    return drawn.getvalue()


def camera(kernel: FakeVideo, device: str = DEVICE) -> V4l2Camera:
    return V4l2Camera(device, 640, 360, kernel)


def test_a_jpeg_comes_as_the_camera_made_it_once_it_has_settled() -> None:
    frames = [f"too dark {number}".encode() for number in range(SETTLING_FRAMES)] + [b"the picture", b"later"]
    kernel = FakeVideo(frames)
    assert camera(kernel).take() == b"the picture"
    assert (kernel.streaming, kernel.opened) == (False, 0)
    with pytest.raises(ValueError, match="released"):
        kernel.mapped[0].tobytes()


def test_damaged_and_empty_frames_are_passed_over() -> None:
    frames = [b"dark"] * SETTLING_FRAMES + [b"damaged", b"", b"good"]
    assert camera(FakeVideo(frames, broken={SETTLING_FRAMES})).take() == b"good"


def test_a_camera_that_falls_silent_gives_no_picture_and_the_device_back() -> None:
    kernel = FakeVideo([b"dark"])
    with pytest.raises(CameraError, match="no good frame within 8 s, 1 seen") as none:
        camera(kernel).take()
    assert none.value.kind is FaultKind.NO_PICTURE
    assert (kernel.streaming, kernel.opened) == (False, 0)


@pytest.mark.parametrize("padding", [0, 32])
def test_a_raw_picture_becomes_one_with_its_colours(padding: int) -> None:
    line = bytes((81, 90, 81, 240)) * 80 + bytes(padding)  # red, as BT.601 has it
    kernel = FakeVideo([line * 90] * (SETTLING_FRAMES + 1), v4l2.YUYV, 160, 90, 320 + padding)
    picture = Image.open(BytesIO(camera(kernel).take()))
    assert picture.size == (160, 90)
    red, green, blue = picture.crop((80, 45, 81, 46)).tobytes()
    assert (red > 220, green < 40, blue < 40) == (True, True, True)


def test_a_raw_picture_that_is_cut_off_is_none() -> None:
    with pytest.raises(CameraError, match="100 bytes are no picture of 160 × 90"):
        ppm_of_yuyv(bytes(100), v4l2.Shape(160, 90, v4l2.YUYV))


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.EBUSY, FaultKind.PORT_BUSY),
        (errno.ENODEV, FaultKind.PORT_MISSING),
        (errno.EIO, FaultKind.NO_PICTURE),
    ],
)
def test_what_the_driver_says_in_mid_stream_has_a_name(number: int, kind: FaultKind) -> None:
    kernel = FakeVideo([b"x"] * 9, refuses={v4l2.DQBUF: number})
    with pytest.raises(CameraError) as failed:
        camera(kernel).take()
    assert failed.value.kind is kind
    assert (kernel.streaming, kernel.opened) == (False, 0)


def test_a_device_that_takes_no_pictures_or_speaks_something_else_is_the_wrong_one() -> None:
    for kernel in (FakeVideo([], can=0x8000_0002), FakeVideo([], kind=b"H264")):
        with pytest.raises(CameraError) as wrong:
            camera(kernel).take()
        assert wrong.value.kind is FaultKind.WRONG_DEVICE


def test_a_camera_is_found_by_its_name_or_missing() -> None:
    assert find_camera(camera(FakeVideo([]))).what == "Cam"
    missing = find_camera(camera(FakeVideo([]), "/dev/v4l/by-id/none"))
    assert missing.state is PartState.MISSING
    real = find_camera(V4l2Camera("/dev/null", 640, 360))
    assert (real.state, real.what) == (PartState.FAULTY, "wrong device: /dev/null: Inappropriate ioctl for device")


def test_a_photo_is_a_jpeg_of_our_own() -> None:
    kernel = FakeVideo([jpeg()] * (SETTLING_FRAMES + 1))
    photo = take_photo(camera(kernel), 100, 1)
    assert (photo.width, photo.height, photo.sharp) == (640, 360, True)


@pytest.mark.parametrize("device", ["video0", "/dev/video0"])
def test_names_that_may_change_are_refused(device: str) -> None:
    with pytest.raises(ValueError, match=r"no path|next boot"):
        check_camera(device)
    check_camera(DEVICE)
