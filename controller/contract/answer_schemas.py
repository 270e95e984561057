"""JSON Schemas of what commands that ask are answered with: the `data` of their results."""

from controller.contract.config_schemas import problems
from controller.contract.fields import WALL_PATTERN
from controller.contract.wire_json import JSON, JsonObject
from controller.domain.ids import Size
from controller.domain.state import Custody

_TEXT: JsonObject = {"type": "string"}
_COUNT: JsonObject = {"type": "integer", "minimum": 0}


def answer_schema(sizes: JsonObject) -> JsonObject:
    """Any one of them. `sizes`: how many compartments of one size stand how."""
    return {
        "anyOf": [_replayed(), _contents(sizes), _findings(), _closed({"problems": problems()}, "problems")],
        "description": "what was asked for: by `journal.replay`, `state.snapshot` or `diagnostics.run`; or what is "
        "wrong with the configuration that `config.apply` is about",
    }


def _replayed() -> JsonObject:
    members: JsonObject = {
        "first": _COUNT,
        "last": _COUNT,
        "records": {**_COUNT, "description": "said once more; absent where none was, for `first` to `last` is kept"},
        "stopped": {"type": "string", "enum": ["refused", "damaged", "pruned"], "description": "why not all of them"},
    }
    return _closed(members, "first", "last")


def _contents(sizes: JsonObject) -> JsonObject:
    parcel: JsonObject = {
        "parcel": _TEXT,
        "carrier": _TEXT,
        "custody": {"type": "string", "enum": list[JSON](custody.value for custody in Custody)},
        "compartment": _TEXT,
        "expires_at": {"type": "string", "format": "date-time", "pattern": WALL_PATTERN},
    }
    members: JsonObject = {
        "seq": {**_COUNT, "description": "the record up to which it is so"},
        "sizes": {"type": "object", "properties": {size.value: sizes for size in Size}, "additionalProperties": False},
        "parcels": {"type": "array", "items": _closed(parcel, "parcel", "carrier", "custody")},
    }
    return _closed(members, "seq", "sizes", "parcels")


def _findings() -> JsonObject:
    finding: JsonObject = {
        "part": _TEXT,
        "state": {"type": "string", "enum": ["found", "faulty", "missing", "not_configured"]},
        "what": _TEXT,
        "advice": {"type": "string", "description": "empty where nothing is to be done"},
    }
    members: JsonObject = {
        "good": {"type": "boolean"},
        "findings": {"type": "array", "items": _closed(finding, *finding)},
    }
    return _closed(members, "good", "findings")


def _closed(members: JsonObject, *required: str) -> JsonObject:
    return {"type": "object", "properties": members, "required": list[JSON](required), "additionalProperties": False}
