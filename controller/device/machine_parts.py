"""Every part of the machine beside its lock boards: found, faulty, missing, or not asked for, and what to do."""

from collections.abc import Mapping

from controller.device.photographing import camera_of
from controller.device.scanning import source_of
from controller.device.settings import Settings
from controller.device.signal_lines import lines_of
from firmware_bridge import camera, scanner, signal_spec
from firmware_bridge.bench import Pins
from firmware_bridge.computer import ThisComputer, find_computer
from firmware_bridge.faults import BoardFault, FaultKind
from firmware_bridge.parts import Part, PartState, not_configured, part_with
from firmware_bridge.real_time_clock import find_real_time_clock


def find_parts(settings: Settings, told: Mapping[str, str] | None = None) -> tuple[Part, ...]:
    """Look after each part; takes up to a few seconds and moves nothing.

    `told` are the faults, by part, that a running locker tells of: it holds its parts for itself, so they are not
    looked for again. None: no locker runs.
    """
    computer = ThisComputer()
    return (
        _scanner(settings, told),
        _camera(settings, told),
        _signals(settings, told),
        find_computer(computer, settings.machine.hot_celsius),
        find_real_time_clock(computer.real_time_clock(), settings.machine.real_time_clock),
    )


def _scanner(settings: Settings, told: Mapping[str, str] | None) -> Part:
    if settings.scanner is None:
        return not_configured(scanner.NAME)
    return scanner.find_scanner(source_of(settings.scanner)) if told is None else _as_told(scanner.NAME, told)


def _camera(settings: Settings, told: Mapping[str, str] | None) -> Part:
    if settings.camera is None:
        return not_configured(camera.NAME)
    return camera.find_camera(camera_of(settings.camera)) if told is None else _as_told(camera.NAME, told)


def _signals(settings: Settings, told: Mapping[str, str] | None) -> Part:
    if settings.signals is None:
        return not_configured(signal_spec.NAME)
    if told is not None:
        return _as_told(signal_spec.NAME, told)
    from firmware_bridge.signals import find_signals  # only lockers with such lines load the libraries

    return find_signals(lines_of(settings.signals), Pins().factory(settings.signals.pins))


def _as_told(name: str, told: Mapping[str, str]) -> Part:
    if name in told:
        return part_with(BoardFault(name, FaultKind(told[name]), "the running locker says so"))
    return Part(name, PartState.FOUND, "the running locker uses it")
