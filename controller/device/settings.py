"""The configuration file: TOML, every key known, every file it names there. See `config/locker.toml` for all of it."""

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, ValidationError, model_validator

from controller.device.settings_errors import SettingsError, explain
from controller.domain.codes import digits_needed
from controller.domain.events import CompartmentSpec
from controller.domain.ids import CompartmentId, Size
from controller.domain.policy import Policy

_Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,32}$")]


def _existing_file(path: Path) -> Path:
    if not path.is_file():
        raise ValueError(f"there is no file {path}")
    return path


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as unknown:
        raise ValueError(f"{name!r} is no time zone; a name such as Europe/Berlin is wanted") from unknown
    return name


def _size(value: object) -> Size | tuple[int, ...]:
    if isinstance(value, str) and value in Size.__members__:
        return Size(value)
    if isinstance(value, list) and len(value) == 3 and all(type(side) is int and side > 0 for side in value):
        return tuple(value)
    raise ValueError(f"{value!r} is no size; wanted: {', '.join(Size)}, or [width, height, depth] in whole mm")


_File = Annotated[Path, AfterValidator(_existing_file)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class LockerTable(_Table):
    """`[locker]`: who this is and where its journal lives."""

    id: _Id
    name: str = Field(min_length=1, max_length=120)
    timezone: Annotated[str, AfterValidator(_timezone)] = "UTC"
    data_dir: Annotated[Path, Field(strict=False)]
    help_phone: str = Field(default="", max_length=40)


class MqttTable(_Table):
    """`[mqtt]`: the way to the carrier's backend."""

    url: str
    root: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+){0,3}$")] = "locker/v1"
    protocol: Literal["auto", "5", "3.1.1"] = "auto"
    confirm: Literal["backend", "broker"] = "backend"
    allow_plaintext: bool = False
    username: str | None = None
    password_file: Annotated[_File | None, Field(strict=False)] = None
    ca_file: Annotated[_File | None, Field(strict=False)] = None
    cert_file: Annotated[_File | None, Field(strict=False)] = None
    key_file: Annotated[_File | None, Field(strict=False)] = None

    @model_validator(mode="after")
    def _reachable(self) -> "MqttTable":
        parts = urlsplit(self.url)
        if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname:
            raise ValueError(f"url: {self.url!r} is no broker's address; mqtts://host:8883 is wanted")
        loopback = parts.hostname in ("localhost", "::1") or parts.hostname.startswith("127.")
        if parts.scheme == "mqtt" and not loopback and not self.allow_plaintext:
            raise ValueError("url: mqtt:// is for this machine only; use mqtts://, or set allow_plaintext = true")
        if parts.password:
            raise ValueError("url: a password does not belong into an address; use username and password_file")
        if (self.cert_file is None) != (self.key_file is None):
            raise ValueError("cert_file: a certificate and its key come together; name both cert_file and key_file")
        return self


class TrustTable(_Table):
    """`[trust]`: whose signatures count."""

    keyring: Annotated[_File, Field(strict=False)]


class SupplyTable(_Table):
    """`[[supplies]]`: how many locks one power supply can carry at a time."""

    name: _Id
    max_energised: int = Field(default=1, ge=1, le=16)
    gap_ms: int = Field(default=300, ge=0, le=10_000)


class BoardTable(_Table):
    """`[[boards]]`: one lock board."""

    name: _Id
    driver: str
    port: str | None = None
    baud: int | None = Field(default=None, ge=300, le=1_000_000)
    address: int = Field(default=0, ge=0, le=255)
    supply: _Id
    lock: Literal["electromagnet", "motor"] = "electromagnet"
    feedback: Literal["closed_is_1", "closed_is_0"] = "closed_is_1"
    pulse_ms: int = Field(default=500, ge=10, le=10_000)
    one_shot_ms: int | None = Field(default=None, ge=10, le=10_000)
    continuous_duty: bool = False
    chip: str | None = None
    pins: Literal["gpiod", "mock", "lgpio"] = "gpiod"

    @model_validator(mode="after")
    def _stable_port(self) -> "BoardTable":
        if self.port is not None and any(name in self.port for name in ("/dev/ttyUSB", "/dev/ttyACM")):
            raise ValueError(
                f"port: {self.port} may name another adapter after the next boot; use its name in /dev/serial/by-path/"
            )
        return self


class DoorTable(_Table):
    """A door sensor on another board than the lock."""

    board: _Id
    channel: int = Field(ge=1, le=1024)


class CompartmentTable(_Table):
    """`[[compartments]]`: one door."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,16}$")]
    size: Annotated[Size | tuple[int, ...], PlainValidator(_size)]
    board: _Id
    channel: int = Field(ge=1, le=1024)
    lock_line: int | None = Field(default=None, ge=0)
    door_line: int | None = Field(default=None, ge=0)
    active_high: bool = True
    door: DoorTable | None = None
    handle_mm: int | None = Field(default=None, ge=0, le=3000)
    inner_release: bool = False
    column: int | None = Field(default=None, ge=1, le=64)
    """Where it stands in the cabinet, counted from the left."""
    row: int | None = Field(default=None, ge=1, le=64)
    """Counted from the top."""

    def spec(self) -> CompartmentSpec:
        """The compartment as the rules see it."""
        if isinstance(self.size, Size):
            return CompartmentSpec(CompartmentId(self.id), self.size, (), self.handle_mm)
        mm = tuple(self.size)
        return CompartmentSpec(CompartmentId(self.id), _letter(mm), mm, self.handle_mm)


class KioskTable(_Table):
    """`[kiosk]`: the touchscreen."""

    listen: Annotated[str, Field(pattern=r"^(127\.\d+\.\d+\.\d+|localhost|\[::1\]):\d{1,5}$")] = "127.0.0.1:8080"
    languages: tuple[Literal["en", "de"], ...] = Field(default=("en",), min_length=1, strict=False)


class PolicyTable(_Table):
    """`[policy]`: figures that differ from the product's; see `Policy` for what each means."""

    hold_s: int | None = Field(default=None, ge=300, le=60 * 24 * 3600)
    collect_after_expiry: bool = True
    code_digits: int | None = Field(default=None, ge=4, le=20)
    code_burst: int = Field(default=20, ge=3, le=1000)
    code_interval_ms: int = Field(default=600_000, ge=1000)
    open_wait_ms: int = Field(default=10_000, ge=1000, le=60_000)
    left_open_ms: int = Field(default=120_000, ge=10_000, le=3_600_000)
    deposit_answer_ms: int = Field(default=45_000, ge=1000, le=600_000)
    reopen_ms: int = Field(default=60_000, ge=0, le=600_000)
    label_patterns: tuple[str, ...] = Field(default=(), strict=False)


class Settings(_Table):
    """The whole file."""

    locker: LockerTable
    mqtt: MqttTable
    trust: TrustTable
    supplies: tuple[SupplyTable, ...] = Field(min_length=1, strict=False)
    boards: tuple[BoardTable, ...] = Field(min_length=1, strict=False)
    compartments: tuple[CompartmentTable, ...] = Field(min_length=1, max_length=1024, strict=False)
    kiosk: KioskTable = KioskTable()
    policy: PolicyTable = PolicyTable()

    @model_validator(mode="after")
    def _consistent(self) -> "Settings":
        _refuse_doubles("supplies", "name", [supply.name for supply in self.supplies])
        _refuse_doubles("boards", "name", [board.name for board in self.boards])
        _refuse_doubles("compartments", "id", [compartment.id for compartment in self.compartments])
        _refuse_unknown("boards", "supply", [b.supply for b in self.boards], {s.name for s in self.supplies})
        boards = {board.name for board in self.boards}
        _refuse_unknown("compartments", "board", [c.board for c in self.compartments], boards)
        _refuse_shared_channels(self.compartments)
        _refuse_guessable(self.policy, len(self.compartments))
        return self

    def specs(self) -> tuple[CompartmentSpec, ...]:
        """The cabinet as the rules see it."""
        return tuple(compartment.spec() for compartment in self.compartments)

    def cabinet_sha256(self) -> str:
        """Changes whenever the cabinet that the rules see does, lower-case hex."""
        rows = [[spec.id, spec.size, spec.mm, spec.handle_mm] for spec in self.specs()]
        return hashlib.sha256(json.dumps(rows, separators=(",", ":")).encode()).hexdigest()

    def domain_policy(self) -> Policy:
        """The figures and rules, those of the file in place of the product's."""
        given = self.policy.model_dump(exclude_none=True, exclude={"hold_s", "code_digits"})
        policy = Policy(**given)
        digits = self.policy.code_digits or digits_needed(len(self.compartments), policy)
        return Policy(**given, code_digits=digits, default_hold_s=self.policy.hold_s or policy.default_hold_s)


def load(path: Path) -> Settings:
    """Read and check a configuration file. Raises SettingsError, whose lines name file, key, reason and nearest key.

    Relative paths in it are relative to the file itself.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as unreadable:
        raise SettingsError([f"{path}: cannot be read: {unreadable.strerror}"]) from unreadable
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise SettingsError([f"{path}: is no TOML: {broken}"]) from broken
    _anchor_paths(raw, path.resolve().parent)
    try:
        return Settings.model_validate(raw)
    except ValidationError as invalid:
        raise SettingsError(explain(path, invalid, Settings)) from invalid


_PATHS = {"locker": ("data_dir",), "mqtt": ("password_file", "ca_file", "cert_file", "key_file"), "trust": ("keyring",)}


def _anchor_paths(raw: dict[str, object], base: Path) -> None:
    for table, keys in _PATHS.items():
        values = raw.get(table)
        if not isinstance(values, dict):
            continue
        for key in keys:
            if isinstance(values.get(key), str):
                values[key] = str(base / values[key])


def _refuse_doubles(table: str, key: str, names: list[str]) -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            raise ValueError(f"{table}[{index}].{key}: {name!r} stands there twice; each needs a name of its own")


def _refuse_unknown(table: str, key: str, names: list[str], known: set[str]) -> None:
    for index, name in enumerate(names):
        if name not in known:
            raise ValueError(f"{table}[{index}].{key}: there is no {name!r}; known: {', '.join(sorted(known))}")


def _refuse_shared_channels(compartments: tuple[CompartmentTable, ...]) -> None:
    taken: dict[tuple[str, int], str] = {}
    for index, compartment in enumerate(compartments):
        place = (compartment.board, compartment.channel)
        if place in taken:
            raise ValueError(
                f"compartments[{index}].channel: {compartment.id} and {taken[place]} both use channel "
                f"{compartment.channel} of board {compartment.board!r}; every lock needs a channel of its own"
            )
        taken[place] = compartment.id


def _refuse_guessable(policy: PolicyTable, compartments: int) -> None:
    figures = Policy(code_burst=policy.code_burst, code_interval_ms=policy.code_interval_ms)
    needed = digits_needed(compartments, figures)
    if policy.code_digits is not None and policy.code_digits < needed:
        raise ValueError(
            f"policy.code_digits: {policy.code_digits} digits can be guessed; with {compartments} compartments and "
            f"these allowances {needed} are needed"
        )


def _letter(mm: tuple[int, ...]) -> Size:
    """The size letter of a compartment given in millimetres: the largest whose volume it reaches."""
    volume = mm[0] * mm[1] * mm[2]
    reached = [size for size, (w, h, d) in Policy().sizes_mm.items() if w * h * d <= volume]
    return max(reached, key=lambda size: size.rank, default=Size.S)
