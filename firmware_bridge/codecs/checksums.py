"""The check bytes that lock boards end their frames with."""

from functools import reduce
from operator import xor as _xor


def low_sum(data: bytes) -> int:
    """The low byte of the sum of all bytes."""
    return sum(data) & 0xFF


def xor(data: bytes) -> int:
    """All bytes joined by exclusive or; 0 for a frame that ends with the one of all bytes before."""
    return reduce(_xor, data, 0)
