"""Where the broker is, and how to prove who we are to it."""

import ipaddress
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

PORTS = {"mqtt": 1883, "mqtts": 8883}


class Protocol(StrEnum):
    """The version of MQTT to speak."""

    AUTO = "auto"
    """5, and 3.1.1 with a broker that does not speak it."""
    V5 = "5"
    V311 = "3.1.1"


Failed = Callable[[OSError], None]
"""Told what went wrong with TLS; in whichever thread it did."""


class _ClosedOnFailure(ssl.SSLSocket):
    """paho leaves the socket of a failed handshake open until somebody collects the garbage, and keeps what went wrong
    to itself.
    """

    failed: Failed

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except OSError as error:
            self.failed(error)
            self.close()
            raise

    def recv(self, buflen: int = 1024, flags: int = 0) -> bytes:
        """With TLS 1.3 a broker says only after the handshake that it does not take our certificate."""
        try:
            return super().recv(buflen, flags)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise
        except ssl.SSLError as error:
            self.failed(error)
            raise


def _unheard(error: OSError) -> None:
    """Whoever called learns it by the exception."""


@dataclass(frozen=True, slots=True)
class Broker:
    """A broker and our credentials for it; secrets only as paths of files."""

    host: str
    port: int
    tls: bool
    protocol: Protocol = Protocol.AUTO
    ca_file: Path | None = None
    """The authorities to trust; the system's where None."""
    cert_file: Path | None = None
    key_file: Path | None = None
    username: str | None = None
    password_file: Path | None = None

    def tls_context(self, failed: Failed = _unheard) -> ssl.SSLContext:
        """Certificates as they are on disk now. Raises OSError, which `ssl.SSLError` is, where they cannot be used."""
        context = ssl.create_default_context(cafile=self.ca_file)
        context.sslsocket_class = type("_Told", (_ClosedOnFailure,), {"failed": staticmethod(failed)})
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self.cert_file is not None:
            context.load_cert_chain(self.cert_file, self.key_file)
        return context

    def password(self) -> str | None:
        """The password as it is on disk now, one line end cut off. Raises OSError."""
        return None if self.password_file is None else self.password_file.read_text().removesuffix("\n")


_VERIFIED = {
    9: "its certificate is not good yet, or this machine's clock is behind",
    10: "its certificate has expired",
    62: "its certificate is for another host",
    64: "its certificate is for another host",
}
"""By the code of OpenSSL's verification."""
_UNKNOWN_AUTHORITY = (2, 7, 18, 19, 20, 21)
"""7: one of the same name, and another key."""
_ALERTS = {
    "CERTIFICATE_REQUIRED": "it wants a certificate of ours, and cert_file names none",
    "HANDSHAKE_FAILURE": "it wants a certificate of ours, or other ciphers",
    "UNKNOWN_CA": "it does not know the authority of our certificate",
    "BAD_CERTIFICATE": "it does not take our certificate",
    "CERTIFICATE_EXPIRED": "our certificate has expired, as it says",
    "CERTIFICATE_REVOKED": "our certificate was revoked, as it says",
    "CERTIFICATE_UNKNOWN": "it does not take our certificate",
    "WRONG_VERSION_NUMBER": "it does not speak TLS at this port",
    "PROTOCOL_VERSION": "it speaks no version of TLS from 1.2 on",
}
"""By the end of OpenSSL's reason."""


def tls_fault(error: OSError) -> str:
    """What is wrong, in words for whoever has to mend it."""
    if isinstance(error, ssl.SSLCertVerificationError):
        if error.verify_code in _UNKNOWN_AUTHORITY:
            return "its certificate is by an authority that ca_file does not hold"
        return _VERIFIED.get(error.verify_code, f"its certificate is not good: {error.verify_message}")
    if isinstance(error, ssl.SSLEOFError | ConnectionResetError):
        return "it hung up in the TLS handshake; does it speak TLS at this port?"
    if isinstance(error, ssl.SSLEOFError | ConnectionResetError):
        return "it hung up in the TLS handshake; does it speak TLS at this port?"
    reason = error.reason if isinstance(error, ssl.SSLError) and error.reason else ""
    known = next((words for end, words in _ALERTS.items() if reason.endswith(end)), None)
    return known or error.strerror or str(error)


def parse_url(url: str, allow_plaintext: bool = False) -> tuple[str, int, bool]:
    """Host, port and whether TLS is spoken, from `mqtt://host[:port]` or `mqtts://host[:port]`.

    Raises ValueError with what is wrong: another scheme, credentials in the URL, or plain text to another machine
    where that was not allowed.
    """
    parts = urlsplit(url)
    if parts.scheme not in PORTS:
        raise ValueError(f"the broker's URL must begin with mqtts:// or mqtt://, not {parts.scheme or 'nothing'}://")
    if parts.username is not None or parts.password is not None:
        raise ValueError("no name or password in the broker's URL: use username and password_file")
    if not parts.hostname or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError("the broker's URL must be scheme://host or scheme://host:port and no more")
    if parts.scheme == "mqtt" and not allow_plaintext and not is_loopback(parts.hostname):
        raise ValueError(
            f"mqtt:// to {parts.hostname} would cross the network unencrypted: use mqtts://, "
            "or set allow_plaintext = true if something else protects it"
        )
    return parts.hostname, parts.port or PORTS[parts.scheme], parts.scheme == "mqtts"


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine, by its spelling alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
