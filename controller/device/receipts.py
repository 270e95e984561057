"""Receipts for recipients, made of the records as they are in the journal."""

from collections.abc import Callable

from controller.contract.jose import Typ
from controller.contract.receipt import make_receipt
from controller.journal.store import Store

Receipts = Callable[[tuple[int, ...]], str | None]
"""The receipt of these records, by sequence; None where none of them is kept any more."""


def receipts(store: Store, sign: Callable[[bytes, Typ], str]) -> Receipts:
    """Reads on the loop: these records were committed moments ago."""

    def receipt(sequences: tuple[int, ...]) -> str | None:
        rows = [row for sequence in sequences for row in store.read(sequence, 1) if row[0] == sequence]
        return make_receipt([raw for _, _, raw in rows], sign) if rows else None

    return receipt
