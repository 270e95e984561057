"""Which part of the configuration may be told from afar, and how that lies over the locker's own file.

What is told is looked at as a whole with the file, exactly as `locker check` looks at a file. It can change what the
locker does, never what it is made of, whom it trusts or where it keeps its things.
"""

import tomllib
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from controller.device.settings_errors import Problem, SettingsError

WHOLE = ("rules", "ladders", "notices", "policy", "drift", "retention", "carriers")
"""Tables of which every key may be told."""
PARTLY: Mapping[str, tuple[str, ...]] = {"locker": ("name", "help_phone"), "kiosk": ("languages",)}
"""Tables of which only these keys may be."""
NAME = Path("config/desired")
"""What is told, where a problem names the file that it is in."""
_NEVER = "cannot be told from afar; it stands in the locker's own file alone"


def parse_told(text: str) -> dict[str, Any]:
    """The tables of what is told. Raises SettingsError where it is no TOML, or tells what may not be told."""
    try:
        told = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as broken:
        raise SettingsError([Problem(NAME, "", f"is not TOML: {broken}")]) from broken
    problems = [Problem(NAME, key, _NEVER) for key in _keys(told) if not _may_be_told(key)]
    if problems:
        raise SettingsError(problems)
    return told


def laid_over(own: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """The file's tables with what is told in their place: key by key in a table, a list of tables as a whole."""
    both = deepcopy(dict(own))
    for name, value in told.items():
        under = both.get(name)
        both[name] = under | value if isinstance(under, dict) and isinstance(value, dict) else value
    return both


def is_told(key: str, told: Mapping[str, Any]) -> bool:
    """Whether what stands under `key`, such as `policy.hold_s` or `rules[0].says`, was told from afar."""
    table, _, rest = key.partition(".")
    name, value = table.partition("[")[0], told.get(table.partition("[")[0])
    if not isinstance(value, dict):
        return name in told
    return not rest or rest.partition(".")[0].partition("[")[0] in value


def _keys(told: Mapping[str, Any]) -> list[str]:
    keys: list[str] = []
    for name, value in told.items():
        keys += [f"{name}.{key}" for key in value] if isinstance(value, dict) and name not in WHOLE else [name]
    return keys


def _may_be_told(key: str) -> bool:
    table, _, name = key.partition(".")
    return table in WHOLE or name in PARTLY.get(table, ())
