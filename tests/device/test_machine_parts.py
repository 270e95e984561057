from pathlib import Path

from support.locker_folder import GOOD, make_folder
from support.typist import typing_scanner

from controller.device.machine_parts import find_parts
from controller.device.settings import Settings, load
from firmware_bridge.parts import Part, PartState


def settings_with(folder: Path, tables: str = "") -> Settings:
    return load(make_folder(folder, GOOD + tables))


def part(name: str, found: tuple[Part, ...]) -> Part:
    [part] = [each for each in found if each.name == name]
    return part


def test_a_part_that_the_configuration_does_not_name_is_not_looked_for(tmp_path: Path) -> None:
    assert part("scanner", find_parts(settings_with(tmp_path))).state is PartState.NOT_CONFIGURED


def test_a_scanner_that_is_not_there_is_missing_and_one_that_is_is_found(tmp_path: Path) -> None:
    gone = settings_with(tmp_path, '[scanner]\ndevice = "/dev/input/by-id/none-event-kbd"\n')
    missing = part("scanner", find_parts(gone))
    assert (missing.state, missing.what) == (
        PartState.MISSING,
        "port missing: /dev/input/by-id/none-event-kbd: No such file or directory",
    )
    assert "plug it in" in missing.advice
    with typing_scanner() as (device, _):
        there = settings_with(tmp_path, f'[scanner]\ndevice = "{device}"\n')
        assert part("scanner", find_parts(there)).state is PartState.FOUND


def test_a_running_locker_is_asked_and_its_scanner_left_alone(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, '[scanner]\ndevice = "/dev/input/by-id/none-event-kbd"\n')
    assert part("scanner", find_parts(settings, {})).state is PartState.FOUND
    busy = part("scanner", find_parts(settings, {"scanner": "port_busy"}))
    assert (busy.state, busy.what) == (PartState.FAULTY, "port busy: the running locker says so")
