"""Where things are on a machine that runs a locker."""

from pathlib import Path

DEFAULT_CONFIG = Path("/etc/locker/locker.toml")
DEFAULT_DATA = Path("/var/lib/locker")
