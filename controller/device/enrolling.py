"""The files of this locker's identity at the broker: asked for, checked, put in place, for its eyes only."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from controller.contract.certificates import (
    BadCertificate,
    check_certificate,
    check_issued,
    is_for,
    make_request,
    new_tls_key,
)
from controller.contract.claim import Claim, Grant
from controller.contract.device_keys import DeviceKeys, write_private
from controller.contract.keys import BadKeyring, Keyring
from controller.contract.wire_json import dumps
from controller.device.settings import Settings
from controller.device.settings_identity import IdentitySettings


class NotInstalled(Exception):
    """What was given is not for this locker, and nothing was changed; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Where they lie, as the configuration names them."""

    locker: str
    cert_file: Path
    key_file: Path
    ca_file: Path | None
    keyring: Path

    @classmethod
    def of(cls, settings: Settings | IdentitySettings) -> "Identity":
        """Raises `NotInstalled` where the configuration has no place for a certificate."""
        mqtt = settings.mqtt
        if mqtt.cert_file is None or mqtt.key_file is None:
            raise NotInstalled("mqtt.cert_file and mqtt.key_file name no place for a certificate and its key")
        return cls(settings.locker.id, mqtt.cert_file, mqtt.key_file, mqtt.ca_file, settings.trust.keyring)

    @property
    def next_key(self) -> Path:
        """The key that the next certificate is for; it takes the place of the present one together with it."""
        return self.key_file.with_name(f"{self.key_file.name}.next")

    def request(self) -> bytes:
        """A signing request for a new key, which is kept until the certificate comes. Raises `BadCertificate`,
        OSError.
        """
        if not self.next_key.exists():
            self.next_key.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_private(self.next_key, new_tls_key())
        return make_request(read_private(self.next_key), self.locker)

    def install(self, grant: Grant, now: datetime) -> None:
        """Put key, certificate and, where there is none yet, keyring and authority in place. A power cut in between
        does no harm: the same again completes it. Raises `NotInstalled`, OSError.
        """
        certificate, authority = grant.certificate.encode(), grant.authority.encode()
        try:
            check_certificate(certificate, authority, self.locker, now)
            if self.cert_file.exists():
                check_issued(self.cert_file.read_bytes(), authority)
            fresh = self._key_for(certificate)
            trust = None if grant.trust is None else dumps(grant.trust)
            if trust is not None:
                Keyring.parse(trust)
        except (BadCertificate, BadKeyring) as error:
            raise NotInstalled(str(error)) from None
        if self.ca_file is not None and not self.ca_file.exists():
            write_private(self.ca_file, authority)
        if trust is not None and not self.keyring.exists():
            write_private(self.keyring, trust + b"\n")
        if fresh == self.next_key:
            self.next_key.replace(self.key_file)
        write_private(self.cert_file, certificate)

    def _key_for(self, certificate: bytes) -> Path:
        for path in (self.next_key, self.key_file):
            if path.exists() and is_for(certificate, read_private(path)):
                return path
        raise NotInstalled("the certificate is for a key that is not here: make a request with `locker key csr` again")


def read_private(path: Path) -> bytes:
    """A file that only its owner may read. Raises `NotInstalled` for one that others can, OSError."""
    if path.stat().st_mode & 0o077:
        raise NotInstalled(f"{path} can be read by others: chmod 600 it, and think about whether it was copied")
    return path.read_bytes()


def claim_of(identity: Identity, keys: DeviceKeys, now: datetime) -> Claim:
    """What this locker asks for now. Raises `BadCertificate`, OSError."""
    return Claim(identity.locker, identity.request().decode(), keys.public(), int(now.timestamp()))


def device_keys_at(data_dir: Path) -> DeviceKeys:
    """The locker's own keys, made here where it never ran. Raises `BadDeviceKeys`, OSError."""
    directory = data_dir / "keys"
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return DeviceKeys.load_or_create(directory)


def now() -> datetime:
    """By the machine's clock."""
    return datetime.now(UTC)
