"""Rows of who may sign in. Numbers and PINs are read back from the private part of the record that told them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from controller.contract.record import digest, open_private
from controller.domain.staff import ChecklistRead, PinTries, Scope, Staff, StaffMember

_Row = dict[str, Any]


def staff_row(staff: Staff, private: Callable[[int], bytes | None]) -> _Row:
    """As `take` writes it."""
    return {
        "members": [_member_row(member, private) for member in staff.members.values()],
        "revoked": staff.revoked,
        "revoked_badges": staff.revoked_badges,
        "checklists": {key: [read.version, read.times, read.at] for key, read in staff.checklists.items()},
        "tries": {
            slot: [tries.wrong, tries.locks, tries.locked_until, tries.last] for slot, tries in staff.tries.items()
        },
        "tries_due": staff.tries_due,
    }


def staff_of(row: _Row | None, private: Callable[[int], bytes | None]) -> Staff:
    """As `restore` reads it; a snapshot from before anybody was announced has none."""
    if row is None:
        return Staff()
    members = [_member_of(each, private) for each in row["members"]]
    tries = {slot: PinTries(*each) for slot, each in row["tries"].items()}
    checklists = {key: ChecklistRead(*each) for key, each in row.get("checklists", {}).items()}
    read = {"members": {member.key: member for member in members}, "tries": tries, "checklists": checklists}
    return Staff(**row | read)


def private_sequences_of(row: Mapping[str, Any] | None) -> Iterator[int]:
    """The records whose private parts these rows need."""
    return (each["told_sequence"] for each in (row or {}).get("members", ()) if each["private"])


def _member_row(m: StaffMember, private: Callable[[int], bytes | None]) -> _Row:
    part = private(m.told_sequence) if m.tells_in_private else None
    return {
        "carrier": m.carrier,
        "driver": m.driver,
        "scope": m.scope,
        "language": m.language,
        "valid_until": m.valid_until,
        "private": part and digest(part).hex(),
        "told_sequence": m.told_sequence,
        "badges_from": m.badges_from,
    }


def _member_of(row: _Row, private: Callable[[int], bytes | None]) -> StaffMember:
    part, scope = private(row["told_sequence"]), tuple(Scope(each) for each in row["scope"])
    whole = part is not None and row["private"] is not None and digest(part).hex() == row["private"]
    held = open_private(part) if whole and part is not None else {}
    public = {name: value for name, value in row.items() if name != "private"}
    return StaffMember(**public | {"scope": scope, "number": held.get("number"), "pin": held.get("pin")})
