"""Every topic of the contract, as functions of the root and the locker."""

import re
from dataclasses import dataclass

from controller.domain.ids import CompartmentId

DEFAULT_ROOT = "locker/v1"
MAX_ROOT_SLASHES = 4
"""Leaves room for the longest of our topics within the 7 slashes that some cloud brokers allow."""
ANY = "+"
"""In place of a locker: all of them, in a subscription."""
_ROOT = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")
_LOCKER = re.compile(r"[A-Za-z0-9_-]{1,32}")


def check_root(root: str) -> str:
    """`root` itself. Raises ValueError with what is wrong with it."""
    if not _ROOT.fullmatch(root) or root.count("/") > MAX_ROOT_SLASHES:
        raise ValueError(
            f"the root {root!r} must be 1 to {MAX_ROOT_SLASHES + 1} levels of letters, digits, _ and -, "
            f"such as {DEFAULT_ROOT}"
        )
    return root


def check_locker(locker: str) -> str:
    """`locker` itself. Raises ValueError with what is wrong with it."""
    if not _LOCKER.fullmatch(locker) or locker == "claim":
        raise ValueError(f"the locker id {locker!r} must be 1 to 32 letters, digits, _ and -, and not claim")
    return locker


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of one locker, or of all where `locker` is `ANY`. Raises ValueError for names no topic can hold."""

    root: str
    locker: str

    def __post_init__(self) -> None:
        check_root(self.root)
        if self.locker != ANY:
            check_locker(self.locker)

    def _of(self, name: str) -> str:
        return f"{self.root}/{self.locker}/{name}"

    @property
    def status(self) -> str:
        """Online or offline; retained, and the locker's will."""
        return self._of("status")

    @property
    def keys(self) -> str:
        """The locker's public JWK set; retained."""
        return self._of("keys")

    @property
    def events(self) -> str:
        """The journal's records, in order."""
        return self._of("events")

    @property
    def ack(self) -> str:
        """How far the carrier has the journal."""
        return self._of("ack")

    @property
    def state(self) -> str:
        """Counts by size; retained."""
        return self._of("state")

    def compartment(self, compartment: CompartmentId | str) -> str:
        """One compartment; retained."""
        return self._of(f"state/{compartment}")

    @property
    def health(self) -> str:
        """The machine itself, once a minute."""
        return self._of("health")

    @property
    def commands(self) -> str:
        """What carriers and operators want done; never retained."""
        return self._of("commands")

    @property
    def results(self) -> str:
        """What became of the commands."""
        return self._of("results")

    @property
    def config_desired(self) -> str:
        """The configuration the carrier wants; retained."""
        return self._of("config/desired")

    @property
    def config_reported(self) -> str:
        """The configuration in force; retained."""
        return self._of("config/reported")

    @property
    def claim(self) -> str:
        """What a locker asks for to be let in: its certificate."""
        return f"{self.root}/claim/{self.locker}/request"

    @property
    def claim_answer(self) -> str:
        """What it is given."""
        return f"{self.root}/claim/{self.locker}/answer"

    @property
    def home_assistant(self) -> str:
        """Where Home Assistant looks for this locker's description; retained."""
        return f"homeassistant/device/{self.locker}/config"

    @property
    def home_assistant_unlock(self) -> str:
        """Doors that Home Assistant asks for; never retained."""
        return self._of("home_assistant/unlock")

    @property
    def home_assistant_answer(self) -> str:
        """What became of them."""
        return self._of("home_assistant/answer")


def locker_of(root: str, topic: str) -> str | None:
    """Whose topic this is, None where it is not one below `root`."""
    locker, slash, _ = topic.removeprefix(f"{root}/").partition("/")
    return locker if topic.startswith(f"{root}/") and slash and _LOCKER.fullmatch(locker) else None


def covers(subscription: str, topic: str) -> bool:
    """Whether a subscription, with `+` and `#` as MQTT has them, takes in `topic`."""
    levels, wanted = topic.split("/"), subscription.split("/")
    for place, level in enumerate(wanted):
        if level == "#":
            return True
        if place >= len(levels) or level not in (ANY, levels[place]):
            return False
    return len(levels) == len(wanted)
