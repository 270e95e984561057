"""`locker check`: every bad configuration ends with 2, and says file, key, reason and the nearest right key."""

import json
import re
from dataclasses import dataclass, fields
from pathlib import Path

import pytest
from pydantic import BaseModel
from support.command_line import Locker
from support.keyring import key_set
from support.locker_folder import GOOD, add_certificates, make_folder

from controller.contract.wire_json import dumps
from controller.device.notice_tables import NeighbourTable, NoticesTable
from controller.device.part_tables import CameraTable, MachineTable, ScannerTable, SignalsTable
from controller.device.rule_tables import LadderTable, NeedsTable, RuleTable, StepTable, WhenTable
from controller.device.settings import Settings
from controller.device.settings_tables import (
    BoardTable,
    CompartmentTable,
    KioskTable,
    LockerTable,
    MqttTable,
    PolicyTable,
    SupplyTable,
    TrustTable,
)
from firmware_bridge.builtin_drivers import BUILT_IN

CONFIG = Path(__file__).parents[2] / "config"
EXAMPLES = [CONFIG / "locker.toml", *sorted((CONFIG / "examples").glob("*.toml"))]


def test_a_good_one_is_summed_up(locker: Locker, tmp_path: Path) -> None:
    ended = locker("check", "--config", make_folder(tmp_path))

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        f"file      {tmp_path / 'locker.toml'} is good",
        "locker    L0042, Central station",
        f"data      {tmp_path / 'data'}",
        "broker    mqtt://127.0.0.1:1",
        "carriers  acme",
        "boards    main (simulated)",
        "doors     2 compartments: 1 M, 1 L",
        "codes     8 digits",
        "kiosk     http://127.0.0.1:0",
        "plans     18 rules",
        "           rule 'accessible' asks for a compartment that this locker does not have: refused at the scan",
        "           rule 'heavy' asks for a compartment that this locker does not have: refused at the scan",
    ]
    assert not (tmp_path / "data").exists()


def test_parts_beside_the_lock_boards_are_summed_up_too(locker: Locker, tmp_path: Path) -> None:
    parts = '[scanner]\nport = "/dev/ttyAMA0"\n[camera]\ndriver = "rpicam"\n[machine]\nreal_time_clock = true\n'
    config = make_folder(tmp_path, GOOD + parts)

    assert "parts     scanner, camera, real time clock\n" in locker("check", "--config", config).out
    facts = json.loads(locker("check", "--json", "--config", config).out)
    assert facts["parts"] == ["scanner", "camera", "real_time_clock"]


def test_a_good_one_as_json(locker: Locker, tmp_path: Path) -> None:
    facts = json.loads(locker("check", "--json", "--config", make_folder(tmp_path)).out)

    assert (facts["good"], facts["locker"], facts["compartments_by_size"]) == (True, "L0042", {"M": 1, "L": 1})


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_every_example_is_good_once_its_key_files_exist(locker: Locker, tmp_path: Path, example: Path) -> None:
    add_certificates(tmp_path)
    config = make_folder(tmp_path, example.read_text())

    ended = locker("check", "--config", config)

    assert (ended.code, ended.err) == (0, "")


def test_a_private_file_that_everybody_can_read_is_refused(locker: Locker, tmp_path: Path) -> None:
    add_certificates(tmp_path)
    config = make_folder(tmp_path, (CONFIG / "locker.toml").read_text())
    (tmp_path / "locker.key").chmod(0o644)

    ended = locker("check", "--config", config)

    assert (ended.code, f"everybody can read {tmp_path / 'locker.key'}: chmod 600 it" in ended.err) == (2, True)


def test_the_example_says_every_key_there_is() -> None:
    text = (CONFIG / "locker.toml").read_text()
    tables: list[type[BaseModel]] = [
        LockerTable,
        MqttTable,
        TrustTable,
        SupplyTable,
        BoardTable,
        CompartmentTable,
        KioskTable,
        ScannerTable,
        CameraTable,
        SignalsTable,
        MachineTable,
        NoticesTable,
        NeighbourTable,
        PolicyTable,
        RuleTable,
        WhenTable,
        NeedsTable,
        LadderTable,
        StepTable,
    ]
    options = {option.name for driver in BUILT_IN.values() for option in fields(driver.options)}
    keys = {key for table in tables for key in table.model_fields} | options

    assert {key for key in keys if not re.search(rf"(^(# )?|[{{,] ?){key} = ", text, re.MULTILINE)} == set()
    assert {table for table in Settings.model_fields if f"[{table}]" not in text} == set()


@pytest.mark.parametrize("page", ["config/locker.toml", "README.md"])
def test_every_driver_is_told_of(page: str) -> None:
    text = (CONFIG.parent / page).read_text()

    assert {driver for driver in BUILT_IN if not re.search(rf'["`]{driver}["`]', text)} == set()


@dataclass(frozen=True)
class Bad:
    """An edit of a good file, and what is to be said of it."""

    edits: dict[str, str]
    key: str
    reason: str
    nearest: str | None = None


RESERVING = '[[carriers]]\nname = "{}"\nreserved = ["A01"]\n'
SAYS = 'says.en = "Because."\n'
BAD = {
    "unknown key": Bad({"timezone": "timezon"}, "locker.timezon", "there is no such key", "timezone"),
    "unknown table": Bad({"[kiosk]": "[kiosks]"}, "kiosks", "there is no such key", "kiosk"),
    "unknown key of a list": Bad(
        {"max_en": "max_n"}, "supplies[0].max_nergised", "there is no such key", "max_energised"
    ),
    "unknown key of a board": Bad({"address": "adress"}, "boards[0].adress", "there is no such key", "address"),
    "unknown driver": Bad({'"simulated"': '"kerong-cu84"'}, "boards[0].driver", "did you mean 'kerong-cu48'?"),
    "number for text": Bad({'id = "L0042"': "id = 42"}, "locker.id", "must be text in quotes, not 42"),
    "text for number": Bad(
        {"channel = 2": 'channel = "2"'}, "compartments[1].channel", "must be a whole number, not '2'"
    ),
    "number with a point": Bad(
        {"channel = 2": "channel = 2.0"}, "compartments[1].channel", "must be a whole number, not 2.0"
    ),
    "number for truth": Bad(
        {"[trust]": "allow_plaintext = 1\n[trust]"}, "mqtt.allow_plaintext", "must be true or false, not 1"
    ),
    "out of range": Bad(
        {"channel = 2": "channel = 0"}, "compartments[1].channel", "must be greater than or equal to 1, not 0"
    ),
    "not in the list": Bad(
        {"[trust]": 'protocol = "4"\n[trust]'}, "mqtt.protocol", "must be 'auto', '5' or '3.1.1', not '4'"
    ),
    "bad name": Bad({'"L0042"': '"L 42"'}, "locker.id", "must match ^[A-Za-z0-9_-]{1,32}$, not 'L 42'"),
    "missing key": Bad({'name = "Central station"\n': ""}, "locker.name", "is missing"),
    "table for a list": Bad({"[[supplies]]": "[supplies]"}, "supplies", "must be a list"),
    "unknown time zone": Bad(
        {'timezone = "UTC"': 'timezone = "Mars/Olympus"'}, "locker.timezone", "'Mars/Olympus' is no time zone"
    ),
    "missing file": Bad({"trust.json": "gone.json"}, "trust.keyring", "there is no file"),
    "folder for a file": Bad({'"trust.json"': '"."'}, "trust.keyring", "there is no file"),
    "one channel twice": Bad(
        {"channel = 2": "channel = 1"}, "compartments[1].channel", "both use channel 1 of board 'main'"
    ),
    "serial board without a port": Bad({'"simulated"': '"kerong-cu48"'}, "boards[0].port", "needs a port"),
    "channel that the board has not": Bad(
        {'"simulated"': '"kerong-cu48"\nport = "/dev/ttyAMA0"\nbaud = 9600', "channel = 2": "channel = 60"},
        "compartments[1].channel",
        "board 'main': channel 60: there is none such; this kind of board has 1 to 48",
    ),
    "port of no known form": Bad(
        {'"simulated"': '"kerong-cu48"\nport = "COM1"'}, "boards[0].port", "'COM1' is neither a device path"
    ),
    "pulse that burns": Bad(
        {"driver": "pulse_ms = 5000\ndriver"},
        "boards[0].pulse_ms",
        "5000 ms is too long for a lock of kind electromagnet",
    ),
    "scanner without a place": Bad(
        {"[kiosk]": "[scanner]\nbaud = 9600\n[kiosk]"}, "scanner.port", "name one of the two"
    ),
    "scanner in two places": Bad(
        {"[kiosk]": '[scanner]\nport = "/dev/ttyS0"\ndevice = "/dev/x"\n[kiosk]'}, "scanner.port", "name one of the two"
    ),
    "scanner that is another at the next boot": Bad(
        {"[kiosk]": '[scanner]\ndevice = "/dev/input/event3"\n[kiosk]'}, "scanner.device", "/dev/input/by-id/"
    ),
    "camera without a device": Bad(
        {"[kiosk]": '[camera]\ndriver = "v4l2"\n[kiosk]'}, "camera.device", "driver v4l2 needs the camera's device"
    ),
    "camera that is another at the next boot": Bad(
        {"[kiosk]": '[camera]\ndriver = "v4l2"\ndevice = "/dev/video0"\n[kiosk]'}, "camera.device", "/dev/v4l/by-id/"
    ),
    "signals without a line": Bad({"[kiosk]": "[signals]\n[kiosk]"}, "signals.buzzer", "names no line at all"),
    "no time to open after the warning": Bad(
        {"[kiosk]": "[signals]\nbuzzer = 5\n[policy]\nopen_wait_ms = 3000\n[kiosk]"},
        "policy.open_wait_ms",
        "at least 4000 are needed",
    ),
    "pins that nobody here can drive": Bad(
        {"[kiosk]": '[signals]\nbuzzer = 5\npins = "lgpio"\n[kiosk]'},
        "signals.pins",
        "gpiozero's pin factory 'lgpio' cannot be used here: No module named 'lgpio'",
    ),
    "light of no door": Bad(
        {"[kiosk]": "[signals.door_lights]\nB07 = 5\n[kiosk]"},
        "signals.door_lights.B07",
        "there is no compartment 'B07'",
    ),
    "light on another's line": Bad(
        {"[kiosk]": '[signals]\nbuzzer = 5\ncabinet_light = "GPIO5"\n[kiosk]'},
        "signals.cabinet_light",
        "line GPIO5 is that of buzzer already",
    ),
    "buzzer on the line of a lock": Bad(
        {"channel = 2": "channel = 2\nlock_line = 17", "[kiosk]": '[signals]\nbuzzer = "GPIO17"\n[kiosk]'},
        "signals.buzzer",
        "line GPIO17 is that of A02.lock_line already",
    ),
    "board with the name of another part": Bad(
        {'name = "main"': 'name = "scanner"'}, "boards[0].name", "'scanner' is the name of another part"
    ),
    "rule that contradicts another": Bad(
        {"[kiosk]": f'[[rules]]\nid = "wine"\nwhen = {{ classes = ["alcohol"] }}\npattern = "locker"\n{SAYS}[kiosk]'},
        "rules[0].pattern",
        "rule 'wine': pattern contradicts rule 'regulated', which says 'refuse' whenever this one holds",
    ),
    "rule that silences others": Bad(
        {"[kiosk]": f'[[rules]]\nid = "short"\nhold_s = 3600\n{SAYS}[kiosk]'},
        "rules",
        "rule 'rural': hold_s contradicts rule 'short', which comes first, always holds too, and says 3600",
    ),
    "rule that holds for less than nothing": Bad(
        {"[kiosk]": f'[[rules]]\nid = "late"\nwhen = {{ classes = ["x"] }}\nhold_s = -10800\n{SAYS}[kiosk]'},
        "rules[0].hold_s",
        "rule 'late': hold_s must be 300 to 5184000 seconds, not -10800",
    ),
    "rule with a threshold in words": Bad(
        {"[kiosk]": f'[[rules]]\nid = "dear"\nwhen = {{ value_at_least = {{ EUR = "a lot" }} }}\n{SAYS}[kiosk]'},
        "rules[0].when.value_at_least.EUR",
        "rule 'dear': must be a whole number, not 'a lot'",
    ),
    "rule whose ladder never ends": Bad(
        {
            "[kiosk]": f'[[rules]]\nid = "again"\nwhen = {{ classes = ["x"] }}\nladder = "round"\n{SAYS}'
            '[[ladders]]\nname = "round"\nsteps = [{ action = "remind", after_s = 60 }]\nthen = "round"\n[kiosk]'
        },
        "rules[0].ladder",
        "rule 'again': ladder 'round' never ends: round → round",
    ),
    "rule with a key there is not": Bad(
        {"[kiosk]": f'[[rules]]\nid = "odd"\nlader = "ordinary"\n{SAYS}[kiosk]'},
        "rules[0].lader",
        "rule 'odd': there is no such key",
        "ladder",
    ),
    "rule that says nothing": Bad(
        {"[kiosk]": '[[rules]]\nid = "mute"\nsays.de = "Darum."\n[kiosk]'},
        "rules[0].says",
        "rule 'mute' says nothing in 'en', which the kiosk speaks",
    ),
    "carrier that stands there twice": Bad(
        {"[kiosk]": '[[carriers]]\nname = "acme"\n[[carriers]]\nname = "acme"\nwalk_up = true\n[kiosk]'},
        "carriers[1].name",
        "'acme' stands there twice",
    ),
    "compartment reserved that is not there": Bad(
        {"[kiosk]": '[[carriers]]\nname = "acme"\nreserved = ["Z9"]\n[kiosk]'},
        "carriers[0].reserved[0]",
        "there is no 'Z9'; known: ",
    ),
    "compartment reserved twice": Bad(
        {"[kiosk]": f"{RESERVING.format('a')}{RESERVING.format('b')}[kiosk]"},
        "carriers[1].reserved[0]",
        "A01 is reserved for 'a' already; it can be one carrier's only",
    ),
    "shares of more than there is": Bad(
        {"[kiosk]": '[[carriers]]\nname = "a"\nshare.M = 60\n[[carriers]]\nname = "b"\nshare.M = 50\n[kiosk]'},
        "carriers[1].share.M",
        "the shares of size M come to 110 %; all of them together are 100 % at most",
    ),
    "share of nothing": Bad(
        {"[kiosk]": '[[carriers]]\nname = "a"\nshare.XL = 60\n[kiosk]'},
        "carriers[0].share.XL",
        "60 % of 0 compartments of size XL are none; ask for more, or for none",
    ),
    "reserved for one and promised to another": Bad(
        {"[kiosk]": f'{RESERVING.format("a")}[[carriers]]\nname = "b"\nshare.M = 100\n[kiosk]'},
        "carriers[1].share.M",
        "what is reserved and promised of size M comes to 2 compartments, and there are 1; take back some of it",
    ),
    "rule that stands there twice": Bad(
        {"[kiosk]": f'[[rules]]\nid = "a"\n{SAYS}[[rules]]\nid = "a"\n{SAYS}[kiosk]'},
        "rules[1].id",
        "'a' stands there twice",
    ),
    "preferences forgotten before they are old": Bad(
        {"[kiosk]": "[policy]\npreference_purge_days = 180\n[kiosk]"},
        "policy.preference_purge_days",
        "must be more than preference_stale_days, which is 180",
    ),
    "step without a time": Bad(
        {"[kiosk]": '[[ladders]]\nname = "up"\nsteps = [{ action = "call" }]\n[kiosk]'},
        "ladders[0].steps[0].after_s",
        "ladder 'up': a step has one time: after_s or after_hold_s",
    ),
    "ladder of no rule that never ends": Bad(
        {"[kiosk]": '[[ladders]]\nname = "up"\nsteps = [{ action = "remind", after_s = 5 }]\n[kiosk]'},
        "ladders[0].steps",
        "ladder 'up' never ends: the last step of 'up' must be return_to_depot, second_attempt or operator",
    ),
    "step by a channel there is not": Bad(
        {"[kiosk]": '[[ladders]]\nname = "up"\nsteps = [{ action = "call", after_s = 5, channel = "fax" }]\n[kiosk]'},
        "ladders[0].steps[0].channel",
        "ladder 'up': must be 'push', 'sms', 'email' or 'call', not 'fax'",
    ),
    "channel twice": Bad(
        {"[kiosk]": '[notices]\nchannels = ["sms", "sms"]\n[kiosk]'}, "notices.channels", "a channel stands there twice"
    ),
    "channel there is not": Bad(
        {"[kiosk]": '[notices]\nchannels = ["fax"]\n[kiosk]'},
        "notices.channels[0]",
        "must be 'push', 'sms', 'email' or 'call', not 'fax'",
    ),
    "link that is none": Bad(
        {"[kiosk]": '[notices]\ntracking_link = "track/{parcel}"\n[kiosk]'}, "notices.tracking_link", "is no address"
    ),
    "link with a gap that nothing fills": Bad(
        {"[kiosk]": '[notices]\nchange_link = "https://x.example/{recipient}"\n[kiosk]'},
        "notices.change_link",
        "nothing is filled in for {recipient}; known: {parcel}, {notice}",
    ),
    "silence that is too short": Bad(
        {"[kiosk]": "[notices]\nanswer_s = 5\n[kiosk]"}, "notices.answer_s", "greater than or equal to 30"
    ),
    "gpio that nothing would end": Bad({'"simulated"': '"gpio"'}, "boards[0].one_shot_ms", "fit a one-shot"),
}
FULL = GOOD.replace('name = "Central station"', 'name = "Central station"\ntimezone = "UTC"').replace(
    'name = "psu"\n', 'name = "psu"\nmax_energised = 1\n', 1
).replace('supply = "psu"', 'supply = "psu"\naddress = 0')  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_one_ends_with_file_key_reason_and_nearest_key(locker: Locker, tmp_path: Path, name: str) -> None:
    bad, text = BAD[name], FULL
    for old, new in bad.edits.items():
        assert old in text
        text = text.replace(old, new, 1)
    config = make_folder(tmp_path, text)

    ended = locker("check", "--config", config)
    as_json = locker("check", "--json", "--config", config)

    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"{config}: {bad.key}: ")
    assert bad.reason in ended.err
    assert len(ended.err.splitlines()) <= 2
    assert bad.nearest is None or ended.err.endswith(f"; did you mean {bad.nearest!r}?\n")
    [problem, *_] = json.loads(as_json.out)["problems"]
    assert (as_json.code, problem["file"], problem["key"], problem["nearest"]) == (2, str(config), bad.key, bad.nearest)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty; these tables are needed: "),
        (b"# nothing but words\n", "is empty; these tables are needed: "),
        (b"\xff\xfe[\x00l\x00", "is not UTF-8: byte 0xff at offset 0"),
        ('[locker]\nname = "Straße"'.encode("latin-1"), "is not UTF-8: byte 0xdf at offset 21"),
        (b"[locker]\nid = L0042\n", "is not TOML: Invalid value (at line 2, column 6)"),
        (b"[locker]\n[locker]\n", "is not TOML: Cannot declare ('locker',) twice"),
        (b"\x00", "is not TOML: "),
        (b"a = " + b"[" * 100_000, "is not TOML: "),
    ],
)
def test_a_file_that_is_no_toml_is_refused(locker: Locker, tmp_path: Path, content: bytes, reason: str) -> None:
    config = tmp_path / "locker.toml"
    config.write_bytes(content)

    ended = locker("check", "--config", config)

    assert ended.code == 2
    assert ended.err.startswith(f"{config}: {reason}")
    assert len(ended.err.splitlines()) == 1


def test_a_file_that_is_not_there_and_a_folder_are_refused(locker: Locker, tmp_path: Path) -> None:
    assert locker("check", "--config", tmp_path / "gone.toml").err == (
        f"{tmp_path / 'gone.toml'}: cannot be read: No such file or directory\n"
    )
    assert locker("check", "--config", tmp_path).err == f"{tmp_path}: cannot be read: Is a directory\n"


def keyring_without(role: str) -> bytes:
    trust = key_set().trust()["keys"]
    assert isinstance(trust, list)
    return dumps({"keys": [key for key in trust if isinstance(key, dict) and key["roles"] != [role]]})


@pytest.mark.parametrize(
    ("keyring", "reason"),
    [
        (b"", "not a JWK set"),
        (b"\xff", "not a JWK set"),
        (b'{"keys":[]}', "a list of at least one key"),
        (b'{"keys":[{"kid":"a"}]}', "key a: use must be sig or enc"),
        (keyring_without("custodian"), "no key has the role custodian"),
    ],
)
def test_a_keyring_that_cannot_be_used_is_refused(locker: Locker, tmp_path: Path, keyring: bytes, reason: str) -> None:
    config = make_folder(tmp_path)
    (tmp_path / "trust.json").write_bytes(keyring)

    ended = locker("check", "--config", config)

    assert ended.code == 2
    assert ended.err.startswith(f"{config}: trust.keyring: {tmp_path / 'trust.json'}: ")
    assert reason in ended.err


def test_a_broker_that_confirms_by_itself_needs_no_custodian(locker: Locker, tmp_path: Path) -> None:
    config = make_folder(tmp_path, GOOD.replace("[trust]", 'confirm = "broker"\n[trust]'))
    (tmp_path / "trust.json").write_bytes(keyring_without("custodian"))

    assert locker("check", "--config", config).code == 0


def test_a_certificate_that_is_none_is_refused(locker: Locker, tmp_path: Path) -> None:
    text = GOOD.replace("mqtt://", "mqtts://").replace("[trust]", 'ca_file = "trust.json"\n[trust]')

    ended = locker("check", "--config", make_folder(tmp_path, text))

    assert ended.code == 2
    assert "mqtt.ca_file" in ended.err
