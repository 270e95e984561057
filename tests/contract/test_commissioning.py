"""The signed report of a commissioning, and what is no such report."""

import pytest

from controller.contract.commissioning import BEGINNING, read_report, seal_report
from controller.contract.device_keys import new_key
from controller.contract.jose import Flaw, NotTrusted, Typ, sign, verify
from controller.contract.wire_json import JsonObject

KEY = new_key("Ed25519")
FACTS: JsonObject = {"locker": "L0042", "good": True, "text": 'a "proof":"in it"}'}


def signed(payload: bytes, typ: Typ) -> str:
    return sign(payload, KEY, typ)


def checked(token: str, typ: Typ) -> bytes:
    return verify(token, typ, lambda kid: KEY)[0]


def test_a_report_is_read_as_it_was_signed() -> None:
    report = seal_report(FACTS, signed)
    assert report.startswith(BEGINNING)
    assert read_report(report, checked) == {"type": "locker.commissioning.v1", **FACTS}


@pytest.mark.parametrize(
    ("before", "after", "flaw"),
    [
        (b"true", b"false", Flaw.BAD_SIGNATURE),
        (b'"L0042"', b'"L0043"', Flaw.BAD_SIGNATURE),
        (b',"proof"', b',"proff"', Flaw.NOT_A_TOKEN),
        (b'"}', b'" }', Flaw.NOT_A_TOKEN),
        (b'"proof":"e', b'"proof":"f', Flaw.NOT_A_TOKEN),
    ],
)
def test_whatever_was_changed_is_not_believed(before: bytes, after: bytes, flaw: Flaw) -> None:
    report = seal_report({"locker": "L0042", "good": True}, signed)
    assert before in report
    with pytest.raises(NotTrusted) as refused:
        read_report(report.replace(before, after), checked)
    assert refused.value.flaw is flaw


def test_a_token_for_another_purpose_is_no_report() -> None:
    with pytest.raises(NotTrusted) as refused:
        read_report(seal_report(FACTS, lambda payload, typ: sign(payload, KEY, Typ.PROOF)), checked)
    assert refused.value.flaw is Flaw.WRONG_TYPE
