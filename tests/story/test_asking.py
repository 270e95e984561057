"""What a carrier and an operator may ask of a real locker, over a real broker, from the command line."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from support import daemon_journal
from support.daemon import locker
from support.daemon_people import Street
from support.daemon_premises import LOCKER
from support.daemon_storm import a_street
from support.daemon_wire import TOPICS


class Desk:
    """Types commands of `locker carrier` and `locker fleet`."""

    def __init__(self, street: Street) -> None:
        self._reach = ("--url", street.site.broker_url, "--dir", street.site.carrier_dir, "--locker", LOCKER)

    def typed(self, *words: str, code: int = 0) -> str:
        """What it printed; it must end with this exit code."""
        ended = locker(*words, *self._reach)
        assert ended.returncode == code, (words, ended.stdout, ended.stderr)
        return ended.stdout

    def told(self, *words: str, code: int = 0) -> dict[str, Any]:
        """The same as data."""
        told: dict[str, Any] = json.loads(self.typed(*words, "--json", code=code))
        return told


@pytest.mark.timeout(300)
def test_what_a_locker_is_asked_it_tells(tmp_path: Path) -> None:
    with a_street(tmp_path, doors=4) as street:
        desk = Desk(street)
        street.daemon.run()
        parcel, label = street.expect()
        street.deliver(parcel, label)
        coming, _ = street.expect()
        _snapshot(street, desk, parcel, coming)
        _findings(desk)
        _replay(street, desk)
        street.daemon.terminate()
        street.daemon.run()
        _replay(street, desk)
        _snapshot(street, desk, parcel, coming)
        street.daemon.terminate()
        assert "Traceback" not in street.daemon.said()
        asked = [
            record["data"]["command"] for record in daemon_journal.records(street.site.data_dir, "command.received")
        ]
        assert {"journal.replay", "state.snapshot", "diagnostics.run"} <= set(asked)


def _snapshot(street: Street, desk: Desk, inside: str, coming: str) -> None:
    heard = len(street.wire.heard)
    data = desk.told("carrier", "snapshot")["data"]
    rows = {row["parcel"]: row for row in data["parcels"]}
    assert rows.keys() == {inside, coming}
    assert (rows[inside]["custody"], rows[coming]["custody"]) == ("stored", "expected")
    assert rows[inside]["expires_at"] > "2026"
    assert data["sizes"]["M"]["occupied"] == 1
    assert data["sizes"]["M"]["free"] == 3
    anew = {message.topic for message in street.wire.heard[heard:]}
    assert {TOPICS.status, TOPICS.keys, TOPICS.state, TOPICS.compartment(rows[inside]["compartment"])} <= anew
    assert f"{inside}  acme  stored  " in desk.typed("carrier", "snapshot")


def _findings(desk: Desk) -> None:
    answer = desk.told("fleet", "diagnose", "--yes", code=0)[LOCKER]
    rows = {row["part"]: row for row in answer["data"]["findings"]}
    assert {"locker", "data directory", "journal", "keys", "disk", "clock", "broker", "board main"} <= rows.keys()
    assert rows["board main"]["state"] == "found"
    assert "journal.db" not in json.dumps(answer)
    assert desk.typed("fleet", "diagnose", "--yes").startswith(f"{LOCKER}: executed: ")


def _replay(street: Street, desk: Desk) -> None:
    street.backend.wait_for_sequence(daemon_journal.last_sequence(street.site.data_dir))
    status = json.loads(locker("status", "--config", street.site.config, "--json").stdout)
    heard = len(street.wire.records())
    assert "8 said once more" in desk.typed("carrier", "replay", "3", "10")
    wanted = [raw for sequence, raw in daemon_journal.rows(street.site.data_dir) if 3 <= sequence <= 10]
    assert _only(street.wire.records()[heard:], wanted) == wanted
    after = json.loads(locker("status", "--config", street.site.config, "--json").stdout)
    assert after["journal"]["acknowledged"] >= status["journal"]["acknowledged"]
    refused = desk.told("carrier", "replay", "3", "900000", code=1)
    assert (refused["reason"], refused["data"]["first"]) == ("not_kept", 1)
    assert refused["data"]["last"] <= daemon_journal.last_sequence(street.site.data_dir)
    assert street.backend.complaints == []


def _only(heard: Sequence[bytes], wanted: Sequence[bytes]) -> list[bytes]:
    return [raw for raw in heard if raw in wanted]
