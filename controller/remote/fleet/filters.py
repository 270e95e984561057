"""Which lockers somebody means, in a few words: `offline`, `alarm=jam`, `software=1.3.*`, `backlog>100`, `L00*`.

All words must hold. A word with `!` before it must not.
"""

import re
from collections.abc import Callable
from fnmatch import fnmatchcase

from controller.remote.fleet.alarms import Alarm
from controller.remote.fleet.locker_view import LockerView

Wanted = Callable[[LockerView], bool]
_WORDS: dict[str, Wanted] = {
    "online": lambda view: view.online,
    "offline": lambda view: not view.online,
    "alarm": lambda view: bool(view.troubles),
    "misconfigured": lambda view: view.config is not None and view.config.refused is not None,
    "full": lambda view: view.compartments > 0 and view.count("free") == 0,
}
_FIGURES: dict[str, Callable[[LockerView], int]] = {
    "backlog": lambda view: view.backlog,
    "free": lambda view: view.count("free"),
    "occupied": lambda view: view.count("occupied"),
    "missing": lambda view: view.gaps.missing,
    "config": lambda view: view.config_version,
}
_COMPARISON = re.compile(r"([a-z]+)([<>])([0-9]{1,9})")
_PATTERN = re.compile(r"[A-Za-z0-9_*?\[\]-]{1,64}")
HELP = (
    "online, offline, alarm, full, misconfigured, alarm=KIND, software=PATTERN, backlog>N, free<N, config<N, "
    "or a locker such as L00*"
)


def wanted(text: str) -> Wanted:
    """What `text` asks for; all lockers where it is empty. Raises ValueError for a word that is none of them."""
    words = [_word(word) for word in text.split()]
    return lambda view: all(word(view) for word in words)


def _word(word: str) -> Wanted:
    if word.startswith("!"):
        inner = _word(word[1:])
        return lambda view: not inner(view)
    if word in _WORDS:
        return _WORDS[word]
    comparison = _COMPARISON.fullmatch(word)
    if comparison is not None and comparison[1] in _FIGURES:
        return _compared(_FIGURES[comparison[1]], comparison[2], int(comparison[3]))
    name, equals, pattern = word.partition("=")
    if equals and name == "alarm" and pattern in tuple(Alarm):
        return lambda view: Alarm(pattern) in view.alarms
    if equals and name == "software" and pattern:
        return lambda view: fnmatchcase(view.software, pattern)
    if not equals and _PATTERN.fullmatch(word):
        return lambda view: fnmatchcase(view.locker, word)
    kinds = f"; the kinds of alarm are {', '.join(Alarm)}" if name == "alarm" else ""
    raise ValueError(f"the filter {word!r} is not understood: {HELP}{kinds}")


def _compared(figure: Callable[[LockerView], int], sign: str, limit: int) -> Wanted:
    return (lambda view: figure(view) > limit) if sign == ">" else (lambda view: figure(view) < limit)
