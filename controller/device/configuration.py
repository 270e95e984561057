"""The configuration in force: the locker's own file as read at the start, and over it what was told from afar."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from controller.contract.desired_config import settings_sha256
from controller.device.from_afar import NAME, is_told, laid_over, parse_told
from controller.device.settings import Settings, validated
from controller.device.settings_errors import Problem, SettingsError
from controller.device.settings_parts import check_parts
from controller.domain.desired import Desired

NOTHING_SHA256 = settings_sha256("")
"""Of no settings at all."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """What holds in this run of the locker. It does not change: another one takes effect with the next start."""

    own: Settings
    """The file alone."""
    settings: Settings
    version: int | None = None
    """Of what lies over the file; None for nothing."""
    sha256: str = NOTHING_SHA256
    told: Mapping[str, Any] | None = None
    problems: tuple[Problem, ...] = ()
    """Why what was accepted lies over nothing: the file has changed since, and the two do not go together."""


def configuration(own: Settings, desired: Desired | None) -> Configuration:
    """The file with what was accepted last, or the file alone where there is nothing, or the two do not agree."""
    if desired is None or desired.settings is None:
        return Configuration(own, own)
    try:
        settings = checked(own, desired.settings)
    except SettingsError as error:
        return Configuration(own, own, problems=error.problems)
    return Configuration(own, settings, desired.version, desired.sha256, parse_told(desired.settings))


def checked(own: Settings, text: str) -> Settings:
    """The file with `text` over it, looked at as `locker check` looks at a file. Raises SettingsError."""
    told = parse_told(text)
    source = own.source
    try:
        settings = validated(source.path, laid_over(source.tables, told), Settings)
        check_parts(source.path, settings)
    except SettingsError as error:
        raise SettingsError(_named(problem, told) for problem in error.problems) from error
    return settings


def problems_with(own: Settings, text: str) -> tuple[Problem, ...]:
    """What is wrong with the file with `text` over it; nothing where it is good."""
    try:
        checked(own, text)
    except SettingsError as error:
        return error.problems
    return ()


def _named(problem: Problem, told: Mapping[str, Any]) -> Problem:
    """With the name of that of the two files which the key stands in; nobody far away need know where it lies."""
    return replace(problem, file=NAME if is_told(problem.key, told) else Path(problem.file.name))
