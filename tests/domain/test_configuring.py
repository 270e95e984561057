"""Configurations from afar, as the rules see them: each version once, never an older one, and never a bad one."""

import pytest
from support.locker_in_hand import RECIPIENT, LockerInHand

from controller.domain import events as ev
from controller.domain.answers import Answer, CommandAnswer
from controller.domain.commands import ApplyConfig
from controller.domain.desired import Desired
from controller.domain.ids import KeyId, Role
from controller.domain.inputs import ConfigRejected, SettingsOffered, SettingsProblem, Started
from controller.domain.quiet import is_nobody_served
from controller.domain.refusals import Refusal

EXECUTED = CommandAnswer("executed")
WRONG = (SettingsProblem("config/desired", "policy.hold_s", "must be greater than or equal to 300"),)


def offered(version: int, text: str = "", problems: tuple[SettingsProblem, ...] = ()) -> SettingsOffered:
    return SettingsOffered(version, f"sha-of-{text}", text, KeyId("operator-key"), problems)


def put(locker: LockerInHand, version: int, text: str = "", problems: tuple[SettingsProblem, ...] = ()) -> Answer:
    return locker.put(offered(version, text, problems))


def refused(reason: Refusal) -> CommandAnswer:
    return CommandAnswer("refused", reason.value)


def test_a_good_one_is_accepted_and_kept_in_private(locker: LockerInHand) -> None:
    assert put(locker, 3, "a") == EXECUTED
    accepted = locker.last(ev.ConfigAccepted)
    assert locker.state.desired == Desired(3, "sha-of-a", locker.state.sequence, "a")
    assert (accepted.version, accepted.sha256, accepted.kid) == (3, "sha-of-a", "operator-key")
    assert locker.state.config_version is None


def test_what_is_known_already_is_nothing_new(locker: LockerInHand) -> None:
    put(locker, 3, "a")
    before = locker.state
    assert put(locker, 3, "a") == EXECUTED
    assert locker.state == before


@pytest.mark.parametrize(
    ("version", "text", "reason"),
    [(2, "b", Refusal.OLDER_VERSION), (2, "a", Refusal.OLDER_VERSION), (3, "b", Refusal.VERSION_USED)],
)
def test_an_older_one_and_another_of_the_same_version_are_refused(
    locker: LockerInHand, version: int, text: str, reason: Refusal
) -> None:
    put(locker, 3, "a")
    known = locker.state.desired
    assert put(locker, version, text) == refused(reason)
    assert locker.counted[-1] == ConfigRejected(reason, version, kid=KeyId("operator-key"))
    assert locker.state.desired == known


def test_a_bad_one_is_refused_whole_and_may_come_again_once_it_is_good(locker: LockerInHand) -> None:
    put(locker, 3, "a")
    known = locker.state.desired
    assert put(locker, 4, "b", WRONG) == refused(Refusal.BAD_SETTINGS)
    rejected = locker.counted[-1]
    assert rejected == ConfigRejected(Refusal.BAD_SETTINGS, 4, ("policy.hold_s",), KeyId("operator-key"))
    assert locker.state.desired == known
    assert put(locker, 4, "b") == EXECUTED


def test_what_is_wrong_is_on_record_by_its_first_few_keys_alone(locker: LockerInHand) -> None:
    many = tuple(SettingsProblem("config/desired", f"{number}" * 100, "secret words") for number in range(9))
    put(locker, 1, "a", many)
    locker.put(locker.counted[-1])
    record = locker.last(ev.ConfigRefused)
    assert [len(key) for key in record.keys] == [64] * 8
    assert "secret" not in str(record)


def test_by_command_what_came_last_is_looked_at_again(locker: LockerInHand) -> None:
    def apply(version: int, last: SettingsOffered | None) -> CommandAnswer:
        return locker.command(ApplyConfig(version=version), role=Role.OPERATOR, carrier=None, offered=last)

    assert apply(4, None) == refused(Refusal.NOT_OFFERED)
    assert apply(4, offered(5)) == refused(Refusal.NOT_OFFERED)
    assert apply(4, offered(4, "b", WRONG)) == refused(Refusal.BAD_SETTINGS)
    assert apply(4, offered(4, "b")) == EXECUTED
    assert apply(4, offered(4, "b")) == EXECUTED
    assert len(locker.all(ev.ConfigAccepted)) == 1
    assert apply(4, offered(4, "c")) == refused(Refusal.VERSION_USED)
    assert apply(3, offered(3, "c")) == refused(Refusal.OLDER_VERSION)


def test_somebody_is_served_from_signing_in_to_the_closed_door(locker: LockerInHand) -> None:
    assert is_nobody_served(locker.state)
    locker.sign_in()
    assert not is_nobody_served(locker.state)
    locker.leave()
    assert is_nobody_served(locker.state)
    id = locker.deposit(1)
    locker.leave()
    locker.type_code(locker.code_of(1))
    assert not is_nobody_served(locker.state)
    locker.opens(id)
    locker.closes(id)
    locker.leave(RECIPIENT)
    assert is_nobody_served(locker.state)


def test_it_takes_effect_with_the_start_that_lays_it_over_the_file_and_is_told_once(locker: LockerInHand) -> None:
    specs = tuple(compartment.spec for compartment in locker.state.compartments.values())
    put(locker, 4, "a")
    before = len(locker.all(ev.ConfigApplied))
    for version in (4, 4, None):
        locker.put(Started("1.4.2", locker.state.config_sha256, specs, locker.at.boot, config_version=version))
        assert locker.state.config_version == version
    assert [event.version for event in locker.all(ev.ConfigApplied)[before:]] == [4, None]
    assert locker.state.desired is not None
