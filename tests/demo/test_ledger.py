"""What the demo shows of the records that the carrier was told."""

import json

import pytest
from support.journals import LOCKER, SOFTWARE, STREAM, beginning, collection, deposit, sign, stamp, verify

from controller.cli.demo.ledger import LINES, SETTLED, Ledger
from controller.contract.jose import Typ
from controller.contract.record import parse
from controller.domain import events as ev
from controller.domain.ids import ParcelId, Size
from controller.journal.chain import Head, SealedRecord, Sealer


def sealed(*happened: ev.Event) -> list[SealedRecord]:
    """The records of a stream that begins with these."""
    sealer = Sealer(STREAM, LOCKER, Head(), lambda payload: sign(payload, Typ.PROOF))
    return [sealer.seal(event, stamp(n), n.to_bytes(16)) for n, event in enumerate(happened, 1)]


def told(*happened: ev.Event) -> Ledger:
    ledger = Ledger()
    ledger.recall([record.bytes for record in sealed(*happened)], verify)
    return ledger


def custodies(ledger: Ledger) -> list[tuple[str, int, str]]:
    return [(parcel.parcel, parcel.number, parcel.custody) for parcel in ledger.parcels]


@pytest.mark.parametrize(
    ("events", "custody"), [(1, "expected"), (2, "depositing"), (7, "stored"), (10, "collecting"), (14, "collected")]
)
def test_a_parcel_is_followed_from_its_announcement_to_its_end(events: int, custody: str) -> None:
    ledger = told(*[*deposit(1), *collection(1)][:events])

    assert custodies(ledger) == [("P1", 1, custody)]
    assert ledger.parcels[0].label == "RR000000001GB"
    assert ledger.parcels[0].size is Size.M


def test_what_must_not_be_stored_is_marked() -> None:
    event = deposit(1)[0]
    assert isinstance(event, ev.ParcelExpected)
    regulated = ev.ParcelExpected(
        parcel=ParcelId("acme/P9"), label=event.label, carrier=event.carrier, classes=("regulated",)
    )

    assert [parcel.regulated for parcel in told(event, regulated).parcels] == [False, True]


def test_parcels_that_are_gone_are_soon_forgotten_and_others_never() -> None:
    gone = [event for n in range(2, 20) for event in (*deposit(n), *collection(n))]

    assert custodies(told(deposit(1)[0], *gone)) == [
        ("P1", 1, "expected"), *((f"P{n}", n, "collected") for n in range(20 - SETTLED, 20))
    ]  # fmt: skip


def test_a_line_tells_a_record_and_no_secret() -> None:
    lines = [line for _, line in told(*beginning(), *deposit(1)).lines]

    assert [line["sequence"] for line in lines] == [*range(1, 12)]
    assert lines[9]["name"] == "custody.stored"
    assert (lines[9]["number"], lines[9]["signed"], lines[9]["proven"]) == (1, True, True)
    assert (lines[10]["name"], lines[10]["signed"], lines[10]["proven"]) == ("code.issued", False, False)
    assert "sealed" not in json.dumps(lines)
    assert lines[0]["facts"] == {"software": SOFTWARE}


def test_a_proof_that_cannot_be_checked_is_not_shown_as_good() -> None:
    raws = [record.bytes for record in sealed(*deposit(1))]
    for check in (None, lambda token, typ: b"something else"):
        ledger = Ledger()
        ledger.recall(raws, check)
        assert [line["proven"] for _, line in ledger.lines if line["signed"]] == [False]


def test_records_that_are_told_beside_the_recall_count_once() -> None:
    records, ledger = sealed(*deposit(1)), Ledger()
    ledger.take(parse(records[0].bytes), proven=False)
    assert ledger.parcels == []

    ledger.recall([record.bytes for record in records[:4]], verify)
    for record in records:
        ledger.take(parse(record.bytes), proven=record.event.PROVEN)

    assert [sequence for sequence, _ in ledger.lines] == [*range(1, 9)]
    assert custodies(ledger) == [("P1", 1, "stored")]


def test_the_latest_lines_are_kept() -> None:
    ledger = told(*[ev.ClockSynced()] * (LINES + 5))

    assert [sequence for sequence, _ in ledger.lines] == [*range(6, LINES + 6)]
