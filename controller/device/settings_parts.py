"""Whether what the configuration names can be used: the keyring, the boards, the certificates. Touches no hardware."""

from pathlib import Path

from controller.contract.keys import BadKeyring, Keyring
from controller.device import boards
from controller.device.broker_settings import broker_of
from controller.device.settings import Settings
from controller.device.settings_errors import Problem, SettingsError
from firmware_bridge.bench import Pins
from firmware_bridge.misfit import BoardRefused
from firmware_bridge.timers import VirtualTimers


def check_parts(path: Path, settings: Settings) -> Keyring:
    """The keyring, once it every board and the signals of the configuration read from `path` were found to be usable.

    Raises SettingsError with everything that is not.
    """
    problems = _wrong_with_boards(path, settings) + _wrong_with_signals(path, settings)
    try:
        keyring = _keyring(settings)
    except (BadKeyring, OSError) as unusable:
        problems.append(Problem(path, "trust.keyring", str(unusable)))
        raise SettingsError(problems) from unusable
    if problems:
        raise SettingsError(problems)
    return keyring


def check_link(path: Path, settings: Settings) -> None:
    """Raise SettingsError where certificates or the password cannot be used; people are served without them."""
    broker = broker_of(settings.mqtt)
    for name, file in (("key_file", broker.key_file), ("password_file", broker.password_file)):
        if file is not None and file.exists() and file.stat().st_mode & 0o007:
            reason = f"everybody can read {file}: chmod 600 it, and think about whether it was copied"
            raise SettingsError([Problem(path, f"mqtt.{name}", reason)])
    try:
        if broker.tls:
            broker.tls_context()
    except OSError as unusable:
        raise SettingsError(
            [Problem(path, "mqtt.ca_file, cert_file, key_file", f"cannot be used: {unusable}")]
        ) from unusable
    try:
        broker.password()
    except (OSError, UnicodeDecodeError) as unusable:
        raise SettingsError([Problem(path, "mqtt.password_file", f"cannot be read: {unusable}")]) from unusable


def _keyring(settings: Settings) -> Keyring:
    file = settings.trust.keyring
    keyring = Keyring.load(file)
    if settings.mqtt.confirm == "backend" and keyring.custodian is None:
        raise BadKeyring(
            f"{file}: no key has the role custodian, so nobody could acknowledge records; "
            'give it to one key, or set mqtt.confirm = "broker"'
        )
    return keyring


def _wrong_with_signals(path: Path, settings: Settings) -> list[Problem]:
    try:
        if settings.signals is not None:
            Pins().factory(settings.signals.pins)
    except ValueError as unusable:
        return [Problem(path, "signals.pins", str(unusable))]
    return []


def _wrong_with_boards(path: Path, settings: Settings) -> list[Problem]:
    try:
        timers = VirtualTimers()
        boards.build(settings, boards.supplies(settings, timers), timers)
    except BoardRefused as refused:
        return [Problem(path, _where(settings, refused), f"board {refused.board!r}: {refused.reason}")]
    return []


def _where(settings: Settings, refused: BoardRefused) -> str:
    """The key to change: a compartment's where it is about one channel, otherwise the board's."""
    place = (refused.board, refused.channel)
    for index, each in enumerate(settings.compartments):
        if place == (each.board, each.channel) and refused.key != "door_line":
            return f"compartments[{index}].{refused.key}"
        if place == each.sensor:
            return f"compartments[{index}].{'door_line' if refused.key == 'door_line' else 'door'}"
    table = f"boards[{[board.name for board in settings.boards].index(refused.board)}]"
    return f"{table}.{refused.key}" if refused.key else table
