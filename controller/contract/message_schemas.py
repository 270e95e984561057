"""JSON Schemas (2020-12) of what goes over the broker beside records and commands.

What a locker tells of itself may gain members within a version, so those schemas leave room.
"""

from controller.contract.answer_schemas import answer_schema
from controller.contract.config_schemas import config_report, wanted_config
from controller.contract.fields import WALL_PATTERN
from controller.contract.permissions import PERMISSIONS
from controller.contract.result import ResultStatus
from controller.contract.schema_document import HASH_PATTERN, document
from controller.contract.wire_json import JSON, JsonObject
from controller.domain.drift import Figure
from controller.domain.ids import ClockQuality, Door, Size
from controller.domain.outcomes import EVIDENCE_WANTED, NOTHING_MOVED, OPENING, SECOND_AWAITED, Outcome
from controller.domain.state import Status

JWS_PATTERN = "^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]{86}$"
_ID: JsonObject = {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"}
_STREAM: JsonObject = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
_HEAD: JsonObject = {"type": "string", "pattern": HASH_PATTERN, "description": "SHA-256 of that record's bytes"}
_TEXT: JsonObject = {"type": "string"}
_TRUTH: JsonObject = {"type": "boolean"}
_MOMENT: JsonObject = {"type": "integer", "minimum": 0, "description": "NumericDate in whole seconds, RFC 7519"}
_COUNTED = ("free", "reserved", "occupied", "quarantined", "out_of_service")

LINE_COUNTS = ("requests", "replies", "timeouts", "bad_checksums", "echoes", "stray_bytes", "reopenings")
"""What is counted on a serial line."""


def message_schemas() -> dict[str, JsonObject]:
    """Every schema by name. `ack` and `command` are the payloads of signed tokens."""
    return {
        "status": _status(),
        "keys": _keys(),
        "ack": _ack(),
        "state": _state(),
        "compartment": _compartment(),
        "health": _health(),
        "command": _command(),
        "result": _result(),
        "config": wanted_config(),
        "config.report": config_report(),
        "claim": _object(
            "claim",
            {"claim": {"type": "string", "description": "JWS of {locker, request, keys, iat} by the locker's own key"}},
            {"mac": {"type": "string", "description": "with a first one: HMAC-SHA-256 of it under the token, hex"}},
        ),
        "claim.answer": _object(
            "claim.answer",
            {"answer": {"type": "string", "description": "JSON of {certificate, authority, trust}"}},
            {"mac": {"type": "string", "description": "of it, in answer to a first one"}},
        ),
        "home_assistant.unlock": _object(
            "home_assistant.unlock", {"compartment": _TEXT, "at": _count("when it was asked for, s since 1970")}
        ),
        "home_assistant.answer": _object(
            "home_assistant.answer",
            {"compartment": _TEXT, "answer": {"type": "string", "description": "`unlocked`, or why not"}},
        ),
        "discovery": document("discovery") | {"type": "object", "description": "Home Assistant's device discovery"},
    }


def _object(name: str, members: JsonObject, optional: JsonObject | None = None, closed: bool = False) -> JsonObject:
    schema = document(name)
    schema |= {"type": "object", "properties": members | (optional or {}), "required": list[JSON](members)}
    if closed:
        schema["additionalProperties"] = False
    return schema


def _count(unit: str = "") -> JsonObject:
    schema: JsonObject = {"type": "integer", "minimum": 0}
    if unit:
        schema["description"] = unit
    return schema


def _choice(*values: str) -> JsonObject:
    return {"type": "string", "enum": list[JSON](values)}


def _status() -> JsonObject:
    members: JsonObject = {
        "state": _choice("online", "offline"),
        "boot": _count("runs of the process, from 1"),
        "conn": _count("this boot's connections; of two statuses, the one with the higher (boot, conn) is the later"),
        "stream": _STREAM,
        "seq": _count("the last record committed when this was said"),
        "head": _HEAD,
        "software": _TEXT,
    }
    nonce: JsonObject = {"type": "string", "description": "what a command must echo while the clock is unknown"}
    return _object("status", members, {"nonce": nonce})


def _keys() -> JsonObject:
    key: JsonObject = {
        "type": "object",
        "properties": {
            "kty": {"const": "OKP"},
            "crv": _choice("Ed25519", "X25519"),
            "x": {"type": "string", "pattern": "^[A-Za-z0-9_-]{43}$"},
            "kid": _TEXT,
            "use": _choice("sig", "enc"),
        },
        "required": ["kty", "crv", "x", "kid", "use"],
        "not": {"required": ["d"]},
    }
    succession: JsonObject = {
        "type": "array",
        "items": {"type": "string"},
        "description": "JWS by which each earlier key to sign with vouches for the next, the oldest first",
    }
    return _object("keys", {"keys": {"type": "array", "items": key, "minItems": 1}}, {"succession": succession})


def _ack() -> JsonObject:
    seq = _count("the carrier has every record up to and with this one; 0 for none")
    return _object("ack", {"stream": _STREAM, "seq": seq, "head": _HEAD})


def _state() -> JsonObject:
    sizes: JsonObject = {size.value: _sizes_row() for size in Size}
    return _object(
        "state", {"seq": _count(), "sizes": {"type": "object", "properties": sizes, "additionalProperties": False}}
    )


def _sizes_row() -> JsonObject:
    return {"type": "object", "properties": {name: _count() for name in _COUNTED}, "required": [*_COUNTED]}


def _compartment() -> JsonObject:
    members: JsonObject = {
        "door": _choice(*(door.value for door in Door)),
        "status": _choice(*(status.value for status in Status)),
        "since": {"type": "string", "format": "date-time", "pattern": WALL_PATTERN},
        "seq": _count("the record since which it is so"),
    }
    return _object("compartment", members)


def _health() -> JsonObject:
    members: JsonObject = {
        "clock": _choice(*(quality.value for quality in ClockQuality)),
        "boot": _count(),
        "memory_kib": _count("resident, of the process"),
        "disk_free_kib": _count(),
        "disk_total_kib": _count(),
        "disk_low": _TRUTH,
        "outbox_depth": _count("records that the custodian has not acknowledged"),
        "outbox_oldest_s": {"type": ["integer", "null"], "description": "how long the oldest of them has waited"},
        "acks_refused": _count("acknowledgements since the start that could not be believed"),
        "certificate_days": {"type": ["integer", "null"], "description": "its certificate is good; null: it has none"},
        "board_faults": {
            "type": "object",
            "additionalProperties": _TEXT,
            "description": "the fault of every lock board, or other part such as the scanner, that has one",
        },
        "boards": {"type": "object", "additionalProperties": _board(), "description": "every lock board by its name"},
        "drift": _drift(),
        "stopped_supplies": {
            "type": "array",
            "items": _TEXT,
            "description": "those with a wiring fault",
        },
    }
    members |= _computer()
    return _object("health", members)


def _drift() -> JsonObject:
    figures: JsonObject = {
        "type": "object",
        "properties": {figure.value: _count() for figure in Figure},
        "additionalProperties": False,
    }
    key: JsonObject = {"figure": _choice(*(figure.value for figure in Figure)), "about": {"type": "string"}}
    over: JsonObject = {"type": "object", "properties": key, "required": list[JSON](key)}
    members: JsonObject = {
        "days": _count("that are counted together, today among them"),
        "locker": figures,
        "subjects": {"type": "object", "additionalProperties": figures, "description": "by door, driver and channel"},
        "over": {"type": "array", "items": over, "description": "what has come to its limit"},
        "stale_preferences": _count("of recipients, not confirmed for long"),
        "kept_preferences": _count(),
    }
    return {"type": "object", "properties": members, "required": list[JSON](members)}


def _computer() -> JsonObject:
    flags: JsonObject = {"type": ["array", "null"], "items": _TEXT, "description": "null: its firmware does not say"}
    clock: JsonObject = {
        "device": _TEXT,
        "ahead_s": {"type": ["integer", "null"], "description": "before the wall clock; null: it has lost its time"},
        "battery_mv": {"type": ["integer", "null"]},
    }
    return {
        "temperatures_c": {
            "type": "object",
            "additionalProperties": {"type": "integer"},
            "description": "by the kernel's thermal zones",
        },
        "undervoltage": _TRUTH,
        "throttled": flags,
        "throttled_since_boot": flags,
        "real_time_clock": {"type": ["object", "null"], "properties": clock, "required": list[JSON](clock)},
    }


def _board() -> JsonObject:
    line: JsonObject = {name: _count() for name in LINE_COUNTS}
    members: JsonObject = {
        "fault": {"type": ["string", "null"]},
        "doors_known": _count(),
        "oldest_reading_ms": {"type": ["integer", "null"], "description": "of a door that is known"},
        "line": {
            "type": ["object", "null"],
            "properties": line,
            "required": list[JSON](line),
            "description": "counted since the start, for all boards on the line; null where there is none",
        },
    }
    return {"type": "object", "properties": members, "required": list[JSON](members)}


def _command() -> JsonObject:
    locker: JsonObject = {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,32}$"}
    members: JsonObject = {
        "iss": {"type": "string", "minLength": 1, "maxLength": 256},
        "aud": {"anyOf": [locker, {"type": "array", "items": locker, "minItems": 1}]},
        "jti": _ID,
        "iat": _MOMENT,
        "exp": _MOMENT,
        "cmd": {
            "type": "object",
            "properties": {"type": _choice(*(c.TYPE for c in PERMISSIONS))},
            "required": ["type"],
        },
    }
    optional: JsonObject = {"ctr": _count("above every earlier one of this key"), "nonce": _TEXT}
    return _object("command", members, optional, closed=True)


def _result() -> JsonObject:
    members: JsonObject = {"jti": _ID, "status": _choice(*(status.value for status in ResultStatus))}
    optional: JsonObject = {
        "reason": _TEXT,
        "detail": {"type": "string", "description": "for people"},
        "first": {"type": "string", "description": "for a duplicate: what was answered then"},
        "outcome": _choice(*_outcomes()),
        "data": answer_schema(_sizes_row()),
        "part": {"type": "integer", "minimum": 1, "description": "of what is too long for one message"},
        "parts": {"type": "integer", "minimum": 1, "description": "how many there are; their lists are to be joined"},
    }
    return _object("result", members, optional)


def _outcomes() -> tuple[str, ...]:
    moved = (outcome.value for outcome in Outcome if outcome not in NOTHING_MOVED)
    return (*moved, OPENING, SECOND_AWAITED, EVIDENCE_WANTED)
