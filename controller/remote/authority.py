"""A small certificate authority for trials: `ca.key` and `ca.crt` in a folder, as `make-certificates.sh` makes them.

A fleet's own authority does the same with its own tools: what a locker sends is a plain signing request.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from controller.contract.certificates import BadCertificate, read_request
from controller.contract.device_keys import write_private

DAYS = 825
"""How long a client's certificate is good, where nobody says otherwise."""
_AUTHORITY_DAYS = 7300
_BACKDATED = timedelta(minutes=5)
"""For clocks that are a little behind."""


@dataclass(frozen=True, slots=True)
class Authority:
    """Signs what lockers ask for."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def load_or_create(cls, folder: Path, now: datetime) -> "Authority":
        """Raises `BadCertificate` for files that are none, OSError."""
        if not (folder / "ca.key").exists():
            _create(folder, now)
        try:
            key = load_pem_private_key((folder / "ca.key").read_bytes(), None)
            certificate = x509.load_pem_x509_certificate((folder / "ca.crt").read_bytes())
        except (ValueError, TypeError):
            raise BadCertificate(f"{folder}: ca.key and ca.crt are not a key and a certificate in PEM") from None
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
            raise BadCertificate(f"{folder}: ca.key is not the key of ca.crt, on an elliptic curve")
        return cls(certificate, key)

    @property
    def pem(self) -> bytes:
        """Its own certificate."""
        return self.certificate.public_bytes(Encoding.PEM)

    def sign(self, request: bytes, locker: str, now: datetime, days: int = DAYS) -> bytes:
        """The certificate of this locker, for the key that asks. Raises `BadCertificate` for another one's request."""
        name, read = read_request(request)
        if name != locker:
            raise BadCertificate(f"the request is for {name!a}, not for {locker}")
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, locker)]))
            .issuer_name(self.certificate.subject)
            .public_key(read.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _BACKDATED)
            .not_valid_after(now + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(read.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        )
        return builder.sign(self.key, SHA256()).public_bytes(Encoding.PEM)


def _create(folder: Path, now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "lockers")])
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + timedelta(days=_AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(folder / "ca.key", pem)
    (folder / "ca.crt").write_bytes(certificate.public_bytes(Encoding.PEM))
