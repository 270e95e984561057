"""A neighbour is let collect one parcel, and another is let no more: code, pass and broker, on real parts."""

import json
from pathlib import Path

import pytest
from support.daemon import locker
from support.daemon_kiosk import Page
from support.daemon_people import Street
from support.daemon_premises import LOCKER
from support.daemon_recipient import open_up, take_out
from support.daemon_storm import a_street_and_broker
from support.locker_in_hand import s10_label


@pytest.mark.timeout(300)
def test_a_neighbour_collects_and_one_who_was_revoked_does_not(tmp_path: Path) -> None:
    with a_street_and_broker(tmp_path) as (street, _):
        config = street.site.config
        config.write_text(config.read_text() + "\n[codes]\ndelegates = 2\n")
        street.daemon.run()
        _carrier(street, "expect", "P1", "--label", s10_label(1))
        street.deliver("P1", s10_label(1))
        codes = {name: _delegate(street, name) for name in ("anna", "ben")}
        assert street.backend.code_of("P1") not in codes.values()
        _carrier(street, "revoke", "P1", "--delegate", "ben")

        page = Page(street.site.kiosk_port)
        assert page.post("/api/pickup", {"code": codes["ben"]}).reason == "code_invalid"
        assert page.post("/api/pickup", {"pass": _a_pass(street, "ben")}).reason == "pass_invalid"
        take_out(street, open_up(street, page, code=codes["anna"]), "P1")
        assert page.post("/api/visit/got-it", {}).accepted
        assert page.post("/api/visit/my-wishes", {}).reason == "not_now"
        accepted = street.backend.wait_for_record("code.accepted", delegate="anna")
        assert accepted["data"]["parcel"] == "P1"
        page.leave()
        street.daemon.terminate()
        assert not any(code in street.daemon.said() for code in codes.values())


def _carrier(street: Street, *words: str) -> None:
    reach = ["--url", street.site.broker_url, "--dir", str(street.site.carrier_dir), "--locker", LOCKER]
    done = locker("carrier", *words, *reach, "--timeout", "30")
    assert done.returncode == 0, done.stderr


def _delegate(street: Street, name: str) -> str:
    _carrier(street, "delegate", "P1", name)
    told = street.backend.wait_for_record("code.delegated", parcel="P1", delegate=name)
    return str(told["delegated_code"])


def _a_pass(street: Street, name: str) -> str:
    words = ["--dir", str(street.site.carrier_dir), "--locker", LOCKER, "--delegate", name, "--json"]
    return str(json.loads(locker("carrier", "pass", "P1", *words).stdout)["token"])
