"""How long the files and functions of a tree are: a mirror for reviewers, printed by `make sizes`."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
PACKAGES = ("firmware_bridge", "controller", "kiosk")
TESTS = ("tests",)


@dataclass(frozen=True, slots=True, order=True)
class Size:
    lines: int
    name: str


def files(root: Path, folders: tuple[str, ...]) -> list[Size]:
    """Every Python file below the folders, longest first; empty ones left out."""
    found = (path for folder in folders for path in (root / folder).rglob("*.py"))
    sizes = (Size(len(path.read_text().splitlines()), str(path.relative_to(root))) for path in found)
    return sorted((size for size in sizes if size.lines), reverse=True)


def functions(root: Path, folders: tuple[str, ...]) -> list[Size]:
    """Every function and method in those files, decorators and docstring not counted, longest first."""
    return sorted((size for file in files(root, folders) for size in _functions_in(root, file.name)), reverse=True)


def _functions_in(root: Path, name: str) -> Iterator[Size]:
    for node in ast.walk(ast.parse((root / name).read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            lines = node.end_lineno - node.lineno + 1 - _docstring_lines(node)
            yield Size(lines, f"{name}:{node.lineno} {node.name}")


def _docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    if ast.get_docstring(node, clean=False) is None or first.end_lineno is None:
        return 0
    return first.end_lineno - first.lineno + 1


def report(root: Path, title: str, folders: tuple[str, ...], longest: int = 5) -> str:
    """The figures of some folders as a few lines of text."""
    lines = [title]
    for what, sizes in (("files", files(root, folders)), ("functions", functions(root, folders))):
        total = sum(size.lines for size in sizes)
        middle = median(size.lines for size in sizes) if sizes else 0
        lines.append(f"  {len(sizes)} {what}, {total} lines, median {middle:g}, longest:")
        lines += [f"    {size.lines:5} {size.name}" for size in sizes[:longest]]
    return "\n".join(lines)


if __name__ == "__main__":
    print(report(ROOT, "product", PACKAGES))
    print(report(ROOT, "tests", TESTS))
