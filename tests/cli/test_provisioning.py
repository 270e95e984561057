"""A new locker is let in: with a token over the shipped broker, by hand with files, and anew before its time is up."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.daemon import LOCKER_COMMAND, locker
from support.keyring import device_keys, key_set
from support.on_a_loop import eventually, on_a_loop
from support.parties import MINE, OTHERS, Party, together
from support.shipped_broker import Shipped, made

from controller.cli.carrier_line import wall
from controller.contract.claim import Claim, Grant, make_claim
from controller.contract.topics import Topics
from controller.contract.wire_json import dumps
from controller.device.certificate import certificate_days
from controller.device.enrolling import Identity, NotInstalled
from controller.device.renewal import Renewal
from controller.remote.authority import Authority
from controller.remote.device_pins import verifier
from controller.remote.notice import Notice
from controller.remote.provisioning import Renewals

pytestmark = pytest.mark.timeout(120)
CONFIG = """\
[locker]
id = "L0042"
name = "Central station"
data_dir = "data"

[mqtt]
url = "mqtts://127.0.0.1:{port}"
ca_file = "ca.crt"
cert_file = "own/L0042.crt"
key_file = "own/L0042.key"

[trust]
keyring = "trust.json"

[[supplies]]
name = "psu"

[[boards]]
name = "main"
driver = "simulated"
supply = "psu"

[[compartments]]
id = "A01"
size = "M"
board = "main"
channel = 1
"""


class Ground:
    """A broker that lets nobody in without a certificate, a carrier's folder, and a locker that has none yet."""

    def __init__(self, folder: Path) -> None:
        self.broker = Shipped(folder)
        self.authority = folder / "certs"
        self.carrier = folder / "carrier"
        self.place = folder / "locker"
        self.config = self.place / "locker.toml"
        self.place.mkdir()
        (self.place / "ca.crt").write_bytes((self.authority / "ca.crt").read_bytes())
        self.config.write_text(CONFIG.format(port=self.broker.port))
        assert locker("carrier", "keys", "--dir", self.carrier, "--carrier", "acme").returncode == 0

    @property
    def identity(self) -> Identity:
        own = self.place / "own"
        return Identity("L0042", own / "L0042.crt", own / "L0042.key", self.place / "ca.crt", self.place / "trust.json")

    def as_(self, name: str) -> list[str | Path]:
        """Options of `locker carrier` for this certificate."""
        certs = self.authority
        files = {"--ca-file": "ca.crt", "--cert-file": f"{name}.crt", "--key-file": f"{name}.key"}
        return [word for option, file in files.items() for word in (option, certs / file)]

    @contextmanager
    def provisioning(self, *more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
        """`locker carrier provision L0042`, waiting, and the token that it printed."""
        words = [*LOCKER_COMMAND, "carrier", *self.as_("backend"), "provision", "L0042", "--dir", self.carrier]
        words += ["--authority", self.authority, "--url", f"mqtts://127.0.0.1:{self.broker.port}", *more]
        with subprocess.Popen(
            list(map(str, words)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as waiting:
            assert waiting.stdout is not None
            try:
                yield waiting, waiting.stdout.readline().strip()
            finally:
                waiting.kill()

    def claim(self, token: str, *more: str) -> subprocess.CompletedProcess[str]:
        """`locker claim` with this token."""
        file = self.place / "token"
        file.write_text(token)
        certs = ("--cert-file", self.authority / "claim.crt", "--key-file", self.authority / "claim.key")
        return locker("claim", "--config", self.config, "--token-file", file, *certs, *more)


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Ground]:
    made(tmp_path / "certs", "broker=127.0.0.1", "backend", "claim", "L0043")
    ground = Ground(tmp_path)
    ground.broker.start()
    yield ground
    ground.broker.stop()


def openssl(*words: str | Path) -> str:
    ran = subprocess.run(["openssl", *map(str, words)], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout + ran.stderr


def private(*files: Path) -> bool:
    return all(file.stat().st_mode & 0o077 == 0 for file in files)


def test_a_locker_claims_its_identity_with_a_token_and_the_broker_knows_it(ground: Ground) -> None:
    with ground.provisioning() as (backend, token):
        told = ground.claim(token)
        assert (told.returncode, told.stderr) == (0, "")
        assert "the broker knows it" in told.stdout
        assert backend.wait(20) == 0
    own = ground.identity
    assert private(own.cert_file, own.key_file, own.keyring)
    assert not own.next_key.exists()
    openssl("verify", "-purpose", "sslclient", "-CAfile", ground.authority / "ca.crt", own.cert_file)
    assert "CN = L0042" in openssl("x509", "-in", own.cert_file, "-noout", "-subject")
    assert json.loads(own.keyring.read_text()) == json.loads((ground.carrier / "trust.json").read_text())
    kept = (ground.authority / "devices" / "L0042.json").read_text()
    assert json.loads(kept) == json.loads(locker("key", "show", "--config", ground.config).stdout)
    assert locker("check", "--config", ground.config).returncode == 0
    _speaks_for_itself_alone(ground)


@on_a_loop
async def _speaks_for_itself_alone(ground: Ground) -> None:
    own = ground.identity
    party = Party(ground.broker.with_files(own.cert_file, own.key_file, ground.authority), "L0042")
    claimant = Party(ground.broker.as_seen_by("claim", ground.authority), "claim")
    async with together(party):
        assert await party.say(MINE.events) is None
        assert await party.say(OTHERS.claim) == "Not authorized"
    async with together(claimant):
        assert await claimant.say(MINE.claim) is None
        assert await claimant.say(MINE.claim_answer) == "Not authorized"
        assert await claimant.say(MINE.events) == "Not authorized"


def test_a_wrong_token_gets_nothing_and_is_told_at_both_ends(ground: Ground) -> None:
    with ground.provisioning("--timeout", "25") as (backend, token):
        told = ground.claim(token[::-1], "--timeout", "6")
        assert (told.returncode, "nobody answers who knows the token" in told.stderr) == (3, True)
        _, said = backend.communicate()
        assert backend.returncode == 3
    assert "turned away, the last because it does not know the token" in said
    assert token[::-1] not in said + told.stderr
    assert not ground.identity.cert_file.exists()
    assert not ground.identity.keyring.exists()


def test_by_hand_with_a_file_each_way(ground: Ground, tmp_path: Path) -> None:
    request = tmp_path / "L0042.csr"
    request.write_text(locker("key", "csr", "--config", ground.config).stdout)
    assert "verify OK" in openssl("req", "-in", request, "-noout", "-verify", "-subject").replace("self-signature ", "")
    assert private(ground.identity.next_key)
    signing = ("carrier", "provision", "L0042", "--csr", request, "--authority", ground.authority)
    grant = tmp_path / "grant.json"
    grant.write_text(locker(*signing, "--dir", ground.carrier).stdout)

    put = locker("key", "install", grant, "--config", ground.config)
    assert (put.returncode, put.stderr) == (0, "")
    own = ground.identity
    assert private(own.cert_file, own.key_file, own.keyring)
    openssl("verify", "-CAfile", ground.authority / "ca.crt", own.cert_file)
    assert locker("key", "install", grant, "--config", ground.config).returncode == 0, "the same again does no harm"
    other = locker("carrier", "provision", "L0043", *signing[3:], "--dir", ground.carrier)
    assert (other.returncode, "is for 'L0042', not for L0043" in other.stderr) == (2, True)


def test_what_is_not_for_this_locker_is_not_installed(tmp_path: Path) -> None:
    own, authority, foreign = _identity(tmp_path), _authority(tmp_path / "ca"), _authority(tmp_path / "other")
    now, request = datetime.now(UTC), own.request()
    good = Grant(authority.sign(request, "L0042", now).decode(), authority.pem.decode())
    of_another = Grant(foreign.sign(request, "L0042", now).decode(), authority.pem.decode())
    with pytest.raises(NotInstalled, match="not by the authority"):
        own.install(of_another, now)
    with pytest.raises(NotInstalled, match="and not now"):
        own.install(good, now + timedelta(days=1000))
    with pytest.raises(NotInstalled, match="keys"):
        own.install(Grant(good.certificate, good.authority, {"keys": []}), now)
    own.next_key.chmod(0o644)
    with pytest.raises(NotInstalled, match="chmod 600"):
        own.install(good, now)
    own.next_key.chmod(0o600)
    own.install(good, now)

    with pytest.raises(NotInstalled, match="not by the authority"):
        own.install(Grant(foreign.sign(own.request(), "L0042", now).decode(), foreign.pem.decode()), now)
    own.next_key.unlink()
    other = Identity("L0042", tmp_path / "x.crt", tmp_path / "x.key", None, tmp_path / "trust.json")
    with pytest.raises(NotInstalled, match="a key that is not here"):
        own.install(Grant(authority.sign(other.request(), "L0042", now).decode(), good.authority), now)


def _identity(folder: Path) -> Identity:
    return Identity("L0042", folder / "own.crt", folder / "own.key", None, folder / "trust.json")


def _authority(folder: Path) -> Authority:
    return Authority.load_or_create(folder, datetime.now(UTC))


@on_a_loop
async def test_a_certificate_that_ends_soon_is_renewed_over_the_lockers_own_link(ground: Ground) -> None:
    own, authority, now = ground.identity, _authority(ground.authority), datetime.now(UTC)
    own.install(Grant(authority.sign(own.request(), "L0042", now, days=10).decode(), authority.pem.decode()), now)
    before = own.key_file.read_bytes()
    broker = ground.broker.with_files(own.cert_file, own.key_file, ground.authority)
    mine = Party(broker, "L0042")
    backend = Party(ground.broker.as_seen_by("backend", ground.authority), "backend")
    notices: list[Notice] = []
    keys = device_keys()
    known = {"L0042": verifier(dumps(keys.public()))}
    Renewals(backend.link, "locker/v1", authority=authority, keys_of=known.get, tell=notices.append)
    Renewal(mine.link, Topics("locker/v1", "L0042"), own, keys, wall)
    async with together(backend), together(mine):
        await eventually(lambda: (certificate_days(own.cert_file, wall()) or 0) > 800)
    assert own.key_file.read_bytes() != before
    assert private(own.cert_file, own.key_file)
    assert [notice.text for notice in notices] == ["has a new certificate, good for 825 days"]
    renewed = Party(ground.broker.with_files(own.cert_file, own.key_file, ground.authority), "L0042")
    async with together(renewed):
        assert await renewed.say(MINE.events) is None


@on_a_loop
async def test_nobody_elses_request_is_signed(ground: Ground) -> None:
    own, authority = ground.identity, _authority(ground.authority)
    notices: list[Notice] = []
    backend = Party(ground.broker.as_seen_by("backend", ground.authority), "backend")
    thief = Party(ground.broker.as_seen_by("L0043", ground.authority), "L0043", OTHERS.claim_answer)
    known = {"L0042": verifier(dumps(device_keys().public())), "L0043": verifier(dumps(key_set_as_device()))}
    Renewals(backend.link, "locker/v1", authority=authority, keys_of=known.get, tell=notices.append)
    async with together(thief, backend):
        stolen = Claim("L0042", own.request().decode(), device_keys().public(), wall() // 1000)
        assert await thief.say(OTHERS.claim, make_claim(stolen, device_keys(), None)) is None
        await eventually(lambda: notices)
        assert thief.got == []
    assert "gets none: it is not by the key of that locker" in notices[0].text


def key_set_as_device() -> dict[str, object]:
    """Some other device's keys."""
    return {"keys": [member | {"use": "sig"} for member in key_set().members() if member["crv"] == "Ed25519"]}
