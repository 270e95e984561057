"""The shipped unit under a systemd of its own: first process of its namespaces, on this guest's files beneath a layer
that is forgotten with the guest.

What an installation does beforehand is done here: the user and its groups, the program, its configuration, the device
nodes' group. Three settings are relaxed, since this Python may live in a home directory and everything takes ten times
as long in emulation: `ProtectHome`, `TimeoutStopSec`, and the tmpfs that `PrivateTmp` would lay over a Python in /tmp.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from support.daemon import wait_until
from support.guest import REPOSITORY

UNIT = "locker.service"
USER_ID = 990
GROUPS = ("locker", "gpio", "dialout", "input", "video")
DATA = Path("/var/lib/locker")
CONFIG = Path("/etc/locker")
_RELAXED = """\
[Service]
ProtectHome=no
PrivateTmp=no
TimeoutStopSec=300
"""
_ENTER = """\
set -e
cd {root}
mount -t proc proc proc
mount --rbind /sys sys
mount --make-rprivate .
umount sys/fs/cgroup
mount -t cgroup2 cgroups sys/fs/cgroup
mount --rbind /dev dev
mount -t tmpfs -o mode=755 memory run
exec env -i container=guest PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot . /lib/systemd/systemd --unit=basic.target
"""


class Systemd:
    """It runs, with `locker.service` installed and not started."""

    def __init__(self, root: Path, first: int) -> None:
        self.root = root
        self._first = first

    def run(self, *words: str) -> str:
        """What a command in there says; a bad end is no error here."""
        into = ["nsenter", "--target", str(self._first), "--all", "--root", "--wd", "--"]
        return subprocess.run([*into, *words], capture_output=True, text=True, timeout=600).stdout.strip()

    def show(self, what: str) -> str:
        """One property of the unit."""
        return self.run("systemctl", "show", "--value", "--property", what, UNIT)

    @property
    def main_process(self) -> int:
        """The locker's process as this guest counts it; 0 while none runs."""
        inner = self.show("MainPID")
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                numbers = next(line for line in status.read_text().splitlines() if line.startswith("NSpid:")).split()
            except (OSError, StopIteration):
                continue
            if len(numbers) == 3 and numbers[2] == inner:
                return int(numbers[1])
        return 0


@contextmanager
def a_systemd(folder: Path, config: str, keyring: bytes, devices: Iterable[str]) -> Iterator[Systemd]:
    """A systemd with the unit installed, its configuration and keyring in place; killed with all it runs at the end."""
    root = _layered(folder)
    _install(root, config, keyring, devices)
    group = Path("/sys/fs/cgroup/systemd-of-its-own")
    _own_cgroup(group)
    words = ["unshare", "--pid", "--mount", "--ipc", "--uts", "--cgroup", "--fork", "--kill-child"]
    script = f"echo 0 >{group}/cgroup.procs; exec {' '.join(words)} sh -c '{_ENTER.format(root=root)}'"
    with (folder / "systemd.log").open("wb") as log:
        process = subprocess.Popen(["sh", "-c", script], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        first = wait_until(lambda: _children(process.pid), "systemd to begin")
        systemd = Systemd(root, first[0])
        wait_until(lambda: _is_up(systemd, process), "systemd to be up")
        yield systemd
    finally:
        process.kill()
        process.wait()


def _is_up(systemd: Systemd, process: subprocess.Popen[bytes]) -> bool:
    assert process.poll() is None, "systemd has ended"
    return systemd.run("systemctl", "is-system-running") in ("running", "degraded")


def _children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _layered(folder: Path) -> Path:
    upper, work, root = (folder / name for name in ("upper", "work", "root"))
    for each in (upper, work, root):
        each.mkdir()
    layers = f"lowerdir=/,upperdir={upper},workdir={work}"
    subprocess.run(["mount", "-t", "overlay", "overlay", "-o", layers, root], check=True)
    return root


def _own_cgroup(group: Path) -> None:
    if not (group.parent / "cgroup.procs").exists():
        subprocess.run(["mount", "-t", "cgroup2", "cgroups", group.parent], check=True)
    group.mkdir(exist_ok=True)


def _install(root: Path, config: str, keyring: bytes, devices: Iterable[str]) -> None:
    units = root / "etc/systemd/system"
    (units / f"{UNIT}.d").mkdir(parents=True)
    shutil.copy(REPOSITORY / "systemd" / UNIT, units / UNIT)
    (units / f"{UNIT}.d" / "this-machine.conf").write_text(_RELAXED)
    (root / "usr/bin/locker").unlink(missing_ok=True)
    (root / "usr/bin/locker").symlink_to(Path(sys.executable).with_name("locker"))
    for path in (REPOSITORY, Path(sys.base_prefix)):
        for above in (path, *path.parents):
            (root / above.relative_to("/")).chmod(0o755)
    _add_user(root)
    (root / CONFIG.relative_to("/")).mkdir()
    (root / CONFIG.relative_to("/") / "locker.toml").write_text(config)
    (root / CONFIG.relative_to("/") / "trust.json").write_bytes(keyring)
    (root / "etc/fstab").write_text("")
    (root / "etc/tmpfiles.d/tmp.conf").unlink(missing_ok=True)
    (root / "etc/tmpfiles.d/tmp.conf").symlink_to("/dev/null")  # this machine's /tmp is not worth cleaning
    for device in devices:
        os.chown(device, 0, USER_ID + GROUPS.index("gpio"))
        Path(device).chmod(0o660)


def _add_user(root: Path) -> None:
    """The user and the groups of the unit, whatever they were before."""
    groups, users = root / "etc/group", root / "etc/passwd"
    kept = [line for line in groups.read_text().splitlines() if line.partition(":")[0] not in GROUPS]
    mine = [f"{name}:x:{USER_ID + place}:" for place, name in enumerate(GROUPS)]
    groups.write_text("\n".join([*kept, *mine]) + "\n")
    kept = [line for line in users.read_text().splitlines() if not line.startswith("locker:")]
    mine = [f"locker:x:{USER_ID}:{USER_ID}::{DATA}:/usr/sbin/nologin"]
    users.write_text("\n".join([*kept, *mine]) + "\n")
