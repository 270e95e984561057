"""What a person has to know after a commissioning, and what to do about it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from controller.device.commissioning.draft import Terminal
from controller.device.commissioning.learning import Channel, Compartment, Learned, Standing, Verdict
from controller.device.commissioning.lines import Line
from firmware_bridge.codecs.lockboard_8a import StatusOrder


class Kind(StrEnum):
    """What was found."""

    NO_LOCK = "no_lock"
    SHARED_LOCK = "shared_lock"
    NO_SENSOR = "no_sensor"
    UNWATCHED = "unwatched"
    SECOND_CHANNEL = "second_channel"
    SECOND_SENSOR = "second_sensor"
    DOUBLED_CHANNEL = "doubled_channel"
    DEAD_CHANNEL = "dead_channel"
    UNTRIED_CHANNEL = "untried_channel"
    DISPUTED_SENSOR = "disputed_sensor"
    STRAY_SENSOR = "stray_sensor"
    OTHER_BAUD = "other_baud"
    ECHO = "echo"
    OTHER_ORDER = "other_order"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing. `fault`: it has to be mended before the locker can go into service whole."""

    kind: Kind
    where: str
    what: str
    advice: str
    fault: bool

    def sentence(self) -> str:
        """All of it in one line."""
        return f"{self.where}: {self.what}; {self.advice}"


def findings(learned: Learned, lines: Iterable[Line], orders: Mapping[str, StatusOrder]) -> list[Finding]:
    """Faults first, each kind in the order of the cabinet. `orders` are the boards whose status was read wrongly."""
    spare = all(compartment.usable for compartment in learned.compartments)
    found = [
        *(it for each in learned.compartments for it in _of_compartment(each)),
        *(it for each in learned.channels for it in _of_channel(each, spare)),
        *_of_sensors(learned.disputed),
        *_of_strays(learned.strays),
        *(it for line in lines for it in _of_line(line)),
        *(_of_order(board, order) for board, order in orders.items()),
    ]
    return sorted(found, key=lambda it: not it.fault)


def _of_compartment(it: Compartment) -> Iterator[Finding]:
    match it.standing:
        case Standing.NO_LOCK:
            yield Finding(Kind.NO_LOCK, it.id, "no channel opens it", "check its lock and the lock's wires", fault=True)
        case Standing.SHARED_LOCK:
            what = "what opens it opens another door as well"
            yield Finding(Kind.SHARED_LOCK, it.id, what, "give its lock a channel of its own", fault=True)
        case Standing.NO_SENSOR:
            what = "its door moves no sensor of its own"
            yield Finding(Kind.NO_SENSOR, it.id, what, "check its switch and the switch's wires", fault=True)
        case Standing.UNWATCHED:
            yield Finding(
                Kind.UNWATCHED, it.id, "nothing watches its door", "fit door switches if you can", fault=False
            )
        case Standing.KNOWN:
            pass
    for other in it.others:
        what = f"channel {other} opens it too"
        yield Finding(Kind.SECOND_CHANNEL, it.id, what, f"{it.lock} is used; take the other wire off", fault=False)
    for sensor in it.spare_sensors:
        what = f"it moves sensor {sensor} too"
        yield Finding(Kind.SECOND_SENSOR, it.id, what, f"{it.sensor} is used; take the other wire off", fault=False)


def _of_channel(it: Channel, spare: bool) -> Iterator[Finding]:
    where = f"channel {it.lock}"
    match it.verdict:
        case Verdict.DOUBLED:
            what = f"it opens {' and '.join(it.opens)} at once"
            yield Finding(Kind.DOUBLED_CHANNEL, where, what, "separate their wires, and try it again", fault=True)
        case Verdict.DEAD if not spare:
            yield Finding(Kind.DEAD_CHANNEL, where, "it opens nothing", "check its plug and its wires", fault=False)
        case Verdict.UNTRIED if not spare:
            yield Finding(Kind.UNTRIED_CHANNEL, where, "it was not tried", "start again to go on", fault=False)
        case Verdict.DEAD | Verdict.UNTRIED | Verdict.OPENS:
            pass


def _of_sensors(disputed: Mapping[Terminal, tuple[str, ...]]) -> Iterator[Finding]:
    for sensor, whose in disputed.items():
        what = f"it moves with {' and with '.join(whose)}"
        advice = "separate the wires of their switches, or look whether both doors open"
        yield Finding(Kind.DISPUTED_SENSOR, f"sensor {sensor}", what, advice, fault=True)


def _of_strays(strays: Mapping[Terminal, tuple[Terminal, ...]]) -> Iterator[Finding]:
    for lock, sensors in strays.items():
        what = f"it moves sensor {' and '.join(map(str, sensors))}, and no door of the draft"
        yield Finding(
            Kind.STRAY_SENSOR, f"channel {lock}", what, "look which door opens, or correct the draft", fault=True
        )


def _of_line(line: Line) -> Iterator[Finding]:
    if line.baud is not None and line.baud != line.declared:
        what = f"it answers at {line.baud} baud, not at {line.declared}"
        yield Finding(Kind.OTHER_BAUD, line.board, what, "nothing is to be done: the output says so", fault=False)
    if line.echo:
        what = "its adapter gives back what it is told"
        yield Finding(Kind.ECHO, line.board, what, "switch the adapter's local echo off", fault=False)


def _of_order(board: str, order: StatusOrder) -> Finding:
    what = f"its status bytes come {order.value.replace('_', ' ')}"
    return Finding(Kind.OTHER_ORDER, board, what, "nothing is to be done: the output says so", fault=False)
