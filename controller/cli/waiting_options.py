"""What the commands about parcels that wait have in common."""

from typing import Annotated

import typer

from controller.cli.carrier_line import wall
from controller.domain.commands import DeclareSite
from controller.domain.conditions import Condition
from controller.domain.ids import HOUR_MS, WallMs

What = Annotated[Condition, typer.Argument(help="What is the matter at the site.")]
Hours = Annotated[int, typer.Option(min=0, max=1440, help="How long it lasts; 0 says that it is over.")]
InHours = Annotated[int, typer.Option("--in-hours", min=0, max=1440, help="When it begins.")]
LongerH = Annotated[int, typer.Option("--hours", min=1, max=1440, help="How much longer.")]


def declared(condition: Condition, hours: int, in_hours: int) -> DeclareSite:
    """From `in_hours` on, for `hours`."""
    now = wall()
    if hours == 0:
        return DeclareSite(condition=condition, until=WallMs(now - HOUR_MS))  # past by the locker's clock too
    starts = now + in_hours * HOUR_MS
    return DeclareSite(
        condition=condition, starts=WallMs(starts) if in_hours else None, until=WallMs(starts + hours * HOUR_MS)
    )
