"""Whether what the configuration names can be used: the keyring, the boards, the certificates. Touches no hardware."""

from pathlib import Path

from controller.contract.broker import Broker, Protocol, parse_url
from controller.contract.keys import BadKeyring, Keyring
from controller.device.settings import Settings
from controller.device.settings_boards import board_specs, supplies
from controller.device.settings_errors import Problem, SettingsError
from firmware_bridge.bench import Bench
from firmware_bridge.drivers import build_boards
from firmware_bridge.timers import VirtualTimers


def check_parts(path: Path, settings: Settings) -> Keyring:
    """The keyring, once it and every board of the configuration read from `path` were found to be usable.

    Raises SettingsError with everything that is not.
    """
    problems = _wrong_with_boards(path, settings)
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
    mqtt = settings.mqtt
    host, port, tls = parse_url(mqtt.url, mqtt.allow_plaintext)
    broker = Broker(
        host, port, tls, Protocol.AUTO, mqtt.ca_file, mqtt.cert_file, mqtt.key_file, mqtt.username, mqtt.password_file
    )
    try:
        if tls:
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


def _wrong_with_boards(path: Path, settings: Settings) -> list[Problem]:
    timers = VirtualTimers()
    bench = Bench(supplies(settings, timers), timers)
    problems = []
    for index, spec in enumerate(board_specs(settings)):
        try:
            build_boards([spec], bench)
        except ValueError as unusable:
            reason = str(unusable).removeprefix(f"board {spec.name}: ")
            problems.append(Problem(path, f"boards[{index}]", f"board {spec.name!r}: {reason}"))
    return problems
