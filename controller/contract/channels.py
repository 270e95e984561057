"""The topics as data: who speaks there, what, and whether the broker keeps it. What AsyncAPI prints is made of this."""

from dataclasses import dataclass
from enum import StrEnum

from controller.contract.jose import Typ
from controller.contract.topics import ANY, Topics


class Speaker(StrEnum):
    """Whose word is on a topic."""

    LOCKER = "locker"
    CARRIER = "carrier"
    """Or an operator or technician: whoever is at the other end."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One topic of every locker."""

    name: str
    topic: str
    """With `+` in place of the locker and then of the compartment."""
    speaker: Speaker
    retained: bool
    schema: str
    """Of the payload; for a signed token, of what was signed. `record` and `command` stand for all of their types."""
    summary: str
    typ: Typ | None = None
    """The type of the signed token, None where the payload is JSON."""


def channels(root: str) -> tuple[Channel, ...]:
    """Every topic below `root`, and Home Assistant's. Raises ValueError for a root that no topic can have."""
    topics, locker, carrier = Topics(root, ANY), Speaker.LOCKER, Speaker.CARRIER
    return (
        Channel("status", topics.status, locker, True, "status", "Whether it is there; also the locker's will."),
        Channel("keys", topics.keys, locker, True, "keys", "The locker's public keys, to check proofs with."),
        Channel("events", topics.events, locker, False, "record", "The journal, record by record, in order."),
        Channel("ack", topics.ack, carrier, False, "ack", "How far the custodian has the journal.", Typ.ACK),
        Channel("state", topics.state, locker, True, "state", "How many compartments of each size stand how."),
        Channel("compartment", topics.compartment(ANY), locker, True, "compartment", "One compartment and its door."),
        Channel("health", topics.health, locker, False, "health", "The machine itself, once a minute."),
        Channel("commands", topics.commands, carrier, False, "command", "What is to be done.", Typ.COMMAND),
        Channel("results", topics.results, locker, False, "result", "What became of the commands."),
        Channel(
            "configDesired", topics.config_desired, carrier, True, "config", "The configuration wanted.", Typ.CONFIG
        ),
        Channel("configReported", topics.config_reported, locker, True, "config.report", "The configuration in force."),
        Channel("claim", topics.claim, locker, False, "claim", "A locker asks for its certificate."),
        Channel("claimAnswer", topics.claim_answer, carrier, False, "claim.answer", "What it is given."),
        Channel(
            "homeAssistant", topics.home_assistant, locker, True, "discovery", "For Home Assistant, where switched on."
        ),
        Channel(
            "homeAssistantUnlock",
            topics.home_assistant_unlock,
            carrier,
            False,
            "home_assistant.unlock",
            "Doors that Home Assistant asks for, where switched on.",
        ),
        Channel(
            "homeAssistantAnswer",
            topics.home_assistant_answer,
            locker,
            False,
            "home_assistant.answer",
            "What became of them.",
        ),
    )
