"""The keys of the locker that a data directory belongs to, as its owner reads them. Never makes any."""

from collections.abc import Callable
from pathlib import Path

from joserfc.jwk import OKPKey

from controller.cli.failure import Exit, Failed
from controller.contract.device_keys import BadDeviceKeys, DeviceKeys
from controller.contract.jose import Typ, verify


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


def verifier(key: OKPKey) -> Callable[[str, Typ], bytes]:
    """What checks the tokens of one device, whatever `kid` they name."""
    return lambda token, typ: verify(token, typ, lambda kid: key)[0]
