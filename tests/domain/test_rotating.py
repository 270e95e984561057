"""The keys that a locker trusts: two operators change them, the file never brings back what was retired."""

from dataclasses import replace

import pytest
from support.locker_heart import HOUR_MS, MINUTE_MS
from support.locker_in_hand import LockerInHand

from controller.domain import events as ev
from controller.domain.answers import CommandAnswer
from controller.domain.commands import RotateKeys
from controller.domain.ids import CarrierId, ClockQuality, KeyId, KeyPoint, Role, WallMs
from controller.domain.inputs import DeviceKeyChange
from controller.domain.refusals import Refusal
from controller.domain.trust import LONGEST_OVERLAP_MS, TrustedKey, Use

EXECUTED, AWAITED = CommandAnswer("executed"), CommandAnswer("executed", outcome="second_signature_awaited")
NORTH = CarrierId("north")


def a_key(kid: str, role: Role, use: Use = Use.SIG, x: str | None = None) -> TrustedKey:
    carrier = NORTH if role is Role.CARRIER else None
    return TrustedKey(kid=KeyId(kid), use=use, roles=(role,), x=KeyPoint((x or kid).ljust(43, "A")), carrier=carrier)


FILE = (
    a_key("op-1", Role.OPERATOR),
    a_key("op-2", Role.OPERATOR),
    a_key("backend", Role.CUSTODIAN),
    a_key("north-sig", Role.CARRIER),
    a_key("north-enc", Role.CARRIER, Use.ENC),
)


@pytest.fixture
def keyed(locker: LockerInHand) -> LockerInHand:
    """A locker that has read its keyring."""
    locker.keys = FILE
    locker.restart(clean=True)
    return locker


def sign(locker: LockerInHand, kid: str, command: RotateKeys) -> CommandAnswer:
    return locker.command(command, role=Role.OPERATOR, carrier=None, ctr=locker.next_number(kid), kid=kid)


def rotate(locker: LockerInHand, command: RotateKeys) -> None:
    """Both operators sign it."""
    assert sign(locker, "op-1", command) == AWAITED
    assert sign(locker, "op-2", command) == EXECUTED


def retiring(*kids: str, add: tuple[TrustedKey, ...] = (), ends_at: int | None = None) -> RotateKeys:
    return RotateKeys(add=add, retire=tuple(map(KeyId, kids)), ends_at=None if ends_at is None else WallMs(ends_at))


def good(locker: LockerInHand) -> set[str]:
    return set(locker.state.trust.keys)


def refusal(answer: CommandAnswer) -> str | None:
    assert answer.status == "refused", answer
    return answer.reason


def test_the_file_is_on_record_once_and_again_when_it_changes(keyed: LockerInHand) -> None:
    assert keyed.last(ev.KeysListed).keys == FILE
    keyed.restart()
    assert len(keyed.all(ev.KeysListed)) == 1
    keyed.keys = (*FILE[1:], a_key("op-3", Role.OPERATOR))
    keyed.restart()
    assert good(keyed) == {"op-2", "op-3", "backend", "north-sig", "north-enc"}


def test_it_takes_two_operators_who_say_the_same(keyed: LockerInHand) -> None:
    new = a_key("op-3", Role.OPERATOR)
    change = retiring("op-1", add=(new,))
    assert sign(keyed, "op-1", change) == AWAITED
    assert refusal(sign(keyed, "op-1", change)) == Refusal.SECOND_SIGNATURE
    assert refusal(sign(keyed, "op-2", replace(change, add=()))) == Refusal.OTHER_ROTATION
    assert good(keyed) == {key.kid for key in FILE}

    assert sign(keyed, "op-2", change) == EXECUTED
    assert good(keyed) == {"op-2", "op-3", "backend", "north-sig", "north-enc"}
    rotated = keyed.last(ev.KeysRotated)
    assert (rotated.first, rotated.second, rotated.add, rotated.retire) == ("op-1", "op-2", (new,), ("op-1",))
    keyed.restart()
    assert "op-1" not in good(keyed)


def test_who_changes_their_mind_begins_again_and_who_waits_too_long_too(keyed: LockerInHand) -> None:
    first, other = retiring(add=(a_key("t", Role.TECHNICIAN),)), retiring(add=(a_key("u", Role.TECHNICIAN),))
    assert sign(keyed, "op-1", first) == AWAITED
    assert sign(keyed, "op-1", other) == AWAITED
    assert refusal(sign(keyed, "op-2", first)) == Refusal.OTHER_ROTATION
    keyed.pass_ms(keyed.policy.second_signature_ms)
    assert sign(keyed, "op-2", other) == AWAITED
    assert keyed.all(ev.KeysRotated) == []


def test_the_old_key_signs_until_its_end_and_never_again(keyed: LockerInHand) -> None:
    change = retiring("north-sig", add=(a_key("north-2", Role.CARRIER),), ends_at=keyed.at.wall + 2 * HOUR_MS)
    rotate(keyed, change)
    assert {"north-sig", "north-2"} <= good(keyed)
    keyed.pass_ms(2 * HOUR_MS - MINUTE_MS)
    assert "north-sig" in good(keyed)
    keyed.pass_ms(MINUTE_MS)
    assert "north-sig" not in good(keyed)
    assert keyed.last(ev.KeyEnded).kid == "north-sig"

    keyed.restart()
    keyed.keys = (*FILE, a_key("north-copy", Role.CARRIER, x="north-sig"))
    keyed.restart()
    assert good(keyed) == {"op-1", "op-2", "backend", "north-2", "north-enc"}


def test_an_end_that_came_while_the_power_was_off_is_kept_at_the_start(keyed: LockerInHand) -> None:
    end = keyed.at.wall + 2 * HOUR_MS
    rotate(keyed, retiring("backend", add=(a_key("backend-2", Role.CUSTODIAN),), ends_at=end))
    recorded = keyed.restart(off_ms=3 * HOUR_MS)
    assert ev.KeyEnded(kid=KeyId("backend")) in recorded


def test_with_the_clock_unknown_an_end_waits_for_the_clock_on_record(keyed: LockerInHand) -> None:
    rotate(keyed, retiring("op-1", add=(a_key("op-3", Role.OPERATOR),), ends_at=keyed.at.wall + HOUR_MS))
    keyed.set_clock(ClockQuality.UNKNOWN)
    assert "op-1" in good(keyed)
    keyed.pass_ms(HOUR_MS)
    assert "op-1" not in good(keyed)


def test_nothing_more_is_sealed_to_an_old_key_whatever_its_end(keyed: LockerInHand) -> None:
    new = a_key("north-enc-2", Role.CARRIER, Use.ENC)
    rotate(keyed, retiring("north-enc", add=(new,), ends_at=keyed.at.wall + HOUR_MS))
    assert [key.kid for key in keyed.state.trust.keys.values() if key.use is Use.ENC] == ["north-enc-2"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (retiring(), Refusal.NOTHING_TO_ROTATE),
        (retiring("op-1", "op-2"), Refusal.LAST_OPERATOR),
        (retiring("backend"), Refusal.LAST_CUSTODIAN),
        (retiring(add=(a_key("backend-2", Role.CUSTODIAN),)), Refusal.TWO_CUSTODIANS),
        (retiring("north-enc"), Refusal.CARRIER_KEYS),
        (retiring("north-sig"), Refusal.CARRIER_KEYS),
        (retiring(add=(a_key("enc-2", Role.CARRIER, Use.ENC),)), Refusal.CARRIER_KEYS),
        (retiring("nobody"), Refusal.KEY_UNKNOWN),
        (retiring("op-1", "op-1"), Refusal.KEY_UNKNOWN),
        (retiring(add=(a_key("op-1", Role.OPERATOR, x="other"),)), Refusal.KEY_EXISTS),
        (retiring(add=(a_key("twin", Role.OPERATOR, x="op-1"),)), Refusal.KEY_EXISTS),
        (retiring("op-1", ends_at=1), Refusal.BAD_OVERLAP),
    ],
)
def test_a_change_that_leaves_no_whole_is_refused_at_the_first_signature(
    keyed: LockerInHand, change: RotateKeys, why: Refusal
) -> None:
    assert refusal(sign(keyed, "op-1", change)) == why
    assert keyed.all(ev.RotationAsked) == []


def test_an_overlap_has_its_bound(keyed: LockerInHand) -> None:
    longest = keyed.at.wall + LONGEST_OVERLAP_MS
    assert refusal(sign(keyed, "op-1", retiring("op-2", ends_at=longest + HOUR_MS))) == Refusal.BAD_OVERLAP
    assert sign(keyed, "op-1", retiring("op-2", ends_at=longest)) == AWAITED


def test_what_two_retire_at_once_is_judged_again_at_the_second_signature(keyed: LockerInHand) -> None:
    assert sign(keyed, "op-1", retiring("op-2")) == AWAITED
    keyed.keys = FILE[1:]
    keyed.restart()
    assert refusal(sign(keyed, "op-2", retiring("op-2"))) == Refusal.LAST_OPERATOR


def test_a_carrier_comes_and_goes_with_both_its_keys(keyed: LockerInHand) -> None:
    south = tuple(
        replace(a_key(f"south-{use}", Role.CARRIER, use), carrier=CarrierId("south")) for use in (Use.SIG, Use.ENC)
    )
    assert refusal(sign(keyed, "op-1", retiring(add=south[:1]))) == Refusal.CARRIER_KEYS
    rotate(keyed, retiring(add=south))
    rotate(keyed, retiring("south-sig", "south-enc"))
    assert good(keyed) == {key.kid for key in FILE}


def test_a_new_custodian_in_the_file_takes_the_place_of_the_rotated_one(keyed: LockerInHand) -> None:
    rotate(keyed, retiring("backend", add=(a_key("backend-2", Role.CUSTODIAN),)))
    keyed.keys = (*(key for key in FILE if key.kid != "backend"), a_key("backend-3", Role.CUSTODIAN))
    keyed.restart()
    assert {kid for kid in good(keyed) if kid.startswith("backend")} == {"backend-3"}


def test_the_lockers_own_new_key_is_told_once(keyed: LockerInHand) -> None:
    keyed.device_key = DeviceKeyChange(KeyId("new"), KeyId("old"))
    assert ev.DeviceKeyChanged(kid=KeyId("new"), previous=KeyId("old")) in keyed.restart()
    keyed.restart()
    assert len(keyed.all(ev.DeviceKeyChanged)) == 1
