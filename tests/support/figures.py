"""Figures as a person reads them."""

from collections.abc import Sequence
from statistics import median


def spread(values: Sequence[float], unit: str = "ms") -> str:
    """How many, the least, the middle one, the 95th of a hundred and the most."""
    ordered = sorted(values)
    late = ordered[int(len(ordered) * 0.95)]
    return (
        f"n {len(ordered)}, least {ordered[0]:.2f}, median {median(ordered):.2f}, "
        f"95 % up to {late:.2f}, most {ordered[-1]:.2f} {unit}"
    )
