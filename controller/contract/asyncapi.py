"""The contract as an AsyncAPI 3.0 document: what one locker sends and receives, made of the codecs that do it.

Its schemas are the ones of `schemas`, in the part of JSON Schema that AsyncAPI shares with 2020-12. A signed token is a
string to AsyncAPI; `x-jws` says of which type it is and what was signed.
"""

from inspect import getdoc

from controller.contract.channels import Channel, Speaker, channels
from controller.contract.jose import Typ
from controller.contract.message_schemas import JWS_PATTERN
from controller.contract.permissions import PERMISSIONS
from controller.contract.schemas import all_schemas
from controller.contract.topics import ANY, DEFAULT_ROOT
from controller.contract.wire_json import JSON, JsonObject
from controller.domain.commands import COMMANDS
from controller.domain.events import EVENTS

CONTRACT_VERSION = "1.0.0"
_RECORD_MEDIA = "application/cloudevents+json"
_MQTT_BINDING = "0.2.0"
_ABOUT = """\
One locker at one broker. QoS 1 throughout, nothing depends on MQTT 5. Records are CloudEvents, chained by `prevhash`; \
`source` and `id` find duplicates, `stream` and `sequence` find gaps. The custodian acknowledges; what it has not \
acknowledged is sent again."""


def asyncapi(root: str = DEFAULT_ROOT) -> JsonObject:
    """The whole document. Raises ValueError for a root that no topic can have."""
    listed = channels(root)
    messages: JsonObject = {}
    for channel in listed:
        messages |= _messages(channel)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Parcel locker",
            "version": CONTRACT_VERSION,
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {"broker": _server()},
        "channels": {channel.name: _channel(channel) for channel in listed},
        "operations": {_operation_name(channel): _operation(channel) for channel in listed},
        "components": {
            "schemas": {name: _shared_part(schema) for name, schema in all_schemas().items()},
            "messages": messages,
            "securitySchemes": {"certificate": {"type": "X509", "description": "each locker its own"}},
        },
    }


def _server() -> JsonObject:
    return {
        "host": "broker.example:8883",
        "protocol": "secure-mqtt",
        "protocolVersion": "5.0",
        "description": "Any broker of MQTT 5 or 3.1.1.",
        "security": [{"$ref": "#/components/securitySchemes/certificate"}],
    }


def _channel(channel: Channel) -> JsonObject:
    address = channel.topic.replace(ANY, "{locker}", 1).replace(ANY, "{compartment}")
    parameters: JsonObject = {"locker": {"description": "the locker's id: 1 to 32 letters, digits, _ and -"}}
    if "{compartment}" in address:
        parameters["compartment"] = {"description": "as on the door, such as A01"}
    names: JsonObject = {name: {"$ref": f"#/components/messages/{name}"} for name in _messages(channel)}
    return {"address": address, "summary": channel.summary, "parameters": parameters, "messages": names}


def _operation_name(channel: Channel) -> str:
    verb = "send" if channel.speaker is Speaker.LOCKER else "receive"
    return f"{verb}{channel.name[0].upper()}{channel.name[1:]}"


def _operation(channel: Channel) -> JsonObject:
    operation: JsonObject = {
        "action": "send" if channel.speaker is Speaker.LOCKER else "receive",
        "channel": {"$ref": f"#/channels/{channel.name}"},
        "summary": channel.summary,
        "bindings": {"mqtt": {"qos": 1, "retain": channel.retained, "bindingVersion": _MQTT_BINDING}},
    }
    if channel.name == "commands":
        operation["reply"] = {"channel": {"$ref": "#/channels/results"}}
    return operation


def _messages(channel: Channel) -> JsonObject:
    match channel.schema:
        case "record":
            return {f"locker.{name}.v1": _record(name) for name in EVENTS}
        case "command":
            return {type_: _command(type_) for type_ in COMMANDS}
        case schema if channel.typ is not None:
            return {schema: _signed(channel.typ, _schema(schema)) | {"summary": channel.summary}}
        case schema:
            return {schema: {"payload": _schema(schema), "summary": channel.summary}}


def _record(name: str) -> JsonObject:
    type_ = f"locker.{name}.v1"
    narrowed: JsonObject = {"type": "object", "properties": {"type": {"const": type_}, "data": _schema(type_)}}
    if EVENTS[name].PROVEN:
        narrowed["required"] = ["proof"]
    summary = getdoc(EVENTS[name]) or type_
    return {"contentType": _RECORD_MEDIA, "payload": {"allOf": [_schema("record"), narrowed]}, "summary": summary}


def _command(type_: str) -> JsonObject:
    claims: JsonObject = {"type": "object", "properties": {"cmd": _schema(type_)}}
    cls = COMMANDS[type_]
    permission = next(permission for command, permission in PERMISSIONS.items() if command is cls)
    if permission.counted:
        claims["required"] = ["ctr"]
    allowed: JsonObject = {
        "roles": list[JSON](role.value for role in permission.roles),
        "lifetime_s": permission.lifetime_s,
        "counted": permission.counted,
        "nonce_while_clock_unknown": permission.guarded,
    }
    token = _signed(Typ.COMMAND, {"allOf": [_schema("command"), claims]})
    return token | {"summary": getdoc(cls) or type_, "x-permission": allowed}


def _signed(typ: Typ, payload: JsonObject) -> JsonObject:
    return {
        "contentType": "application/jose",
        "payload": {"type": "string", "pattern": JWS_PATTERN},
        "x-jws": {"typ": typ.value, "alg": "Ed25519", "payload": payload},
    }


def _schema(name: str) -> JsonObject:
    return {"$ref": f"#/components/schemas/{name}"}


def _shared_part(schema: JsonObject) -> JsonObject:
    """Without `$schema` and `$id`, which would have references looked up elsewhere."""
    return {name: value for name, value in schema.items() if name not in ("$schema", "$id")}
