"""One parcel on real parts: mosquitto, `locker run` on serial lines, `locker carrier`, and Chromium.

Expected, deposited, its code decrypted by the carrier, typed by the recipient, collected, proven to strangers.
"""

import json
import shutil
from pathlib import Path

import pytest
from support import daemon_journal, daemon_rules
from support.broker import running_mosquitto
from support.daemon import a_daemon, locker
from support.daemon_carrier import Backend, a_backend
from support.daemon_line import channel_of
from support.daemon_premises import CARRIER, LOCKER
from support.daemon_site import Site, a_site
from support.locker_in_hand import s10_label
from support.story import Screen, a_screen, openssl_accepts, signing_key

from controller.remote.key_set import KeySet

LABEL = s10_label(47_312_482)
UNLOCK_A01 = bytes.fromhex("02 00 00 51 03 56")


@pytest.mark.timeout(300)
def test_one_parcel_from_the_announcement_to_the_proof(tmp_path: Path) -> None:
    (tmp_path / "broker").mkdir()
    with (
        running_mosquitto(tmp_path / "broker") as broker,
        a_site(tmp_path, broker.port, make_keys=_keys) as site,
        a_backend(site) as backend,
        a_daemon(site) as daemon,
    ):
        daemon.run()
        _announce(site)
        with a_screen(site) as screen:
            _deposit(site, screen)
            backend.wait_for_record("custody.stored", parcel="P1")
            code = _code(backend)
            assert [unlocking.frame for unlocking in site.boards.unlockings] == [UNLOCK_A01]
            _collect(site, screen, code)
        _check_story(site, backend, code)
        daemon.terminate()
        backend.wait_for_sequence(daemon_journal.last_sequence(site.data_dir))

        _check_frames_came_after_records(site)
        _check_proof(site, backend, tmp_path)
        assert daemon_rules.check_carrier(site, backend) == daemon_journal.last_sequence(site.data_dir)
        _check_journal(site, tmp_path)
        assert code not in daemon.said()
        assert not any(code.encode() in raw for _, raw in daemon_journal.rows(site.data_dir))


def _keys(folder: Path) -> KeySet:
    made = locker("carrier", "keys", "--dir", folder, "--carrier", CARRIER)
    assert made.returncode == 0, made.stderr
    return KeySet.load(folder)


def _announce(site: Site) -> None:
    words = ["--url", site.broker_url, "--dir", str(site.carrier_dir), "--locker", LOCKER, "--json"]
    announced = locker("carrier", "expect", "P1", "--label", LABEL, *words)
    assert announced.returncode == 0, announced.stderr
    assert json.loads(announced.stdout)["status"] == "executed"


def _deposit(site: Site, screen: Screen) -> None:
    made = locker("carrier", "driver-pass", "d7", "--locker", LOCKER, "--dir", str(site.carrier_dir), "--json")
    screen.tap("Deliver parcels")
    screen.shows("driver_sign_in")
    site.scanner.reads(json.loads(made.stdout)["token"])
    screen.shows("driver_scan")
    site.scanner.reads(LABEL)
    screen.shows("driver_plan")
    assert site.boards.unlockings == [], "a door was unlocked before the plan was acknowledged"
    screen.tap("I have read this. Open a door")
    screen.reads("Put the parcel in and close the door.")
    assert site.cabinet.put_item(channel_of("A01"))
    assert site.cabinet.close_door(channel_of("A01"))
    screen.shows("driver_outcome")
    screen.tap("Yes, done")
    screen.shows("driver_stored")
    screen.tap("Sign out")
    screen.shows("driver_summary")
    screen.tap("Done")
    screen.shows("home")


def _code(backend: Backend) -> str:
    """As the carrier's backend decrypted it."""
    notice = backend.wait_for(lambda notice: notice.get("parcel") == "P1", "the code")
    assert notice["type"] == "code.issued"
    return str(notice["code"])


def _collect(site: Site, screen: Screen, code: str) -> None:
    screen.tap("Collect a parcel")
    screen.shows("code")
    screen.type(code)
    screen.reads("Take out your parcel and close the door.")
    assert site.cabinet.take_item(channel_of("A01"))
    assert site.cabinet.close_door(channel_of("A01"))
    screen.shows("outcome")
    screen.tap("Yes, got it")
    screen.shows("thanks")


def _check_frames_came_after_records(site: Site) -> None:
    """Each unlock frame found its own record in the journal when it arrived; there are no more of one than of other."""
    authorised = daemon_journal.records(site.data_dir, "unlock.authorised")
    assert [record["data"]["purpose"] for record in authorised] == ["deposit", "pickup"]
    seen = site.boards.unlockings
    assert [unlocking.frame for unlocking in seen] == [UNLOCK_A01, UNLOCK_A01]
    assert [unlocking.sequence for unlocking in seen] == [int(record["sequence"]) for record in authorised]
    daemon_rules.check_unlocks(site.boards)
    assert [pulse.channel for pulse in site.cabinet.pulses] == [1, 1]


def _check_story(site: Site, backend: Backend, code: str) -> None:
    """The running locker's journal tells it from one end to the other, and without the code."""
    backend.wait_for_record("custody.collected", parcel="P1")
    shown = locker("parcels", "show", "P1", "--config", site.config)
    assert shown.returncode == 0, shown.stderr
    assert "custody       collected" in shown.stdout
    assert "announced by carrier" in shown.stdout
    assert code not in shown.stdout


def _check_proof(site: Site, backend: Backend, folder: Path) -> None:
    """The proof of the collection, as it came to the carrier, is good in everybody's eyes, and no other would be."""
    notice = backend.wait_for_record("custody.collected", parcel="P1")
    assert notice["proven"] is True
    (record,) = (raw for raw in backend.records() if json.loads(raw)["type"] == "locker.custody.collected.v1")
    forged = record.replace(b'"compartment":"A01"', b'"compartment":"A02"')
    jwks = locker("key", "show", "--config", site.config).stdout
    (folder / "keys.json").write_text(jwks)
    for raw, good in ((record, True), (forged, False)):
        (folder / "record").write_bytes(raw)
        judged = locker("proof", "verify", folder / "record", "--key", folder / "keys.json")
        assert (judged.returncode == 0) is good, judged.stderr
        assert openssl_accepts(raw, signing_key(jwks), folder) is good
    shown = locker("proof", "show", "P1", "--config", site.config, "--json")
    assert shown.stdout.encode().splitlines()[-1] == record


def _check_journal(site: Site, folder: Path) -> None:
    """It verifies; with one byte flipped on the disk it does not, and the record is named."""
    verified = locker("journal", "verify", "--config", site.config)
    assert verified.returncode == 0, verified.stderr
    damaged = folder / "damaged"
    shutil.copytree(site.data_dir, damaged, ignore=shutil.ignore_patterns("*.sock"))
    (stored,) = daemon_journal.records(site.data_dir, "custody.stored")
    _flip_a_byte(damaged / "journal.db", f'"id":"{stored["id"]}"'.encode())

    judged = locker("journal", "verify", "--data", damaged)

    assert judged.returncode == 1
    assert f"record {int(stored['sequence'])}:" in judged.stderr


def _flip_a_byte(file: Path, of: bytes) -> None:
    content = bytearray(file.read_bytes())
    assert content.count(of) == 1
    content[content.index(of) + len(of) // 2] ^= 0x01
    file.write_bytes(content)
