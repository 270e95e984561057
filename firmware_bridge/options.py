"""Options that only one driver knows: from a mapping into the driver's dataclass, naming what does not fit."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar, get_args, get_type_hints

Options = TypeVar("Options")

WORDS = ((int, "a whole number"), (bool, "true or false"), (str, "a text"))


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint at the known word that `word` is most like, to stand at the end of a sentence; empty if none is."""
    like = get_close_matches(word, list(known), n=1)
    return f"; did you mean {like[0]!r}?" if like else ""


def fill(kind: type[Options], given: Mapping[str, object], whose: str) -> Options:
    """Make `kind`, a dataclass, of what is given. Raises ValueError for a key that it does not have and for a value of
    another type, naming both and the nearest right key. `whose` begins the sentence.
    """
    hints = get_type_hints(kind)
    for key in given:
        if key not in hints:
            raise ValueError(f"{whose}: there is no option {key!r}{nearest(key, hints)}")
    return kind(**{key: _fitting(value, hints[key], f"{whose}: option {key!r}") for key, value in given.items()})


def _fitting(value: object, hint: object, what: str) -> object:
    kinds = get_args(hint) or (hint,)
    for kind in kinds:
        if type(value) is kind:
            return value
        if isinstance(value, str) and isinstance(kind, type) and issubclass(kind, StrEnum) and value in [*kind]:
            return kind(value)
    raise ValueError(f"{what} is {value!r}, but it must be {' or '.join(map(_described, kinds))}")


def _described(kind: object) -> str:
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return " or ".join(repr(member.value) for member in kind)
    return next((words for known, words in WORDS if kind is known), "left out")
