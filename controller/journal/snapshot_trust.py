"""Rows of the keys that are trusted: public halves, and what became of them."""

from collections.abc import Mapping
from typing import Any

from controller.domain.ids import Role
from controller.domain.trust import Rotation, Trust, TrustedKey, Use

_Row = dict[str, Any]


def trust_row(trust: Trust) -> _Row:
    """As `take` writes it."""
    return {
        "keys": [_key_row(key) for key in trust.keys.values()],
        "listed": [_key_row(key) for key in trust.listed],
        "ends": trust.ends,
        "retired": trust.retired,
        "asked": trust.asked and _asked_row(trust.asked),
        "device_key": trust.device_key,
    }


def trust_of(rows: Mapping[str, Any]) -> _Row:
    """As `restore` reads it; a snapshot from before keys were on record has none: they are read from the file again."""
    row = rows.get("trust")
    if row is None:
        return {"trust": Trust()}
    keys = [_key_of(each) for each in row["keys"]]
    read = {"keys": {key.kid: key for key in keys}, "listed": tuple(map(_key_of, row["listed"]))}
    return {"trust": Trust(**row | read | {"asked": row["asked"] and _asked_of(row["asked"])})}


def _key_row(key: TrustedKey) -> _Row:
    return {"kid": key.kid, "use": key.use, "roles": key.roles, "x": key.x, "carrier": key.carrier}


def _key_of(row: _Row) -> TrustedKey:
    return TrustedKey(**row | {"use": Use(row["use"]), "roles": tuple(map(Role, row["roles"]))})


def _asked_row(asked: Rotation) -> _Row:
    return {
        "kid": asked.kid,
        "jti": asked.jti,
        "until": asked.until,
        "add": [_key_row(key) for key in asked.add],
        "retire": asked.retire,
        "ends_at": asked.ends_at,
    }


def _asked_of(row: _Row) -> Rotation:
    return Rotation(**row | {"add": tuple(map(_key_of, row["add"])), "retire": tuple(row["retire"])})
