"""The carrier's app on real parts: a program reads the QR code off the screen, and `locker carrier` opens the door."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from support import daemon_journal
from support.daemon import locker, wait_until
from support.daemon_people import Street
from support.daemon_storm import a_street_and_broker
from support.story import Screen, a_screen


@pytest.mark.timeout(300)
def test_the_app_opens_the_door_while_its_owner_stands_there_once(tmp_path: Path) -> None:
    with a_street_and_broker(tmp_path) as (street, _):
        street.daemon.run()
        street.deliver(*street.expect())
        street.deliver(*street.expect())
        pulses = len(street.site.boards.unlockings)
        with a_screen(street.site) as screen:
            _ask_for_it(screen)
            left = _read(screen, tmp_path)
            screen.tap("Start again")
            _ask_for_it(screen)
            assert _authorise(street, "P1", left) == {"status": "refused", "reason": "not_present"}, "another visit's"
            assert len(street.site.boards.unlockings) == pulses

            seen = _read(screen, tmp_path)
            assert _authorise(street, "P1", seen) == {"status": "executed", "outcome": "opening"}
            screen.reads("Take out your parcel and close the door.")
            [door] = wait_until(street.hands.open_doors, "the door to spring open")
            street.hands.take_out(door)
            street.hands.shut(door)
            screen.shows("outcome")
            assert _authorise(street, "P2", seen) == {"status": "refused", "reason": "not_present"}, "it is spent"
        street.daemon.wait_for_record("custody.collected", parcel="P1")
        (collected,) = daemon_journal.records(street.site.data_dir, "custody.collected")
        assert collected["data"]["evidence"]["obtained"] == ["app", "door_cycle"]
        assert not daemon_journal.records(street.site.data_dir, "code.accepted")
        assert len(street.site.boards.unlockings) == pulses + 1
        nonce = seen.rpartition("=")[2]
        assert not any(nonce.encode() in raw for _, raw in daemon_journal.rows(street.site.data_dir))


def _ask_for_it(screen: Screen) -> None:
    screen.tap("Collect a parcel")
    screen.tap("Scan a pass instead")
    screen.shows("scan")
    screen.tap("Use the carrier's app")
    screen.reads("Read this with the carrier's app")


def _read(screen: Screen, folder: Path) -> str:
    """What is on the screen, as a program reads it that reads what telephones read."""
    picture = folder / "screen.png"
    screen.photograph(picture)
    read = subprocess.run(["zbarimg", "--quiet", "--raw", picture], capture_output=True, check=True, timeout=60)
    text = read.stdout.decode().strip()
    assert text.startswith("locker:")
    return text


def _authorise(street: Street, parcel: str, text: str) -> dict[str, Any]:
    words: list[str | Path] = ["--url", street.site.broker_url, "--dir", street.site.carrier_dir, "--json"]
    said = locker("carrier", "authorise", parcel, text, *words)
    result: dict[str, Any] = json.loads(said.stdout)
    assert (said.returncode == 0) is (result["status"] == "executed")
    del result["jti"]
    return result
