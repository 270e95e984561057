from collections.abc import Iterator
from pathlib import Path

import pytest
from support.broker import Mosquitto, running_mosquitto


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    """A broker that lets anybody in, keeps its sessions on disk, and drops nothing while it lives."""
    lines = ("persistence true", f"persistence_location {tmp_path}/", "max_queued_messages 0")
    with running_mosquitto(tmp_path, *lines) as broker:
        yield broker
