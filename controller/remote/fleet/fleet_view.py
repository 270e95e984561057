"""All lockers that were heard of."""

from collections import Counter
from collections.abc import Callable

from controller.contract.config_report import ConfigReport
from controller.contract.link import Link, Message
from controller.contract.status import LockerStatus
from controller.remote.fleet.locker_view import LockerView, fold
from controller.remote.fleet.told import Counted, Faced, Happened, Told, read_told, subscriptions


class FleetView:
    """Grows with every message. Give it to a link before that is run, or hand it messages."""

    def __init__(self, root: str, now_s: Callable[[], float]) -> None:
        """`now_s`: seconds since 1970."""
        self.strange = 0
        """Messages in no form that the contract has."""
        self.records: Counter[str] = Counter()
        """Records heard by event, repetitions included."""
        self.learned = 0
        """How often something was heard for the first time of that which the broker keeps."""
        self._root = root
        self._now_s = now_s
        self._lockers: dict[str, LockerView] = {}

    def listen(self, link: Link, locker: str) -> None:
        """Hear one locker, or with `+` all."""
        for subscription in subscriptions(self._root, locker):
            link.subscribe(subscription, self._came)

    def take(self, topic: str, payload: bytes) -> None:
        """One message."""
        told = read_told(self._root, topic, payload, self._now_s())
        if told is None:
            self.strange += bool(payload)
            return
        locker, what = told
        if isinstance(what, Happened):
            self.records[what.record.name] += 1
        before = self._lockers.get(locker) or LockerView(locker)
        self.learned += _is_first(before, what)
        self._lockers[locker] = fold(before, what)

    def __len__(self) -> int:
        return len(self._lockers)

    def __getitem__(self, locker: str) -> LockerView:
        return self._lockers[locker]

    def get(self, locker: str) -> LockerView | None:
        """One locker, None where nothing was heard of it."""
        return self._lockers.get(locker)

    def lockers(self) -> list[LockerView]:
        """All of them, by name."""
        return [self._lockers[name] for name in sorted(self._lockers)]

    def _came(self, message: Message) -> None:
        message.take()
        self.take(message.topic, message.payload)


def _is_first(before: LockerView, told: Told) -> bool:
    match told:
        case LockerStatus():
            return before.status is None
        case Counted():
            return not before.sizes
        case ConfigReport():
            return before.config is None
        case Faced(compartment=compartment):
            return compartment not in before.faces
        case _:
            return False
