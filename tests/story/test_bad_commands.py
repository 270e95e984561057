"""The matrix of bad commands: over a real broker, to a real daemon. Each is refused, on record, and moves nothing."""

import json
import sys
from base64 import urlsafe_b64decode
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from support import daemon_journal, daemon_rules, daemon_unset_clock
from support.daemon import DEADLINE_S, wait_until
from support.daemon_line import Unlocking
from support.daemon_people import Street
from support.daemon_storm import a_street
from support.daemon_wire import TOPICS, Pen
from support.forger import forged

from controller.contract.device_keys import new_key, public_jwk
from controller.contract.jose import Typ, sign
from controller.contract.status import LockerStatus
from controller.domain.commands import BlockCompartment, UnlockCompartment
from controller.domain.ids import CompartmentId, DriverId, Role

A01, A02 = CompartmentId("A01"), CompartmentId("A02")
OPEN, BLOCK = UnlockCompartment(compartment=A01), BlockCompartment(compartment=A02)
FORGED = "security.bad_signature"
"""The event; all others are `command.refused` with a reason, or `security.replay`."""
REPLAYED = "security.replay"
Told = Mapping[str, str]


@dataclass(frozen=True)
class Bad:
    """One row: what is sent, what is on record of it, and what its sender is told, if it can be told anything."""

    name: str
    make: Callable[[Pen], tuple[str | None, bytes]]
    on_record: str
    told: Told | None = None
    retain: bool = False


def _nobody(payload: Callable[[Pen], bytes]) -> Callable[[Pen], tuple[str | None, bytes]]:
    """Nobody can be answered, for it is not known, or not to be believed, who sent it."""
    return lambda pen: (None, payload(pen))


def _order(**odd: object) -> Callable[[Pen], tuple[str | None, bytes]]:
    """Well signed by the operator, and odd in one thing."""
    return lambda pen: pen.order(OPEN, Role.OPERATOR, **odd)  # type: ignore[arg-type]  # each row gives what fits


def _good(pen: Pen) -> bytes:
    return pen.order(OPEN, Role.OPERATOR)[1]


def _payload(pen: Pen, **odd: object) -> bytes:
    """A good order's claims, with these changed."""
    raw = _good(pen).split(b".")[1]
    return json.dumps(json.loads(_decoded(raw)) | odd).encode()


def _decoded(part: bytes) -> bytes:
    return urlsafe_b64decode(part + b"=" * (-len(part) % 4))


def _header(**odd: object) -> Callable[[Pen], tuple[str | None, bytes]]:
    """A good order whose header was changed before it was signed by the operator's own key."""
    return _nobody(lambda pen: forged(_payload(pen), pen.key(Role.OPERATOR), odd))


def _other_key(bring: bool) -> Callable[[Pen], tuple[str | None, bytes]]:
    """Signed by a key of the forger's, under the operator's name; the header brings that key, or does not."""

    def make(pen: Pen) -> tuple[str | None, bytes]:
        own = new_key("Ed25519")
        header: dict[str, object] = {"kid": pen.key(Role.OPERATOR).kid}
        return None, forged(_payload(pen), own, header | ({"jwk": public_jwk(own, "sig")} if bring else {}))

    return make


def _cut(pen: Pen) -> bytes:
    return _good(pen)[:-40]


def _claims(**odd: object) -> Callable[[Pen], tuple[str | None, bytes]]:
    """Well signed by the operator, with these claims."""

    def make(pen: Pen) -> tuple[str | None, bytes]:
        payload = _payload(pen, **odd)
        return json.loads(payload)["jti"], sign(payload, pen.key(Role.OPERATOR), Typ.COMMAND).encode()

    return make


def _swapped(pen: Pen) -> bytes:
    (header, _, signature), (_, other, _) = _good(pen).split(b"."), _good(pen).split(b".")
    return b".".join((header, other, signature))


def _unsigned(pen: Pen) -> bytes:
    return _payload(pen)


def _alg_none(signature: bytes) -> Callable[[Pen], tuple[str | None, bytes]]:
    def make(pen: Pen) -> tuple[str | None, bytes]:
        header, payload, _ = forged(_payload(pen), pen.key(Role.OPERATOR), {"alg": "none"}).split(b".")
        return None, b".".join((header, payload, signature))

    return make


def _refused(reason: str) -> Told:
    return {"status": "refused", "reason": reason}


ROWS = (
    Bad("not JSON", _nobody(lambda pen: b"\xff\x00 nothing of the kind"), "not_understood"),
    Bad("empty", _nobody(lambda pen: b""), "not_understood"),
    Bad("unsigned", _nobody(_unsigned), "not_understood"),
    Bad("truncated", _nobody(_cut), "not_understood"),
    Bad("1 MB", _nobody(lambda pen: b"x" * 1024 * 1024), "too_large"),
    Bad("1 MB and well signed", _claims(iss="x" * 1024 * 1024), "too_large"),
    Bad("no JSON under a good signature", _nobody(lambda pen: sign(b"?", pen.key(Role.OPERATOR), Typ.COMMAND).encode()),
        "not_understood"),
    Bad("another order under this signature", _nobody(_swapped), FORGED),
    Bad("signed by a wrong key", _other_key(bring=False), FORGED),
    Bad("signed by a key nobody knows", _header(kid="nobody"), FORGED),
    Bad("brings its key: jwk", _other_key(bring=True), FORGED),
    Bad("brings a key beside a good signature: jwk", _header(jwk={"kty": "OKP"}), FORGED),
    Bad("points to a key: jku", _header(jku="http://127.0.0.1/keys.json"), FORGED),
    Bad("points to a certificate: x5u", _header(x5u="http://127.0.0.1/chain.pem"), FORGED),
    Bad("brings a certificate: x5c", _header(x5c=["MIIB"]), FORGED),
    Bad("crit", _header(crit=["b64"], b64=False), FORGED),
    Bad("alg EdDSA", _header(alg="EdDSA"), FORGED),
    Bad("alg HS256", _header(alg="HS256"), FORGED),
    Bad("alg missing", _header(alg=None), FORGED),
    Bad("alg none, signed all the same", _header(alg="none"), FORGED),
    Bad("alg none, no signature", _alg_none(b""), "not_understood"),
    Bad("kid missing", _header(kid=None), FORGED),
    Bad("typ missing", _header(typ=None), FORGED),
    Bad("a driver's badge", _nobody(lambda pen: pen.issuer().badge(("L0042",), DriverId("d7")).encode()), FORGED),
    Bad("by the custodian, who opens nothing", lambda pen: pen.order(OPEN, Role.CUSTODIAN), "not_allowed",
        _refused("not_allowed")),
    Bad("by a carrier, who opens nothing", lambda pen: pen.order(OPEN, Role.CARRIER), "not_allowed",
        _refused("not_allowed")),
    Bad("for another locker", _order(locker="L0043"), "wrong_audience", _refused("wrong_audience")),
    Bad("for nobody", _claims(aud=[]), "wrong_audience", _refused("wrong_audience")),
    Bad("expired", _order(age_s=3600), "expired", {"status": "expired", "reason": "expired"}),
    Bad("from the future", _order(age_s=-3600), "expired", {"status": "expired", "reason": "expired"}),
    Bad("lives too long", _order(lifetime_s=3600), "lifetime_too_long", _refused("lifetime_too_long")),
    Bad("exp before iat", _claims(exp=1), "not_understood", _refused("not_understood")),
    Bad("no counter", _order(counted=False), "counter_back", _refused("counter_back")),
    Bad("counter gone back", _claims(ctr=1), "counter_back", _refused("counter_back")),
    Bad("a claim nobody knows", _claims(sudo=True), "not_understood", _refused("not_understood")),
    Bad("a command nobody knows", _claims(cmd={"type": "locker.explode"}), "not_understood",
        _refused("not_understood")),
    Bad("a compartment that is none", _claims(cmd={"type": OPEN.TYPE, "compartment": "../A01"}), "not_understood",
        _refused("not_understood")),
    Bad("retained", _nobody(_good), "retained", retain=True),
)  # fmt: skip
"""Each sent once to a locker that has just carried out a good one."""


@dataclass(frozen=True)
class Seen:
    """What came of one row."""

    answers: tuple[Told, ...]
    pulses: int


@dataclass(frozen=True)
class Day:
    """What came of all of them."""

    rows: Mapping[str, Seen]
    counted: Mapping[str, int]
    """How often each kind stands on record."""
    good: tuple[Told, ...]
    """What the sender of the good one was told, who sent it twice."""
    after_restart: tuple[Told, ...]
    """And when it came a third time, to a locker that had been off."""
    unlockings: tuple[Unlocking, ...]


class Office:
    """Sends what it is told, and knows when the locker has dealt with it."""

    def __init__(self, street: Street) -> None:
        self._street = street
        self._own: set[str] = set()

    def send(self, payload: bytes, *, retain: bool = False) -> None:
        """Publish it as a command, and wait until the locker has dealt with it: commands are taken in order."""
        self._street.wire.say(TOPICS.commands, payload, retain=retain)
        jti, token = self._street.pen.order(BLOCK, Role.OPERATOR)
        self._own.add(jti)
        self._street.wire.say(TOPICS.commands, token)
        assert self.answer(jti)["status"] == "executed"

    def answer(self, jti: str) -> Told:
        """What the locker made of one that it could tell by its id."""
        answer = self._street.wire.result_of(jti, DEADLINE_S, lambda: False)
        assert answer is not None, f"no result for {jti}"
        return answer

    def answers(self, jti: str | None, since: int = 0) -> tuple[Told, ...]:
        """Every result for this id; for a command without one, whatever was said that was no answer to our orders."""
        said = self._street.wire.results()[since:]
        return tuple(
            {name: value for name, value in each.items() if name not in ("jti", "detail")}
            for each in said
            if each["jti"] == jti or (jti is None and each["jti"] not in self._own)
        )

    def opens(self) -> tuple[str, bytes]:
        """A good order, carried out."""
        jti, token = self._street.pen.order(OPEN, Role.OPERATOR)
        self.send(token)
        assert self.answer(jti)["status"] == "executed"
        assert len(self._street.site.boards.unlockings) == 1
        self._street.hands.shut(A01)
        self._street.daemon.wait_for_record("door.closed")
        return jti, token


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    """One daemon, to which one good command and then every bad one is sent; off and on again; then stopped."""
    with a_street(tmp_path_factory.mktemp("street")) as street:
        yield _spend_a_day(street)


def _spend_a_day(street: Street) -> Day:
    office, boards, rows = Office(street), street.site.boards, {}
    street.daemon.run()
    jti, token = office.opens()
    office.send(token)
    good = office.answers(jti)
    for row in ROWS:
        before, said = len(boards.unlockings), len(street.wire.results())
        id, payload = row.make(street.pen)
        office.send(payload, retain=row.retain)
        rows[row.name] = Seen(office.answers(id if row.told else None, said), len(boards.unlockings) - before)
    street.daemon.terminate()
    street.daemon.run()
    street.daemon.wait_for_record("command.refused", reason="retained")
    office.send(token)
    after = office.answers(jti)[len(good) :]
    street.daemon.terminate()
    daemon_rules.check(street)
    return Day(rows, _counted(street.site.data_dir), good, after, tuple(boards.unlockings))


def _counted(data_dir: Path) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for record in daemon_journal.records(data_dir):
        name, data = record["type"].removeprefix("locker.").removesuffix(".v1"), record["data"]
        if name == "command.refused":
            counted[data["reason"]] += data["count"]
        elif name in (FORGED, REPLAYED):
            counted[name] += data["count"]
    return dict(counted)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_bad_command_is_refused_recorded_and_moves_nothing(day: Day, row: Bad) -> None:
    seen = day.rows[row.name]

    assert seen.pulses == 0
    assert seen.answers == (() if row.told is None else (row.told,))
    assert day.counted[row.on_record] >= 1


@pytest.mark.timeout(300)
def test_every_one_of_them_is_counted_and_none_twice(day: Day) -> None:
    expected = Counter(row.on_record for row in ROWS)
    expected["retained"] += 1  # the broker brings it again to the locker that comes back
    expected[REPLAYED] += 2

    assert day.counted == expected


@pytest.mark.timeout(300)
def test_a_duplicate_and_a_replay_get_the_first_answer_and_move_nothing(day: Day) -> None:
    again = {"status": "duplicate", "first": "opened"}

    assert [answer["status"] for answer in day.good] == ["executed", "duplicate"]
    assert day.after_restart == (again,)
    assert len(day.unlockings) == 1


@contextmanager
def _a_locker_with_its_clock_unset(folder: Path) -> Iterator[tuple[Street, Office]]:
    with a_street(folder) as street:
        street.daemon.start([sys.executable, "-P", Path(daemon_unset_clock.__file__), street.site.config])
        street.daemon.wait_ready()
        yield street, Office(street)
        street.daemon.terminate()
        daemon_rules.check(street)


@pytest.mark.timeout(300)
def test_with_the_clock_unknown_only_a_fresh_nonce_opens(tmp_path: Path) -> None:
    with _a_locker_with_its_clock_unset(tmp_path) as (street, office):
        said = street.wire.wait_for(lambda heard: heard.topic == TOPICS.status, "the status")
        stale = LockerStatus.decode(said.payload).nonce
        assert stale is not None
        fresh = _use_up(street, office, _use_up(street, office, stale))
        for nonce in (None, "made up", stale):
            jti, token = street.pen.order(OPEN, Role.OPERATOR, nonce=nonce)
            street.wire.say(TOPICS.commands, token)
            assert office.answer(jti)["reason"] == "nonce_required", nonce
        assert street.site.boards.unlockings == []

        jti, token = street.pen.order(OPEN, Role.OPERATOR, nonce=fresh)
        street.wire.say(TOPICS.commands, token)
        assert office.answer(jti)["status"] == "executed"
        wait_until(lambda: street.site.boards.unlockings, "the frame to have travelled down the line")
    assert _counted(street.site.data_dir) == {"nonce_required": 3}
    (opened,) = street.site.boards.unlockings
    assert opened.lawful


def _use_up(street: Street, office: Office, nonce: str) -> str:
    """Send a good order with this nonce; the one that the locker has then."""
    jti, token = street.pen.order(BLOCK, Role.OPERATOR, nonce=nonce)
    street.wire.say(TOPICS.commands, token)
    assert office.answer(jti)["status"] == "executed"

    def newer() -> str | None:
        said = [
            LockerStatus.decode(each.payload).nonce for each in list(street.wire.heard) if each.topic == TOPICS.status
        ]
        return said[-1] if said and said[-1] != nonce else None

    return wait_until(newer, "a new nonce")
