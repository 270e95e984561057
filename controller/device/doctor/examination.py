"""The whole examination, in the order in which a person would go about it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from controller.device.clock import MachineSync
from controller.device.doctor import boards, surroundings
from controller.device.machine_parts import find_parts
from controller.device.settings import Settings
from firmware_bridge.bench import Pins
from firmware_bridge.parts import Part, PartState


def examine(
    settings: Settings, status: Mapping[str, Any] | None, *, synchronised: Callable[[], bool] | None = None
) -> Iterator[Part]:
    """Look after every part, one by one. `status` is what the running locker says of itself; None: none runs."""
    yield _service(status)
    yield from surroundings.data_directory(settings)
    yield surroundings.disk(settings.locker.data_dir)
    yield surroundings.clock(synchronised or MachineSync())
    yield from surroundings.certificates(settings, datetime.now(UTC))
    if status is None:
        yield surroundings.broker_asked(settings)
        yield from boards.boards_asked(settings, Pins())
    else:
        yield surroundings.broker_told(status["broker"])
        yield from boards.boards_told(status)
    yield from boards.inner_releases(settings.compartments)
    yield from find_parts(settings, None if status is None else _faults(status))


def is_good(part: Part) -> bool:
    """Whether nothing is to be done about it."""
    return part.state in (PartState.FOUND, PartState.NOT_CONFIGURED)


def _faults(status: Mapping[str, Any]) -> dict[str, str]:
    return {part["name"]: part["fault"] for part in status["parts"] if part["fault"]}


def _service(status: Mapping[str, Any] | None) -> Part:
    if status is None:
        return Part("locker", PartState.NOT_CONFIGURED, "none runs; every part is asked directly")
    return Part("locker", PartState.FOUND, f"it runs, start {status['boot']}; its parts are asked through it")
