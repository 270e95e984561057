"""A machine of its own for what only a kernel can show: emulated, on this machine's files, with Debian's kernel.

Its root is this machine's, read-only, so it has the same Python, the same packages and the same repository.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp

REPOSITORY = Path(__file__).parents[2]
FOLDER = REPOSITORY / "tests" / "system" / "guest"
INPUTS = ("build.sh", "init.sh")
_RUN = """\
cd {repository}
export HOME=/mnt/tmp TMPDIR=/mnt/tmp LANG=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 {settings}
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
{command}
echo $? >/mnt/out/code
"""


def guest_kernel() -> Path:
    """The folder with the guest's `vmlinuz` and `initrd.gz`, built unless it was built from the same inputs before."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "parcel-locker" / "guest-kernel"
    ready = cache / _fingerprint()
    if not ready.is_dir():
        shutil.rmtree(cache, ignore_errors=True)
        cache.mkdir(parents=True)
        making = Path(mkdtemp(dir=cache))
        built = subprocess.run([FOLDER / "build.sh", making], stdin=subprocess.DEVNULL, capture_output=True, text=True)
        assert built.returncode == 0, f"the guest's kernel could not be built:\n{built.stdout}{built.stderr}"
        making.rename(ready)
    return ready


def _fingerprint() -> str:
    """Of all that the kernel is made from, Debian's version of it included."""
    words = ["apt-cache", "depends", "linux-image-amd64"]
    version = subprocess.run(words, capture_output=True, env={**os.environ, "LC_ALL": "C"}).stdout
    return sha256(b"".join([version, *((FOLDER / name).read_bytes() for name in INPUTS)])).hexdigest()


def run_in_guest(kernel: Path, command: str, settings: Mapping[str, str], out: Path, limit_s: float) -> int:
    """Boot the guest, run one shell command in it and power it off; the command's exit code.

    `out` is /mnt/out in the guest; what the guest's console said is `console` in it. Raises AssertionError where no
    code was left, and subprocess.TimeoutExpired.
    """
    words = " ".join(f"{name}={value}" for name, value in settings.items())
    (out / "run").write_text(_RUN.format(repository=REPOSITORY, settings=words, command=command))
    with (out / "console").open("wb") as console:
        subprocess.run(
            _emulator(kernel, out), stdin=subprocess.DEVNULL, stdout=console, stderr=console, timeout=limit_s
        )
    code = out / "code"
    assert code.exists(), f"the guest ended early:\n{(out / 'console').read_text(errors='replace')[-4000:]}"
    return int(code.read_text())


def _emulator(kernel: Path, out: Path) -> list[str | Path]:
    return [
        *(
            "qemu-system-x86_64",
            "-M",
            "q35",
            "-accel",
            "tcg,thread=multi",
            "-cpu",
            "Nehalem",
            "-smp",
            "2",
            "-m",
            "1536",
        ),
        *("-nodefaults", "-no-reboot", "-display", "none", "-serial", "stdio"),
        *("-kernel", kernel / "vmlinuz", "-initrd", kernel / "initrd.gz"),
        *("-append", "console=ttyS0 panic=-1 mitigations=off quiet loglevel=3"),
        *("-fsdev", "local,id=root,path=/,security_model=none,readonly=on,multidevs=remap"),
        *("-device", "virtio-9p-pci,fsdev=root,mount_tag=root"),
        *("-fsdev", f"local,id=out,path={out},security_model=none"),
        *("-device", "virtio-9p-pci,fsdev=out,mount_tag=out"),
    ]


def compile_sources() -> None:
    """Have Python's byte code ready: the guest cannot write it, and compiling is slow in there."""
    folders = [REPOSITORY / name for name in ("firmware_bridge", "controller", "kiosk", "tests/support")]
    subprocess.run([sys.executable, "-m", "compileall", "-q", *folders], check=True)
