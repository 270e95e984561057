from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from support.arbitrary import events, stamps
from support.journals import sign
from support.keyring import device_keys, key_set
from support.wire_check import complaints, faults, kind_of

from controller.contract.ack import Ack, make_ack
from controller.contract.asyncapi import asyncapi
from controller.contract.channels import Speaker, channels
from controller.contract.command import make_command
from controller.contract.jose import Typ
from controller.contract.record import Place, attach_proof, compose, compose_private, digest
from controller.contract.result import Result, ResultStatus
from controller.contract.status import LockerStatus
from controller.contract.topics import ANY, DEFAULT_ROOT, Topics
from controller.contract.wire_json import dumps
from controller.domain.commands import COMMANDS, UnlockCompartment
from controller.domain.events import EVENTS, Event
from controller.domain.ids import CompartmentId, Jti, Role, WallMs

DOCUMENT: Any = asyncapi()
STATUS = LockerStatus(True, 41, 7, "3f" * 16, 18231, "0" * 64, "1.4.2", "nonce")
MINE = Topics(DEFAULT_ROOT, "L0042")


def test_every_topic_of_the_contract_is_a_channel() -> None:
    named = [name for name, member in vars(Topics).items() if isinstance(member, property)]
    topics = {getattr(Topics(DEFAULT_ROOT, ANY), name) for name in named}
    topics.add(Topics(DEFAULT_ROOT, ANY).compartment(ANY))

    assert {channel.topic for channel in channels(DEFAULT_ROOT)} == topics


def test_every_record_type_and_command_is_a_message_of_its_channel() -> None:
    assert DOCUMENT["channels"]["events"]["messages"].keys() == {f"locker.{name}.v1" for name in EVENTS}
    assert DOCUMENT["channels"]["commands"]["messages"].keys() == set(COMMANDS)


def test_addresses_hold_the_root_that_was_asked_for() -> None:
    addresses = [channel["address"] for channel in _channels(asyncapi("ours/v1"))]

    assert "ours/v1/{locker}/state/{compartment}" in addresses
    assert all(
        address.startswith(("ours/v1/{locker}/", "ours/v1/claim/{locker}/", "homeassistant/")) for address in addresses
    )


def test_a_root_that_no_topic_can_have_is_refused() -> None:
    with pytest.raises(ValueError, match="the root"):
        asyncapi("ours/#")


def test_the_locker_sends_what_it_says_and_receives_the_rest() -> None:
    for channel in channels(DEFAULT_ROOT):
        verb = "send" if channel.speaker is Speaker.LOCKER else "receive"
        operation = DOCUMENT["operations"][f"{verb}{channel.name[0].upper()}{channel.name[1:]}"]
        assert operation["action"] == verb
        assert operation["bindings"]["mqtt"]["retain"] is channel.retained


def test_every_reference_leads_somewhere() -> None:
    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                found = DOCUMENT
                for step in node["$ref"].removeprefix("#/").split("/"):
                    found = found[step]
            for inner in node.values():
                walk(inner)
        elif isinstance(node, list):
            for inner in node:
                walk(inner)

    walk(DOCUMENT)


def test_no_schema_says_anything_that_draft_7_does_not_know() -> None:
    later = {"$defs", "prefixItems", "dependentRequired", "unevaluatedProperties", "minContains", "$dynamicRef", "$id"}

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            assert not later & node.keys()
            for inner in node.values():
                walk(inner)

    for schema in DOCUMENT["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
        walk(schema)


@pytest.mark.parametrize("cls", EVENTS.values(), ids=EVENTS)
@settings(max_examples=5)
@given(data=st.data())
def test_every_record_is_its_message_and_no_other(cls: type[Event], data: st.DataObject) -> None:
    event: Event = data.draw(events(cls))
    part = compose_private(event, bytes(16))
    place = Place("L0042", "3f" * 16, 7, bytes(32))
    raw = compose(place, event, data.draw(stamps()), None if part is None else digest(part))
    whole = attach_proof(raw, sign(raw, Typ.PROOF)) if cls.PROVEN else raw

    assert kind_of(MINE.events, whole) == f"locker.{cls.NAME}.v1"
    assert faults(f"locker.{cls.NAME}.v1", whole) == []
    assert faults(next(f"locker.{name}.v1" for name in EVENTS if name != cls.NAME), whole) != []


def test_what_both_ends_write_is_what_the_document_says() -> None:
    command = make_command(
        UnlockCompartment(compartment=CompartmentId("A01")),
        key=key_set().signing(Role.OPERATOR),
        issuer="acme",
        locker="L0042",
        jti=Jti("j1"),
        at=WallMs(1_790_000_000_000),
        ctr=1,
    )
    good = [
        (MINE.status, STATUS.encode()),
        (MINE.keys, dumps(device_keys().public())),
        (MINE.results, Result(Jti("j1"), ResultStatus.REFUSED, "expired", "too late").encode()),
        (MINE.ack, make_ack(Ack("3f" * 16, 7, bytes(32)), key_set().signing(Role.CUSTODIAN)).encode()),
        (MINE.compartment("A01"), b""),
    ]

    assert complaints(good) == []
    assert faults("compartment.unlock", command.encode()) == []


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        (MINE.status, STATUS.encode().replace(b'"boot":41', b'"boot":"41"')),
        (MINE.status, b"{}"),
        (MINE.keys, b'{"keys":[]}'),
        (MINE.results, b'{"jti":"j1","status":"done"}'),
        (MINE.compartment("A01"), b'{"door":"ajar","status":"vacant","since":"2026-11-23T03:00:00.123Z","seq":1}'),
        (MINE.state, b'{"seq":1,"sizes":{"M":{"free":1}}}'),
        (MINE.events, b'{"type":"locker.never.heard.v1"}'),
        ("locker/v1/L0042/gossip", b"{}"),
    ],
)
def test_what_the_document_does_not_know_is_complained_of(topic: str, payload: bytes) -> None:
    assert complaints([(topic, payload)]) != []


def test_a_private_key_among_the_public_ones_is_complained_of() -> None:
    leaking = {"keys": [{**device_keys().sign.as_dict(private=True), "use": "sig"}]}
    assert complaints([(MINE.keys, dumps(leaking))]) != []


def _channels(document: Any) -> list[Any]:
    return list(document["channels"].values())
