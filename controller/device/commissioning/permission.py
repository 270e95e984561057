"""Whether a cabinet may be commissioned now: nobody else drives its locks, and nothing is in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from controller.contract.device_keys import DeviceKeys
from controller.contract.jose import Typ, verify
from controller.domain.state import State
from controller.journal.files import DirectoryLock, database_path
from controller.journal.opening import read_state


class NotEmpty(Exception):
    """Something is, or may be, behind a door; nothing was pulsed."""


@contextmanager
def alone_with_empty_cabinet(data_dir: Path, software: str) -> Iterator[DeviceKeys]:
    """The locker's own keys, made where there are none; every locker is kept off this data directory meanwhile.

    Raises `NotEmpty`; `JournalRefused` while a locker runs, or where the journal cannot be read; `JournalDamaged`,
    `BadDeviceKeys`, OSError.
    """
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = DirectoryLock(data_dir)
    try:
        keys = DeviceKeys.load_or_create(data_dir / "keys")
        if database_path(data_dir).exists():
            check_empty(read_state(data_dir, software, partial(_verify, keys)))
        yield keys
    finally:
        lock.release()


def _verify(keys: DeviceKeys, token: str, typ: Typ) -> bytes:
    return verify(token, typ, keys.verifying)[0]


def check_empty(state: State) -> None:
    """Raise `NotEmpty` where a parcel is kept, or where one may be."""
    kept = sorted(id for id, each in state.compartments.items() if each.parcel is not None)
    doubtful = sorted(id for id, each in state.compartments.items() if each.parcel is None and each.quarantine)
    if kept:
        raise NotEmpty(
            f"something is stored in {', '.join(kept)}: every door would be opened. Have it collected or taken out "
            "first; nothing was pulsed"
        )
    if doubtful:
        raise NotEmpty(
            f"nobody can vouch that {', '.join(doubtful)} is empty: look inside, then `locker unblock` it while the "
            "locker runs; nothing was pulsed"
        )
