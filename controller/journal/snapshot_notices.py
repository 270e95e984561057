"""Rows of notices to recipients and of canaries."""

from collections.abc import Mapping
from typing import Any

from controller.domain.notices import Notice, NoticeKind, Standing
from controller.domain.preferences import Channel
from controller.domain.state import State

_Row = dict[str, Any]


def notice_rows(state: State) -> _Row:
    """Members of the snapshot, by their names in `State`."""
    return {
        "notices": [[parcel, _notice_row(notice)] for parcel, notice in state.notices.items()],
        "canaries": [[key, _notice_row(canary)] for key, canary in state.canaries.items()],
    }


def notices_of(rows: Mapping[str, Any]) -> _Row:
    """The same read back; a snapshot from before they were known has none of them."""
    return {
        "notices": {parcel: _notice_of(row) for parcel, row in rows.get("notices", ())},
        "canaries": {key: _notice_of(row) for key, row in rows.get("canaries", ())},
    }


def _notice_row(n: Notice) -> _Row:
    return {
        "id": n.id,
        "kind": n.kind,
        "requested_at": n.requested_at,
        "requested_sequence": n.requested_sequence,
        "channel": n.channel,
        "tried": n.tried,
        "bounced": n.bounced,
        "also": n.also,
        "reason": n.reason,
        "carrier": n.carrier,
        "standing": n.standing,
    }


def _notice_of(row: _Row) -> Notice:
    read = {
        "kind": NoticeKind(row["kind"]),
        "channel": row["channel"] and Channel(row["channel"]),
        "tried": tuple(map(Channel, row["tried"])),
        "bounced": tuple(map(Channel, row["bounced"])),
        "also": tuple(map(NoticeKind, row["also"])),
        "standing": Standing(row["standing"]),
    }
    return Notice(**row | read)
