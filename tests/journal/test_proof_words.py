"""What a signed record proves, in sentences."""

from dataclasses import replace
from typing import Any

import pytest
from support.every_record import every_record
from support.keyring import device_keys

from controller.contract.jose import sign, verify
from controller.contract.receipt import make_receipt, read_receipt
from controller.contract.record import Record, parse
from controller.device.rule_book import shipped
from controller.domain import events as ev
from controller.domain.claims import Claim
from controller.domain.events import EVENTS
from controller.domain.ids import (
    CarrierId,
    ClockQuality,
    CompartmentId,
    DriverId,
    MonoMs,
    ParcelId,
    PickupId,
    Role,
    SessionId,
    WallMs,
)
from controller.domain.stamp import Stamp
from controller.journal.chain import Head, Sealer
from controller.journal.proof_words import proof_sentences, receipt_sentences

A01, P1, ACME = CompartmentId("A01"), ParcelId("acme/P1"), CarrierId("acme")
RULES = shipped().sentences("en")
NOON = WallMs(1_790_000_000_000)
COLLECTED = ev.CustodyCollected(
    parcel=P1,
    compartment=A01,
    pickup=PickupId("P1"),
    carrier=ACME,
    actor=Role.RECIPIENT,
    session=SessionId("s-1"),
    evidence=ev.Evidence(
        ("code", "signature", "door_cycle"), (), (ev.EvidenceDigest("signature", "d" * 64),), ("pin|signature",)
    ),
    opened_mono=MonoMs(112_000),
    closed_mono=MonoMs(120_000),
    rests_until=MonoMs(180_000),
    rules=("valuable", "ours"),
)


def said(event: ev.Event, clock: ClockQuality = ClockQuality.NTP) -> list[str]:
    sealer = Sealer("6" * 32, "L0042", Head(), lambda payload: "a.b.c")
    record = parse(sealer.seal(event, Stamp(NOON, MonoMs(120_000), 41, clock), bytes(16)).bytes)
    return proof_sentences(record, RULES, lambda time: time[11:19])


def test_a_collection_says_all_that_a_judge_may_ask() -> None:
    assert said(COLLECTED) == [
        "Parcel P1 of carrier acme was taken out of compartment A01 by its recipient, known here as visit s-1 alone.",
        "That was on record at 14:13:20. The clock was set by the network.",
        "The door opened at 14:13:12 and closed at 14:13:20.",
        "By powered time: from 112.000 s to 120.000 s of boot 41, open for 8.000 s.",
        "Obtained: the pickup code, typed; a signature on the screen; the door seen to open and to close.",
        f"Digest of a signature on the screen: {'d' * 64}",
        "The plan demanded: a PIN or a signature on the screen.",
        "Nothing that was demanded is missing.",
        f"By rule valuable: {RULES['valuable']}",
        "By rule ours: of the site itself.",
        f"Record 1 of stream {'6' * 32}, of locker L0042.",
    ]


def test_what_fell_short_is_not_to_be_overlooked() -> None:
    short = replace(COLLECTED, evidence=ev.Evidence(("code", "door_cycle"), ("photo",), demanded=("photo",)))
    assert "FELL SHORT of: a photo." in said(short)


def test_a_clock_that_nobody_vouches_for_is_said_to_be_one() -> None:
    assert "believe the powered times alone" in said(COLLECTED, ClockQuality.UNKNOWN)[1]
    assert "running on by itself" in said(COLLECTED, ClockQuality.HOLDOVER)[1]


def test_a_door_that_was_not_seen_to_open_is_not_said_to_have_opened() -> None:
    assert said(replace(COLLECTED, opened_mono=None))[2] == (
        "The door was seen to close at 120.000 s of boot 41, not to open."
    )


def test_a_dispute_names_what_was_said_and_what_is_kept() -> None:
    disputed = ev.CustodyDisputed(
        parcel=P1,
        compartment=A01,
        carrier=ACME,
        session=SessionId("s-1"),
        claim=Claim.EMPTY,
        records=(12, 17),
    )
    assert said(disputed)[0] == "The recipient of parcel P1 of carrier acme says of A01: it was empty."
    assert "These records tell of the handoff, and what belongs to them is kept: 12, 17." in said(disputed)


def test_stock_taking_reconciles_what_is_on_record_with_what_is_there() -> None:
    finished = ev.AuditFinished(
        audit="a-1",
        technician=DriverId("t-1"),
        complete=False,
        agreed=(CompartmentId("A01"), CompartmentId("A02")),
        missing=(ParcelId("acme/P3"),),
        misplaced=(),
        strays=(CompartmentId("A04"),),
        unseen=(CompartmentId("A05"),),
    )
    assert said(finished)[0] == "Technician t-1 took stock of the compartments, not all of them."
    assert said(finished)[2:6] == [
        "As on record: A01, A02.",
        "On record and not there: acme/P3.",
        "Something that is not on record lies in A04.",
        "Not looked into: A05.",
    ]


@pytest.mark.parametrize("record", [*map(parse, every_record())], ids=lambda record: record.name)
def test_whatever_is_signed_can_be_said_and_nothing_else(record: Record) -> None:
    sentences = proof_sentences(record, RULES, str)
    assert bool(sentences) is EVENTS[record.name].PROVEN
    assert not any("not on record." in each or set("{}[]") & set(each) for each in sentences)


def test_a_receipt_names_the_handoff_and_the_record_that_says_more() -> None:
    (raw,) = (each for each in every_record() if b'"type":"locker.custody.collected.v1"' in each)
    token = make_receipt([raw], lambda payload, typ: sign(payload, device_keys().sign, typ))
    told: dict[str, Any] = read_receipt(token, lambda token, typ: verify(token, typ, lambda kid: device_keys().sign)[0])
    first, digest = receipt_sentences(told, str)
    assert first.startswith("Locker L0042 handed parcel x7–ü over from compartment x7–ü at 2026-09-21T")
    assert digest == f"SHA-256 of that record: {told['handoffs'][0]['hash']}"
