import hashlib
import json
from itertools import pairwise

import pytest
from support.journals import KEYS, LOCKER, STREAM, beginning, deposit, sign, stamp

from controller.contract.jose import Typ
from controller.contract.record import attach_proof, parse
from controller.domain import events as ev
from controller.journal.chain import Broken, Head, SealedRecord, Sealer, check_link, check_proof


def sealer() -> Sealer:
    return Sealer(STREAM, LOCKER, Head(), lambda payload: sign(payload, Typ.PROOF))


def sealed() -> list[SealedRecord]:
    maker = sealer()
    return [maker.seal(event, stamp(n), n.to_bytes(16)) for n, event in enumerate(beginning() + deposit(1), 1)]


def link(before: SealedRecord, after: SealedRecord) -> None:
    check_link(Head(before.sequence, before.hash), LOCKER, STREAM, after.sequence, after.hash, after.bytes)


def test_each_record_holds_the_hash_of_the_exact_bytes_before_it() -> None:
    records = sealed()
    assert [record.sequence for record in records] == list(range(1, 12))
    assert json.loads(records[0].bytes)["prevhash"] == "0" * 64
    for before, after in pairwise(records):
        assert json.loads(after.bytes)["prevhash"] == hashlib.sha256(before.bytes).hexdigest() == before.hash.hex()
        link(before, after)


def test_what_moves_custody_is_signed_and_nothing_else() -> None:
    proven = [record.event.NAME for record in sealed() if check_proof(parse(record.bytes), KEYS.verify)]
    assert proven == ["custody.stored"]


def test_the_private_part_goes_beside_the_record_with_the_salt_given() -> None:
    issued = sealed()[-1]
    assert issued.private_bytes is not None
    assert issued.private_bytes[:16] == (11).to_bytes(16)
    assert hashlib.sha256(issued.private_bytes).digest() == parse(issued.bytes).private_digest
    assert b"code_hmac" not in issued.bytes


def test_what_was_not_stored_can_be_sealed_anew() -> None:
    maker = sealer()
    before = maker.head
    first = maker.seal(ev.ClockSynced(), stamp(1), bytes(16))
    maker.rewind(before)
    assert maker.seal(ev.ClockSynced(), stamp(1), bytes(16)) == first


def test_a_value_that_does_not_fit_seals_nothing() -> None:
    maker = sealer()
    with pytest.raises(ValueError, match="does not fit 32 bits"):
        maker.seal(ev.CodeBackedOff(count=2**31), stamp(1), bytes(16))
    assert maker.head == Head()


@pytest.mark.parametrize(("locker", "stream"), [("L 1", STREAM), ("", STREAM), ("L" * 33, STREAM), ("L1", "3F" * 16)])
def test_no_record_may_name_such_a_locker_or_stream(locker: str, stream: str) -> None:
    with pytest.raises(ValueError, match="is no locker id, or"):
        Sealer(stream, locker, Head(), lambda payload: "")


def test_breaks_between_two_records_are_named() -> None:
    one, two, three, four = sealed()[:4]
    with pytest.raises(Broken, match="it follows record 1, so record 2 is missing"):
        link(one, three)
    with pytest.raises(Broken, match="it follows record 1, so records 2 to 3 are missing"):
        link(one, four)
    with pytest.raises(Broken, match="it follows record 2, so it stands in the wrong place"):
        link(two, one)
    with pytest.raises(Broken, match="its bytes do not match its hash"):
        check_link(Head(1, one.hash), LOCKER, STREAM, 2, two.hash, two.bytes + b" ")
    with pytest.raises(Broken, match="its bytes do not match its hash"):
        check_link(Head(1, one.hash), LOCKER, STREAM, 2, two.hash, None)
    with pytest.raises(Broken, match=f"its prevhash is {one.hash.hex()} where {'0' * 64} belongs"):
        check_link(Head(1, bytes(32)), LOCKER, STREAM, 2, two.hash, two.bytes)
    with pytest.raises(Broken, match="its sequence is 3 where 2 belongs"):
        check_link(Head(1, one.hash), LOCKER, STREAM, 2, three.hash, three.bytes)
    with pytest.raises(Broken, match="its locker is L0042 where L1 belongs"):
        check_link(Head(1, one.hash), "L1", STREAM, 2, two.hash, two.bytes)
    with pytest.raises(Broken, match="its stream is"):
        check_link(Head(1, one.hash), LOCKER, "00" * 16, 2, two.hash, two.bytes)


def test_a_bad_a_foreign_and_a_missing_proof_are_named() -> None:
    stored = parse(next(record.bytes for record in sealed() if record.event.NAME == "custody.stored"))
    for proof, what in (
        (sign(stored.payload, Typ.PROOF) + "x", "its proof is not good: bad_signature"),
        (sign(stored.payload, Typ.SNAPSHOT), "its proof is not good: wrong_type"),
        (sign(b"something else", Typ.PROOF), "its proof is of something else"),
    ):
        with pytest.raises(Broken, match=what):
            check_proof(parse(attach_proof(stored.payload, proof)), KEYS.verify)
    with pytest.raises(Broken, match="it moves custody and bears no proof"):
        check_proof(parse(stored.payload), KEYS.verify)
