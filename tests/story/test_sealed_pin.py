"""A driver's PIN from the carrier's file to the locker's screen: nobody who listens at the broker can guess at it."""

from base64 import urlsafe_b64decode
from pathlib import Path

import pytest
from support.daemon import locker
from support.daemon_kiosk import Page
from support.daemon_premises import LOCKER
from support.daemon_storm import a_street
from support.daemon_wire import TOPICS


@pytest.mark.timeout(180)
def test_a_driver_signs_in_with_a_pin_that_nobody_on_the_way_could_read(tmp_path: Path) -> None:
    pin = tmp_path / "pin"
    pin.write_text("482915\n")
    with a_street(tmp_path) as street:
        site = street.site
        street.daemon.run()
        told = locker(
            "carrier", "driver", "d7", "--number", "4711", "--pin-file", pin,
            "--url", site.broker_url, "--dir", site.carrier_dir, "--locker", LOCKER,
        )  # fmt: skip
        assert (told.returncode, told.stdout, told.stderr) == (0, "executed\n", "")
        page = Page(site.kiosk_port)
        for place in ("driver", "number"):
            page.post("/api/visit/go", {"to": place})
        assert page.post("/api/driver/number", {"number": "4711"}).accepted
        assert page.post("/api/driver/pin", {"pin": "482916"}).reason == "pin_wrong"
        assert page.post("/api/driver/pin", {"pin": "482915"}).accepted
        page.leave()
        (sent,) = [each.payload for each in list(street.wire.heard) if each.topic == TOPICS.commands]
        claims = urlsafe_b64decode(sent.split(b".")[1] + b"==")
        assert b"pin_jwe" in claims
        assert b"scrypt" not in claims
        street.daemon.terminate()
