"""The far end of a serial line: what the boards on it answer. Pure but for the cabinets, which are pushed."""

from typing import NamedTuple, Protocol


class Response(NamedTuple):
    """One whole frame that a board understood, and what it says to it: nothing, if it is empty."""

    frame: bytes
    answer: bytes


class Responder(Protocol):
    """All boards of one kind on one line. For one caller at a time."""

    def hear(self, heard: bytes) -> list[Response]:
        """Take in bytes from the line, do what the whole frames in them say, and answer."""
