"""Acknowledgements, results and statuses."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.keyring import key_set, keyring

from controller.contract.ack import Ack, BadAck, make_ack, open_ack
from controller.contract.jose import Typ, sign
from controller.contract.result import Result, ResultStatus
from controller.contract.status import LockerStatus
from controller.contract.wire_json import dumps, loads_object
from controller.domain.ids import Jti, Role

CUSTODIAN = key_set().keys["custodian"]
ACK = Ack("3f" * 16, 18231, bytes(range(32)))


def test_an_ack_is_stream_sequence_and_head() -> None:
    token = make_ack(ACK, CUSTODIAN)

    assert open_ack(token.encode(), keyring()) == ACK
    payload = keyring().verify(token, Typ.ACK, (Role.CUSTODIAN,)).payload
    assert loads_object(payload) == {"stream": "3f" * 16, "seq": 18231, "head": bytes(range(32)).hex()}


@pytest.mark.parametrize("name", ["carrier", "operator", "technician"])
def test_nobody_but_the_custodian_acknowledges(name: str) -> None:
    with pytest.raises(BadAck, match="wrong_role"):
        open_ack(make_ack(ACK, key_set().keys[name]).encode(), keyring())


@pytest.mark.parametrize(
    "change",
    [
        {"seq": -1},
        {"seq": True},
        {"seq": "1"},
        {"seq": 2**63},
        {"head": "00"},
        {"head": "X" * 64},
        {"stream": "x"},
        {"stream": None},
    ],
)
def test_an_ack_that_is_out_of_shape_is_refused(change: dict[str, Any]) -> None:
    members = {"stream": "3f" * 16, "seq": 1, "head": "00" * 32, **change}

    with pytest.raises(BadAck, match="not_understood"):
        open_ack(sign(dumps(members), CUSTODIAN, Typ.ACK).encode(), keyring())


@given(st.binary(max_size=200))
def test_no_bytes_make_an_ack_raise_anything_else(raw: bytes) -> None:
    with pytest.raises(BadAck):
        open_ack(raw, keyring())


def test_a_result_travels_without_what_it_has_not() -> None:
    result = Result(Jti("j1"), ResultStatus.DUPLICATE, first="executed", outcome="did_not_open")

    assert result.encode() == b'{"jti":"j1","status":"duplicate","first":"executed","outcome":"did_not_open"}'
    assert Result.decode(result.encode()) == result


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b'{"jti":"j","status":"maybe"}'])
def test_a_result_that_is_none_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # json's words and ours alike
        Result.decode(raw)


STATUS = LockerStatus(True, 41, 7, "3f" * 16, 18231, "ab" * 32, "1.4.2", "n1")


def test_a_status_has_the_members_of_the_contract() -> None:
    assert STATUS.encode() == (
        b'{"state":"online","boot":41,"conn":7,"stream":"%b","seq":18231,"head":"%b","software":"1.4.2","nonce":"n1"}'
        % (b"3f" * 16, b"ab" * 32)
    )
    assert LockerStatus.decode(STATUS.encode()) == STATUS


@pytest.mark.parametrize(
    "change", [{"state": "asleep"}, {"boot": "41"}, {"conn": None}, {"seq": True}, {"head": 7}, {"nonce": 7}]
)
def test_a_status_that_is_none_is_refused(change: dict[str, Any]) -> None:
    members = {**loads_object(STATUS.encode()), **change}

    with pytest.raises(ValueError, match="a status"):
        LockerStatus.decode(dumps(members))
