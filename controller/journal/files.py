"""The data directory: whose it is, where things stand in it, and the room kept free for when the disk is full."""

import errno
import fcntl
import os
from pathlib import Path

from controller.journal.errors import JournalRefused

WAL_BYTES = 4 * 1024 * 1024
BALLAST_BYTES = 8 * 1024 * 1024
DATABASE = "journal.db"
_BLOCK = bytes(64 * 1024)


def database_path(data_dir: Path) -> Path:
    """Where the journal stands."""
    return data_dir / DATABASE


def wal_path(database: Path) -> Path:
    """The file in which SQLite keeps what was committed of late."""
    return database.with_name(f"{database.name}-wal")


def holds_frames(wal: Path) -> bool:
    """Whether there may be something in a WAL file that is nowhere else."""
    return wal.exists() and wal.stat().st_size > 0


class DirectoryLock:
    """One process per data directory, for as long as this is not released or the process lives."""

    def __init__(self, data_dir: Path) -> None:
        """Raises `JournalRefused` where another process holds it."""
        path = data_dir / "lock"
        self._fd: int | None = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._fd, 20, 0).decode("ascii", "replace").strip() or "unknown"
            self.release()
            raise JournalRefused(
                f"The data directory {data_dir} is in use by process {holder}.",
                "Stop that locker first, or give this one a data_dir of its own.",
            ) from None
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let another process have the directory. May be called again."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


class Ballast:
    """A file that only takes room, to be given up when the disk is full so that people still get their parcels."""

    def __init__(self, data_dir: Path, size: int) -> None:
        self._path = data_dir / "ballast"
        self._size = size

    @property
    def held(self) -> bool:
        """Whether there is room to give up."""
        return self._path.exists()

    def release(self) -> bool:
        """Give the room up; whether there was any."""
        if not self.held:
            return False
        self._path.unlink()
        return True

    def restore(self) -> bool:
        """Take the room again; whether the disk has it."""
        if self._size == 0 or self.held:
            return self.held
        part = self._path.with_name("ballast.part")
        try:
            with part.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, self._size)
        except OSError as error:
            part.unlink(missing_ok=True)
            if error.errno in (errno.ENOSPC, errno.EFBIG):
                return False
            raise
        part.replace(self._path)
        return True


def grow(path: Path, size: int) -> None:
    """Append zeros to SQLite's WAL file up to `size` bytes, so that commits need not enlarge it.

    SQLite takes what follows the last valid frame for the remains of older ones and writes over it. Growing is for
    speed alone: a full disk leaves the file shorter.
    """
    fd = os.open(path, os.O_WRONLY | os.O_APPEND)
    try:
        while (missing := size - os.fstat(fd).st_size) > 0:
            os.write(fd, _BLOCK[:missing])
        os.fsync(fd)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
    finally:
        os.close(fd)


def sync_directory(directory: Path) -> None:
    """Make a file's new name in `directory` durable."""
    fd = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
