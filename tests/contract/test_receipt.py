from hashlib import sha256

import pytest
from support.every_record import LOCKER, STREAM
from support.keyring import device_keys
from support.proof_files import collected

from controller.contract.jose import Flaw, NotTrusted, Typ, sign, verify
from controller.contract.receipt import MOST_HANDOFFS, make_receipt, read_receipt
from controller.contract.record import parse


def signed(*records: bytes) -> str:
    return make_receipt(records, lambda payload, typ: sign(payload, device_keys().sign, typ))


def read(token: str) -> dict[str, object]:
    keys = {device_keys().sign.kid: device_keys().sign}
    return {**read_receipt(token, lambda text, typ: verify(text, typ, keys.__getitem__)[0])}


def test_it_names_the_record_by_its_hash_and_is_short_enough_for_a_small_qr_code() -> None:
    told = read(signed(collected()))
    assert (told["locker"], told["stream"]) == (LOCKER, STREAM)
    [handoff] = told["handoffs"] if isinstance(told["handoffs"], list) else []
    assert handoff["hash"] == sha256(collected()).hexdigest()
    assert handoff["seq"] == str(parse(collected()).place.sequence)
    assert len(signed(collected())) < 700
    assert len(signed(*[collected()] * 9)) < 2300


def test_of_many_the_latest_are_named() -> None:
    told = read(signed(*[collected()] * 9))
    assert isinstance(told["handoffs"], list)
    assert len(told["handoffs"]) == MOST_HANDOFFS


@pytest.mark.parametrize("typ", [Typ.PROOF, Typ.SNAPSHOT])
def test_no_other_token_passes_for_one(typ: Typ) -> None:
    with pytest.raises(NotTrusted) as refused:
        read(sign(b'{"type":"locker.receipt.v1"}', device_keys().sign, typ))
    assert refused.value.flaw is Flaw.WRONG_TYPE
