"""Brokers whose certificate is not good: said in words, in log, doctor and status, and never spoken to."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from support.broker import Mosquitto, running_mosquitto
from support.locker_folder import GOOD, make_folder
from support.on_a_loop import eventually, on_a_loop
from support.parties import Party, together

from controller.cli.service_client import ask
from controller.contract.broker import Broker
from controller.contract.certificates import make_request, new_tls_key
from controller.device.app import open_locker
from controller.device.doctor.surroundings import broker_asked, broker_told
from controller.device.settings import load
from controller.remote.authority import Authority
from firmware_bridge.parts import PartState

pytestmark = pytest.mark.timeout(60)
NOW = datetime.now(UTC)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Fault:
    """How a broker's certificate is not good, and how that reads."""

    words: str
    host: str = "127.0.0.1"
    starts: datetime = NOW - DAY
    ends: datetime = NOW + DAY
    own_authority: bool = False


FAULTS = {
    "expired": Fault("its certificate has expired", starts=NOW - 2 * DAY, ends=NOW - DAY),
    "early": Fault("its certificate is not good yet, or this machine's clock is behind", starts=NOW + DAY / 2),
    "another host": Fault("its certificate is for another host", host="127.0.0.2"),
    "another authority": Fault("its certificate is by an authority that ca_file does not hold", own_authority=True),
}


def server_files(folder: Path, fault: Fault, authority: Authority) -> list[str]:
    """Certificate and key of a broker, as lines of its configuration."""
    signer = Authority.load_or_create(folder / "foreign", NOW) if fault.own_authority else authority
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "broker")]))
        .issuer_name(signer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(fault.starts)
        .not_valid_after(fault.ends)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(fault.host))]), critical=False)
        .sign(signer.key, SHA256())
    )
    (folder / "b.crt").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / "b.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return [f"certfile {folder / 'b.crt'}", f"keyfile {folder / 'b.key'}", f"cafile {folder / 'ca' / 'ca.crt'}"]


@contextmanager
def a_broker(folder: Path, fault: Fault, *more: str) -> Iterator[tuple[Mosquitto, Broker]]:
    """One that runs with such a certificate, and how a locker that trusts our authority would reach it."""
    authority = Authority.load_or_create(folder / "ca", NOW)
    with running_mosquitto(folder, *server_files(folder, fault, authority), *more) as broker:
        yield broker, Broker("127.0.0.1", broker.port, tls=True, ca_file=folder / "ca" / "ca.crt")


async def why_not(broker: Broker, words: str) -> None:
    """Wait until the link gives this as its reason; it has never been up."""
    party = Party(broker, "L0042")
    running = asyncio.create_task(party.link.run())
    try:
        await eventually(lambda: party.link.reason == words)
    except AssertionError:
        raise AssertionError(f"the reason is {party.link.reason!r}") from None
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert party.ups == 0


async def comes_up(broker: Broker) -> None:
    """Connect once."""
    async with together(Party(broker, "L0042")):
        pass


def configured(folder: Path, url: str) -> Path:
    """A locker's configuration for that broker."""
    return make_folder(folder, GOOD.replace('url = "mqtt://127.0.0.1:1"', f'url = "{url}"\nca_file = "ca/ca.crt"'))


@pytest.mark.parametrize("kind", FAULTS)
def test_a_certificate_that_is_not_good_is_named_and_not_spoken_to(
    kind: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    fault = FAULTS[kind]
    with a_broker(tmp_path, fault) as (mosquitto, broker), caplog.at_level(logging.WARNING):
        on_a_loop(why_not)(broker, fault.words)
        assert f"no link to the broker at 127.0.0.1:{mosquitto.port}: {fault.words}" in caplog.text
        part = broker_asked(load(configured(tmp_path, f"mqtts://127.0.0.1:{mosquitto.port}")))
        assert (part.state, part.what) == (PartState.MISSING, f"mqtts://127.0.0.1:{mosquitto.port}: {fault.words}")
    assert "as L0042" not in mosquitto.said()


def test_a_good_one_is_spoken_to(tmp_path: Path) -> None:
    with a_broker(tmp_path, Fault("")) as (_, broker):
        on_a_loop(comes_up)(broker)


def test_a_broker_that_speaks_no_tls_is_never_spoken_to_in_the_clear(tmp_path: Path) -> None:
    authority = Authority.load_or_create(tmp_path / "ca", NOW)
    with running_mosquitto(tmp_path) as mosquitto:
        broker = Broker("127.0.0.1", mosquitto.port, tls=True, ca_file=tmp_path / "ca" / "ca.crt")
        on_a_loop(why_not)(broker, "it hung up in the TLS handshake; does it speak TLS at this port?")
        assert "as L0042" not in mosquitto.said()
    assert authority.pem


@pytest.mark.parametrize(
    ("by", "words"),
    [
        (None, "it wants a certificate of ours, and cert_file names none"),
        ("foreign", "it does not know the authority of our certificate"),
    ],
)
def test_a_certificate_of_ours_that_it_does_not_take_is_said_so(tmp_path: Path, by: str | None, words: str) -> None:
    with a_broker(tmp_path, Fault(""), "require_certificate true") as (_, broker):
        if by is not None:
            key = new_tls_key()
            signed = Authority.load_or_create(tmp_path / by, NOW).sign(make_request(key, "L0042"), "L0042", NOW)
            (tmp_path / "own.key").write_bytes(key)
            (tmp_path / "own.crt").write_bytes(signed)
            broker = replace(broker, cert_file=tmp_path / "own.crt", key_file=tmp_path / "own.key")
        on_a_loop(why_not)(broker, words)


@pytest.mark.timeout(120)
def test_the_status_of_a_running_locker_says_it_and_people_are_served(tmp_path: Path) -> None:
    with a_broker(tmp_path, FAULTS["expired"]) as (mosquitto, _):
        config = configured(tmp_path, f"mqtts://127.0.0.1:{mosquitto.port}")
        on_a_loop(_status_says)(config, FAULTS["expired"].words)


async def _status_says(config: Path, words: str) -> None:
    async with open_locker(load(config), services={}) as locker:
        await eventually(lambda: locker.uplink.link.reason == words)
        told = await asyncio.to_thread(ask, config.parent / "data", {"do": "status"})
        broker = told["broker"]
        assert isinstance(broker, dict)
        assert (broker["connected"], broker["reason"]) == (False, words)
        assert broker_told(broker).what.endswith(words)
