"""Certificates for the broker, X.509 in PEM: what a locker asks for, and whether that is what it is given."""

from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID


class BadCertificate(ValueError):
    """A request or certificate that must not be used; the sentence says why."""


def new_tls_key() -> bytes:
    """A private key on P-256, PEM without a passphrase: it is for a file that only its owner reads."""
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def make_request(key: bytes, locker: str) -> bytes:
    """A certificate signing request (RFC 2986) for a locker, by its private key. Raises `BadCertificate`."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, locker)])
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(_key(key), SHA256())
    return request.public_bytes(Encoding.PEM)


def read_request(request: bytes) -> tuple[str, x509.CertificateSigningRequest]:
    """Who asks, and for which key. Raises `BadCertificate` where the request does not prove that the key is theirs."""
    try:
        read = x509.load_pem_x509_csr(request)
        good = read.is_signature_valid
    except (ValueError, TypeError):
        raise BadCertificate("this is no certificate signing request in PEM") from None
    if not good or not isinstance(read.public_key(), ec.EllipticCurvePublicKey):
        raise BadCertificate("the request is not signed by a key on an elliptic curve of its own")
    return common_name(read.subject), read


def common_name(subject: x509.Name) -> str:
    """The one common name. Raises `BadCertificate`."""
    names = subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if len(names) != 1:
        raise BadCertificate("exactly one common name is needed: the locker's id")
    return str(names[0].value)


def is_for(certificate: bytes, key: bytes) -> bool:
    """Whether a certificate is for this private key. Raises `BadCertificate`."""
    return _certificate(certificate).public_key() == _key(key).public_key()


def check_certificate(certificate: bytes, authority: bytes, locker: str, now: datetime) -> None:
    """Raise `BadCertificate` unless it is this locker's, good now, and by this authority."""
    read = _certificate(certificate)
    if common_name(read.subject) != locker:
        raise BadCertificate(f"it is for {common_name(read.subject)!a}, not for {locker}")
    if not read.not_valid_before_utc <= now <= read.not_valid_after_utc:
        raise BadCertificate(
            f"it is good from {read.not_valid_before_utc:%Y-%m-%d} to {read.not_valid_after_utc:%Y-%m-%d}, and not now"
        )
    check_issued(certificate, authority)


def check_issued(certificate: bytes, authority: bytes) -> None:
    """Raise `BadCertificate` unless this authority has signed it."""
    try:
        _certificate(certificate).verify_directly_issued_by(_certificate(authority))
    except (ValueError, TypeError, InvalidSignature):
        raise BadCertificate("it is not by the authority that comes with it") from None


def _certificate(pem: bytes) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(pem)
    except ValueError:
        raise BadCertificate("this is no certificate in PEM") from None


def _key(pem: bytes) -> ec.EllipticCurvePrivateKey:
    try:
        key = load_pem_private_key(pem, None)
    except (ValueError, TypeError):
        raise BadCertificate("the key file holds no private key in PEM without a passphrase") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise BadCertificate("the key file holds no key on an elliptic curve")
    return key
