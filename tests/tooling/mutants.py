"""Plants mistakes in the rules, one at a time, and says which of them the tests notice. `make mutants` runs it."""

import compileall
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from tempfile import TemporaryDirectory

REPOSITORY = Path(__file__).parents[2]
DOMAIN = Path("controller") / "domain"
LONGEST_S = 20
"""A test that takes longer has noticed: some mistakes make a rule come back for ever."""
AT_A_TIME = 2


@dataclass(frozen=True)
class Mutant:
    """One mistake, and the tests that should notice it."""

    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def fits(self) -> bool:
        """Whether what it replaces stands in the file exactly once."""
        return (REPOSITORY / DOMAIN / self.file).read_text().count(self.old) == 1

    def __str__(self) -> str:
        return f"{self.file}: {self.old.strip().splitlines()[0]}"


def mutants() -> Iterator[Mutant]:
    """All that are listed."""
    for row in tomllib.loads((Path(__file__).parent / "mutants.toml").read_text())["mutants"]:
        yield Mutant(row["file"], row["old"], row["new"], tuple(row["tests"]))


class Copies:
    """Copies of the tree to plant mistakes in, each for one at a time."""

    def __init__(self, folder: Path, count: int) -> None:
        self._idle: Queue[Path] = Queue()
        for number in range(count):
            copy = folder / str(number)
            for package in ("controller", "firmware_bridge", "kiosk", "tests"):
                shutil.copytree(REPOSITORY / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
            shutil.copy(REPOSITORY / "pyproject.toml", copy)
            compileall.compile_dir(copy, quiet=1)
            self._idle.put(copy)

    def notice(self, mutant: Mutant) -> bool:
        """Whether a test fails once the mistake is there."""
        copy = self._idle.get()
        planted = copy / DOMAIN / mutant.file
        sound = planted.read_text()
        try:
            planted.write_text(sound.replace(mutant.old, mutant.new))
            return _fails(copy, mutant)
        finally:
            planted.write_text(sound)
            self._idle.put(copy)


def _fails(copy: Path, mutant: Mutant) -> bool:
    tests = [str(Path("tests") / "domain" / name) for name in mutant.tests]
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", f"--timeout={LONGEST_S}", *tests]
    path = {"PYTHONPATH": str(copy), "PATH": "/usr/bin:/bin", "CI": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run(command, cwd=copy, env=path, capture_output=True, text=True, check=False)
    assert ran.returncode in (0, 1), f"{mutant}\n{ran.stdout}{ran.stderr}"
    return ran.returncode == 1


def main() -> int:
    """Plant them all; 1 where one was not noticed."""
    listed = [*mutants()]
    unfit = [mutant for mutant in listed if not mutant.fits()]
    for mutant in unfit:
        sys.stdout.write(f"not there any more: {mutant}\n")
    survivors = []
    with TemporaryDirectory() as folder, ThreadPoolExecutor(AT_A_TIME) as pool:
        copies = Copies(Path(folder), AT_A_TIME)
        planted = [mutant for mutant in listed if mutant not in unfit]
        for number, (mutant, noticed) in enumerate(zip(planted, pool.map(copies.notice, planted), strict=True), 1):
            sys.stdout.write(f"{number:3} of {len(planted)}  {'noticed ' if noticed else 'SURVIVED'}  {mutant}\n")
            sys.stdout.flush()
            survivors += [] if noticed else [mutant]
    sys.stdout.write(f"{len(planted) - len(survivors)} of {len(planted)} noticed\n")
    return 1 if survivors or unfit else 0


if __name__ == "__main__":
    sys.exit(main())
