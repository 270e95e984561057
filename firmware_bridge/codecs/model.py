"""What can be addressed on the boards of one model, and the sentences that refuse everything else."""

from dataclasses import dataclass

from firmware_bridge.misfit import Misfit


@dataclass(frozen=True, slots=True)
class Model:
    """`addresses` without those that are reserved or mean all boards; channels run from 1 to `channels`."""

    name: str
    addresses: range
    channels: int

    def address(self, address: int) -> int:
        """`address`, if a board can have it. Raises Misfit."""
        if address not in self.addresses:
            first, last = self.addresses[0], self.addresses[-1]
            raise Misfit("address", f"address {address} is no {self.name}'s: addresses are {first} to {last}")
        return address

    def channel(self, channel: int) -> int:
        """`channel`, if there is such a lock. Raises ValueError."""
        if not 1 <= channel <= self.channels:
            raise ValueError(f"channel {channel} does not exist on a {self.name}: channels are 1 to {self.channels}")
        return channel
