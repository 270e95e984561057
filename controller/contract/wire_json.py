"""JSON as the contract writes it: UTF-8, no white space, no floats. The one reader and writer of it."""

import json
from typing import Any, NoReturn, TypeAlias

JSON: TypeAlias = bool | int | str | list["JSON"] | dict[str, "JSON"] | None
JsonObject: TypeAlias = dict[str, JSON]

_encoder = json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":"))


def dumps(value: object) -> bytes:
    """The bytes of `value`, members in the order given. Raises ValueError for lone surrogates."""
    return _encoder.encode(value).encode()


def loads(raw: bytes) -> Any:
    """Read one JSON value. Raises ValueError for anything else, however deep, long or badly encoded, and for floats."""
    try:
        return _decoder.decode(raw.decode())
    except RecursionError:
        raise ValueError("the JSON is nested too deeply") from None


def loads_object(raw: bytes) -> JsonObject:
    """Read one JSON object. Raises ValueError as `loads` does, and for any other value."""
    value = loads(raw)
    if not isinstance(value, dict):
        raise ValueError("expected a JSON object")
    return value


def _refuse_float(text: str) -> NoReturn:
    raise ValueError(f"the number {text[:24]} is not a whole number")


_decoder = json.JSONDecoder(parse_float=_refuse_float, parse_constant=_refuse_float)
