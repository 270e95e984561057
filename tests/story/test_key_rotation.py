"""Keys change hands on a real daemon, over a real broker: what two operators sign holds, through a kill too."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
from support import daemon_journal, daemon_rules
from support.broker import running_mosquitto
from support.daemon import DEADLINE_S, a_daemon, locker
from support.daemon_carrier import a_backend
from support.daemon_people import Street
from support.daemon_premises import CARRIER, LOCKER
from support.daemon_site import Site, a_site, make_keys
from support.daemon_wire import TOPICS, Pen, a_wire

from controller.cli.carrier_line import wall
from controller.contract.keys import Keyring
from controller.domain.commands import Command, ExpectParcel
from controller.domain.ids import CarrierId, ParcelId, Role
from controller.remote.key_set import TRUST_FILE, KeySet

pytestmark = pytest.mark.timeout(300)


def _two_operators(folder: Path) -> KeySet:
    """The carrier's keys, and a second operator's in a folder of their own."""
    keys = make_keys(folder)
    made = locker("carrier", "new-key", "operator", "--dir", folder.parent / "second")
    assert made.returncode == 0, made.stderr
    trust = json.loads((folder / TRUST_FILE).read_text())
    trust["keys"].append(json.loads(made.stdout))
    (folder / TRUST_FILE).write_text(json.dumps(trust))
    return keys


@contextmanager
def _a_street(folder: Path) -> Iterator[Street]:
    (folder / "broker").mkdir()
    with (
        running_mosquitto(folder / "broker") as broker,
        a_site(folder, broker.port, make_keys=_two_operators) as site,
        a_daemon(site) as daemon,
        a_backend(site) as backend,
        a_wire(site) as wire,
    ):
        yield Street(daemon, backend, wire, Pen(site.keys, wall), Random(0))


def _rotate(site: Site, operator: Path, *words: str | Path) -> tuple[int, str]:
    told = locker(
        "fleet", "rotate-key", "--url", site.broker_url, "--dir", operator, "--locker", LOCKER, "--yes", *words
    )
    return told.returncode, told.stdout + told.stderr


def _expect(name: str) -> Command:
    return ExpectParcel(parcel=ParcelId(name), label=name, carrier=CarrierId(CARRIER))


def _answer(street: Street, token: bytes, jti: str) -> str | None:
    """What the locker made of it; None for what it does not answer at all."""
    street.wire.say(TOPICS.commands, token)
    marker, good = Pen(street.site.keys, wall).order(_expect(f"M-{jti}"), Role.OPERATOR)
    street.wire.say(TOPICS.commands, good)
    assert street.wire.result_of(marker, DEADLINE_S, lambda: False) is not None
    result = next((each for each in street.wire.results() if each["jti"] == jti), None)
    return None if result is None else str(result["status"])


def test_a_carriers_key_is_replaced_by_two_operators_and_the_old_one_never_counts_again(tmp_path: Path) -> None:
    with _a_street(tmp_path) as street:
        site, second, fresh = street.site, tmp_path / "second", tmp_path / "fresh"
        street.daemon.run()
        old = Pen(site.keys, wall)
        jti, token = old.order(_expect("P1"))
        assert _answer(street, token, jti) == "executed"
        made = locker("carrier", "new-key", "carrier", "--dir", fresh, "--carrier", CARRIER)
        public = tmp_path / "carrier.json"
        public.write_text(made.stdout)
        kid = site.keys.signing(Role.CARRIER).kid
        assert kid is not None

        change = ("--add", public, "--retire", kid)
        assert _rotate(site, site.carrier_dir, *change) == (0, f"{LOCKER}: executed: second_signature_awaited\n")
        code, said = _rotate(site, site.carrier_dir, *change)
        assert (code, "second_signature" in said) == (1, True)
        code, said = _rotate(site, second, *change[2:])
        assert (code, said) == (1, f"{LOCKER}: refused: carrier_keys\n")
        assert _rotate(site, second, *change) == (0, f"{LOCKER}: executed\n")

        new = Pen(KeySet.load(fresh), wall)
        for name, restarted in (("P2", False), ("P3", True)):
            if restarted:
                street.daemon.kill()
                street.daemon.run()
            jti, token = old.order(_expect(f"{name}-old"))
            assert _answer(street, token, jti) is None
            jti, token = new.order(_expect(f"{name}-new"))
            assert _answer(street, token, jti) == "executed"
        street.daemon.terminate()
        daemon_rules.check(street)
        _check_what_is_listed(site, kid, json.loads(public.read_text())["kid"])


def _check_what_is_listed(site: Site, old: str, new: str) -> None:
    listed = locker("key", "list", "--config", site.config, "--json")
    states = {row["kid"]: row["state"] for row in json.loads(listed.stdout)}
    assert (states[old], states[new]) == ("retired", "good")
    assert old in locker("key", "list", "--config", site.config).stdout
    printed = locker("key", "trust", "--config", site.config).stdout
    kids = {key.kid for key in Keyring.parse(printed.encode()).keys}
    assert (old in kids, new in kids) == (False, True)


def test_the_lockers_own_key_changes_and_what_it_signed_before_stays_good(tmp_path: Path) -> None:
    with _a_street(tmp_path) as street:
        site = street.site
        street.daemon.run()
        parcel, label = street.expect()
        street.deliver(parcel, label)
        running = locker("key", "rotate", "--config", site.config)
        assert (running.returncode, "in use by process" in running.stderr) == (2, True), running.stderr
        street.daemon.terminate()
        before = json.loads(locker("key", "show", "--config", site.config).stdout)["keys"][0]["kid"]
        told = json.loads(locker("key", "rotate", "--config", site.config, "--json").stdout)
        assert told["previous"] == before

        street.daemon.run()
        street.daemon.wait_for_record("key.device_changed", kid=told["kid"], previous=before)
        street.collect(parcel)
        street.backend.wait_for_record("custody.collected", parcel=parcel)
        street.daemon.terminate()
        daemon_rules.check(street)
        _check_proofs(site, tmp_path, before, told["kid"])
        pinned = [notice["text"] for notice in street.backend.notices if "pinned" in notice["text"]]
        assert pinned[-1] == "its keys are pinned from now on, on the word of the key before"


def _check_proofs(site: Site, folder: Path, before: str, after: str) -> None:
    """Old and new ones are good by what the locker publishes, and the journal verifies whole."""
    verified = locker("journal", "verify", "--config", site.config)
    assert verified.returncode == 0, verified.stderr
    keys = folder / "keys.json"
    keys.write_text(locker("key", "show", "--config", site.config).stdout)
    signers = set()
    for _, raw in daemon_journal.rows(site.data_dir):
        proof = json.loads(raw).get("proof")
        if proof is None:
            continue
        file = folder / "proof.json"
        file.write_bytes(raw)
        checked = locker("proof", "verify", file, "--key", keys, "--json")
        assert checked.returncode == 0, checked.stderr
        signers.add(_signer(proof))
    assert signers == {before, after}


def _signer(token: str) -> str:
    header = token.partition(".")[0]
    return str(json.loads(urlsafe_b64decode(header + "=" * (-len(header) % 4)))["kid"])
