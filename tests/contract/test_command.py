import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import OKPKey
from support.keyring import key_set, keyring, to_the_device

from controller.contract.command import Opened, make_command, open_command
from controller.contract.jose import Typ, sign
from controller.contract.permissions import PERMISSIONS, SENDERS
from controller.contract.wire_json import dumps
from controller.domain.commands import (
    COMMANDS,
    BlockCompartment,
    CancelParcel,
    Command,
    ExpectParcel,
    ReplayJournal,
    SnapshotState,
    UnlockCompartment,
)
from controller.domain.ids import CarrierId, CompartmentId, Jti, ParcelId, Role, WallMs
from controller.domain.inputs import CommandArrived, CommandRejected
from controller.domain.refusals import Refusal

LOCKER = "L0042"
NOW = WallMs(1_790_000_000_000)
CANCEL = CancelParcel(parcel=ParcelId("P1"))
UNLOCK = UnlockCompartment(compartment=CompartmentId("A01"))
EXPECT = ExpectParcel(parcel=ParcelId("P1"), label="RR473124829GB", carrier=CarrierId("acme"))


def key(role: str) -> OKPKey:
    return key_set().keys[role]


def made(command: Command, role: str = "carrier", **more: Any) -> bytes:
    return make_command(command, key=key(role), issuer="acme", locker=LOCKER, jti=Jti("j1"), at=NOW, **more).encode()


def opened(token: bytes) -> Opened:
    return open_command(token, keyring("beta"), LOCKER, lambda nonce: nonce == "n1", to_the_device)


def arrived(token: bytes) -> CommandArrived:
    item = opened(token).item
    assert isinstance(item, CommandArrived)
    return item


def rejected(token: bytes) -> CommandRejected:
    item = opened(token).item
    assert isinstance(item, CommandRejected)
    return item


def signed(change: dict[str, Any], role: str = "carrier") -> bytes:
    """A command with some claims changed; None leaves one out."""
    claims = {
        "iss": "acme",
        "aud": LOCKER,
        "jti": "j1",
        "iat": 1_790_000_000,
        "exp": 1_790_000_020,
        "cmd": {"type": "parcel.cancel", "parcel": "P1"},
    }
    claims = {name: value for name, value in {**claims, **change}.items() if value is not None}
    return sign(dumps(claims), key(role), Typ.COMMAND).encode()


def test_a_command_arrives_as_it_was_made() -> None:
    assert arrived(made(EXPECT)) == CommandArrived(
        jti=Jti("j1"),
        kid=key_id("carrier"),
        role=Role.CARRIER,
        carrier=CarrierId("acme"),
        issued_at=NOW,
        expires_at=WallMs(NOW + 14 * 24 * 3_600_000),
        ctr=None,
        nonce_good=False,
        command=EXPECT,
    )


def key_id(role: str) -> Any:
    return key(role).kid


def test_counter_and_nonce_are_handed_on() -> None:
    item = arrived(made(UNLOCK, "operator", ctr=7, nonce="n1"))

    assert (item.ctr, item.nonce_good, item.role, item.carrier) == (7, True, Role.OPERATOR, None)
    assert arrived(made(UNLOCK, "operator", ctr=7, nonce="n0")).nonce_good is False


def test_one_command_may_be_for_several_lockers() -> None:
    assert arrived(signed({"aud": ["L0041", LOCKER]})).command == CANCEL


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        (b"", Refusal.NOT_UNDERSTOOD),
        (b'{"cmd":{"type":"compartment.unlock","compartment":"A01"}}', Refusal.NOT_UNDERSTOOD),
        (b"\x00" * 1_000_000, Refusal.TOO_LARGE),
        (made(CANCEL)[:-20], Refusal.NOT_UNDERSTOOD),
        (made(CANCEL)[:-4] + b"AAAA", Refusal.BAD_SIGNATURE),
        (sign(b"{}", key("carrier"), Typ.PASS).encode(), Refusal.BAD_SIGNATURE),
        (sign(b"{}", key_set("stranger").keys["carrier"], Typ.COMMAND).encode(), Refusal.BAD_SIGNATURE),
    ],
    ids=["empty", "unsigned", "megabyte", "truncated", "signature", "pass", "stranger"],
)
def test_what_cannot_be_trusted_is_not_read(token: bytes, reason: Refusal) -> None:
    assert rejected(token) == CommandRejected(reason)
    assert opened(token).detail is None


@pytest.mark.parametrize(
    ("change", "reason", "words"),
    [
        ({"aud": "L0043"}, Refusal.WRONG_AUDIENCE, "aud does not name L0042"),
        ({"aud": None}, Refusal.WRONG_AUDIENCE, "aud"),
        ({"aud": {"L0042": 1}}, Refusal.WRONG_AUDIENCE, "aud"),
        ({"aud": [["L0042"]]}, Refusal.WRONG_AUDIENCE, "aud"),
        ({"iat": None}, Refusal.NOT_UNDERSTOOD, "iat must be"),
        ({"exp": None}, Refusal.NOT_UNDERSTOOD, "exp must be"),
        ({"exp": "soon"}, Refusal.NOT_UNDERSTOOD, "exp must be"),
        ({"exp": True}, Refusal.NOT_UNDERSTOOD, "exp must be"),
        ({"exp": 10**15}, Refusal.NOT_UNDERSTOOD, "exp must be"),
        ({"exp": 1_789_999_999}, Refusal.NOT_UNDERSTOOD, "exp must be later than iat"),
        ({"exp": 1_790_000_000 + 14 * 24 * 3600 + 1}, Refusal.LIFETIME_TOO_LONG, "parcel.cancel may live 1209600 s"),
        ({"iss": None}, Refusal.NOT_UNDERSTOOD, "iss must be"),
        ({"ctr": -1}, Refusal.NOT_UNDERSTOOD, "ctr must be"),
        ({"ctr": 2**53}, Refusal.NOT_UNDERSTOOD, "ctr must be"),
        ({"nonce": 7}, Refusal.NOT_UNDERSTOOD, "nonce must be"),
        ({"nbf": 1_790_000_000}, Refusal.NOT_UNDERSTOOD, "'nbf' is not a claim here"),
        ({"cmd": None}, Refusal.NOT_UNDERSTOOD, "cmd must be an object"),
        ({"cmd": {"type": "locker.explode"}}, Refusal.NOT_UNDERSTOOD, "cmd.type must be one of"),
        ({"cmd": {"type": "parcel.cancel"}}, Refusal.NOT_UNDERSTOOD, "cmd.parcel"),
        ({"cmd": {"type": "parcel.cancel", "parcel": "../.."}}, Refusal.NOT_UNDERSTOOD, "cmd.parcel"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_trusted_sender_is_told_what_is_wrong(change: dict[str, Any], reason: Refusal, words: str) -> None:
    answer = opened(signed(change))

    assert answer.item == CommandRejected(reason, Jti("j1"), key_id("carrier"))
    assert words in str(answer.detail)


@pytest.mark.parametrize("jti", [None, "", "a b", "x" * 65, 7, "ü"])
def test_without_a_good_id_there_is_nothing_to_answer_to(jti: object) -> None:
    assert rejected(signed({"jti": jti})) == CommandRejected(Refusal.NOT_UNDERSTOOD, None, key_id("carrier"))


@pytest.mark.parametrize("payload", [b"[]", b"{", b'{"a":1.5}', b'{"a":"\\ud800"}', b"[" * 30_000, b'{"a":NaN}'])
def test_a_signed_payload_that_is_no_good_json_is_refused(payload: bytes) -> None:
    token = sign(payload, key("carrier"), Typ.COMMAND).encode()

    assert rejected(token).reason is Refusal.NOT_UNDERSTOOD


def test_a_lone_surrogate_never_gets_as_far_as_a_record() -> None:
    cmd = b'{"type":"parcel.expect","parcel":"P1","label":"\\ud800","carrier":"acme"}'
    raw = b'{"iss":"a","aud":"L0042","jti":"j1","iat":1790000000,"exp":1790000020,"cmd":' + cmd + b"}"

    assert rejected(sign(raw, key("carrier"), Typ.COMMAND).encode()).reason is Refusal.NOT_UNDERSTOOD


@pytest.mark.parametrize("command", [UNLOCK, BlockCompartment(compartment=CompartmentId("A01"))])
def test_a_carrier_cannot_command_compartments(command: Command) -> None:
    answer = opened(made(command))

    assert answer.item == CommandRejected(Refusal.NOT_ALLOWED, Jti("j1"), key_id("carrier"))
    assert answer.detail == f"{command.TYPE} needs a key with the role operator or technician"


def test_an_operator_cannot_announce_parcels() -> None:
    assert rejected(made(EXPECT, "operator")).reason is Refusal.NOT_ALLOWED


def test_a_carrier_cannot_announce_anothers_parcel() -> None:
    other = ExpectParcel(parcel=ParcelId("P1"), label="RR473124829GB", carrier=CarrierId("beta"))

    assert rejected(made(other)).reason is Refusal.NOT_ALLOWED


@pytest.mark.parametrize(
    ("command", "role", "seconds"),
    [
        (UNLOCK, "operator", 30),
        (BlockCompartment(compartment=CompartmentId("A01")), "technician", 600),
        (CANCEL, "carrier", 1_209_600),
    ],
)
def test_each_kind_of_command_has_its_longest_life(command: Command, role: str, seconds: int) -> None:
    assert arrived(made(command, role, lifetime_s=seconds)).command == command
    assert rejected(made(command, role, lifetime_s=seconds + 1)).reason is Refusal.LIFETIME_TOO_LONG


def test_the_custodian_asks_and_does_nothing_else() -> None:
    assert rejected(made(CANCEL, "custodian")).reason is Refusal.NOT_ALLOWED
    assert arrived(made(ReplayJournal(first=1, last=2), "custodian")).role is Role.CUSTODIAN
    assert arrived(made(SnapshotState(), "custodian")).carrier is None
    assert rejected(made(ReplayJournal(first=1, last=2), "carrier")).reason is Refusal.NOT_ALLOWED


def test_every_command_has_its_row_in_the_table() -> None:
    assert set(PERMISSIONS) == set(COMMANDS.values())
    assert {role for permission in PERMISSIONS.values() for role in permission.roles} <= set(SENDERS)
    assert [cls.TYPE for cls, permission in PERMISSIONS.items() if permission.counted] == [
        "compartment.unlock",
        "compartment.emergency",
        "compartment.unlock_all",
        "key.rotate",
    ]


@given(st.binary(max_size=300))
def test_no_bytes_make_it_raise(raw: bytes) -> None:
    assert isinstance(opened(raw).item, CommandRejected)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
CLAIMS = st.sampled_from(["iss", "aud", "jti", "iat", "exp", "ctr", "nonce", "cmd"])


@given(st.dictionaries(CLAIMS, JSON_VALUES))
def test_no_signed_claims_make_it_raise(change: dict[str, Any]) -> None:
    item = opened(signed(change)).item

    assert isinstance(item, CommandArrived | CommandRejected)


def test_what_is_told_never_repeats_what_was_sent() -> None:
    answer = opened(signed({"cmd": {"type": "parcel.cancel", "parcel": "12345678", "code": "87654321"}}))

    assert not re.search(r"\d{8}", str(answer.detail))
