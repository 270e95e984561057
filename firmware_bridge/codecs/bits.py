"""Bytes whose bits stand for channels: the lowest bit of the first byte is channel 1."""

from collections.abc import Mapping


def bits_of(data: bytes) -> dict[int, bool]:
    """The bit of each channel: the lowest of the first byte is channel 1."""
    value = int.from_bytes(data, "little")
    return {channel: bool(value >> channel - 1 & 1) for channel in range(1, 8 * len(data) + 1)}


def bytes_of(bits: Mapping[int, bool], size: int) -> bytes:
    """`size` bytes with the bit of each channel; of channels that are not named it is 0."""
    return sum(1 << channel - 1 for channel, bit in bits.items() if bit).to_bytes(size, "little")
