"""Signatures and photos on the disk: encrypted, each called by the SHA-256 of what lies there, gone in their time.

The key lies apart from them, so that a file alone shows nothing to anybody.
"""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from controller.contract.device_keys import secret_at, write_private
from controller.device.seams import Committed
from controller.domain.events import PrivateErased
from controller.domain.ids import FileId
from controller.domain.inputs import KeptFile

DIRECTORY = "evidence"
KEY_FILE = "files.jwk"
"""Below `keys`, unless it is kept elsewhere."""
_NONCE_BYTES = 12
_SALT_BYTES = 16


class UnreadableFile(Exception):
    """A file that is gone, damaged, or was encrypted under another key; the sentence says which file."""


class PrivateFiles:
    """Below one data directory. Everything blocks for as long as the disk takes."""

    def __init__(self, data_dir: Path) -> None:
        """Make directory and key where they are missing. Raises `BadDeviceKeys` for a key that cannot be used."""
        self._directory = data_dir / DIRECTORY
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._cipher = AESGCM(secret_at(data_dir / "keys" / KEY_FILE))

    def keep(self, content: bytes) -> KeptFile:
        """Encrypt and store it, safe against a power cut. Raises OSError where the disk refuses."""
        nonce, salt = secrets.token_bytes(_NONCE_BYTES), secrets.token_bytes(_SALT_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, content, None)
        name = FileId(hashlib.sha256(sealed).hexdigest())
        write_private(self._directory / name, sealed)
        return KeptFile(name, salted(content, salt), salt.hex())

    def read(self, name: FileId) -> bytes:
        """What was kept under this name. Raises `UnreadableFile`."""
        return _opened(self._directory / name, self._cipher)

    def erase(self, names: Iterable[FileId]) -> None:
        """Remove these; those that are gone already do no harm."""
        for name in names:
            (self._directory / name).unlink(missing_ok=True)

    def erase_all_but(self, names: Iterable[FileId]) -> None:
        """Remove what no record tells of: written when the power went, or when its erasure was on record already."""
        known = set(names)
        self.erase(FileId(path.name) for path in self._directory.iterdir() if path.name not in known)

    def committed(self, happened: Sequence[Committed]) -> None:
        """Follow the engine with this: what is erased on record is erased on the disk."""
        for item in happened:
            if isinstance(item.event, PrivateErased):
                self.erase(item.event.files)


def read_kept(data_dir: Path, name: FileId, key: bytes) -> bytes:
    """What was kept under this name below a data directory, or a copy of one. Raises `UnreadableFile`."""
    return _opened(data_dir / DIRECTORY / name, AESGCM(key))


def _opened(path: Path, cipher: AESGCM) -> bytes:
    try:
        sealed = path.read_bytes()
        return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
    except FileNotFoundError:
        raise UnreadableFile(f"{path} is not there: it was erased when its time was over") from None
    except (OSError, InvalidTag, ValueError):
        raise UnreadableFile(f"{path} is damaged, or was encrypted under another key") from None


def salted(content: bytes, salt: bytes) -> str:
    """The digest that stands in records: SHA-256 of salt and content, lower-case hex."""
    return hashlib.sha256(salt + content).hexdigest()
