"""A contact that bounces, through the real daemon: the next channel, the last one, and then an operator's screen."""

import json
from pathlib import Path

import pytest
from support import daemon_journal
from support.broker import running_mosquitto
from support.daemon import a_daemon, locker
from support.daemon_carrier import Backend, a_backend
from support.daemon_premises import LOCKER
from support.daemon_site import Site, a_site
from support.locker_in_hand import s10_label

CHANNELS = '\n[notices]\nchannels = ["push", "sms"]\ncanary_s = 0\n'


@pytest.mark.timeout(300)
def test_a_bounced_notice_goes_by_the_next_channel_and_in_the_end_to_an_operator(tmp_path: Path) -> None:
    (tmp_path / "broker").mkdir()
    with running_mosquitto(tmp_path / "broker") as broker, a_site(tmp_path, broker.port) as site:
        site.config.write_text(site.config.read_text() + CHANNELS)
        with a_backend(site, "--bounce", "push", "--bounce", "sms") as backend, a_daemon(site) as daemon:
            daemon.run()
            _announce(site)
            backend.wait_for_record("notification.exhausted", parcel="P1", tried=["push", "sms"])

            assert _told(backend) == [
                ("notification.requested", "push"),
                ("notification.failed", "push"),
                ("notification.requested", "sms"),
                ("notification.failed", "sms"),
                ("notification.exhausted", None),
            ]
            status = locker("status", "--data", site.data_dir)
            assert "nobody can tell the recipients of P1" in status.stdout
            daemon.terminate()
        verified = locker("journal", "verify", "--data", site.data_dir)
        assert verified.returncode == 0, verified.stderr
        assert daemon_journal.last_sequence(site.data_dir) > 0


def _announce(site: Site) -> None:
    reach = ["--url", site.broker_url, "--dir", str(site.carrier_dir), "--locker", LOCKER, "--json"]
    announced = locker("carrier", "expect", "P1", "--label", s10_label(1), *reach)
    assert json.loads(announced.stdout)["status"] == "executed"


def _told(backend: Backend) -> list[tuple[str, str | None]]:
    records = [notice for notice in backend.notices if str(notice.get("type", "")).startswith("notification.")]
    return [(record["type"], record["data"].get("channel")) for record in records]
