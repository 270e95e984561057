"""A locker's certificate, as `locker claim`, `locker key csr` and `locker key install` share it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from controller.cli.failure import Exit, Failed
from controller.contract.certificates import BadCertificate
from controller.contract.claim import Grant
from controller.contract.device_keys import BadDeviceKeys
from controller.device.enrolling import Identity, NotInstalled, now
from controller.device.settings_errors import SettingsError
from controller.device.settings_identity import IdentitySettings, load_identity


def loaded(config: Path) -> IdentitySettings:
    """The configuration, whose certificates need not be there yet. Raises `Failed`."""
    try:
        return load_identity(config)
    except SettingsError as error:
        raise Failed(Exit.WRONG_USE, *error.lines) from error


@contextmanager
def installing(settings: IdentitySettings) -> Iterator[Callable[[Grant], None]]:
    """What puts a grant in place; what can go wrong becomes its sentence. Raises `Failed`."""
    try:
        identity = Identity.of(settings)
        yield lambda grant: identity.install(grant, now())
    except (NotInstalled, BadCertificate, BadDeviceKeys) as refused:
        raise Failed(Exit.WRONG_USE, str(refused)) from refused
    except OSError as refused:
        raise Failed(Exit.WRONG_USE, f"{refused.filename}: {refused.strerror}") from refused
