"""What is wrong with a configuration file, in lines a person can act on."""

import difflib
from pathlib import Path
from typing import get_args

from pydantic import BaseModel, ValidationError


class SettingsError(Exception):
    """The configuration cannot be used. `lines` name file, key, reason, and the nearest right key."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def explain(path: Path, invalid: ValidationError, whole: type[BaseModel]) -> list[str]:
    """One line for each thing that is wrong, in the order of the file's tables."""
    errors = invalid.errors()
    own = [e for e in errors if not any(e is not o and o["loc"][: len(e["loc"])] == e["loc"] for o in errors)]
    return [f"{path}: {_line(error['loc'], error['type'], error['msg'], whole)}" for error in own]


def _line(loc: tuple[int | str, ...], kind: str, message: str, whole: type[BaseModel]) -> str:
    key = _dotted(loc)
    if kind == "extra_forbidden":
        return f"{key}: there is no such key{_nearest(loc, whole)}"
    if kind == "missing":
        return f"{key}: is missing"
    reason = message.removeprefix("Value error, ")
    inner, colon, rest = reason.partition(": ")
    if kind == "value_error" and colon and " " not in inner:
        return f"{key + '.' if key else ''}{inner}: {rest}"
    return f"{key}: {reason}"


def _dotted(loc: tuple[int | str, ...]) -> str:
    text = ""
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def _nearest(loc: tuple[int | str, ...], whole: type[BaseModel]) -> str:
    known = _keys_beside(loc[:-1], whole)
    near = difflib.get_close_matches(str(loc[-1]), known, n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else f"; known here: {', '.join(known)}"


def _keys_beside(loc: tuple[int | str, ...], model: type[BaseModel]) -> list[str]:
    for part in loc:
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part)
        inner = _model_in(field.annotation) if field is not None else None
        if inner is None:
            break
        model = inner
    return list(model.model_fields)


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for arg in get_args(annotation) if (model := _model_in(arg)) is not None), None)
