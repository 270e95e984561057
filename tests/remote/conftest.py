from collections.abc import Iterator
from pathlib import Path

import pytest
from support.broker import Mosquitto, running_mosquitto


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    """A broker that lets anybody in and keeps its sessions on disk."""
    with running_mosquitto(tmp_path, "persistence true", f"persistence_location {tmp_path}/") as broker:
        yield broker
