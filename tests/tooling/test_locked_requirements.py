"""What `make lock` wrote can be installed by anyone, from any index, and is the same everywhere."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REQUIREMENTS = ROOT / "config" / "requirements"
LISTS = ("run", "demo", "test", "dev")
PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ ;]+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    return dict(PINNED.findall((REQUIREMENTS / f"{name}.txt").read_text()))


def entries(name: str) -> list[str]:
    """The requirements of one list, each with its continued lines, comments left out."""
    text = (REQUIREMENTS / f"{name}.txt").read_text().replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_names_no_index_and_no_path(name: str) -> None:
    text = (REQUIREMENTS / f"{name}.txt").read_text()

    assert "://" not in text
    assert not re.search(r"--(extra-)?index|--find-links|--trusted-host| @ |(^|\s)/", text)


@pytest.mark.parametrize("name", LISTS)
def test_every_requirement_is_pinned_and_hashed(name: str) -> None:
    listed = entries(name)

    assert len(listed) == len(pins(name)) > 0
    assert [entry for entry in listed if "--hash=sha256:" not in entry] == []


LADDER = [("run", "demo"), ("run", "notifier"), ("notifier", "test"), ("demo", "test"), ("test", "dev")]


@pytest.mark.parametrize(("smaller", "larger"), LADDER)
def test_each_list_holds_the_one_before_it(smaller: str, larger: str) -> None:
    assert pins(smaller).items() <= pins(larger).items()


def test_every_direct_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = {
        "run": project["dependencies"],
        "demo": extras["demo"],
        "notifier": extras["notifier"],
        "test": extras["test"],
        "dev": extras["dev"],
    }
    names = {key: {re.split(r"[<>=; \[]", line, maxsplit=1)[0] for line in lines} for key, lines in wanted.items()}

    assert {key: found - pins(key).keys() for key, found in names.items()} == {key: set() for key in names}


def test_the_build_backend_is_locked_with_the_rest() -> None:
    backend = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]

    assert [line for line in (REQUIREMENTS / "build.in").read_text().splitlines() if line[0] != "#"] == backend
