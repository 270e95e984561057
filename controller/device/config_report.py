"""What the locker says of its configuration: from afar which version it has, at its terminal every key of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from controller.contract.wire_json import JSON, JsonObject
from controller.device.configuration import Configuration
from controller.device.from_afar import is_told, laid_over
from controller.device.settings_errors import Problem
from controller.domain.desired import Desired
from controller.domain.inputs import SettingsProblem
from controller.domain.refusals import Refusal

MOST_PROBLEMS = 20
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class NotTaken:
    """What came last and is not in force."""

    version: int | None
    reason: Refusal
    problems: tuple[SettingsProblem, ...] = ()
    sha256: str | None = None


def report(configuration: Configuration, desired: Desired | None, refused: NotTaken | None) -> JsonObject:
    """The payload of `…/config/reported`."""
    told: JsonObject = {
        "version": configuration.version or 0,
        "sha256": configuration.sha256,
    }
    if configuration.problems and refused is None and desired is not None:
        refused = NotTaken(desired.version, Refusal.BAD_SETTINGS, as_told(configuration.problems), desired.sha256)
    elif desired is not None and not configuration.problems and desired.version != configuration.version:
        told["pending"] = desired.version
    if refused is not None:
        told["refused"] = {
            "version": refused.version,
            "sha256": refused.sha256,
            "reason": refused.reason.value,
            **problems(refused.problems),
        }
    unmet = configuration.settings.unmet_rules()
    return told | ({"unmet": [{"rule": flaw.rule, "reason": flaw.reason} for flaw in unmet]} if unmet else {})


def as_told(found: Sequence[Problem]) -> tuple[SettingsProblem, ...]:
    """The first of the problems, none of them longer than a message has room for."""
    return tuple(
        SettingsProblem(str(each.file), each.key[:_LONGEST], each.reason[:_LONGEST], each.nearest)
        for each in found[:MOST_PROBLEMS]
    )


def problems(found: Sequence[SettingsProblem]) -> JsonObject:
    """The same as a member of a message; nothing where there are none."""
    rows: list[JSON] = [_row(each) for each in found]
    return {"problems": rows} if rows else {}


def _row(problem: SettingsProblem) -> JsonObject:
    row: JsonObject = {"file": problem.file, "key": problem.key, "reason": problem.reason}
    return row if problem.nearest is None else row | {"nearest": problem.nearest}


def in_force(configuration: Configuration) -> dict[str, Any]:
    """Every key that somebody has set, and where; what is not named has its default."""
    source, told = configuration.own.source, configuration.told or {}
    rows = _rows(laid_over(source.tables, told))
    return {
        "file": str(source.path),
        "version": configuration.version,
        "sha256": configuration.sha256,
        "problems": [str(problem) for problem in configuration.problems],
        "keys": [{"key": key, "value": value, "from": _origin(key, told)} for key, value in rows],
    }


def _rows(tables: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in tables.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{key}", inner) for key, inner in value.items())
        else:
            yield name, value


def _origin(key: str, told: Any) -> str:
    return "afar" if is_told(key, told) else "file"
