"""The keys of the locker that a data directory belongs to, as its owner reads them. Never makes any."""

from collections.abc import Callable
from pathlib import Path

from controller.cli.failure import Exit, Failed
from controller.contract.device_keys import BadDeviceKeys, DeviceKeys, change_signing_key
from controller.contract.jose import Typ, verify
from controller.journal.errors import JournalRefused
from controller.journal.files import DirectoryLock


def device_keys(data_dir: Path) -> DeviceKeys:
    """All of them. Raises `Failed` where there are none, or they cannot be used."""
    directory = data_dir / "keys"
    try:
        if not any(directory.glob("*.jwk")):
            raise Failed(
                Exit.WRONG_USE, f"{directory}: there are no keys of a locker. They are made at its first start."
            )
        return DeviceKeys.load_or_create(directory)
    except BadDeviceKeys as unusable:
        raise Failed(Exit.WRONG_USE, str(unusable)) from unusable
    except OSError as unreadable:
        raise Failed(Exit.WRONG_USE, f"{unreadable.filename}: cannot be read: {unreadable.strerror}") from unreadable


def rotated(data_dir: Path) -> DeviceKeys:
    """They, with another one to sign. Raises `Failed` while a locker runs on them, or where they cannot be used."""
    try:
        lock = DirectoryLock(data_dir)
    except JournalRefused as refused:
        raise Failed(Exit.WRONG_USE, str(refused)) from refused
    try:
        return change_signing_key(data_dir / "keys")
    except OSError as refused:
        raise Failed(Exit.WRONG_USE, f"{refused.filename}: cannot be written: {refused.strerror}") from refused
    finally:
        lock.release()


def verifier(keys: DeviceKeys) -> Callable[[str, Typ], bytes]:
    """What checks the tokens of one device, by the key that it signs with now or by one that it had before."""
    return lambda token, typ: verify(token, typ, keys.verifying)[0]
