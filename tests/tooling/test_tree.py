"""The shape of the tree that every newcomer finds first."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("firmware_bridge", "controller", "kiosk")
TOP_LEVEL = {
    *PACKAGES,
    "config",
    "docs",
    "systemd",
    "tests",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "SECURITY.md",
    "pyproject.toml",
}
DEMO_ONLY = "controller/cli/"
NOTIFIER_ONLY = "controller/remote/courier.py"


def tracked() -> list[str]:
    git = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return git.stdout.splitlines()


def imported(path: Path) -> set[str]:
    """The top-level names that a file imports, wherever in it the import stands."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names - sys.stdlib_module_names - set(PACKAGES)


def distributions(requirements: list[str]) -> set[str]:
    return {re.split(r"[<>=; \[]", line, maxsplit=1)[0].lower() for line in requirements}


def test_the_top_level_holds_what_the_architecture_lists() -> None:
    entries = {name.partition("/")[0] for name in tracked()}

    assert {entry for entry in entries if not entry.startswith(".")} <= TOP_LEVEL


def test_the_product_imports_only_what_it_declares() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    runtime = distributions(project["dependencies"])
    demo = distributions(project["optional-dependencies"]["demo"])
    notifier = distributions(project["optional-dependencies"]["notifier"])
    providers = packages_distributions()
    undeclared = []
    for path in (path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        name = str(path.relative_to(ROOT))
        allowed = runtime | demo if name.startswith(DEMO_ONLY) else runtime
        allowed = runtime | notifier if name == NOTIFIER_ONLY else allowed
        undeclared += [
            f"{name}: {module}"
            for module in sorted(imported(path))
            if not allowed & {provider.lower() for provider in providers.get(module, [])}
        ]

    assert undeclared == []


def test_tests_hold_no_init_files() -> None:
    assert [name for name in tracked() if name.startswith("tests/") and name.endswith("__init__.py")] == []


def test_no_tracked_file_is_one_that_a_tool_made() -> None:
    ignored = subprocess.run(
        ["git", "ls-files", "--cached", "--ignored", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert ignored.stdout == ""
