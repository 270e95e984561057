"""A locker's configuration from afar: pushed, in force, refused, and kept, on a real daemon and a real broker."""

import json
from pathlib import Path
from typing import Any

import pytest
from support import daemon_journal
from support.daemon import locker, wait_until
from support.daemon_kiosk import Page
from support.daemon_people import Street
from support.daemon_premises import LOCKER
from support.daemon_storm import a_street
from support.daemon_wire import TOPICS

from controller.contract.desired_config import make_config
from controller.domain.ids import Role

GOOD = """\
[locker]
name = "Central station, east door"

[policy]
hold_s = 3600

[kiosk]
languages = ["en", "de"]

[[rules]]
id = "cold"
when = { classes = ["cold"] }
longest_hold_s = 7200
says = { en = "Kept cold for two hours.", de = "Zwei Stunden kühl." }
"""
BAD = """\
[policy]
hold_s = 30
reopen = 5

[[rules]]
id = "cold"
hold_s = 60
says = { en = "Cold." }
"""


class Operator:
    """Types `locker fleet config …`, and looks at what the locker says."""

    def __init__(self, street: Street, folder: Path) -> None:
        self._street = street
        self._folder = folder
        site = street.site
        self._reach = ("--url", site.broker_url, "--dir", site.carrier_dir, "--locker", LOCKER, "--timeout", "30")

    def push(self, text: str, *words: str, code: int = 0) -> str:
        """Push this; it must end with this exit code."""
        file = self._folder / "wanted.toml"
        file.write_text(text, "utf-8")
        ended = locker("fleet", "config", "push", file, "--yes", *words, *self._reach)
        assert ended.returncode == code, (ended.stdout, ended.stderr)
        return ended.stdout + ended.stderr

    def apply(self, version: int, code: int = 0) -> dict[str, Any]:
        """Have it looked at once more."""
        ended = locker("fleet", "config", "apply", str(version), "--yes", "--json", *self._reach)
        assert ended.returncode == code, (ended.stdout, ended.stderr)
        told: dict[str, Any] = json.loads(ended.stdout)[LOCKER]
        return told

    def reported(self) -> dict[str, Any]:
        """The last report."""
        said = [heard.payload for heard in list(self._street.wire.heard) if heard.topic == TOPICS.config_reported]
        told: dict[str, Any] = json.loads(said[-1]) if said else {}
        return told

    def wait_for(self, **members: object) -> dict[str, Any]:
        """The first report with these members."""
        return wait_until(lambda: self._having(members), f"a report with {members}")

    def _having(self, members: dict[str, object]) -> dict[str, Any] | None:
        told = self.reported()
        return told if members.items() <= told.items() else None

    def in_force(self) -> dict[str, Any]:
        """`locker config show`, by key."""
        told = json.loads(locker("config", "show", "--config", self._street.site.config, "--json").stdout)
        rows: dict[str, Any] = {row["key"]: (row["value"], row["from"]) for row in told["keys"]}
        return rows


@pytest.mark.timeout(300)
def test_a_configuration_is_pushed_takes_effect_and_stays(tmp_path: Path) -> None:
    with a_street(tmp_path, doors=4) as street:
        operator, daemon, data = Operator(street, tmp_path), street.daemon, street.site.data_dir
        daemon.run()
        assert operator.wait_for(version=0).keys() - {"unmet"} == {"version", "sha256"}
        assert operator.in_force()["locker.name"] == ("Central station", "file")

        assert operator.push(GOOD) == f"{LOCKER}: version 1 is in force\n"
        assert operator.in_force()["policy.hold_s"] == (3600, "afar")
        assert operator.in_force()["policy.open_wait_ms"] == (4000, "file")
        assert _site_of(street)["languages"] == ["en", "de"]
        assert _site_of(street)["rules"]["de"]["cold"] == "Zwei Stunden kühl."
        [accepted] = daemon_journal.records(data, "config.accepted")
        [_, applied] = daemon_journal.records(data, "config.applied")
        assert (accepted["data"]["version"], applied["data"]["version"]) == (1, 1)
        assert "hold_s" not in json.dumps(accepted)
        parcel, label = street.expect()
        street.deliver(parcel, label)
        [planned] = daemon_journal.records(data, "plan.made")
        assert planned["data"]["hold_s"] == 3600
        assert daemon_journal.names(data).count("boot.unclean_stop") == 0

        _refused(operator, street)
        daemon.terminate()
        daemon.run()
        _wait_refused(operator, "bad_settings")
        assert operator.wait_for(version=1)["refused"]["version"] == 2
        assert operator.in_force()["policy.hold_s"] == (3600, "afar")

        assert operator.push("", "--version", "5") == f"{LOCKER}: version 5 is in force\n"
        assert "policy.hold_s" not in operator.in_force()
        assert "refused" not in operator.reported()
        daemon.terminate()
        assert "Traceback" not in daemon.said()


def _refused(operator: Operator, street: Street) -> None:
    """What is wrong in any way changes nothing, and whoever wanted it is told why."""
    said = operator.push(BAD, code=1)
    assert f"{LOCKER}: refused: bad_settings\n" in said
    assert "config/desired: policy.hold_s: " in said
    assert "config/desired: policy.reopen: there is no such key; did you mean 'reopen_ms'?" in said
    assert operator.apply(2, code=1)["data"]["problems"][0]["key"] == "policy.hold_s"
    assert operator.apply(9, code=1)["reason"] == "not_offered"
    assert operator.wait_for(version=1)["refused"]["reason"] == "bad_settings"
    assert "refused: version_used" in operator.push("[policy]\nhold_s = 7200\n", "--version", "1", code=1)
    assert "stands in the locker's own file alone" in operator.push('[mqtt]\nurl = "mqtt://127.0.0.1:1"\n', code=2)
    for role, locker_id, reason in ((Role.CARRIER, LOCKER, "not_allowed"), (Role.OPERATOR, "L9", "wrong_audience")):
        token = make_config(3, GOOD, key=street.pen.key(role), issuer="acme", lockers=[locker_id])
        _keep(street, token.encode())
        _wait_refused(operator, reason)
    forged = make_config(3, GOOD, key=street.pen.key(Role.OPERATOR), issuer="acme", lockers=[LOCKER])
    _keep(street, forged.encode()[:-8] + b"AAAAAAAA")
    _wait_refused(operator, "bad_signature")
    _keep(street, b"nothing of the kind")
    _wait_refused(operator, "not_understood")
    street.daemon.wait_for_record("config.refused", reason="bad_settings", version=2)
    street.daemon.wait_for_record("security.bad_signature", what="config")
    assert operator.push(BAD, "--version", "2", code=1)
    assert operator.in_force()["policy.hold_s"] == (3600, "afar")


def _keep(street: Street, token: bytes) -> None:
    street.wire.say(TOPICS.config_desired, token, retain=True)


def _wait_refused(operator: Operator, reason: str) -> None:
    wait_until(lambda: operator.reported().get("refused", {}).get("reason") == reason, f"{reason} to be reported")


def _site_of(street: Street) -> dict[str, Any]:
    return Page(street.site.kiosk_port).site()
