"""Commands over a real broker that must move nothing: refused with an event, and no frame on the line."""

import json
from collections import Counter
from pathlib import Path

import pytest
from support import daemon_journal, daemon_rules
from support.daemon import DEADLINE_S, wait_until
from support.daemon_people import Street
from support.daemon_storm import a_street
from support.daemon_wire import TOPICS, Pen

from controller.contract.jose import Typ, sign
from controller.domain.commands import BlockCompartment, UnlockCompartment
from controller.domain.ids import CompartmentId, DriverId, Role

A01 = CompartmentId("A01")
OPEN = UnlockCompartment(compartment=A01)


class Office:
    """Sends what it is told, and knows when the locker has dealt with it."""

    def __init__(self, street: Street) -> None:
        self._street = street

    def send(self, payload: bytes, *, retain: bool = False) -> None:
        """Publish it as a command."""
        self._street.wire.say(TOPICS.commands, payload, retain=retain)

    def answer(self, jti: str) -> dict[str, str]:
        """What the locker made of one that it could tell by its id."""
        answer = self._street.wire.result_of(jti, DEADLINE_S, lambda: False)
        assert answer is not None, f"no result for {jti}"
        return answer

    def catch_up(self) -> None:
        """Wait until everything sent so far was dealt with: commands are taken in order."""
        jti, token = self._street.pen.order(BlockCompartment(compartment=CompartmentId("A02")), Role.OPERATOR)
        self.send(token)
        assert self.answer(jti)["status"] == "executed"


@pytest.mark.timeout(300)
def test_bad_commands_are_refused_with_an_event_and_move_nothing(tmp_path: Path) -> None:
    with a_street(tmp_path) as street:
        office, pen = Office(street), street.pen
        street.daemon.run()

        for payload in _nameless(pen):
            office.send(payload)
        for payload, jti, answer in _named(pen):
            office.send(payload)
            assert answer.items() <= office.answer(jti).items()
        office.catch_up()
        assert street.site.boards.unlockings == []

        jti, good = pen.order(OPEN, Role.OPERATOR)
        office.send(good)
        assert office.answer(jti)["status"] == "executed"
        wait_until(lambda: street.site.boards.unlockings, "the frame to have travelled down the line")
        (seen,) = street.site.boards.unlockings
        office.send(good)
        office.catch_up()
        assert [result["status"] for result in street.wire.results() if result["jti"] == jti] == [
            "executed",
            "duplicate",
        ]

        _, kept = pen.order(OPEN, Role.OPERATOR)
        office.send(kept, retain=True)
        office.catch_up()
        street.daemon.terminate()
        street.daemon.run()
        street.daemon.wait_for_record("command.refused", reason="retained", count=1)
        office.catch_up()
        street.daemon.terminate()

        assert street.site.boards.unlockings == [seen]
        daemon_rules.check(street)
        assert _refused(street) == REFUSED


def _nameless(pen: Pen) -> list[bytes]:
    """Nobody can be answered, for it is not known, or not to be believed, who sent them."""
    _, token = pen.order(OPEN, Role.OPERATOR)
    header, payload, signature = token.split(b".")
    return [
        json.dumps({"iss": "acme", "cmd": {"type": "compartment.unlock", "compartment": "A01"}}).encode(),
        b"\xff\x00 nothing of the kind",
        b"",
        b"x" * 70_000,
        b".".join((header, payload, b"A" * len(signature))),
        b".".join((header, b"e30", signature)),
        pen.issuer().badge(("L0042",), DriverId("d7")).encode(),
        sign(b"no JSON at all", pen.key(Role.OPERATOR), Typ.COMMAND).encode(),
    ]


def _named(pen: Pen) -> list[tuple[bytes, str, dict[str, str]]]:
    """Well signed, and still wrong: with what their senders are told."""
    late, late_token = pen.order(OPEN, Role.OPERATOR, age_s=3600)
    early, early_token = pen.order(OPEN, Role.OPERATOR, age_s=-3600)
    astray, astray_token = pen.order(OPEN, Role.OPERATOR, locker="L0043")
    presumed, presumed_token = pen.order(OPEN, Role.CARRIER)
    lasting, lasting_token = pen.order(OPEN, Role.OPERATOR, lifetime_s=3600)
    backward, backward_token = pen.order(OPEN, Role.OPERATOR, counted=False)
    return [
        (late_token, late, {"status": "expired"}),
        (early_token, early, {"status": "expired"}),
        (astray_token, astray, {"status": "refused", "reason": "wrong_audience"}),
        (presumed_token, presumed, {"status": "refused", "reason": "not_allowed"}),
        (lasting_token, lasting, {"status": "refused", "reason": "lifetime_too_long"}),
        (backward_token, backward, {"status": "refused", "reason": "counter_back"}),
    ]


REFUSED = {
    "not_understood": 4,
    "too_large": 1,
    "bad_signature": 3,
    "expired": 2,
    "wrong_audience": 1,
    "not_allowed": 1,
    "lifetime_too_long": 1,
    "counter_back": 1,
    "replay": 1,
    "retained": 2,
}
"""Every one of them is counted, once."""


def _refused(street: Street) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for record in daemon_journal.records(street.site.data_dir):
        data = record["data"]
        match record["type"]:
            case "locker.command.refused.v1":
                counted[data["reason"]] += data["count"]
            case "locker.security.bad_signature.v1" | "locker.security.replay.v1" as kind:
                counted[kind.split(".")[2]] += data["count"]
            case _:
                pass
    return dict(counted)
