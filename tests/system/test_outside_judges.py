"""Programs of others read what this one prints: the official AsyncAPI parser and the CloudEvents SDK."""

import json

from support.every_record import every_record
from support.node import judge

from controller.contract.asyncapi import asyncapi
from controller.domain.commands import COMMANDS
from controller.domain.events import EVENTS

NEWER_VERSION_EXISTS = "asyncapi-latest-version"


def test_the_official_parser_accepts_the_contract() -> None:
    judged = judge("asyncapi.mjs", stdin=json.dumps(asyncapi()).encode())

    assert {complaint["code"] for complaint in judged["complaints"]} <= {NEWER_VERSION_EXISTS}
    assert "locker/v1/{locker}/state/{compartment}" in judged["channels"]
    assert set(judged["messages"]) >= {*COMMANDS, *(f"locker.{name}.v1" for name in EVENTS)}


def test_the_official_parser_would_notice_a_mistake() -> None:
    document = asyncapi()
    document["channels"] = {"status": {"messages": {"status": {"$ref": "#/components/messages/nothing"}}}}

    assert judge("asyncapi.mjs", stdin=json.dumps(document).encode())["channels"] is None


def test_the_cloudevents_sdk_accepts_a_record_of_every_type() -> None:
    judged = judge("cloudevents.mjs", stdin=b"\n".join(every_record()))

    assert [event["fault"] for event in judged] == [None] * len(EVENTS)
    assert [event["type"] for event in judged] == [f"locker.{name}.v1" for name in EVENTS]
    assert [int(event["sequence"]) for event in judged] == list(range(1, len(EVENTS) + 1))
    assert all(event["known"] for event in judged)


def test_the_cloudevents_sdk_would_notice_a_name_that_it_forbids() -> None:
    broken = every_record()[0].replace(b'"prevhash":', b'"prev_hash":')

    (judged,) = judge("cloudevents.mjs", stdin=broken)
    assert "prev_hash" in judged["fault"]
