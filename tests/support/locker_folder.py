"""A folder with a configuration and everything that it names, as an operator would have it in /etc/locker."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from support.keyring import key_set

from controller.contract.wire_json import dumps

GOOD = """\
[locker]
id = "L0042"
name = "Central station"
data_dir = "data"

[mqtt]
url = "mqtt://127.0.0.1:1"

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

[[compartments]]
id = "A02"
size = [450, 380, 600]
board = "main"
channel = 2

[kiosk]
listen = "127.0.0.1:0"
"""


def make_folder(folder: Path, config: str = GOOD) -> Path:
    """Write the configuration and the keyring; the path of the configuration."""
    folder.mkdir(exist_ok=True)
    (folder / "trust.json").write_bytes(dumps(key_set().trust()))
    path = folder / "locker.toml"
    path.write_text(config)
    return path


def add_certificates(folder: Path) -> None:
    """`ca.crt`, `locker.crt` with `locker.key`, and `mqtt-password`."""
    key = Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "L0042")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, None)
        .public_bytes(Encoding.PEM)
    )
    (folder / "ca.crt").write_bytes(certificate)
    (folder / "locker.crt").write_bytes(certificate)
    (folder / "locker.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / "mqtt-password").write_text("a password of the test's own\n")
    for private in ("locker.key", "mqtt-password"):
        (folder / private).chmod(0o600)
