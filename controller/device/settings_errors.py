"""What is wrong with a configuration file, in lines a person can act on."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

_Error = Mapping[str, Any]
"""One of `ValidationError.errors()`."""
_LONGEST_SHOWN = 60
_PLAIN = {
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
    "tuple_type": "must be a list",
    "string_type": "must be text in quotes",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "path_type": "must be a path in quotes",
    "too_short": "must not be empty",
    "string_too_short": "must not be empty",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a file."""

    file: Path
    key: str
    """Such as `boards[0].baud`; empty where it is the file as a whole."""
    reason: str
    nearest: str | None = None
    """The right key that was probably meant."""

    def __str__(self) -> str:
        where = f"{self.file}: {self.key}: " if self.key else f"{self.file}: "
        return where + self.reason + (f"; did you mean {self.nearest!r}?" if self.nearest else "")


class Unfit(ValueError):
    """A rule is broken; `key` is the one to change, seen from the table that the rule is about."""

    def __init__(self, key: str, reason: str, nearest: str | None = None) -> None:
        super().__init__(f"{key}: {reason}")
        self.key = key
        self.reason = reason
        self.nearest = nearest

    @classmethod
    def unknown(cls, key: str, known: list[str]) -> "Unfit":
        """A key that does not exist, where those in `known` do."""
        near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
        if near:
            return cls(key, "there is no such key", near[0])
        return cls(key, f"there is no such key; known here: {', '.join(known)}")


class SettingsError(Exception):
    """The configuration cannot be used. `lines` name file, key, reason, and the nearest right key."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        self.lines = [str(problem) for problem in self.problems]
        super().__init__("\n".join(self.lines))


def explain(path: Path, invalid: ValidationError, whole: type[BaseModel], raw: Mapping[str, object]) -> SettingsError:
    """One problem for each thing that is wrong with `raw`, in the order of the file's tables."""
    errors = invalid.errors(include_url=False)
    own = [e for e in errors if not any(e is not o and o["loc"][: len(e["loc"])] == e["loc"] for o in errors)]
    return SettingsError(_named(_problem(path, error, whole), error["loc"], raw) for error in own)


def _named(problem: Problem, loc: tuple[int | str, ...], raw: Mapping[str, object]) -> Problem:
    """With the name of the rule or ladder that it is about: people know those by their names, not by their numbers."""
    rows = raw.get(str(loc[0])) if loc and loc[0] in ("rules", "ladders") else None
    if not isinstance(rows, list) or len(loc) < 2 or not isinstance(loc[1], int):
        return problem
    row = rows[loc[1]]
    name = row.get("id", row.get("name")) if isinstance(row, dict) else None
    kind = str(loc[0]).removesuffix("s")
    return replace(problem, reason=f"{kind} {name!r}: {problem.reason}") if isinstance(name, str) else problem


def _problem(path: Path, error: _Error, whole: type[BaseModel]) -> Problem:
    loc, kind = error["loc"], error["type"]
    raised = error.get("ctx", {}).get("error")
    if kind == "extra_forbidden":
        raised, loc = Unfit.unknown(str(loc[-1]), list(_model_at(loc[:-1], whole).model_fields)), loc[:-1]
    if isinstance(raised, Unfit):
        key = ".".join(part for part in (_dotted(loc), raised.key) if part)
        return Problem(path, key, raised.reason, raised.nearest)
    if kind == "missing":
        return Problem(path, _dotted(loc), "is missing" + _misspelt(error, whole))
    return Problem(path, _dotted(loc), str(raised) if kind == "value_error" else _reason(error))


def _misspelt(error: _Error, whole: type[BaseModel]) -> str:
    """What may be meant to be the missing key, in a table whose strange keys are looked at only when all are there."""
    *table, key = error["loc"]
    model = _model_at(tuple(table), whole)
    if model.model_config.get("extra") != "allow" or not isinstance(error["input"], dict):
        return ""
    near = difflib.get_close_matches(str(key), error["input"].keys() - model.model_fields.keys(), n=1, cutoff=0.5)
    return f"; is {near[0]!r} meant to be it?" if near else ""


def _reason(error: _Error) -> str:
    found, context = error["input"], error.get("ctx", {})
    if error["type"] == "string_pattern_mismatch":
        reason = f"must match {context['pattern']}"
    elif error["type"] == "literal_error":
        reason = f"must be {context['expected']}"
    else:
        reason = _PLAIN.get(error["type"]) or error["msg"].replace("Input should be", "must be")
    shown = repr(found) if isinstance(found, str | int | float) else ""
    return f"{reason}, not {shown}" if 0 < len(shown) <= _LONGEST_SHOWN else reason


def _dotted(loc: tuple[int | str, ...]) -> str:
    text = ""
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def _model_at(loc: tuple[int | str, ...], model: type[BaseModel]) -> type[BaseModel]:
    for part in loc:
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part)
        inner = _model_in(field.annotation) if field is not None else None
        if inner is None:
            break
        model = inner
    return model


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for arg in get_args(annotation) if (model := _model_in(arg)) is not None), None)
