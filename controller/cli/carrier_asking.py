"""`locker carrier snapshot` and `replay`: what a locker has in its custody, and records that are wanted once more."""

from typing import Annotated

import typer

from controller.cli.asked import shown_replay, shown_snapshot
from controller.cli.carrier_line import HERE, LOCAL, Folder, Locker, Order, Timeout, Url
from controller.cli.options import AsJson
from controller.domain.commands import ReplayJournal, SnapshotState
from controller.domain.ids import Role
from controller.remote.sender import ANSWER_S

REPLAY_S = 60.0
"""A thousand records take five seconds, and those of other askers come before."""


def snapshot(
    context: typer.Context,
    locker: Locker,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = ANSWER_S,
    as_json: AsJson = False,
) -> None:
    """Ask which parcels of ours the locker has, and have it say anew all that the broker keeps of it."""
    order = Order(context.obj, url, folder, locker, Role.CARRIER, timeout, as_json)
    order.send(lambda _: SnapshotState(), shown_snapshot)


def replay(
    context: typer.Context,
    first: Annotated[int, typer.Argument(min=1, help="The first record wanted.")],
    last: Annotated[int, typer.Argument(min=1, help="And the last; at most a thousand at a time.")],
    locker: Locker,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = REPLAY_S,
    as_json: AsJson = False,
) -> None:
    """Have the locker publish records once more, as custodian. Whoever has them knows them again."""
    order = Order(context.obj, url, folder, locker, Role.CUSTODIAN, timeout, as_json)
    order.send(lambda _: ReplayJournal(first=first, last=last), shown_replay)
