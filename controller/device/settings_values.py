"""What tables of the configuration have in common: their strictness, GPIO lines, and ports that keep their name."""

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, PlainValidator

from controller.device.settings_errors import Unfit


class Table(BaseModel):
    """A table whose every key is known and of its very type."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def _line(value: object) -> int | str:
    if (type(value) is int and value >= 0) or (isinstance(value, str) and value):
        return value
    raise ValueError(f"{value!r} is no line; its offset on the chip, such as 17, or its name in quotes is wanted")


Line = Annotated[int | str, PlainValidator(_line)]
"""A GPIO line by its offset on its chip, or by its name."""

_UNSTABLE = re.compile(r"/dev/(tty[A-Za-z0-9]*(USB|ACM)|rfcomm)[0-9]")
"""Devices that the kernel numbers in the order in which it finds them."""


def refuse_unstable(port: str) -> None:
    """Raise `Unfit` for a serial port that may be another one after the next boot."""
    if _UNSTABLE.search(port):
        what = f"{port} may name another adapter after the next boot"
        raise Unfit("port", f"{what}; use its name in /dev/serial/by-path/")
