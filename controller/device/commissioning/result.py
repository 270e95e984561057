"""What is written in the end: the tables of the cabinet for the configuration, and the facts of the report."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from controller.contract.wire_json import JSON, JsonObject
from controller.device.commissioning.draft import Draft, Terminal
from controller.device.commissioning.learning import Compartment, Learned, Trial
from controller.device.commissioning.lines import Line
from controller.device.commissioning.outcome import Outcome
from controller.device.commissioning.progress import trial_facts
from controller.device.settings_tables import CompartmentTable
from controller.domain.ids import Size


def cabinet_toml(outcome: Outcome) -> str:
    """The tables `supplies`, `boards` and `compartments`, to stand behind the rest of the configuration.

    Compartments that cannot be used stand there as comments, with the reason.
    """
    draft, learned = outcome.draft, outcome.learned
    parts = [f"# The cabinet as it was found by `locker commission`, begun {outcome.progress.started}.\n"]
    parts += [_table("supplies", supply) for supply in draft.supplies]
    parts += [_table("boards", _board(outcome, board)) for board in draft.boards]
    tables = {table.id: table for table in draft.compartments}
    for each in learned.compartments:
        if each.usable:
            parts.append(_table("compartments", _compartment(draft, tables[each.id], each, learned)))
        else:
            reasons = [it.sentence() for it in outcome.findings if it.where == each.id]
            parts.append("".join(f"# {reason}\n" for reason in reasons))
    return "\n".join(parts)


def report_facts(outcome: Outcome, toml: str) -> JsonObject:
    """What the report says of the cabinet: what was heard, what every pulse did, and what follows from it."""
    learned = outcome.learned
    return {
        "good": learned.good,
        "draft_sha256": outcome.draft.digest,
        "cabinet_sha256": hashlib.sha256(toml.encode()).hexdigest(),
        "boards": [_line_facts(line, outcome) for line in outcome.lines],
        "trials": [_json(trial_facts(trial)) for trial in outcome.progress.trials],
        "channels": [
            {"board": it.lock.board, "channel": it.lock.channel, "verdict": it.verdict.value, "opens": list(it.opens)}
            for it in learned.channels
        ],
        "compartments": [_compartment_facts(it) for it in learned.compartments],
        "findings": [
            {"kind": it.kind.value, "where": it.where, "what": it.what, "advice": it.advice, "fault": it.fault}
            for it in outcome.findings
        ],
    }


def people(trials: Iterable[Trial]) -> list[JSON]:
    """Everybody who said what opened."""
    return list(dict.fromkeys(trial.by for trial in trials))


def _board(outcome: Outcome, table: Mapping[str, Any]) -> dict[str, Any]:
    name = str(table["name"])
    baud, feedback = outcome.progress.bauds.get(name), outcome.learned.feedback.get(name)
    order = outcome.orders.get(name)
    learned = {
        "baud": baud,
        "feedback": None if feedback is None else feedback.value,
        "status_order": None if order is None else order.value,
    }
    return {**table, **{key: value for key, value in learned.items() if value is not None}}


def _compartment(draft: Draft, table: CompartmentTable, it: Compartment, learned: Learned) -> dict[str, Any]:
    lock = it.lock
    if lock is None:
        raise TypeError(f"{it.id} has no lock")
    sensor = it.sensor or lock
    size = table.size.value if isinstance(table.size, Size) else list(table.size)
    wires = {"board": lock.board, "channel": lock.channel, **_lines(draft, lock, sensor)}
    if sensor != lock:
        wires["door"] = {"board": sensor.board, "channel": sensor.channel}
    if it.feedback is not None and it.feedback is not learned.feedback.get(sensor.board):
        wires["feedback"] = it.feedback.value
    rest = table.model_dump(include={"handle_mm", "inner_release", "traits", "column", "row"}, exclude_defaults=True)
    return {"id": it.id, "size": size, **wires, **rest}


def _lines(draft: Draft, lock: Terminal, sensor: Terminal) -> dict[str, Any]:
    """The GPIO lines, where the lock or the sensor has one."""
    given = draft.lines(lock)
    lines: dict[str, Any] = {}
    if given.lock_line is not None:
        lines["lock_line"] = given.lock_line
        lines |= {} if given.active_high else {"active_high": False}
    door_line = draft.lines(sensor).door_line
    return lines if door_line is None else lines | {"door_line": door_line}


def _table(name: str, table: Mapping[str, Any]) -> str:
    return "".join([f"[[{name}]]\n", *(f"{key} = {_value(value)}\n" for key, value in table.items())])


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(each)}" for key, each in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


def _line_facts(line: Line, outcome: Outcome) -> JsonObject:
    return {
        "board": line.board,
        "declared_baud": line.declared,
        "baud": line.baud,
        "echo": line.echo,
        "sensors": line.sensors,
        "other_status_order": line.board in outcome.orders,
        "asked": [{"baud": it.baud, "heard": "answer" if it.fault is None else it.fault.value} for it in line.heard],
    }


def _compartment_facts(it: Compartment) -> JsonObject:
    return {
        "id": it.id,
        "standing": it.standing.value,
        "lock": _place(it.lock),
        "sensor": _place(it.sensor),
        "feedback": None if it.feedback is None else it.feedback.value,
    }


def _place(place: Terminal | None) -> JSON:
    return None if place is None else {"board": place.board, "channel": place.channel}


def _json(facts: Mapping[str, object]) -> JSON:
    plain: JSON = json.loads(json.dumps(facts))
    return plain
