"""Where the broker is, and how to prove who we are to it."""

import ipaddress
import ssl
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


class _ClosedOnFailure(ssl.SSLSocket):
    """paho leaves the socket of a failed handshake open until somebody collects the garbage."""

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


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

    def tls_context(self) -> ssl.SSLContext:
        """Certificates as they are on disk now. Raises OSError, which `ssl.SSLError` is, where they cannot be used."""
        context = ssl.create_default_context(cafile=self.ca_file)
        context.sslsocket_class = _ClosedOnFailure
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self.cert_file is not None:
            context.load_cert_chain(self.cert_file, self.key_file)
        return context

    def password(self) -> str | None:
        """The password as it is on disk now, one line end cut off. Raises OSError."""
        return None if self.password_file is None else self.password_file.read_text().removesuffix("\n")


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
