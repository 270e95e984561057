"""JSON Schemas of the configuration that is wanted from afar, and of what a locker reports of its own."""

from controller.contract.desired_config import LONGEST_SETTINGS
from controller.contract.fields import INT_MAX
from controller.contract.schema_document import HASH_PATTERN, document
from controller.contract.wire_json import JSON, JsonObject

_TEXT: JsonObject = {"type": "string"}
_LOCKER: JsonObject = {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,32}$"}


def wanted_config() -> JsonObject:
    """What an operator signs and the broker keeps."""
    members: JsonObject = {
        "iss": {"type": "string", "minLength": 1, "maxLength": 256},
        "aud": {"anyOf": [_LOCKER, {"type": "array", "items": _LOCKER, "minItems": 1}]},
        "version": {"type": "integer", "minimum": 1, "maximum": INT_MAX, "description": "above every accepted one"},
        "settings": {
            "type": "string",
            "maxLength": LONGEST_SETTINGS,
            "description": "TOML: the part of the configuration that may be told from afar, whole",
        },
    }
    return document("config") | _closed(members, *members)


def config_report() -> JsonObject:
    """What a locker says of it; it may gain members within a version, so there is room."""
    version: JsonObject = {"type": "integer", "minimum": 0, "maximum": INT_MAX}
    refused: JsonObject = {
        "version": {"type": ["integer", "null"], "description": "null where even that cannot be believed"},
        "sha256": {"type": ["string", "null"], "pattern": HASH_PATTERN},
        "reason": _TEXT,
        "problems": problems(),
    }
    unmet: JsonObject = {"rule": _TEXT, "reason": _TEXT}
    members: JsonObject = {
        "version": {**version, "description": "in force; 0: the locker's own file is all there is"},
        "sha256": {"type": "string", "pattern": HASH_PATTERN, "description": "of its settings, in UTF-8"},
        "pending": {**version, "description": "accepted, in force as soon as nobody is served"},
        "refused": _closed(refused, "version", "sha256", "reason"),
        "unmet": {
            "type": "array",
            "items": _closed(unmet, "rule", "reason"),
            "description": "rules that cannot be carried out there: their parcels are refused at the scan",
        },
    }
    return document("config.report") | {"type": "object", "properties": members, "required": ["version", "sha256"]}


def problems() -> JsonObject:
    """What is wrong with a configuration, as `locker check` would say it."""
    problem: JsonObject = {
        "file": {"type": "string", "description": "`config/desired`, or the name of the locker's own file"},
        "key": _TEXT,
        "reason": _TEXT,
        "nearest": {"type": "string", "description": "the right key that was probably meant"},
    }
    return {"type": "array", "items": _closed(problem, "file", "key", "reason")}


def _closed(members: JsonObject, *required: str) -> JsonObject:
    return {"type": "object", "properties": members, "required": list[JSON](required), "additionalProperties": False}
