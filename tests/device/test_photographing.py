from support.on_a_loop import on_a_loop

from controller.device.part_tables import CameraTable
from controller.device.photographing import Photographer
from controller.domain.inputs import BoardTrouble, Input
from firmware_bridge.faults import FaultKind
from firmware_bridge.simulated_camera import SimulatedCamera

TABLE = CameraTable(driver="simulated", least_sharpness=100, tries=3)


@on_a_loop
async def test_a_photo_is_taken_again_until_it_is_sharp() -> None:
    told: list[Input] = []
    photo = await Photographer(TABLE, SimulatedCamera(blurred=1), told.append).photograph()
    assert photo is not None
    assert (photo.sharp, photo.tries, told) == (True, 2, [])


@on_a_loop
async def test_a_camera_that_fails_is_a_fault_until_it_takes_a_picture_again() -> None:
    told: list[Input] = []
    camera = SimulatedCamera()
    photographer = Photographer(TABLE, camera, told.append)
    camera.fault = FaultKind.NO_PICTURE
    assert await photographer.photograph() is None
    assert await photographer.photograph() is None
    assert told == [BoardTrouble("camera", "no_picture")]
    camera.fault = None
    assert await photographer.photograph() is not None
    assert told[1:] == [BoardTrouble("camera", None)]
