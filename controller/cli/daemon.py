"""`locker run`: the daemon, started with nothing loaded that only a terminal needs."""

import asyncio
import errno
import logging
from collections.abc import Iterator
from pathlib import Path

from controller.cli.failure import Exit, Failed
from controller.contract.device_keys import BadDeviceKeys
from controller.contract.keys import BadKeyring
from controller.device.app import StartRefused, run
from controller.device.service_socket import SocketRefused
from controller.device.settings import load
from controller.device.settings_errors import SettingsError
from controller.device.settings_parts import check_parts
from controller.journal.errors import CommitFailed, DiskFull, JournalRefused

log = logging.getLogger(__name__)
_REFUSED = (StartRefused, BadKeyring, BadDeviceKeys, JournalRefused, SocketRefused)
_BROKEN = (CommitFailed, DiskFull)
_ADDRESS = (errno.EADDRINUSE, errno.EADDRNOTAVAIL)
_SURROUNDINGS = frozenset(
    {
        errno.EACCES,
        errno.EPERM,
        errno.EROFS,
        errno.ENOSPC,
        errno.EIO,
        errno.EEXIST,
        errno.ENOTDIR,
        errno.ELOOP,
        *_ADDRESS,
    }
)
"""Errors of the system that are no fault of this program's."""
FORESEEN = (*_REFUSED, *_BROKEN, OSError, BaseExceptionGroup)
"""What may end a locker that `explained_failure` has a sentence for."""


def run_daemon(config: Path) -> int:
    """Run the locker until it is told to stop. Raises `Failed` where it was not started, or had to stop."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    try:
        settings = load(config)
        check_parts(config, settings)
    except SettingsError as error:
        raise Failed(Exit.WRONG_USE, *error.lines) from error
    for flaw in settings.unmet_rules():
        log.warning("rule %r %s: parcels it holds for are refused at the scan", flaw.rule, flaw.reason)
    try:
        asyncio.run(run(settings))
    except FORESEEN as error:
        raise explained_failure(error, settings.kiosk.listen) from error
    return Exit.GOOD


def explained_failure(error: BaseException, listen: str) -> BaseException:
    """The sentence for what ended the locker; the error itself where it was none that is foreseen."""
    causes = [*_causes(error)]
    if not all(_is_foreseen(cause) for cause in causes):
        return error
    code = Exit.NOT_GOOD if any(isinstance(cause, _BROKEN) for cause in causes) else Exit.WRONG_USE
    return Failed(code, *(_sentence(cause, listen) for cause in causes))


def _causes(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for cause in error.exceptions:
            yield from _causes(cause)
    else:
        yield error


def _is_foreseen(cause: BaseException) -> bool:
    return isinstance(cause, (*_REFUSED, *_BROKEN)) or (isinstance(cause, OSError) and cause.errno in _SURROUNDINGS)


def _sentence(cause: BaseException, listen: str) -> str:
    if not isinstance(cause, OSError):
        return str(cause)
    if cause.errno in _ADDRESS:
        return f"kiosk.listen: {listen} cannot be had ({cause.strerror}); end what uses it, or choose another port"
    return f"{cause.filename or 'the system'}: {cause.strerror}; see to its owner, its mode and the disk"
