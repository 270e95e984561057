"""Two carriers at one locker, each with keys and a backend of its own: neither reaches the other's, or learns of it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from support.daemon import locker, wait_until
from support.daemon_carrier import Backend, a_backend
from support.daemon_hands import LOOKS
from support.daemon_kiosk import Page, Reply
from support.daemon_people import ANSWER_S, Street
from support.daemon_premises import LOCKER, Premises
from support.daemon_storm import a_street
from support.daemon_wire import TOPICS, Pen
from support.locker_in_hand import s10_label

from controller.cli.carrier_line import wall
from controller.contract.command import make_command
from controller.domain import commands as cmd
from controller.domain.ids import CarrierId, DriverId, Jti, ParcelId, Role
from controller.remote.key_set import KeySet

SWIFT = CarrierId("swift")
OWN_LABEL, NOBODYS_LABEL = s10_label(40), s10_label(77)
NOBODYS = ParcelId("P99")
_numbers = count(1)


@pytest.mark.timeout(300)
def test_two_carriers_share_a_locker_and_meet_nowhere(tmp_path: Path) -> None:
    with (
        a_street(tmp_path, doors=8, spare=frozenset()) as street,
        _swift(street, tmp_path / "swift") as backend,
    ):
        street.daemon.run()
        (first, label), (second, _) = street.expect(), street.expect()
        street.deliver(first, label)
        _orders_come_to_nothing(street, backend.keys, ParcelId(first), ParcelId(second))
        assert _order(street, backend.keys, _expect(ParcelId(first)))["status"] == "executed"
        door = _bring(street, backend.keys, label)
        code = wait_until(lambda: backend.office.code_of(first), "swift's code")
        _no_pass_opens(street, backend.keys, ParcelId(second))
        _nothing_of_the_others_was_read(street, backend)
        street.collect(first)
        assert _fetch(street, code) == door
        backend.office.wait_for_record("custody.collected", parcel=first, carrier=SWIFT)
        _proofs_are_told_apart(street, first)
        street.daemon.terminate()
        assert "Traceback" not in street.daemon.said()


class Office:
    """Swift's people: their keys and their backend."""

    def __init__(self, keys: KeySet, office: Backend) -> None:
        self.keys = keys
        self.office = office


@contextmanager
def _swift(street: Street, folder: Path) -> Iterator[Office]:
    """It shares the locker, which trusts its keys beside those of the first, but for what is the site's alone."""
    keys = KeySet.create(folder / "carrier", SWIFT)
    site = street.site
    trust = site.carrier_dir / "trust.json"
    known = json.loads(trust.read_text())
    known["keys"] += [each for each in keys.members() if each["roles"] == ["carrier"]]
    trust.write_text(json.dumps(known))
    for name in ("custodian", "operator", "technician"):
        (folder / "carrier" / f"{name}.jwk").unlink()
    with a_backend(Premises(folder, site.kiosk_port, site.broker_port, keys)) as backend:
        yield Office(KeySet.load(folder / "carrier"), backend)


def _expect(parcel: ParcelId) -> cmd.Command:
    return cmd.ExpectParcel(parcel=parcel, label=OWN_LABEL, carrier=SWIFT)


def _order(street: Street, keys: KeySet, command: cmd.Command) -> dict[str, str]:
    jti = Jti(f"swift-{next(_numbers)}")
    token = make_command(
        command, key=keys.signing(Role.CARRIER), issuer=SWIFT, locker=LOCKER, jti=jti, at=wall()
    ).encode()

    def answered() -> dict[str, str] | None:
        street.wire.say(TOPICS.commands, token)
        return street.wire.result_of(jti, ANSWER_S, lambda: not street.daemon.alive)

    answer = wait_until(answered, f"an answer to {command}")
    return {name: value for name, value in answer.items() if name in ("status", "reason")}


def _orders_come_to_nothing(street: Street, keys: KeySet, *others: ParcelId) -> None:
    """Whatever swift orders about the first carrier's parcels is answered as about one that never was."""
    for order in (cmd.CancelParcel, cmd.RecallParcel, cmd.ReissueCode, cmd.RevokeCode):
        unknown = _order(street, keys, order(parcel=NOBODYS))
        assert unknown == {"status": "refused", "reason": "parcel_unknown"}
        for parcel in (*others, *(ParcelId(f"acme/{each}") for each in others)):
            assert _order(street, keys, order(parcel=parcel)) == unknown


def _bring(street: Street, keys: KeySet, others_label: str) -> str:
    """Swift's driver scans the other's parcel, which the locker does not know, and then brings swift's own."""
    page = Page(street.site.kiosk_port)
    badge = Pen(keys, wall).issuer().badge((LOCKER,), DriverId("d7"))
    assert page.post("/api/driver/badge", {"badge": badge}).accepted
    unknown = _what_it_says(page.post("/api/driver/label", {"label": NOBODYS_LABEL}))
    assert _what_it_says(page.post("/api/driver/label", {"label": others_label})) == unknown
    assert unknown["reason"] == "parcel_unknown"
    assert page.post("/api/driver/label", {"label": OWN_LABEL}).accepted
    (door,) = page.post("/api/driver/plan", {"acknowledged": True}).said["compartments"]
    street.daemon.wait_for_record("door.opened", compartment=door)
    street.hands.put_in(door, "swift/P1")
    street.hands.shut(door)
    street.daemon.wait_for_record("door.closed", compartment=door)
    wait_until(lambda: page.post("/api/driver/done", {}).reason != "door_open", "the deposit to be taken in")
    page.leave()
    return str(door)


def _what_it_says(reply: Reply) -> dict[str, object]:
    return {name: value for name, value in reply.said.items() if name != "session"}


def _no_pass_opens(street: Street, keys: KeySet, others: ParcelId) -> None:
    issuer, page = Pen(keys, wall).issuer(), Page(street.site.kiosk_port)
    said = [
        _what_it_says(page.post("/api/pickup", {"pass": issuer.pickup_pass((LOCKER,), parcel)}))
        for parcel in (others, NOBODYS)
    ]
    assert said[0] == said[1]
    assert said[0]["reason"] == "pass_invalid"
    page.leave()


def _nothing_of_the_others_was_read(street: Street, swift: Office) -> None:
    """Neither a code, nor who is to be told: nobody reports on what the other carrier is asked to tell."""
    records = [json.loads(raw) for raw in street.wire.records()]
    assert "notice_unknown" not in [record["data"].get("reason") for record in records]
    issued = [record["data"] for record in records if record["type"] == "locker.code.issued.v1"]
    read = {data["carrier"]: swift.keys.unseal(data["code_jwe"]) is not None for data in issued}
    assert read == {"acme": False, SWIFT: True}


def _fetch(street: Street, code: str) -> str:
    page = Page(street.site.kiosk_port)
    (door,) = page.post("/api/pickup", {"code": code}).said["compartments"]
    wait_until(lambda: door in street.hands.open_doors(), f"{door} to open")
    looked = street.hands.looks()
    wait_until(lambda: street.hands.looks() >= looked + LOOKS, "the locker to see it")
    street.hands.take_out(door)
    street.hands.shut(door)
    page.leave()
    return str(door)


def _proofs_are_told_apart(street: Street, parcel: str) -> None:
    config = ("--config", street.site.config)
    unclear = locker("proof", "show", parcel, *config)
    assert (unclear.returncode, f"Say acme/{parcel} or swift/{parcel}." in unclear.stderr) == (2, True)
    shown = locker("proof", "show", f"swift/{parcel}", *config, "--json")
    assert {json.loads(line)["data"]["carrier"] for line in shown.stdout.splitlines()} == {SWIFT}
