"""The tables of the parts beside the lock boards, key by key."""

from typing import Literal

from pydantic import Field, model_validator

from controller.device.settings_errors import Unfit
from controller.device.settings_values import Line, Table, refuse_unstable
from firmware_bridge.computer import HOT_C
from firmware_bridge.keyboard_port import check_device
from firmware_bridge.serial_port import check_port
from firmware_bridge.v4l2_camera import check_camera


class ScannerTable(Table):
    """`[scanner]`: the barcode scanner at the cabinet, on a serial port or typing like a keyboard."""

    port: str | None = None
    baud: int = Field(default=9600, ge=300, le=1_000_000)
    device: str | None = None
    """An event device, which the locker then has for itself alone."""

    @model_validator(mode="after")
    def _known(self) -> "ScannerTable":
        if (self.port is None) == (self.device is None):
            raise Unfit("port", "a scanner has either a serial port or, where it types, a device; name one of the two")
        for key, name, check in (("port", self.port, check_port), ("device", self.device, check_device)):
            try:
                if name is not None:
                    check(name)
            except ValueError as unknown:
                raise Unfit(key, str(unknown)) from unknown
        refuse_unstable(self.port or "")
        return self


class CameraTable(Table):
    """`[camera]`: takes photos of what lies in a compartment."""

    driver: Literal["v4l2", "rpicam", "simulated"]
    device: str | None = None
    """Of driver v4l2."""
    width: int = Field(default=1280, ge=160, le=4096)
    height: int = Field(default=720, ge=120, le=4096)
    least_sharpness: int = Field(default=100, ge=0, le=10_000)
    """The variance of the picture's Laplacian; below it the picture is taken again."""
    tries: int = Field(default=3, ge=1, le=10)

    @model_validator(mode="after")
    def _known(self) -> "CameraTable":
        if (self.driver == "v4l2") is (self.device is None):
            raise Unfit("device", "driver v4l2 needs the camera's device, the others have none")
        if self.device is not None:
            try:
                check_camera(self.device)
            except ValueError as unknown:
                raise Unfit("device", str(unknown)) from unknown
        return self


class SignalsTable(Table):
    """`[signals]`: door lights, buzzer and cabinet light, on GPIO lines. Each may be missing, but not all."""

    pins: Literal["gpiod", "lgpio", "mock"] = "gpiod"
    """Who drives them; `mock` drives nothing."""
    chip: str | None = None
    """None: the chip of the header."""
    active_high: bool = True
    buzzer: Line | None = None
    cabinet_light: Line | None = None
    door_lights: dict[str, Line] = Field(default_factory=dict)
    """By compartment."""

    @property
    def lines(self) -> dict[str, int | str]:
        """Every line that is named, by its key."""
        single = {"buzzer": self.buzzer, "cabinet_light": self.cabinet_light}
        named = {key: line for key, line in single.items() if line is not None}
        return named | {f"door_lights.{id}": line for id, line in self.door_lights.items()}

    @model_validator(mode="after")
    def _something(self) -> "SignalsTable":
        if not self.lines:
            raise Unfit("buzzer", "names no line at all; name a buzzer, a cabinet_light or door_lights")
        return self


class MachineTable(Table):
    """`[machine]`: the computer that the locker runs on."""

    hot_celsius: int = Field(default=HOT_C, ge=40, le=120)
    real_time_clock: bool = False
    """There must be one, and it must be right."""
