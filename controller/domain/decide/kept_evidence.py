"""What is kept of the evidence, and for how long: PINs for minutes, pictures for weeks, disputed ones for longer."""

from collections.abc import Iterator

from controller.domain import events as ev
from controller.domain.decide.draft import Draft
from controller.domain.evidence import purge_at
from controller.domain.ids import MonoMs, WallMs
from controller.domain.policy import Policy
from controller.domain.state import State


def dues(state: State, policy: Policy) -> tuple[Iterator[MonoMs], Iterator[WallMs]]:
    """When PINs are over, and when pictures are to be erased."""
    pins = (pin.until for pin in state.pins.values())
    return pins, (purge_at(file, policy.dispute_days) for file in state.files.values())


def erase_what_is_over(draft: Draft) -> None:
    """The records stay, and stay valid: only what they are the digest of goes."""
    late = tuple(pin.sequence for pin in draft.state.pins.values() if pin.until <= draft.at.mono)
    if late:
        draft.record(ev.PrivateErased(sequences=late, reason="pin_expired"))
    over = {
        name: file
        for name, file in draft.state.files.items()
        if purge_at(file, draft.policy.dispute_days) <= draft.at.wall
    }
    if over:
        sequences = tuple(file.sequence for file in over.values())
        draft.record(ev.PrivateErased(sequences=sequences, files=tuple(over), reason="retention"))
