"""Where a locker stands: its data directory, journal, keys and certificates, the disk, the clock, the broker."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cryptography import x509

from controller.contract.broker import tls_fault
from controller.contract.device_keys import BadDeviceKeys, DeviceKeys
from controller.device.broker_settings import broker_of
from controller.device.settings import Settings
from controller.journal.database import looking_into
from controller.journal.errors import JournalDamaged, JournalRefused
from controller.journal.files import database_path
from controller.journal.reading import last
from firmware_bridge.parts import Part, PartState

LEAST_FREE_BYTES: Final = 256 * 1024 * 1024
"""Less than this is soon full: a busy locker writes some 10 MB a week, and its journal is capped."""
BROKER_S: Final = 5.0
SOON: Final = timedelta(days=30)


def data_directory(settings: Settings) -> Iterator[Part]:
    """The directory, the journal in it and the locker's own keys."""
    directory = settings.locker.data_dir
    if not directory.exists():
        yield _to_be_made(directory)
    elif not directory.is_dir() or not os.access(directory, os.R_OK | os.W_OK | os.X_OK):
        yield Part("data directory", PartState.FAULTY, f"{directory} cannot be used", "see to its owner and its mode")
    else:
        yield Part("data directory", PartState.FOUND, str(directory))
        yield _journal(directory)
        yield _keys(directory / "keys")


def disk(directory: Path) -> Part:
    """Whether there is room."""
    standing = next(path for path in (directory, *directory.resolve().parents) if path.exists())
    free = shutil.disk_usage(standing).free
    what = f"{free // 1_000_000} MB free where {directory} is"
    if free < LEAST_FREE_BYTES:
        return Part("disk", PartState.FAULTY, what, "make room, or use a larger card: a full disk ends deposits")
    return Part("disk", PartState.FOUND, what)


def clock(synchronised: Callable[[], bool]) -> Part:
    """Whether somebody keeps the clock right."""
    if synchronised():
        return Part("clock", PartState.FOUND, "it is kept right by NTP")
    advice = "let systemd-timesyncd or chrony reach a time server; codes expire by this clock"
    return Part("clock", PartState.FAULTY, "nobody keeps it right", advice)


def certificates(settings: Settings, now: datetime) -> Iterator[Part]:
    """How long the certificates for the broker are good."""
    for key, file in (("ca_file", settings.mqtt.ca_file), ("cert_file", settings.mqtt.cert_file)):
        if file is not None:
            yield _certificate(key, file, now)


def broker_told(told: Mapping[str, Any]) -> Part:
    """The broker as a running locker has it."""
    if told["connected"]:
        return Part("broker", PartState.FOUND, f"{told['url']} is connected")
    return Part("broker", PartState.MISSING, f"{told['url']}: {told['reason']}", _NETWORK)


def broker_asked(settings: Settings) -> Part:
    """Whether something takes calls there, and its certificate is good. Nothing is said to it."""
    broker = broker_of(settings.mqtt)
    try:
        with socket.create_connection((broker.host, broker.port), BROKER_S) as connection:
            if broker.tls:
                broker.tls_context().wrap_socket(connection, server_hostname=broker.host).close()
    except OSError as error:
        return Part("broker", PartState.MISSING, f"{settings.mqtt.url}: {tls_fault(error)}", _NETWORK)
    return Part("broker", PartState.FOUND, f"{settings.mqtt.url} takes calls; no name or password was tried")


_NETWORK: Final = "check the network, `mqtt.url` and the certificates; people are served meanwhile"


def _to_be_made(directory: Path) -> Part:
    standing = next(path for path in directory.resolve().parents if path.exists())
    if os.access(standing, os.W_OK | os.X_OK):
        return Part("data directory", PartState.FOUND, f"{directory} will be made at the first start")
    advice = f"make it, or let this user write in {standing}"
    return Part("data directory", PartState.MISSING, f"{directory} is not there and cannot be made", advice)


def _journal(directory: Path) -> Part:
    if not database_path(directory).exists():
        return Part("journal", PartState.FOUND, "there is none yet; it will be made at the first start")
    try:
        with looking_into(directory) as connection:
            records = last(connection).sequence
    except (JournalRefused, JournalDamaged) as error:
        return Part("journal", PartState.FAULTY, str(error), "`locker journal verify` says more")
    return Part("journal", PartState.FOUND, f"{records} records; `locker journal verify` checks each of them")


def _keys(directory: Path) -> Part:
    if not any(directory.glob("*.jwk")):
        return Part("keys", PartState.FOUND, "there are none yet; they will be made at the first start")
    try:
        keys = DeviceKeys.load_or_create(directory)
    except BadDeviceKeys as unusable:
        return Part(
            "keys", PartState.FAULTY, str(unusable), "`locker key show` prints the public ones once they are good"
        )
    except OSError as error:
        return Part("keys", PartState.FAULTY, f"{error.filename}: {error.strerror}", "run this as the locker's user")
    return Part("keys", PartState.FOUND, f"they are there; proofs are signed by {keys.sign.kid}")


def _certificate(key: str, file: Path, now: datetime) -> Part:
    try:
        found = x509.load_pem_x509_certificates(file.read_bytes())
        ends = min(each.not_valid_after_utc for each in found)
    except (OSError, ValueError) as error:
        return Part(f"certificate {key}", PartState.FAULTY, f"{file}: {error}", "put a PEM certificate there")
    what = f"{file} is good until {ends:%Y-%m-%d}"
    if ends - now < SOON:
        return Part(f"certificate {key}", PartState.FAULTY, what, "renew it; it is read anew at every connection")
    return Part(f"certificate {key}", PartState.FOUND, what)
