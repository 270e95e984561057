"""Finding the boards on their lines before anything is pulsed: whether they answer, at which speed, and how."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from controller.device.commissioning.draft import Draft
from firmware_bridge.board_spec import BoardSpec
from firmware_bridge.drivers import codec_of
from firmware_bridge.faults import ADVICE
from firmware_bridge.probe import Probed, probe_speeds


@dataclass(frozen=True, slots=True)
class Line:
    """What was heard of one board: at every speed that was tried; nothing where it cannot be asked."""

    board: str
    declared: int | None
    """The speed that the draft says, or that such boards are delivered with."""
    heard: tuple[Probed, ...]

    @property
    def baud(self) -> int | None:
        """The speed at which it answers; None if it does not, or cannot be asked."""
        return next((probed.baud for probed in self.heard if probed.fault is None), None)

    @property
    def silent(self) -> bool:
        """Whether it was asked and did not answer at any speed."""
        return bool(self.heard) and self.baud is None

    @property
    def echo(self) -> bool:
        """Whether the adapter gives back what it is told."""
        return any(probed.echo for probed in self.heard if probed.fault is None)

    @property
    def sensors(self) -> int:
        """How many door bits the board tells of."""
        return max((len(probed.bits) for probed in self.heard), default=0)

    def why_silent(self) -> str:
        """What is wrong with a silent one, in a sentence."""
        first, name = self.heard[0], self.board
        tried = ", ".join(str(probed.baud) for probed in self.heard)
        if first.fault is None:
            return ""
        fault = first.fault.value.replace("_", " ")
        return f"{name}: {fault} ({first.detail}; asked at {tried} baud): {ADVICE[first.fault]}"


def listen(draft: Draft, tell: Callable[[Line], None]) -> Iterator[Line]:
    """Ask every board that can be asked. `tell` hears of each as it is done."""
    bauds: dict[str | None, int] = {}
    for spec in draft.specs:
        line = _listen(replace(spec, baud=bauds.get(spec.port, spec.baud)), spec.baud)
        if line.baud is not None:
            bauds[spec.port] = line.baud
        tell(line)
        yield line


def at_speeds(draft: Draft, bauds: Mapping[str, int]) -> Draft:
    """The same draft with the speeds at which its boards answer; those of one port have one."""
    by_port = {spec.port: bauds[spec.name] for spec in draft.specs if spec.name in bauds}
    specs = (replace(spec, baud=by_port[spec.port]) if spec.port in by_port else spec for spec in draft.specs)
    return replace(draft, specs=tuple(specs))


def _listen(spec: BoardSpec, declared: int | None) -> Line:
    codec = codec_of(spec)
    if codec is None:
        return Line(spec.name, None, ())
    usual = codec.baud if declared is None else declared
    if not codec.status_requests(spec.address):
        return Line(spec.name, usual, ())
    return Line(spec.name, usual, tuple(probe_speeds(spec, codec)))
