"""A code that somebody has read over a shoulder is frozen without its second identifier, and the pass still opens."""

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

SECOND = "4711"


@pytest.mark.timeout(300)
def test_a_known_code_is_frozen_after_five_guesses_and_its_pass_opens(tmp_path: Path) -> None:
    with a_street_and_broker(tmp_path) as (street, _):
        config = street.site.config
        config.write_text(config.read_text() + "\n[codes]\nsecond_digits = 4\n")
        street.daemon.run()
        _announce(street, tmp_path)
        street.deliver("P1", s10_label(1))
        code = street.backend.code_of("P1")
        assert code is not None
        assert len(code) == 6

        page = Page(street.site.kiosk_port)
        assert page.post("/api/pickup", {"code": code}).said["result"] == "wanted"
        refused = [page.post("/api/visit/second", {"pin": "0000"})]
        refused += [page.post("/api/pickup", {"code": code, "second": f"000{n}"}) for n in (1, 2, 3, 4)]
        assert {reply.reason for reply in refused} == {"code_invalid"}
        street.backend.wait_for_record("code.frozen", parcel="P1")
        assert page.post("/api/pickup", {"code": code, "second": SECOND}).reason == "code_invalid"
        take_out(street, open_up(street, page, **{"pass": _a_pass(street)}), "P1")
        page.leave()
        street.daemon.terminate()
        said = json.dumps([notice for notice in street.backend.notices if notice.get("type") != "custody.stored"])
        assert f'"{SECOND}"' not in said


def _announce(street: Street, folder: Path) -> None:
    site = street.site
    keys, digits = folder / "locker-keys.json", folder / "second"
    keys.write_text(locker("key", "show", "--data", site.data_dir).stdout)
    digits.write_text(SECOND + "\n")
    words = ["--url", site.broker_url, "--dir", str(site.carrier_dir), "--locker", LOCKER, "--timeout", "30"]
    words += ["--second", str(digits), "--locker-keys", str(keys)]
    announced = locker("carrier", "expect", "P1", "--label", s10_label(1), *words)
    assert announced.returncode == 0, announced.stderr


def _a_pass(street: Street) -> str:
    made = locker("carrier", "pass", "P1", "--dir", str(street.site.carrier_dir), "--locker", LOCKER, "--json")
    return str(json.loads(made.stdout)["token"])
