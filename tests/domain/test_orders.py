"""What carriers command: whose parcel it is, when a command counts, and that it counts once."""

import pytest
from support.locker_heart import A01, A02, HOUR_MS, MINUTE_MS
from support.locker_in_hand import NORTH, SOUTH, LockerInHand, announcement, is_refused, norths

from controller.domain import events as ev
from controller.domain import inputs
from controller.domain.answers import CommandAnswer, DoorUnlocked
from controller.domain.commands import (
    COMMANDS,
    BlockCompartment,
    CancelParcel,
    Command,
    ExtendParcel,
    ReissueCode,
    UnblockCompartment,
    UnlockCompartment,
)
from controller.domain.ids import ClockQuality, CompartmentId, Jti, KeyId, Role, Size
from controller.domain.policy import Policy
from controller.domain.refusals import Refusal
from controller.domain.state import Custody

P1, P2 = norths("P1"), norths("P2")
SKEW_MS = Policy().clock_skew_ms
EXECUTED = CommandAnswer("executed")


def refused(reason: Refusal) -> CommandAnswer:
    return CommandAnswer("refused", reason.value)


# --- each command ---------------------------------------------------------------------------------


def test_every_command_has_its_name() -> None:
    assert sorted(COMMANDS) == [
        "audit.start",
        "code.delegate",
        "code.reissue",
        "code.revoke",
        "compartment.block",
        "compartment.emergency",
        "compartment.unblock",
        "compartment.unlock",
        "compartment.unlock_all",
        "config.apply",
        "diagnostics.run",
        "dispute.settle",
        "driver.revoke",
        "driver.upsert",
        "journal.replay",
        "key.rotate",
        "notification.report",
        "parcel.cancel",
        "parcel.expect",
        "parcel.extend",
        "parcel.identify",
        "parcel.recall",
        "parcel.redirect",
        "pickup.authorise",
        "preference.upsert",
        "recipient.answer",
        "site.declare",
        "site.extend",
        "state.snapshot",
    ]


def test_expect_writes_down_what_was_said(locker: LockerInHand) -> None:
    command = announcement(recipient="r-1", size=Size.L, mm=(1, 2, 3), classes=("fragile",), hold_s=900)
    assert locker.command(command) == EXECUTED
    expected, parcel = locker.last(ev.ParcelExpected), locker.state.parcels[P1]
    for name in ("label", "carrier", "recipient", "size", "mm", "classes", "hold_s", "not_before", "not_after"):
        assert getattr(expected, name) == getattr(command, name) == getattr(parcel, name)
    assert parcel.custody is Custody.EXPECTED


def test_expect_twice(locker: LockerInHand) -> None:
    locker.expect(1)
    assert locker.command(announcement(1)) == refused(Refusal.PARCEL_EXISTS)


def test_expect_again_once_it_is_gone(locker: LockerInHand) -> None:
    id = locker.deposit(1)
    locker.type_code(locker.code_of(1))
    locker.closes(id)
    assert locker.command(announcement(1)) == EXECUTED


@pytest.mark.parametrize("hold_s", [0, -1, 299, 60 * 24 * 3600 + 1])
def test_a_hold_out_of_range(locker: LockerInHand, hold_s: int) -> None:
    assert locker.command(announcement(hold_s=hold_s)) == refused(Refusal.BAD_HOLD)
    locker.deposit(2)
    assert locker.command(ExtendParcel(parcel=P2, hold_s=hold_s)) == refused(Refusal.BAD_HOLD)


def test_cancel_before_it_came(locker: LockerInHand) -> None:
    locker.expect(1)
    assert locker.command(CancelParcel(parcel=P1)) == EXECUTED
    assert locker.last(ev.ParcelCancelled) == ev.ParcelCancelled(parcel=P1, stored=False)
    assert not locker.state.parcels


def test_cancel_in_the_drivers_hands(locker: LockerInHand) -> None:
    locker.expect(1)
    locker.plan(1)
    assert locker.command(CancelParcel(parcel=P1)) == EXECUTED
    assert is_refused(locker.acknowledge(), Refusal.NOTHING_TO_CONFIRM)


def test_cancel_at_the_door(locker: LockerInHand) -> None:
    locker.expect(1)
    id = locker.door_for(1)
    assert locker.command(CancelParcel(parcel=P1)) == refused(Refusal.BUSY)
    locker.closes(id)
    assert locker.command(CancelParcel(parcel=P1)) == refused(Refusal.BUSY)


def test_cancel_once_stored_then_an_operator_takes_it_out(locker: LockerInHand) -> None:
    id = locker.deposit(1)
    assert locker.command(CancelParcel(parcel=P1)) == EXECUTED
    assert [e.NAME for _, e in locker.history[-6:]] == [
        "command.received",
        "parcel.cancelled",
        "code.revoked",
        "private.erased",
        "notification.requested",
        "command.executed",
    ]
    assert not locker.state.codes
    assert locker[id].parcel == P1
    assert locker.operate(UnlockCompartment(compartment=id)) == CommandAnswer("started")
    locker.closes(id)
    removed = locker.last(ev.CustodyRemoved)
    assert (removed.parcel, removed.compartment, removed.carrier, removed.reason) == (P1, id, NORTH, "cancelled")
    assert removed.PROVEN
    assert not locker.state.parcels
    assert not locker.state.pickups
    assert locker.deposit(2) == id


def test_cancel_while_somebody_is_at_another_door(locker: LockerInHand) -> None:
    locker.deposit(1)
    locker.deposit(2)
    locker.type_code(locker.code_of(2))
    assert locker.command(CancelParcel(parcel=P1)) == EXECUTED


def test_expired_then_an_operator_takes_it_out(locker: LockerInHand) -> None:
    id = locker.deposit(1, hold_s=300)
    code = locker.code_of(1)
    locker.pass_ms(HOUR_MS)
    locker.operate(UnlockCompartment(compartment=id))
    locker.closes(id)
    assert locker.last(ev.CustodyRemoved).reason == "expired"
    assert locker.last(ev.PrivateErased).reason == "removed"
    assert is_refused(locker.type_code(code), Refusal.CODE_INVALID)


def test_an_operators_look_removes_nothing(locker: LockerInHand) -> None:
    id = locker.deposit(1)
    locker.operate(UnlockCompartment(compartment=id))
    locker.closes(id)
    assert locker.state.parcels[P1].custody is Custody.STORED
    assert isinstance(locker.type_code(locker.code_of(1)), DoorUnlocked)


def test_extend(locker: LockerInHand) -> None:
    locker.deposit(1, hold_s=300)
    locker.pass_ms(HOUR_MS)
    assert locker.state.parcels[P1].expired
    assert locker.command(ExtendParcel(parcel=P1, hold_s=600)) == EXECUTED
    until = locker.last(ev.ParcelExtended).hold_until
    assert until == locker.at.wall + 600_000
    assert not locker.state.parcels[P1].expired
    assert locker.state.pickups[locker.last(ev.CodeIssued).pickup].expires_at == until
    locker.pass_ms(600_000)
    assert len(locker.all(ev.LadderStep)) == 2


def test_extend_what_is_not_stored(locker: LockerInHand) -> None:
    locker.expect(1)
    assert locker.command(ExtendParcel(parcel=P1, hold_s=600)) == refused(Refusal.NOT_STORED)


def test_reissue(locker: LockerInHand) -> None:
    id = locker.deposit(1)
    old = locker.code_of(1)
    issued = locker.last(ev.CodeIssued)
    assert locker.command(ReissueCode(parcel=P1)) == EXECUTED
    reissued = locker.last(ev.CodeReissued)
    assert (reissued.pickup, reissued.expires_at) == (issued.pickup, issued.expires_at)
    assert reissued.code_jwe != issued.code_jwe
    assert locker.last(ev.PrivateErased).reason == "reissued"
    assert is_refused(locker.type_code(old), Refusal.CODE_INVALID)
    assert locker.type_code(locker.code_of(1)) == DoorUnlocked((id,))
    locker.closes(id)
    assert locker.all(ev.CustodyCollected)
    assert not locker.state.codes


def test_reissue_what_has_no_code(locker: LockerInHand) -> None:
    locker.expect(1)
    assert locker.command(ReissueCode(parcel=P1)) == refused(Refusal.NOT_STORED)
    locker.deposit(2)
    locker.command(CancelParcel(parcel=P2))
    assert locker.command(ReissueCode(parcel=P2)) == refused(Refusal.NOT_STORED)
    assert not locker.state.codes


def test_block_and_unblock(locker: LockerInHand) -> None:
    assert locker.operate(BlockCompartment(compartment=A01)) == EXECUTED
    assert locker[A01].blocked
    locker.opens(A01)
    assert locker[A01].quarantine is not None
    assert locker.operate(UnblockCompartment(compartment=A01)) == EXECUTED
    assert not locker[A01].blocked
    assert locker[A01].quarantine is None


@pytest.mark.parametrize("kind", [UnlockCompartment, BlockCompartment, UnblockCompartment])
def test_a_compartment_that_is_not_here(locker: LockerInHand, kind: type[UnlockCompartment]) -> None:
    assert locker.operate(kind(compartment=CompartmentId("Z99"))) == refused(Refusal.COMPARTMENT_UNKNOWN)


# --- whose it is ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command", [CancelParcel(parcel=P1), ExtendParcel(parcel=P1, hold_s=600), ReissueCode(parcel=P1)]
)
def test_another_carriers_parcel_is_as_unknown_as_any(locker: LockerInHand, command: Command) -> None:
    locker.deposit(1)
    assert locker.command(command, carrier=SOUTH) == refused(Refusal.PARCEL_UNKNOWN)
    assert locker.command(CancelParcel(parcel=P2), carrier=SOUTH) == refused(Refusal.PARCEL_UNKNOWN)
    assert locker.state.parcels[P1].custody is Custody.STORED
    assert len(locker.state.codes) == 1
    assert locker.command(command, role=Role.OPERATOR, carrier=None) == EXECUTED, "an operator reaches every parcel"


def test_expecting_in_another_carriers_name(locker: LockerInHand) -> None:
    assert locker.command(announcement(), carrier=SOUTH) == refused(Refusal.NOT_ALLOWED)


# --- once -----------------------------------------------------------------------------------------


def test_the_same_command_again_gets_its_first_answer(locker: LockerInHand) -> None:
    twice = Jti("twice")
    assert locker.command(announcement(), jti=twice) == EXECUTED
    locker.pass_ms(HOUR_MS)
    mark = len(locker.history)
    assert locker.command(announcement(), jti=twice, issued_in_ms=-HOUR_MS) == CommandAnswer(
        "duplicate", first="executed"
    )
    assert locker.names_since(mark) == []
    assert locker.counted == [inputs.CommandRepeated()]
    assert locker.command(announcement(), jti=Jti("no"), carrier=SOUTH) == refused(Refusal.NOT_ALLOWED)
    first = CommandAnswer("duplicate", first="refused not_allowed")
    assert locker.command(announcement(), jti=Jti("no"), carrier=SOUTH) == first


def test_a_command_is_remembered_longer_than_it_could_be_taken_for_new(locker: LockerInHand) -> None:
    twice = Jti("twice")
    locker.command(CancelParcel(parcel=P1), jti=twice, lives_ms=30_000)
    locker.pass_ms(60_000)
    for _ in range(600):
        locker.command(CancelParcel(parcel=P1))
    assert locker.command(CancelParcel(parcel=P1), jti=twice, issued_in_ms=-60_000).status == "duplicate"


def test_commands_long_past_are_forgotten_at_last(locker: LockerInHand) -> None:
    for _ in range(250):
        locker.command(CancelParcel(parcel=P1))
    locker.pass_ms(48 * HOUR_MS)
    for _ in range(250):
        locker.command(CancelParcel(parcel=P1))
    assert len(locker.state.commands) < 260


@pytest.mark.parametrize(
    ("issued_in_ms", "lives_ms", "good"),
    [
        (-30_000, 30_000 - SKEW_MS + 1, True),
        (-30_000, 30_000 - SKEW_MS, False),
        (SKEW_MS + 1, 30_000, True),
        (SKEW_MS + 2, 30_000, False),
    ],
    ids=["just alive", "expired", "a little early", "from the future"],
)
def test_a_command_counts_in_its_time(locker: LockerInHand, issued_in_ms: int, lives_ms: int, good: bool) -> None:
    mark = len(locker.history)
    answer = locker.command(announcement(), issued_in_ms=issued_in_ms, lives_ms=lives_ms)
    if good:
        assert answer == EXECUTED
    else:
        assert answer == CommandAnswer("expired", "expired")
        assert locker.names_since(mark) == []
        assert [c.reason for c in locker.counted if isinstance(c, inputs.CommandRejected)] == [Refusal.EXPIRED]


def test_what_could_not_be_trusted_is_counted(locker: LockerInHand) -> None:
    mark = len(locker.history)
    for item in (
        inputs.CommandRejected(Refusal.BAD_SIGNATURE, count=3),
        inputs.CommandRejected(Refusal.WRONG_AUDIENCE, Jti("x"), KeyId("north-key")),
        inputs.CommandRepeated(2),
        inputs.PassRejected("bad_signature", 4),
        inputs.BadgeRejected("bad_signature"),
        inputs.TriesBackedOff(9),
    ):
        locker.put(item)
    assert locker.names_since(mark) == [
        "security.bad_signature",
        "command.refused",
        "security.replay",
        "pass.refused",
        "driver.refused",
        "code.backed_off",
    ]
    assert locker.last(ev.SecurityBadSignature).count == 3
    assert locker.last(ev.CommandRefused).jti is None
    assert locker.last(ev.CodeBackedOff).count == 9


# --- with a clock that lags -----------------------------------------------------------------------


@pytest.mark.parametrize("issued_in_ms", [0, 7 * 24 * HOUR_MS])
def test_parcel_commands_count_by_an_unknown_clock(locker: LockerInHand, issued_in_ms: int) -> None:
    locker.set_clock(ClockQuality.UNKNOWN)
    assert locker.command(announcement(), issued_in_ms=issued_in_ms, lives_ms=14 * 24 * HOUR_MS) == EXECUTED


def test_what_moves_or_guards_must_echo_the_nonce(locker: LockerInHand) -> None:
    locker.deposit(1)
    locker.set_clock(ClockQuality.UNKNOWN)
    moving: tuple[Command, ...] = (
        BlockCompartment(compartment=A02),
        UnblockCompartment(compartment=A02),
        ReissueCode(parcel=P1),
        UnlockCompartment(compartment=A02),
    )
    for ctr, command in enumerate(moving, 1):
        plain = locker.command(command, role=Role.OPERATOR, carrier=None, ctr=ctr, issued_in_ms=HOUR_MS)
        assert plain == refused(Refusal.NONCE_REQUIRED)
        echoed = locker.command(
            command, role=Role.OPERATOR, carrier=None, ctr=ctr + 10, issued_in_ms=HOUR_MS, nonce_good=True
        )
        assert echoed.status in ("executed", "started")


def test_a_good_nonce_stands_for_the_time(locker: LockerInHand) -> None:
    locker.set_clock(ClockQuality.UNKNOWN)
    answer = locker.command(
        BlockCompartment(compartment=A01), role=Role.OPERATOR, carrier=None, issued_in_ms=-HOUR_MS, nonce_good=True
    )
    assert answer == EXECUTED
    assert locker.command(announcement(), issued_in_ms=-HOUR_MS) == CommandAnswer("expired", "expired")


def test_a_known_clock_needs_no_nonce_and_is_not_fooled_by_one(locker: LockerInHand) -> None:
    locker.set_clock(ClockQuality.HOLDOVER)
    block = BlockCompartment(compartment=A01)
    assert locker.command(block, role=Role.OPERATOR, carrier=None) == EXECUTED
    late = locker.command(block, role=Role.OPERATOR, carrier=None, issued_in_ms=-10 * MINUTE_MS, nonce_good=True)
    assert late.status == "expired"
