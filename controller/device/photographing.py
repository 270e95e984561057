"""The camera: looked for now and then, so that a missing one is known before it is needed, and asked for photos."""

import asyncio
from collections.abc import Callable

from controller.device.part_tables import CameraTable
from controller.domain.inputs import BoardTrouble, Input
from firmware_bridge.camera import NAME, Camera, CameraError, Photo, take_photo
from firmware_bridge.faults import FaultKind
from firmware_bridge.rpicam import RpicamCamera
from firmware_bridge.simulated_camera import SimulatedCamera
from firmware_bridge.v4l2_camera import V4l2Camera

LOOK_EVERY_S = 600.0
LOOK_AGAIN_S = 60.0
"""After a camera that was not there. To look costs some of them as much as a picture."""


def camera_of(table: CameraTable) -> Camera:
    """The camera that the settings name."""
    match table.driver:
        case "v4l2":
            return V4l2Camera(table.device or "", table.width, table.height)
        case "rpicam":
            return RpicamCamera(table.width, table.height)
        case "simulated":
            return SimulatedCamera(table.width, table.height)


class Photographer:
    """One picture at a time. `run` it beside the engine. On the loop; the camera works in a thread."""

    def __init__(self, table: CameraTable, camera: Camera, tell: Callable[[Input], None]) -> None:
        self._table = table
        self._camera = camera
        self._tell = tell
        self._fault: FaultKind | None = None
        self._busy = asyncio.Lock()

    async def run(self) -> None:
        """Look after the camera until cancelled."""
        while True:
            async with self._busy:
                await self._look()
            await asyncio.sleep(LOOK_EVERY_S if self._fault is None else LOOK_AGAIN_S)

    async def photograph(self) -> Photo | None:
        """A photo, sharp or said not to be; None where there is none, and then the camera's fault is on record."""
        async with self._busy:
            try:
                photo = await asyncio.to_thread(
                    take_photo, self._camera, self._table.least_sharpness, self._table.tries
                )
            except CameraError as error:
                self._note(error.kind)
                return None
        self._note(None)
        return photo

    async def _look(self) -> None:
        try:
            await asyncio.to_thread(self._camera.look)
        except CameraError as error:
            self._note(error.kind)
        else:
            if self._fault is not FaultKind.NO_PICTURE:
                self._note(None)

    def _note(self, kind: FaultKind | None) -> None:
        if kind is not self._fault:
            self._fault = kind
            self._tell(BoardTrouble(NAME, None if kind is None else kind.value))
