"""What was counted on a serial line since the start: how good its wires are."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BusHealth:
    """One line's counts, for all boards on it. `stray_bytes` came unasked: noise, late answers, other talkers."""

    requests: int = 0
    replies: int = 0
    timeouts: int = 0
    bad_checksums: int = 0
    echoes: int = 0
    stray_bytes: int = 0
    reopenings: int = 0
