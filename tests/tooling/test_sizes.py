from pathlib import Path

from tooling.sizes import PACKAGES, ROOT, Size, files, functions, report

TREE = '''\
"""A module."""


@decorated
def long(door: int) -> int:
    """Say so.

    At length.
    """
    door += 1
    return door


class Lock:
    async def short(self) -> None: ...
'''


def test_lines_are_counted_without_docstrings_and_decorators(tmp_path: Path) -> None:
    (tmp_path / "controller").mkdir()
    (tmp_path / "controller" / "__init__.py").touch()
    (tmp_path / "controller" / "lock.py").write_text(TREE)

    assert files(tmp_path, ("controller",)) == [Size(15, "controller/lock.py")]
    assert functions(tmp_path, ("controller",)) == [
        Size(3, "controller/lock.py:5 long"),
        Size(1, "controller/lock.py:15 short"),
    ]


def test_the_report_names_the_longest_file_of_the_product() -> None:
    longest = files(ROOT, PACKAGES)[0]

    assert f"{longest.lines} {longest.name}" in report(ROOT, "product", PACKAGES)
