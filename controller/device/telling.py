"""What is told to those who ask by command: once the asking is on record, one after the other, beside all else."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from controller.contract.result import Result, ResultStatus
from controller.contract.wire_json import JSON, JsonObject
from controller.device.replaying import Replay
from controller.domain.commands import ReplayJournal, RunDiagnostics, SnapshotState
from controller.domain.ids import CarrierId, Jti
from controller.domain.inputs import CommandArrived, Telling

MOST_WAITING = 4
"""Askers at a time; more are refused as `busy`."""
Findings = Callable[[], Awaitable[Sequence[JsonObject]]]
Contents = Callable[[CarrierId | None], Sequence[JsonObject]]


class Teller:
    """Answers what was asked. `run` it beside the link."""

    def __init__(self, replay: Replay, furthest: Callable[[], int], contents: Contents, findings: Findings) -> None:
        """`furthest`: the last record that was ever sent. `contents`: what is in the custody of this locker, of one
        carrier or of all, each a part of the answer; it also says the retained state anew. `findings`: what is found
        of the machine.
        """
        self._replay = replay
        self._furthest = furthest
        self._contents = contents
        self._findings = findings
        self._asked: deque[tuple[CommandArrived, Callable[[Result], None]]] = deque()
        self._wake = asyncio.Event()

    def telling(self) -> Telling:
        """What can be told just now."""
        return Telling(self._replay.first, self._furthest(), len(self._asked) >= MOST_WAITING)

    def owes(self, jti: Jti) -> bool:
        """Whether this command still waits for its answer."""
        return any(asked.jti == jti for asked, _ in self._asked)

    def take(self, asked: CommandArrived, say: Callable[[Result], None]) -> None:
        """Answer this one in its turn."""
        self._asked.append((asked, say))
        self._wake.set()

    async def run(self) -> None:
        """Answer until cancelled."""
        while True:
            while self._asked:
                asked, say = self._asked[0]
                parts = await self._told(asked)
                for number, data in enumerate(parts, 1):
                    say(Result(asked.jti, ResultStatus.EXECUTED, data=data, part=number, parts=len(parts)))
                self._asked.popleft()
            self._wake.clear()
            await self._wake.wait()

    async def _told(self, asked: CommandArrived) -> Sequence[JsonObject]:
        match asked.command:
            case ReplayJournal(first=first, last=last):
                replayed = await self._replay.say_again(first, last)
                told: JsonObject = {"first": first, "last": last, "records": replayed.records}
                return [told if replayed.stopped is None else told | {"stopped": replayed.stopped}]
            case SnapshotState():
                return self._contents(asked.carrier)
            case RunDiagnostics():
                return await self._findings()
            case other:
                raise TypeError(f"{other.TYPE} asks for nothing")


def in_parts(name: str, items: Sequence[JSON], at_once: int, **with_each: JSON) -> list[JsonObject]:
    """A list that may be long, cut into parts of at most so many, of which there is at least one."""
    cuts = [items[at : at + at_once] for at in range(0, len(items), at_once)] or [items]
    return [{**with_each, name: [*cut]} for cut in cuts]
