"""What a snapshot must not hold: read back from the private part of the record that told it."""

from collections.abc import Callable

from controller.contract.record import digest, open_private

PrivatePart = Callable[[int], bytes | None]
"""The private bytes beside a record, None where there are none."""


def digest_of(private: PrivatePart, sequence: int, *, held: bool) -> str | None:
    """What stands in the row in place of what the private part holds, where it holds it."""
    part = private(sequence) if held else None
    return digest(part).hex() if part is not None else None


def read_back(private: PrivatePart, sequence: int, part_digest: str | None, name: str) -> str | None:
    """What the private part holds under `name`; None where the part is gone or not what it was."""
    part = private(sequence) if part_digest else None
    if part is None or digest(part).hex() != part_digest:
        return None
    held = open_private(part)[name]
    return held if isinstance(held, str) else None
