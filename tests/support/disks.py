"""SQLite on disks that have their troubles."""

import sqlite3
from collections.abc import Callable
from typing import Any


def tiny_disk(is_full: Callable[[], bool]) -> type[sqlite3.Connection]:
    """SQLite on a disk that has no page more while `is_full` says so."""

    class Tiny(sqlite3.Connection):
        def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
            if sql == "BEGIN IMMEDIATE":
                super().execute(f"PRAGMA max_page_count = {1 if is_full() else 1_000_000}").fetchone()
            return super().execute(sql, *args)

    return Tiny


def failing(at: str, code: int) -> type[sqlite3.Connection]:
    """SQLite whose disk answers one statement with an error."""

    class Failing(sqlite3.Connection):
        def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
            if sql == at:
                error = sqlite3.OperationalError("disk I/O error")
                error.sqlite_errorcode = code
                raise error
            return super().execute(sql, *args)

    return Failing
