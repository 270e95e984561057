"""`locker commission`: a cabinet whose wires nobody knows, walked by its sensors alone and by a person."""

import asyncio
import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.command_line import Ended, Locker, start_daemon, stop_daemon
from support.commissioned import configured, proven, wires_in, wires_of
from support.commissioning import Building, Person, building
from support.journals import Recorder, beginning, deposit, opened
from support.locker_folder import make_folder

from controller.cli.simulated_hands import trouble
from controller.cli.simulated_stage import Script, Wires
from controller.contract.device_keys import DeviceKeys
from controller.contract.jose import Typ, sign
from controller.journal.chain import Signatures
from firmware_bridge.responders import Manner

DOORS = 4
CROSSED = Wires(locks=2, inverted=(2, 4), cut=(3,))
ALL_CROSSED = Wires(locks=2, switches=4, inverted=(2, 4), cut=(3,))
SCRIPT = Script("kerong-cu48", 9_600, DOORS, (1,), Manner(120), CROSSED, close_after_ms=500)
BY_HAND = Script("kerong-cu48", 9_600, DOORS, (1,), Manner(120), ALL_CROSSED)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Building]:
    with building(tmp_path, SCRIPT) as house:
        yield house


@pytest.fixture
def by_hand(tmp_path: Path) -> Iterator[Building]:
    with building(tmp_path, BY_HAND) as house:
        yield house


def unattended(locker: Locker, house: Building, *words: object) -> Ended:
    out = house.folder / "cabinet.toml"
    return locker("commission", "--draft", house.draft, "--out", out, "--unattended", "--open-s", "1", *words)


def test_sensors_alone_find_every_wire_the_speed_and_what_is_dead(locker: Locker, house: Building) -> None:
    ended = unattended(locker, house)

    assert ended.code == 1
    assert "main answers at 9600 baud." in ended.out
    assert "! A03: no channel opens it; check its lock and the lock's wires" in ended.out
    assert configured(locker, house.folder)["compartments"] == 3
    report = proven(locker, house.folder)
    assert wires_in(report) == wires_of(house)
    assert (report["good"], report["by"], report["locker"]) == (False, ["sensors"], "L0042")
    assert not (house.folder / "cabinet.progress.json").exists()


def test_a_person_finds_them_even_where_no_sensor_is_in_its_place(locker: Locker, by_hand: Building) -> None:
    person = Person(by_hand, "--by", "a technician")
    try:
        person.walks()
        assert person.terminal.ended() == 1
    finally:
        person.terminal.close()

    report = proven(locker, by_hand.folder)
    assert wires_in(report) == wires_of(by_hand)
    assert report["by"] == ["a technician"]
    assert configured(locker, by_hand.folder)["compartments"] == 3


def test_a_person_may_think_again_pulse_again_and_stop_to_go_on_later(locker: Locker, tmp_path: Path) -> None:
    with building(tmp_path, Script("kerong-cu48", 9_600, 3, (1,), Manner(120), Wires(locks=2)), baud=9_600) as house:
        first = Person(house, "--by", "somebody")
        try:
            assert first.pulsed() == 1
            doors = first.sees(1)
            first.terminal.type("99")
            first.terminal.until("there is no door 99; they are A01 to A03")
            first.terminal.type("?")
            first.terminal.until("pulse it once more")
            first.terminal.type("+")
            assert first.pulsed() == 1
            first.answers(*doors)
            first.closes(*doors)
            assert first.pulsed() == 2
            first.sees(2)
            first.terminal.type("-")
            first.closes(*house.hanging_on(2))
            assert first.pulsed() == 1
            first.answers(*first.sees(1))
            first.closes(*doors)
            assert first.pulsed() == 2
            first.terminal.interrupt()
            assert first.terminal.ended() == 1
        finally:
            first.terminal.close()
        assert "start again to go on" in first.terminal.shown

        second = Person(house, "--by", "somebody else")
        try:
            assert "1 channel tried before" in second.terminal.shown
            second.walks(most=1)
            assert second.pulsed() == 3
            second.terminal.type("f")
            assert second.terminal.ended() == 1
        finally:
            second.terminal.close()
    report = proven(locker, tmp_path)
    assert report["by"] == ["somebody", "somebody else"]
    assert [trial["pulses"] for trial in report["trials"]] == [1, 1]
    assert (tmp_path / "cabinet.progress.json").exists()


def test_progress_belongs_to_its_draft(locker: Locker, house: Building) -> None:
    progress = house.folder / "cabinet.progress.json"
    progress.write_text('{"draft": "another", "started": "", "bauds": {}, "trials": []}')
    assert (unattended(locker, house).code, house.stage.cabinet.pulses) == (2, [])
    progress.write_text("{")
    ended = unattended(locker, house)
    assert (ended.code, ended.err) == (
        2,
        f"{progress} is not the progress of a commissioning; remove it to begin anew\n",
    )


def test_a_door_that_nobody_closes_stops_the_walk_and_it_goes_on_from_there(locker: Locker, tmp_path: Path) -> None:
    with building(tmp_path, Script("kerong-cu48", 9_600, 2, (1,), Manner(120)), baud=9_600) as house:
        stopped = unattended(locker, house, "--close-s", "1")
        assert stopped.code == 1
        assert "A01 stands open: close it, and start again to go on from here" in stopped.err
        house.stage.cabinet.close_door(1)
        again = unattended(locker, house, "--close-s", "1")
        assert "1 channel tried before" in again.out
        assert "A02 stands open" in again.err
        assert [pulse.channel for pulse in house.stage.cabinet.pulses] == [1, 2]


def test_doubled_channels_are_told_and_their_doors_left_out(locker: Locker, tmp_path: Path) -> None:
    script = Script("kerong-cu48", 9_600, 3, (1,), Manner(120), Wires(doubled=((1, 2),)), close_after_ms=500)
    with building(tmp_path, script, baud=9_600) as house:
        ended = unattended(locker, house)
    assert ended.code == 1
    assert "! channel main 1: it opens A01 and A02 at once; separate their wires, and try it again" in ended.out
    assert "! A01: what opens it opens another door as well; give its lock a channel of its own" in ended.out
    assert configured(locker, tmp_path)["compartments"] == 2


def test_an_adapter_that_echoes_is_told(locker: Locker, tmp_path: Path) -> None:
    script = Script(
        "kerong-cu48",
        9_600,
        1,
        (1,),
        Manner(120),
        trouble=trouble(noise=True, echo=True, late_ms=0),
        close_after_ms=500,
    )
    with building(tmp_path, script, baud=9_600) as house:
        ended = unattended(locker, house, "--json")
    facts = json.loads(ended.out)
    assert ended.code == 0
    assert [finding["kind"] for finding in facts["findings"]] == ["echo"]
    assert facts["boards"][0]["echo"] is True
    assert "main answers at 9600 baud, through an adapter that echoes." in ended.err


def test_a_board_that_does_not_answer_is_unreachable_and_nothing_is_pulsed(locker: Locker, tmp_path: Path) -> None:
    with building(tmp_path, SCRIPT) as house:
        house.stage.cabinet.lose_replies(True)
        ended = unattended(locker, house)
        assert ended.code == 3
        assert "main: no reply" in ended.err
        assert "check power, A/B wires" in ended.err
        assert ended.err.endswith("Nothing was pulsed.\n")
        assert house.stage.cabinet.pulses == []
        asked = {heard.frame[3] for heard in house.stage.line.frames}
    assert asked == {0x50}


def store_a_parcel(data: Path) -> None:
    """The journal of a locker that has taken one in."""
    data.mkdir()
    keys = DeviceKeys.load_or_create(data / "keys")

    def signed(payload: bytes, typ: Typ) -> str:
        return sign(payload, keys.sign, typ)

    async def record() -> None:
        recorder = Recorder.on(opened(data, keys=Signatures(signed, lambda token, typ: b"")))
        await recorder.record(*beginning(), *deposit(1))
        await recorder.journal.close()

    asyncio.run(record())


def test_nothing_is_pulsed_while_something_is_stored(locker: Locker, house: Building) -> None:
    store_a_parcel(house.folder / "data")
    before = (house.folder / "data" / "journal.db").read_bytes()

    ended = unattended(locker, house)

    assert ended.code == 1
    assert "something is stored in A01: every door would be opened." in ended.err
    assert house.stage.cabinet.pulses == []
    assert (house.folder / "data" / "journal.db").read_bytes() == before


def test_nothing_is_pulsed_while_a_locker_runs(locker: Locker, house: Building) -> None:
    daemon = start_daemon(make_folder(house.folder / "site"))
    try:
        ended = unattended(locker, house, "--data", str(daemon.data))
    finally:
        stop_daemon(daemon)
    assert ended.code == 2
    assert "is in use by process" in ended.err
    assert house.stage.cabinet.pulses == []


def test_one_board_can_be_told_by_flags(locker: Locker, house: Building, tmp_path: Path) -> None:
    words = ["--driver", "kerong-cu48", "--port", house.stage.line.port, "--baud", 9600, "--try-channels", 4]
    more = ["--doors", "A01-A03:M,B04:L", "--data", tmp_path / "data", "--out", tmp_path / "cabinet.toml"]
    ended = locker("commission", *words, *more, "--unattended", "--open-s", 1)
    assert ended.code == 1
    assert configured(locker, tmp_path)["compartments_by_size"] == {"M": 2, "L": 1}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "Name a draft with --draft FILE"),
        (["--driver", "kerong-cu48"], "Name a draft with --draft FILE"),
        (["--driver", "kerong-cu48", "--port", "/dev/x", "--doors", "A1-B3"], "write a range such as A01-A24"),
        (["--driver", "kerong-cu48", "--port", "/dev/ttyUSB0", "--doors", "A1"], "may name another adapter"),
        (["--driver", "kerong-cu84", "--port", "/dev/x", "--doors", "A1"], "did you mean 'kerong-cu48'?"),
        (
            ["--driver", "kerong-cu48", "--port", "/dev/x", "--doors", "A1", "--try-channels", "49"],
            "has 48 channels, not 49",
        ),
    ],
)
def test_a_draft_that_cannot_be_is_wrong_use(locker: Locker, tmp_path: Path, words: list[str], sentence: str) -> None:
    ended = locker("commission", *words, "--data", tmp_path / "data", "--out", tmp_path / "cabinet.toml")
    assert ended.code == 2
    assert sentence in ended.err


def test_a_signal_ends_the_walk_and_leaves_nothing_energised(by_hand: Building) -> None:
    person = Person(by_hand)
    try:
        assert person.pulsed() == 1
        person.terminal.process.send_signal(signal.SIGTERM)
        assert person.terminal.ended() == 1
    finally:
        person.terminal.close()
    assert "Stopped." in person.terminal.shown


def test_a_board_that_sends_its_status_the_other_way_round_is_read_so(locker: Locker, tmp_path: Path) -> None:
    """Locks and switches share their plugs, which is what shows it."""
    manner = Manner(120, options={"status_order": "first_byte_first"})
    script = Script("lockboard-8a", 9_600, 3, (1,), manner, Wires(inverted=(2,)), close_after_ms=500)
    with building(tmp_path, script, baud=9_600) as house:
        ended = unattended(locker, house)
    assert ended.code == 0
    assert "- main: its status bytes come first byte first; nothing is to be done: the output says so" in ended.out
    assert 'status_order = "first_byte_first"' in (tmp_path / "cabinet.toml").read_text()
    assert wires_in(proven(locker, tmp_path)) == wires_of(house)
    assert configured(locker, tmp_path)["compartments"] == 3
