"""One configuration to many lockers: kept for them at the broker, and what each of them has made of it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from controller.cli.carrier_line import Access
from controller.cli.failure import Exit, Failed
from controller.cli.fleet_line import settled, watching
from controller.cli.fleet_orders import confirm
from controller.contract.config_report import ConfigReport
from controller.contract.desired_config import make_config, settings_sha256
from controller.contract.topics import Topics, check_locker
from controller.contract.wire_json import JSON, JsonObject
from controller.device.mqtt_link import MqttLink
from controller.domain.ids import Role
from controller.remote.fleet import filters
from controller.remote.fleet.fleet_view import FleetView
from controller.remote.fleet.locker_view import LockerView
from controller.remote.key_set import KeySet

_LOOK_AGAIN_S = 0.1
_Wanted = tuple[int, str]
"""A version, and the SHA-256 of its settings."""


@dataclass(frozen=True, slots=True)
class Stand:
    """What one locker has made of it."""

    said: str
    refused: bool = False
    silent: bool = False
    """It has not reported on it."""
    settled: bool = False
    """Nothing more is to be waited for."""
    problems: tuple[str, ...] = ()

    def members(self) -> JsonObject:
        """The same for programs."""
        lines: list[JSON] = [*self.problems]
        return {"said": self.said, "refused": self.refused, "silent": self.silent, "problems": lines}


@dataclass(frozen=True, slots=True)
class Push:
    """One configuration for several lockers."""

    access: Access
    url: str
    keys: KeySet
    text: str
    version: int | None
    """None: one more than any of them has seen."""
    timeout_s: float

    async def to(self, named: Sequence[str], words: str, yes: bool) -> Mapping[str, Stand]:
        """Choose, ask, publish, wait. Raises `Failed`, ValueError."""
        async with watching(self.access, self.url) as (fleet, link):
            await settled(fleet, link, self.url, self.timeout_s)
            chosen = self._choose(fleet, named, words)
            version = self.version or 1 + max(_newest(fleet, locker) for locker in chosen)
            if not yes:
                await asyncio.to_thread(confirm, f"configuration, version {version},", chosen)
            there, wanted = {each: _is_there(fleet.get(each)) for each in chosen}, (version, settings_sha256(self.text))
            await self._publish(link, version, chosen)
            return await self._wait(
                lambda: {locker: _stand(_report(fleet, locker), wanted, there[locker]) for locker in chosen}
            )

    def _choose(self, fleet: FleetView, named: Sequence[str], words: str) -> list[str]:
        if not named and not words:
            raise Failed(Exit.WRONG_USE, "name the lockers with --locker, or choose them with --filter")
        if not words:
            return [check_locker(name) for name in dict.fromkeys(named)]
        met = filters.wanted(words)
        chosen = [view.locker for view in fleet.lockers() if met(view) and (not named or view.locker in named)]
        if not chosen:
            raise Failed(Exit.NOT_GOOD, f"no locker at {self.url} is meant by {words!r}; nothing was sent")
        return chosen

    async def _publish(self, link: MqttLink, version: int, chosen: Sequence[str]) -> None:
        key, left, refusals = self.keys.signing(Role.OPERATOR), set(chosen), list[str]()
        taken = asyncio.Event()
        for locker in chosen:
            token = make_config(version, self.text, key=key, issuer=self.keys.carrier, lockers=[locker])
            confirmed = partial(_confirmed, left, refusals, taken, locker)
            topic = Topics(self.access.root, locker).config_desired
            link.publish(topic, token.encode(), retain=True, confirmed=confirmed)
        try:
            await asyncio.wait_for(taken.wait(), self.timeout_s)
        except TimeoutError:
            what = f"the broker at {self.url} has not taken the configuration of {', '.join(sorted(left))}"
            raise Failed(Exit.UNREACHABLE, what) from None
        if refusals:
            raise Failed(Exit.UNREACHABLE, f"the broker refuses configurations from us: {refusals[0]}")

    async def _wait(self, stands: Callable[[], dict[str, Stand]]) -> dict[str, Stand]:
        """Until nothing more is to be waited for, or the patience is over."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self.timeout_s
        while True:
            now = stands()
            if all(stand.settled for stand in now.values()) or loop.time() > deadline:
                return now
            await asyncio.sleep(_LOOK_AGAIN_S)


def _confirmed(left: set[str], refusals: list[str], taken: asyncio.Event, locker: str, refusal: str | None) -> None:
    left.discard(locker)
    refusals.extend(() if refusal is None else (refusal,))
    if not left:
        taken.set()


def _report(fleet: FleetView, locker: str) -> ConfigReport | None:
    view = fleet.get(locker)
    return None if view is None else view.config


def _newest(fleet: FleetView, locker: str) -> int:
    report = _report(fleet, locker)
    return 0 if report is None else report.newest


def _is_there(view: LockerView | None) -> bool:
    return view is not None and view.online


def _stand(report: ConfigReport | None, wanted: _Wanted, was_there: bool) -> Stand:
    if report is not None and (report.refused, report.refused_sha256) == wanted:
        return Stand(f"refused: {report.reason}", refused=True, settled=True, problems=report.problems)
    if report is not None and (report.version, report.sha256) == wanted:
        return Stand(f"version {report.version} is in force", settled=True)
    if report is not None and report.pending == wanted[0]:
        return Stand(f"version {report.pending} is accepted; it takes effect as soon as nobody is served")
    if not was_there:
        return Stand("not there; it takes it in when it comes", silent=True, settled=True)
    return Stand("it has not reported on it", silent=True)
