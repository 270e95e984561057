import json
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.arbitrary import events, stamps
from support.journals import sign

from controller.contract.jose import Typ
from controller.contract.record import (
    GENESIS,
    NotARecord,
    Place,
    attach_proof,
    compose,
    compose_private,
    digest,
    open_private,
    parse,
)
from controller.domain.events import EVENTS, CodeIssued, DoorOpened, StreamStarted
from controller.domain.ids import ClockQuality, CodeHmac, CompartmentId, MonoMs, ParcelId, PickupId, WallMs
from controller.domain.stamp import Stamp

STREAM = "3f" * 16
PLACE = Place("L0042", STREAM, 18231, bytes.fromhex("5a" * 32))
STAMP = Stamp(WallMs(1_795_402_800_123), MonoMs(123456), 41, ClockQuality.NTP)
OPENED = DoorOpened(compartment=CompartmentId("A01"), cause="unlock")


def test_a_record_is_written_byte_for_byte_as_the_contract_says() -> None:
    assert compose(PLACE, OPENED, STAMP, None).decode() == (
        '{"specversion":"1.0","id":"L0042-3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f-18231","source":"urn:locker:L0042",'
        '"type":"locker.door.opened.v1","subject":"A01","time":"2026-11-23T03:00:00.123Z",'
        '"datacontenttype":"application/json","sequence":"00000000000000018231",'
        '"stream":"3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f","boot":41,"monotonicms":"123456","clock":"ntp",'
        '"prevhash":"5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a",'
        '"data":{"compartment":"A01","cause":"unlock"}}'
    )


def test_the_first_record_follows_64_zeros_and_has_no_subject() -> None:
    raw = compose(Place("L0042", STREAM, 1, GENESIS), StreamStarted(software="1.4.2"), STAMP, None)
    members = json.loads(raw)
    assert members["prevhash"] == "0" * 64
    assert "subject" not in members


def test_text_is_utf_8_as_it_is() -> None:
    raw = compose(PLACE, StreamStarted(software="größer ▸ 1"), STAMP, None)
    assert '"software":"größer ▸ 1"'.encode() in raw


def test_a_private_part_is_salt_and_json_and_the_record_has_its_digest() -> None:
    event = CodeIssued(
        parcel=ParcelId("acme/P-1"),
        pickup=PickupId("P-1"),
        compartment=CompartmentId("A01"),
        expires_at=WallMs(0),
        code_jwe="sealed",
        code_hmac=CodeHmac("ab" * 32),
    )
    salt = bytes(range(16))
    part = compose_private(event, salt)
    assert part == salt + b'{"code_hmac":"' + b"ab" * 32 + b'"}'
    raw = compose(PLACE, event, STAMP, digest(part))
    assert json.loads(raw)["data"]["private"] == sha256(part).hexdigest()
    assert parse(raw).event(open_private(part)) == event
    assert parse(raw).private_digest == digest(part)


def test_the_proof_is_the_last_member_and_signs_all_before_it() -> None:
    payload = compose(PLACE, OPENED, STAMP, None)
    jws = sign(payload, Typ.PROOF)
    raw = attach_proof(payload, jws)
    assert raw == payload[:-1] + b',"proof":"' + jws.encode() + b'"}'
    assert list(json.loads(raw))[-1] == "proof"
    record = parse(raw)
    assert (record.payload, record.proof) == (payload, jws)


@given(
    st.sampled_from(list(EVENTS.values())).flatmap(events),
    stamps(),
    st.integers(1, 2**63 - 1),
    st.binary(min_size=32, max_size=32),
)
def test_every_record_is_read_back(event: object, stamp: Stamp, sequence: int, prevhash: bytes) -> None:
    place = Place("L-1_x", STREAM, min(sequence, 10**18), prevhash)
    part = compose_private(event, bytes(16))  # type: ignore[arg-type]  # drawn from EVENTS
    raw = compose(place, event, stamp, None if part is None else digest(part))  # type: ignore[arg-type]  # the same
    record = parse(raw)
    assert (record.place, record.stamp, record.payload, record.proof) == (place, stamp, raw, None)
    assert record.event(None if part is None else open_private(part)) == event


@given(st.binary())
def test_arbitrary_bytes_are_no_record(raw: bytes) -> None:
    with pytest.raises(NotARecord):
        parse(raw)


def _changed(**members: object) -> bytes:
    whole = json.loads(compose(PLACE, OPENED, STAMP, None)) | members
    return json.dumps(whole, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 100_000,
        b"null",
        b'"record"',
        compose(PLACE, OPENED, STAMP, None) + b" ",
        compose(PLACE, OPENED, STAMP, None).replace(b",", b", ", 1),
        compose(PLACE, OPENED, STAMP, None).replace(b'"boot":41', b'"boot":41.0'),
        compose(PLACE, OPENED, STAMP, None).replace(b'"boot":41', b'"boot":NaN'),
        compose(PLACE, OPENED, STAMP, None).replace(b'"boot":41', b'"boot":41,"boot":41'),
        _changed(id="L0042-18231"),
        _changed(id=["L0042"]),
        _changed(source="urn:locker:L0043"),
        _changed(sequence="18231"),
        _changed(stream="4f" * 16),
        _changed(subject="A02"),
        _changed(type="locker.door.opened.v2"),
        _changed(time="2026-11-23T03:00:00Z"),
        _changed(clock="sundial"),
        _changed(prevhash="5A" * 32),
        _changed(data=[]),
        _changed(data={"compartment": "A01", "cause": "unlock", "private": "abc"}),
        _changed(proof=5),
        _changed(extra=1),
        json.dumps({"proof": "a.b.c"} | json.loads(compose(PLACE, OPENED, STAMP, None))).encode(),
    ],
)
def test_what_we_would_not_have_written_is_no_record(raw: bytes) -> None:
    with pytest.raises(NotARecord):
        parse(raw)


def test_a_record_of_an_event_nobody_knows_is_a_record_without_an_event() -> None:
    record = parse(_changed(type="locker.door.melted.v1"))
    with pytest.raises(NotARecord, match=r"door.melted is not an event"):
        record.event(None)
