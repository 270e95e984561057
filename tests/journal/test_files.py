import subprocess
import sys
from pathlib import Path

import pytest
from support.journals import opened

from controller.journal.database import Disk
from controller.journal.errors import JournalRefused
from controller.journal.files import Ballast, DirectoryLock, grow

HOLD = """
import sys
from pathlib import Path
from controller.journal.files import DirectoryLock
lock = DirectoryLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_two_processes_on_one_directory_are_one_too_many(tmp_path: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(JournalRefused) as refused:
        opened(tmp_path)
    assert str(refused.value) == (
        f"The data directory {tmp_path} is in use by process {holder.pid}. "
        "Stop that locker first, or give this one a data_dir of its own."
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lock"]
    holder.kill()
    holder.communicate()
    opened(tmp_path).let_go()


def test_a_directory_let_go_of_is_free(tmp_path: Path) -> None:
    lock = DirectoryLock(tmp_path)
    lock.release()
    lock.release()
    DirectoryLock(tmp_path).release()


def test_a_directory_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(JournalRefused, match=r"cannot be used .* Check its owner, its mode and the disk"):
        opened(tmp_path / "file" / "data")


def test_the_ballast_takes_room_until_it_is_given_up(tmp_path: Path) -> None:
    ballast = Ballast(tmp_path, 100_000)
    assert not ballast.release()
    assert ballast.restore()
    assert ballast.restore()
    assert (tmp_path / "ballast").stat().st_blocks * 512 >= 100_000
    assert ballast.release()
    assert not ballast.held


def test_a_disk_without_room_for_the_ballast_has_none(tmp_path: Path) -> None:
    assert not Ballast(tmp_path, 2**62).restore()
    assert list(tmp_path.iterdir()) == []


def test_a_locker_without_ballast_has_none(tmp_path: Path) -> None:
    assert not Ballast(tmp_path, 0).restore()
    opened(tmp_path, Disk(ballast_bytes=0)).let_go()
    assert not (tmp_path / "ballast").exists()


def test_a_file_is_grown_with_zeros_and_never_cut(tmp_path: Path) -> None:
    path = tmp_path / "wal"
    path.write_bytes(b"frames")
    grow(path, 100_000)
    assert path.read_bytes() == b"frames" + bytes(99_994)
    grow(path, 10)
    assert path.stat().st_size == 100_000
