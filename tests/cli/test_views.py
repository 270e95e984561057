"""What people read: the lines of `status`, `parcels` and `watch`, and where a command looks for its locker."""

import re
from pathlib import Path
from typing import Any

import pytest

from controller.cli.defaults import DEFAULT_DATA
from controller.cli.event_line import line_of
from controller.cli.failure import Failed
from controller.cli.options import data_directory
from controller.cli.output import duration, size_of, some
from controller.cli.status_view import show_parcels, show_status


def compartment(**changes: object) -> dict[str, Any]:
    return {
        "id": "A01", "size": "M", "status": "vacant", "available": True, "door": "closed", "door_for_s": 4,
        "left_open": False, "moving": False, "quarantine": None, "parcel": None, "read_ms": 340, "parcel_sensor": None,
    } | changes  # fmt: skip


def board(**changes: object) -> dict[str, Any]:
    line = {
        "requests": 812, "replies": 810, "timeouts": 2, "bad_checksums": 0, "echoes": 0, "stray_bytes": 9,
        "reopenings": 1,
    }  # fmt: skip
    return {
        "name": "main", "driver": "kerong-cu48", "port": "/dev/x", "fault": None, "detail": None, "advice": None,
        "line": line,
    } | changes  # fmt: skip


def status(*compartments: dict[str, Any], **changes: object) -> dict[str, Any]:
    return {
        "locker": "L0042", "name": "Central station", "software": "1.4.2", "boot": 41,
        "time": "2026-11-23T03:00:00.000Z", "clock": "ntp", "started": "2026-11-20T00:00:00.000Z", "running_s": 270_000,
        "journal": {"stream": "ab", "sequence": 18_231, "acknowledged": 18_230, "waiting": 1, "disk_low": False},
        "broker": {"url": "mqtts://broker.example:8883", "connected": True, "reason": None},
        "supplies": [{"name": "psu", "wiring_fault": []}],
        "boards": [board()],
        "parts": [],
        "contacts": {},
        "lockout_s": None,
        "site": [], "channels": [], "untold": [],
        "counts": {"free": 1, "reserved": 0, "occupied": 0, "quarantined": 0, "out_of_service": 0},
        "compartments": compartments or (compartment(),),
    } | changes  # fmt: skip


def test_the_status_of_a_locker_that_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    show_status(status())

    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()] == [
        "locker   L0042, Central station",
        "running  3 d 3 h, start 41, software 1.4.2",
        "clock    2026-11-23 03:00:00 (ntp)",
        "journal  18231 records, 1 not yet acknowledged by the carrier",
        "disk     has room",
        "broker   mqtts://broker.example:8883 connected",
        "boards   main (kerong-cu48) works",
        "doors    1 free",
        "lines    main 812 asked, 810 answered, 2 timed out, 9 stray bytes, 1 reopened",
        "",
        "compartment  size  status  door    since  read   parcel",
        "A01          M     vacant  closed  4 s    0.3 s",
    ]


def test_what_is_wrong_is_said_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    faulty = board(fault="no_reply", detail="address 0 on /dev/x", advice="check power", line=None)
    full = {"stream": "ab", "sequence": 1, "acknowledged": 1, "waiting": 0, "disk_low": True}
    forced = compartment(status="quarantined", quarantine="opened_unasked", door="open", left_open=True)
    lost = compartment(
        id="A02", status="occupied", door="unknown", parcel="P-" + 40 * "7", door_for_s=7300, read_ms=None
    )
    stray = compartment(id="A03", parcel_sensor=True, read_ms=75_000)
    stopped = [{"name": "psu", "wiring_fault": ["A04", "A05"]}]
    parts = [
        {"name": "scanner", "fault": None, "advice": None},
        {"name": "real_time_clock", "fault": "clock_missing", "advice": "fit one"},
    ]
    show_status(status(forced, lost, stray, boards=[faulty], journal=full, supplies=stopped, parts=parts))

    out = capsys.readouterr().out
    assert "boards      main (kerong-cu48) no reply\n" in out
    assert "what to do  main: address 0 on /dev/x: check power\n" in out
    assert "stopped     psu: a lock moved another door than its own; nothing is unlocked." in out
    assert "then `locker unblock A04` and `locker unblock A05`\n" in out
    assert "journal     1 record, all acknowledged by the carrier\n" in out
    assert "disk        full: deposits are refused\n" in out
    assert "parts       scanner works, real time clock clock missing: fit one\n" in out
    assert "look into   A01 (opened unasked)\n" in out
    assert "quarantined  left open" in out
    assert re.search(r"unknown    2 h 1 min +P-7777777777777…", out)
    assert re.search(r"A03 .* 1 min +not empty", out)
    assert max(len(line) for line in out.splitlines() if not line.startswith("stopped")) <= 80


def test_what_is_the_matter_and_whom_nobody_can_tell(capsys: pytest.CaptureFixture[str]) -> None:
    begins, ends = "2026-11-24T03:00:00.000Z", "2026-11-26T03:00:00.000Z"
    site = [
        {"condition": "weather", "from": begins, "until": ends, "holds": True},
        {"condition": "holiday", "from": begins, "until": ends, "holds": False},
    ]
    channels = [
        {"channel": "push", "carrier": "acme", "standing": "delivered", "since": begins},
        {"channel": "sms", "carrier": "acme", "standing": "failed", "since": begins},
    ]
    show_status(status(site=site, channels=channels, untold=["P1"]))

    out = capsys.readouterr().out
    assert "site      weather until 2026-11-26 03:00, holiday from 2026-11-24 03:00 until 2026-11-26 03:00\n" in out
    assert "channels  acme/push alive (2026-11-24 03:00), acme/sms DEAD (2026-11-24 03:00)\n" in out
    assert "see to    nobody can tell the recipients of P1: ask their carrier for another contact\n" in out


def test_parcels_say_until_when_they_wait(capsys: pytest.CaptureFixture[str]) -> None:
    stored = {
        "parcel": "P1", "label": "RR", "carrier": "acme", "custody": "stored", "compartment": "A01",
        "expected_at": "2026-11-23T03:00:00.000Z", "stored_at": "2026-11-23T03:00:00.000Z",
        "hold_until": "2026-11-26T03:00:00.000Z", "expired": True, "cancelled": False, "redirected": False,
        "notice": {"kind": "returning", "standing": "exhausted", "channel": None},
    }  # fmt: skip
    expected = stored | {
        "parcel": "P2",
        "custody": "expected",
        "compartment": None,
        "hold_until": None,
        "expired": False,
        "redirected": True,
        "notice": {"kind": "coming", "standing": "requested", "channel": "sms"},
    }
    show_parcels({"parcels": [stored, expected]})

    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["parcel", "carrier", "custody", "in", "waits", "until", "recipient"],
        ["P1", "acme", "stored", "A01", "2026-11-26", "03:00", "returning:", "untold", "expired"],
        ["P2", "acme", "expected", "coming:", "asked", "redirected"],
    ]


def test_markup_in_what_others_named_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    show_status(status(compartment(parcel="[red]P1[/red]")))

    assert "[red]P1[/red]" in capsys.readouterr().out


def event(name: str, **data: object) -> dict[str, Any]:
    return {"sequence": 412, "time": "2026-11-23T03:00:00.123Z", "type": name, "data": data}


def test_an_event_is_one_line_and_its_long_values_are_cut() -> None:
    line = line_of(event("code.issued", compartment="A01", parcel="P1", code_jwe="x" * 500)).plain

    assert line == f"03:00:00    412  A01   code.issued  parcel=P1  code_jwe={'x' * 39}…"


def test_lists_and_objects_in_an_event_are_readable() -> None:
    stored = event("custody.stored", evidence={"obtained": ["door_cycle"], "shortfall": []}, rules=["ordinary"])
    applied = event("config.applied", compartments=[{"id": "A01"}, {"id": "A02"}])

    assert line_of(stored).plain.endswith("  evidence={obtained=door_cycle, shortfall=}  rules=ordinary")
    assert line_of(applied).plain.endswith("  compartments=2 of them")


def test_an_event_without_details_ends_with_its_name() -> None:
    assert line_of(event("boot.clean_stop")).plain == "03:00:00    412        boot.clean_stop"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 s"), (59, "59 s"), (61, "1 min 1 s"), (3600, "1 h"), (90_061, "1 d 1 h")]
)
def test_time_spans(seconds: int, text: str) -> None:
    assert duration(seconds) == text


def test_amounts() -> None:
    assert [size_of(n) for n in (0, 999, 1_500, 2_000_000, 3_210_000_000)] == [
        "0 bytes", "999 bytes", "1.5 kB", "2.0 MB", "3.2 GB"
    ]  # fmt: skip
    assert (some(1, "record"), some(2, "record"), some(0, "box", "boxes")) == ("1 record", "2 records", "0 boxes")


def test_the_data_directory_is_named_by_option_configuration_or_custom(tmp_path: Path) -> None:
    config = tmp_path / "locker.toml"
    config.write_text('[locker]\ndata_dir = "data"\nrest = "may be wrong"\n')

    assert data_directory(Path("/here"), config) == Path("/here")
    assert data_directory(None, config) == tmp_path / "data"
    assert data_directory(None, None) == DEFAULT_DATA


@pytest.mark.parametrize("content", ["", "[locker]\n", "[locker]\ndata_dir = 3\n", "locker = 3\n", "\N{DEGREE SIGN}"])
def test_a_configuration_without_a_data_directory_is_no_help(tmp_path: Path, content: str) -> None:
    config = tmp_path / "locker.toml"
    config.write_text(content, encoding="latin-1")

    with pytest.raises(Failed, match=r"Name the data directory with --data DIR\."):
        data_directory(None, config)


def test_a_configuration_that_is_not_there_is_no_help(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="cannot be read: No such file"):
        data_directory(None, tmp_path / "gone.toml")
