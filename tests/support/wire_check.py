"""Holds what lockers and carriers say on a broker against the AsyncAPI document that is printed for strangers."""

import json
import re
from base64 import urlsafe_b64decode
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from controller.contract.asyncapi import asyncapi
from controller.contract.channels import Channel, channels
from controller.contract.topics import DEFAULT_ROOT, covers
from controller.domain.events import EVENTS

MOST_OF_A_KIND = 20
"""Of each kind of message so many are looked at; a locker under load says the same kind thousands of times."""


def complaints(heard: Iterable[tuple[str, bytes]]) -> list[str]:
    """What is wrong with these messages, topic and payload each, by the document."""
    kinds: Counter[str] = Counter()
    found = []
    for topic, payload in heard:
        kind = kind_of(topic, payload)
        kinds[kind] += 1
        if kinds[kind] <= MOST_OF_A_KIND:
            found += [f"{topic}: {kind}: {fault}" for fault in faults(kind, payload)]
    return found


def kind_of(topic: str, payload: bytes) -> str:
    """The name of the message in the document; empty for a topic that it does not have."""
    channel = channel_of(topic)
    if channel is None:
        return ""
    if channel.name != "events":
        return channel.schema
    said = re.search(rb'"type":"([a-z_.0-9]+)"', payload)
    return said[1].decode() if said else "locker.?"


def channel_of(topic: str) -> Channel | None:
    """The channel of the document that a topic belongs to."""
    return next((channel for channel in channels(DEFAULT_ROOT) if covers(channel.topic, topic)), None)


def faults(kind: str, payload: bytes) -> list[str]:
    """What is wrong with one message of a kind; a retained message that was taken back is empty, and good."""
    if kind not in _messages():
        return ["is no message of the document"]
    if not payload:
        return []
    said = json.loads(_part(payload.decode(), 1) if "x-jws" in _messages()[kind] else payload)
    return [error.message[:200] for error in _validator(kind).iter_errors(said)]


def _part(token: str, index: int) -> bytes:
    part = token.split(".")[index]
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


@cache
def _messages() -> dict[str, Any]:
    document: Any = asyncapi()
    messages: dict[str, Any] = document["components"]["messages"]
    assert set(messages) >= {f"locker.{name}.v1" for name in EVENTS}
    return messages


@cache
def _validator(kind: str) -> Draft202012Validator:
    where = "x-jws/payload" if "x-jws" in _messages()[kind] else "payload"
    return Draft202012Validator({**asyncapi(), "$ref": f"#/components/messages/{kind}/{where}"})
