"""The rows of delegates; their codes are read back from the private parts that hold them."""

from typing import Any

from controller.domain.delegates import Delegation
from controller.domain.ids import CodeHmac
from controller.domain.state import State
from controller.journal.snapshot_private import PrivatePart, digest_of, read_back


def delegate_rows(state: State, private: PrivatePart) -> dict[str, Any]:
    """As `take` writes them."""
    rows = [
        [each.parcel, each.delegate, digest_of(private, each.sequence, held=True), each.sequence]
        for each in state.delegations
    ]
    return {"delegations": rows}


def delegates_of(rows: dict[str, Any], private: PrivatePart) -> dict[str, Any]:
    """As `restore` reads them; one whose code is gone is none any more."""
    read = (
        (parcel, delegate, read_back(private, sequence, digest, "code_hmac"), sequence)
        for parcel, delegate, digest, sequence in rows.get("delegations", ())
    )
    return {"delegations": tuple(Delegation(p, d, CodeHmac(code), n) for p, d, code, n in read if code is not None)}


def delegates_needed(rows: dict[str, Any]) -> set[int]:
    """The records whose private parts hold them."""
    return {sequence for _, _, digest, sequence in rows.get("delegations", ()) if digest}
