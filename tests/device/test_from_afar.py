"""Which part of the configuration may be told from afar, and how it lies over the locker's own file."""

from pathlib import Path

import pytest
from support.locker_folder import GOOD, make_folder

from controller.contract.desired_config import settings_sha256
from controller.device.config_report import in_force, report
from controller.device.configuration import Configuration, checked, configuration
from controller.device.from_afar import PARTLY, WHOLE, laid_over, parse_told
from controller.device.settings import Settings, load
from controller.device.settings_errors import SettingsError
from controller.domain.desired import Desired

IN_ENGLISH = GOOD + '[[rules]]\nid = "a"\nsays = { en = "A." }\n'
"""Whose site's own rule says nothing in German."""
RULE = """
[[rules]]
id = "cold"
when = { classes = ["cold"] }
hold_s = 7200
says = { en = "Cold.", de = "Kalt." }
"""


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    return load(make_folder(tmp_path / "etc"))


def problems_of(own: Settings, text: str) -> list[tuple[str, str]]:
    with pytest.raises(SettingsError) as bad:
        checked(own, text)
    return [(str(problem.file), problem.key) for problem in bad.value.problems]


def kept_out(own: Settings, text: str) -> list[str]:
    """The keys that may not be told, whatever they say."""
    with pytest.raises(SettingsError) as bad:
        checked(own, text)
    return [problem.key for problem in bad.value.problems if "own file alone" in problem.reason]


def wanted(text: str, version: int = 4) -> Desired:
    return Desired(version, settings_sha256(text), 17, text)


def test_what_the_locker_is_made_of_whom_it_trusts_and_where_it_keeps_things_stays_its_own(own: Settings) -> None:
    reachable = {*WHOLE, *PARTLY}
    assert reachable.isdisjoint({"mqtt", "trust", "boards", "supplies", "compartments", "contacts", "home_assistant"})
    assert reachable.isdisjoint({"scanner", "camera", "signals", "machine"})
    assert reachable <= Settings.model_fields.keys()
    for name in Settings.model_fields.keys() - reachable:
        assert kept_out(own, f"[{name}]\nx = 1\n") == [f"{name}.x"]
        assert kept_out(own, f"[[{name}]]\nx = 1\n") == [name]
    for key in ("locker.id", "locker.data_dir", "locker.timezone", "kiosk.listen", "kiosk.signature"):
        table, _, name = key.partition(".")
        assert kept_out(own, f'[{table}]\n{name} = "x"\n') == [key]


def test_keys_lie_over_keys_and_lists_over_lists() -> None:
    own = {"policy": {"hold_s": 1, "rescues": 2}, "rules": [{"id": "a"}], "locker": {"id": "L1"}}
    told = {"policy": {"hold_s": 9}, "rules": [{"id": "b"}], "drift": {"jams": 3}}
    both = laid_over(own, told)
    assert both == {
        "policy": {"hold_s": 9, "rescues": 2},
        "rules": [{"id": "b"}],
        "locker": {"id": "L1"},
        "drift": {"jams": 3},
    }
    assert own["policy"] == {"hold_s": 1, "rescues": 2}


def test_all_of_it_is_looked_at_as_a_file_is(own: Settings) -> None:
    settings = checked(own, f'[locker]\nname = "East"\n[policy]\nhold_s = 3600\n{RULE}')
    assert (settings.locker.name, settings.locker.id) == ("East", own.locker.id)
    assert settings.domain_policy().default_hold_s == 3600
    assert "cold" in [rule.id for rule in settings.rule_book().rules]
    assert checked(own, "").model_dump() == own.model_dump()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[policy]\nhold_s = 30\n", [("config/desired", "policy.hold_s")]),
        (
            "[policy]\nhold_s = true\nrescue = 1\n",
            [("config/desired", "policy.hold_s"), ("config/desired", "policy.rescue")],
        ),
        ("[policy\n", [("config/desired", "")]),
        ("[policy]\ncode_digits = 4\n", [("config/desired", "policy.code_digits")]),
        ("policy = 3\n", [("config/desired", "policy")]),
        ('[[rules]]\nid = "a"\nladder = "none"\nsays = { en = "A." }\n', [("config/desired", "rules[0].ladder")]),
        ('[[carriers]]\nname = "a"\n[[carriers]]\nname = "a"\n', [("config/desired", "carriers[1].name")]),
        ('[kiosk]\nlanguages = ["xx"]\n', [("config/desired", "kiosk.languages[0]")]),
    ],
)
def test_what_is_wrong_is_named_by_file_and_key(own: Settings, text: str, found: list[tuple[str, str]]) -> None:
    assert problems_of(own, text) == found


def test_what_the_file_alone_is_to_blame_for_is_named_by_the_files_name(tmp_path: Path) -> None:
    own = load(make_folder(tmp_path / "etc", IN_ENGLISH))
    [(file, key)] = problems_of(own, '[kiosk]\nlanguages = ["en", "de"]\n')
    assert (file, key) == ("locker.toml", "rules[0].says")


def test_what_was_accepted_lies_over_the_file_from_the_next_start_on(own: Settings) -> None:
    alone = configuration(own, None)
    assert report(alone, None, None).keys() - {"unmet"} == {"version", "sha256"}
    desired = wanted("[policy]\nhold_s = 3600\n")
    assert report(alone, desired, None)["pending"] == 4
    both = configuration(own, desired)
    assert (both.version, both.settings.policy.hold_s) == (4, 3600)
    told = report(both, desired, None)
    assert (told["version"], told["sha256"]) == (4, desired.sha256)
    assert "pending" not in told


def test_a_file_that_no_longer_goes_with_it_holds_alone_and_that_is_told(tmp_path: Path) -> None:
    desired = wanted('[kiosk]\nlanguages = ["en", "de"]\n')
    own = load(make_folder(tmp_path / "etc", IN_ENGLISH))
    alone = configuration(own, desired)
    assert (alone.version, alone.settings) == (None, own)
    told = report(alone, desired, None)
    assert told["version"] == 0
    refused = told["refused"]
    assert isinstance(refused, dict)
    assert (refused["version"], refused["reason"]) == (4, "bad_settings")
    assert in_force(alone)["problems"]


def test_a_configuration_whose_settings_are_gone_is_none(own: Settings) -> None:
    assert configuration(own, Desired(4, "ab", 17, None)) == Configuration(own, own)


def test_every_key_that_is_set_is_shown_with_where(own: Settings) -> None:
    told = '[policy]\nhold_s = 3600\n[[rules]]\nid = "a"\nsays = { en = "A.", de = "A." }\n'
    rows = {row["key"]: row["from"] for row in in_force(configuration(own, wanted(told)))["keys"]}
    assert rows["policy.hold_s"] == "afar"
    assert rows["rules"] == "afar"
    assert rows["locker.id"] == "file"
    assert rows["compartments"] == "file"
    assert parse_told(told)["policy"] == {"hold_s": 3600}
