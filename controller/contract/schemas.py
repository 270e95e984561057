"""JSON Schemas (2020-12) of the contract, derived from the same hints as the codec.

Events may gain members within a version, so their schemas leave room; a command with an unknown member is refused.
"""

from controller.contract.codec import COMMAND_CODECS, EVENT_CODECS, PARCEL_FIELDS, Member, object_schema
from controller.contract.fields import BIG_PATTERN, INT_MAX, WALL_PATTERN
from controller.contract.message_schemas import message_schemas
from controller.contract.schema_document import HASH_PATTERN, document
from controller.contract.wire_json import JsonObject
from controller.domain.ids import ClockQuality


def all_schemas() -> dict[str, JsonObject]:
    """Every schema by name.

    `record` is the envelope, `locker.<area>.<what>.v1` the `data` of one record type, `parcel.expect` and its like the
    `cmd` of one command, and the rest are the messages of the other topics.
    """
    schemas = {"record": record_schema()}
    schemas |= {f"locker.{name}.v1": event_schema(name) for name in EVENT_CODECS}
    schemas |= {type_: command_schema(type_) for type_ in COMMAND_CODECS}
    return schemas | message_schemas()


def event_schema(name: str) -> JsonObject:
    """The schema of `data` in the records of the event called `name`."""
    members = EVENT_CODECS[name].members
    properties, named = _properties(members), PARCEL_FIELDS.get(name)
    if named is not None and not named.says_carrier:
        properties |= {"carrier": {"type": "string", "description": "whose parcel it is"}}
    if any(member.private for member in members):
        properties |= {
            "private": {
                "type": "string",
                "pattern": HASH_PATTERN,
                "description": "SHA-256 of the private part, which is kept apart and may have been erased",
            }
        }
    return document(f"locker.{name}.v1") | object_schema(members) | {"properties": properties}


def command_schema(type_: str) -> JsonObject:
    """The schema of `cmd` in the commands of this type."""
    members = COMMAND_CODECS[type_].members
    return document(type_) | {
        "type": "object",
        "properties": {"type": {"const": type_}, **_properties(members)},
        "required": ["type", *(member.wire for member in members if member.required)],
        "additionalProperties": False,
    }


def record_schema() -> JsonObject:
    """The schema of the envelope that all records share."""
    properties: JsonObject = {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,32}-[0-9a-f]{32}-[1-9][0-9]{0,18}$"},
        "source": {"type": "string", "pattern": "^urn:locker:[A-Za-z0-9_-]{1,32}$"},
        "type": {"enum": [f"locker.{name}.v1" for name in EVENT_CODECS]},
        "subject": {"type": "string", "description": "the compartment concerned"},
        "time": {"type": "string", "format": "date-time", "pattern": WALL_PATTERN},
        "datacontenttype": {"const": "application/json"},
        "sequence": {"type": "string", "pattern": "^[0-9]{20}$"},
        "stream": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
        "boot": {"type": "integer", "minimum": 1, "maximum": INT_MAX},
        "monotonicms": {"type": "string", "pattern": BIG_PATTERN},
        "clock": {"enum": [quality.value for quality in ClockQuality]},
        "prevhash": {"type": "string", "pattern": HASH_PATTERN},
        "data": {"type": "object"},
        "proof": {"type": "string", "pattern": "^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$"},
    }
    required = [name for name in properties if name not in ("subject", "proof")]
    return document("record") | {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _properties(members: tuple[Member, ...]) -> JsonObject:
    return {member.wire: member.type.schema for member in members if not member.private}
