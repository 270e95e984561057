"""The machine itself, told to whoever watches from afar, once a minute."""

import asyncio
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from controller.contract.link import Link
from controller.contract.topics import Topics
from controller.contract.wire_json import JsonObject, dumps

HEALTH_S = 60.0
_KIB = 1024


@dataclass(frozen=True, slots=True)
class Vitals:
    """What the machine has left."""

    memory_kib: int
    """Resident, of this process."""
    disk_free_kib: int
    disk_total_kib: int


def read_vitals(data_dir: Path) -> Vitals:
    """The figures of this process (Linux `/proc/self/statm`) and of the disk that holds `data_dir`. Raises OSError."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    disk = shutil.disk_usage(data_dir)
    return Vitals(pages * os.sysconf("SC_PAGE_SIZE") // _KIB, disk.free // _KIB, disk.total // _KIB)


class HealthReport:
    """Publishes what its source says, when the link comes up and every minute. `run` it beside the link."""

    def __init__(self, link: Link, topics: Topics, source: Callable[[], JsonObject]) -> None:
        self._link = link
        self._topic = topics.health
        self._source = source

    async def run(self) -> None:
        """Publish until cancelled; while the link is down, nothing is read or kept."""
        while True:
            if self._link.up:
                self._link.publish(self._topic, dumps(self._source()))
            await asyncio.sleep(HEALTH_S)
