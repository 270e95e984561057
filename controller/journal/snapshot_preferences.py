"""The row of what a recipient wants, as far as a machine can act on it."""

from typing import Any

from controller.domain.preferences import Channel, Preferences


def preferences_row(given: Preferences) -> dict[str, Any]:
    """As `take` writes it."""
    return {
        "confirmed_at": given.confirmed_at,
        "locker": given.locker,
        "accessible": given.accessible,
        "language": given.language,
        "second_person": given.second_person,
        "channel": given.channel,
        "away_from": given.away_from,
        "away_until": given.away_until,
    }


def preferences_of(row: dict[str, Any]) -> Preferences:
    """As `restore` reads it."""
    return Preferences(**row | {"channel": row["channel"] and Channel(row["channel"])})
