"""What the doctor makes of what a running locker tells, and of where a locker stands."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from support.locker_folder import GOOD, add_certificates, make_folder

from controller.contract.device_keys import DeviceKeys
from controller.device.doctor import surroundings
from controller.device.doctor.boards import boards_asked, boards_told, inner_releases
from controller.device.settings import Settings, load
from firmware_bridge.bench import Pins
from firmware_bridge.parts import Part, PartState

LINE = {
    "requests": 1_000,
    "replies": 1_000,
    "timeouts": 0,
    "bad_checksums": 0,
    "echoes": 0,
    "stray_bytes": 0,
    "reopenings": 0,
}
BOARD = {"name": "main", "fault": None, "detail": None, "advice": None, "line": LINE}
DOOR = {"id": "A01", "door": "closed", "read_ms": 300}


def told(
    board: dict[str, Any] | None = None, door: dict[str, Any] | None = None, wiring_fault: tuple[str, ...] = ()
) -> dict[str, Part]:
    status = {
        "boards": [BOARD | (board or {})],
        "supplies": [{"name": "psu", "wiring_fault": list(wiring_fault)}],
        "compartments": [DOOR | (door or {}), DOOR | {"id": "A02", "door": "open"}],
    }
    return {part.name: part for part in boards_told(status)}


def settings_with(folder: Path, text: str = GOOD) -> Settings:
    return load(make_folder(folder, text))


def test_a_board_that_works_tells_of_its_line() -> None:
    parts = told()
    assert parts["board main"].what == "1000 questions, 1000 answers, 0 gone wrong"
    assert parts["doors"].what == "2 doors are read; open: A02"
    assert {part.state for part in parts.values()} == {PartState.FOUND}


def test_a_line_on_which_much_goes_wrong_is_faulty() -> None:
    assert told({"line": LINE | {"timeouts": 15, "bad_checksums": 5}})["board main"].state is PartState.FOUND
    bad = told({"line": LINE | {"timeouts": 15, "bad_checksums": 6}})["board main"]
    assert (bad.state, bad.advice) == (PartState.FAULTY, "check termination, shielding, ground and the adapter")
    assert told({"line": LINE | {"requests": 50, "timeouts": 20}})["board main"].state is PartState.FOUND
    assert told({"line": LINE | {"echoes": 1}})["board main"].advice == "switch its local echo off"


def test_a_board_with_a_fault_is_told_and_its_doors_are_not_told_twice() -> None:
    parts = told({"fault": "no_reply", "detail": "address 1 on /dev/x"}, {"read_ms": None})
    assert parts["board main"].what == "no reply: address 1 on /dev/x"
    assert parts.keys() == {"board main", "supply psu"}


def test_doors_that_nobody_knows_and_readings_that_are_old_are_faulty() -> None:
    assert told(door={"read_ms": None})["door A01"].what == "nobody knows how it stands"
    assert told(door={"read_ms": 61_000})["door A01"].what == "it was read 61 s ago and not since"
    assert "doors" not in told(door={"read_ms": 61_000})


def test_a_supply_that_stands_still_says_why() -> None:
    supply = told(wiring_fault=("A01", "A02"))["supply psu"]
    assert supply.state is PartState.FAULTY
    assert supply.what.endswith("moved another door than its own (A01 and A02)")


def test_compartments_that_a_child_could_be_shut_in_want_an_inner_release(tmp_path: Path) -> None:
    sizes = {"[203, 500, 558]": 1, "[202, 900, 900]": 0, "[203, 500, 557]": 0, '"XL"': 1, '"L"': 1, '"M"': 0}
    for size, faults in sizes.items():
        compartments = settings_with(tmp_path, GOOD.replace("[450, 380, 600]", size)).compartments
        assert len(list(inner_releases(compartments))) == faults, size
    fitted = GOOD.replace("[450, 380, 600]", "[450, 380, 600]\ninner_release = true")
    assert list(inner_releases(settings_with(tmp_path, fitted).compartments)) == []


def test_gpio_lines_are_looked_for_and_not_taken(tmp_path: Path) -> None:
    pins = '[[boards]]\nname = "pins"\ndriver = "gpio"\nsupply = "psu"\ncontinuous_duty = true\n'
    pins += 'chip = "/dev/gpiochip-none"\n'
    door = '[[compartments]]\nid = "B01"\nsize = "S"\nboard = "pins"\nlock_line = 17\n'
    parts = {part.name: part for part in boards_asked(settings_with(tmp_path, f"{GOOD}\n{pins}\n{door}"), Pins())}
    assert parts["board pins"].state is PartState.MISSING
    assert "/dev/gpiochip-none:17" in parts["board pins"].what


def test_a_data_directory_is_looked_at_and_nothing_is_made_in_it(tmp_path: Path) -> None:
    settings = settings_with(tmp_path)
    [to_be_made] = surroundings.data_directory(settings)
    assert to_be_made.what.endswith("will be made at the first start")
    settings.locker.data_dir.mkdir()
    parts = {part.name: part for part in surroundings.data_directory(settings)}
    assert parts["keys"].what.startswith("there are none yet")
    assert list(settings.locker.data_dir.iterdir()) == []


def test_keys_that_others_can_read_and_a_journal_that_is_none_are_faulty(tmp_path: Path) -> None:
    settings = settings_with(tmp_path)
    data = settings.locker.data_dir
    data.mkdir()
    DeviceKeys.load_or_create(data / "keys")
    (data / "journal.db").write_bytes(b"nonsense")
    parts = {part.name: part for part in surroundings.data_directory(settings)}
    assert parts["keys"].state is PartState.FOUND
    assert (parts["journal"].state, parts["journal"].advice) == (PartState.FAULTY, "`locker journal verify` says more")
    (data / "keys" / "sign.jwk").chmod(0o644)
    parts = {part.name: part for part in surroundings.data_directory(settings)}
    assert "can be read by others: chmod 600" in parts["keys"].what


def test_certificates_that_end_soon_are_faulty(tmp_path: Path) -> None:
    text = GOOD.replace(
        'url = "mqtt://127.0.0.1:1"',
        'url = "mqtts://127.0.0.1:1"\nca_file = "ca.crt"\ncert_file = "locker.crt"\nkey_file = "locker.key"',
    )
    make_folder(tmp_path, text)
    add_certificates(tmp_path)
    settings = load(tmp_path / "locker.toml")
    now = datetime.now(UTC)
    soon = list(surroundings.certificates(settings, now))
    assert [part.name for part in soon] == ["certificate ca_file", "certificate cert_file"]
    assert {part.state for part in soon} == {PartState.FAULTY}
    early = surroundings.certificates(settings, now - timedelta(days=60))
    assert {part.state for part in early} == {PartState.FOUND}
    (tmp_path / "ca.crt").write_text("nothing")
    assert next(surroundings.certificates(settings, now)).advice == "put a PEM certificate there"


def test_a_clock_that_nobody_keeps_right_is_faulty() -> None:
    assert surroundings.clock(lambda: True).state is PartState.FOUND
    assert surroundings.clock(lambda: False).state is PartState.FAULTY


def test_a_broker_that_a_running_locker_cannot_reach_is_missing() -> None:
    told_of = {"url": "mqtts://broker.example", "connected": False, "reason": "connection refused"}
    assert surroundings.broker_told(told_of).what == "mqtts://broker.example: connection refused"
    assert surroundings.broker_told(told_of | {"connected": True}).state is PartState.FOUND
