"""The configuration file: TOML, every key known, every file it names there. See `config/locker.toml` for all of it."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, model_validator

from controller.device.drift_table import DriftTable
from controller.device.drivers_table import DriversTable
from controller.device.notice_tables import NoticesTable
from controller.device.part_tables import CameraTable, MachineTable, ScannerTable, SignalsTable
from controller.device.retention_table import RetentionTable
from controller.device.rule_book import RuleBook, rule_book
from controller.device.rule_tables import LadderTable, RuleTable
from controller.device.settings_errors import Problem, SettingsError, explain
from controller.device.settings_rules import (
    check_carriers,
    check_contacts,
    check_guessable,
    check_rules,
    check_scanner,
    check_signals,
    check_together,
)
from controller.device.settings_tables import (
    BoardTable,
    CarrierTable,
    CodesTable,
    CompartmentTable,
    ContactTable,
    HomeAssistantTable,
    KioskTable,
    LockerTable,
    MqttTable,
    PolicyTable,
    SupplyTable,
    TrustTable,
)
from controller.device.site_offsets import offsets_of
from controller.domain.codes import digits_needed, live_codes, short_digits_needed
from controller.domain.events import CompartmentSpec
from controller.domain.policy import Policy
from controller.domain.rulebook import Flaw, unmet
from controller.domain.site import OBTAINED, Site

_Whole = TypeVar("_Whole", bound=BaseModel)


class CabinetSettings(BaseModel):
    """What is needed to reach the locks, whatever stands in the rest of the file."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    supplies: tuple[SupplyTable, ...] = Field(min_length=1, strict=False)
    boards: tuple[BoardTable, ...] = Field(min_length=1, strict=False)
    compartments: tuple[CompartmentTable, ...] = Field(min_length=1, max_length=1024, strict=False)
    contacts: tuple[ContactTable, ...] = Field(default=(), max_length=64, strict=False)


@dataclass(frozen=True, slots=True)
class Source:
    """Where settings were read from."""

    path: Path
    tables: Mapping[str, Any]
    """As they stand there."""


class Settings(CabinetSettings):
    """The whole file."""

    model_config = ConfigDict(extra="forbid")
    _source: Source | None = PrivateAttr(default=None)

    locker: LockerTable
    mqtt: MqttTable
    trust: TrustTable
    home_assistant: HomeAssistantTable = HomeAssistantTable()
    carriers: tuple[CarrierTable, ...] = Field(default=(), strict=False)
    kiosk: KioskTable = KioskTable()
    scanner: ScannerTable | None = None
    camera: CameraTable | None = None
    signals: SignalsTable | None = None
    machine: MachineTable = MachineTable()
    notices: NoticesTable = NoticesTable()
    codes: CodesTable = CodesTable()
    policy: PolicyTable = PolicyTable()
    drift: DriftTable = DriftTable()
    drivers: DriversTable = DriversTable()
    retention: RetentionTable = RetentionTable()
    rules: tuple[RuleTable, ...] = Field(default=(), strict=False)
    ladders: tuple[LadderTable, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _consistent(self) -> "Settings":
        check_together(self.supplies, self.boards, self.compartments, self.policy)
        check_guessable(self.policy, live_codes(len(self.compartments), self.codes.delegates))
        check_contacts(self.contacts, self.boards, self.compartments)
        check_carriers(self.carriers, self.compartments)
        if self.signals is not None:
            check_signals(self.signals, self.boards, self.compartments, self.policy)
        if self.scanner is not None:
            check_scanner(self.scanner, self.boards)
        check_rules(self.rules, self.ladders, self.rule_book(), self.kiosk.languages)
        return self

    @property
    def source(self) -> Source:
        """The file that they were read from. Raises LookupError for settings of no file."""
        if self._source is None:
            raise LookupError("these settings were read from no file")
        return self._source

    def read_from(self, source: Source) -> "Settings":
        """The same, knowing its file."""
        self._source = source
        return self

    def rule_book(self) -> RuleBook:
        """How parcels are handed over here."""
        book = rule_book(self.rules, self.ladders)
        return book if self.policy.hold_s is None else book.with_ordinary_hold(self.policy.hold_s)

    def unmet_rules(self) -> tuple[Flaw, ...]:
        """Rules that cannot be carried out here: parcels for which they hold are refused at the scan."""
        return tuple(unmet(self.rule_book().rules, Site(self.specs(), self.policy.conditions, self.obtains)))

    @property
    def obtains(self) -> tuple[str, ...]:
        """The evidence that can be had here, by the parts that there are."""
        locked = {compartment.board for compartment in self.compartments}
        by_parts = {
            "signature": self.kiosk.signature,
            "parcel_sensor": all(board.senses_parcels for board in self.boards if board.name in locked),
        }
        return (*OBTAINED, *(name for name, there in by_parts.items() if there))

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts beside the lock boards that there should be."""
        wanted = {
            "scanner": self.scanner is not None,
            "camera": self.camera is not None,
            "signals": self.signals is not None,
            "real_time_clock": self.machine.real_time_clock,
        }
        return tuple(name for name, there in wanted.items() if there)

    def specs(self) -> tuple[CompartmentSpec, ...]:
        """The cabinet as the rules see it."""
        supplies = {board.name: board.supply for board in self.boards}
        return tuple(compartment.spec(supplies[compartment.board]) for compartment in self.compartments)

    def cabinet_sha256(self) -> str:
        """Changes whenever the cabinet that the rules see does, lower-case hex."""
        rows = [[spec.id, spec.size, spec.mm, spec.handle_mm, spec.supply, spec.traits] for spec in self.specs()]
        return hashlib.sha256(json.dumps(rows, separators=(",", ":")).encode()).hexdigest()

    def domain_policy(self) -> Policy:
        """The figures and rules, those of the file in place of the product's."""
        given = self.policy.model_dump(exclude_none=True, exclude={"hold_s", "code_digits"})
        book = self.rule_book()
        given |= {"obtains": self.obtains, "rules": book.rules, "ladders": book.climbed()} | self.notices.figures()
        given["carriers"] = tuple(carrier.terms() for carrier in self.carriers)
        given["drift"] = self.drift.policy()
        given |= {"checklist": self.drivers.version, "checklist_visits": self.drivers.checklist_visits}
        given["offsets"] = offsets_of(self.locker.timezone)
        given |= {"second_digits": self.codes.second_digits, "delegates": self.codes.delegates}
        live = live_codes(len(self.compartments), self.codes.delegates)
        policy = Policy(**given)
        given["short_digits"] = short_digits_needed(live, policy)
        digits = self.policy.code_digits or digits_needed(live, policy)
        return Policy(**given, code_digits=digits, default_hold_s=self.policy.hold_s or policy.default_hold_s)


def load(path: Path) -> Settings:
    """Read and check a configuration file. Raises SettingsError, whose lines name file, key, reason and nearest key.

    Relative paths in it are relative to the file itself. What it names is only looked at as far as being there.
    """
    tables = parse(path)
    return validated(path, deepcopy(tables), Settings).read_from(Source(path, tables))


class _SignalsAlone(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    signals: SignalsTable | None = None


def load_signals(path: Path) -> SignalsTable | None:
    """Only what is needed to switch lights and buzzer off. Raises SettingsError."""
    return _validated(path, _SignalsAlone).signals


def load_cabinet(path: Path) -> CabinetSettings:
    """Only what is needed to switch locks off: mistakes in other tables are no obstacle. Raises SettingsError."""
    return _validated(path, CabinetSettings)


def _validated(path: Path, whole: type[_Whole]) -> _Whole:
    return validated(path, parse(path), whole)


def validated(path: Path, raw: dict[str, object], whole: type[_Whole]) -> _Whole:
    """What `parse` read from `path`, checked. Raises SettingsError."""
    _anchor_paths(raw, path.resolve().parent)
    _number_lines(raw)
    try:
        return whole.model_validate(raw)
    except ValidationError as invalid:
        raise explain(path, invalid, whole, raw) from invalid


def parse(path: Path) -> dict[str, object]:
    """The tables of a file as they stand there. Raises SettingsError for one that is no TOML, or empty."""
    try:
        text = path.read_bytes().decode()
        raw = tomllib.loads(text)
    except OSError as unreadable:
        reason = f"cannot be read: {unreadable.strerror}"
    except UnicodeDecodeError as broken:
        reason = f"is not UTF-8: byte {broken.object[broken.start]:#04x} at offset {broken.start}; save it as UTF-8"
    except (tomllib.TOMLDecodeError, RecursionError) as broken:
        reason = f"is not TOML: {broken}"
    else:
        if raw:
            return raw
        needed = ", ".join(name for name, field in Settings.model_fields.items() if field.is_required())
        reason = f"is empty; these tables are needed: {needed}"
    raise SettingsError([Problem(path, "", reason)])


_PATHS = {"locker": ("data_dir",), "mqtt": ("password_file", "ca_file", "cert_file", "key_file"), "trust": ("keyring",)}


def _anchor_paths(raw: dict[str, object], base: Path) -> None:
    for table, keys in _PATHS.items():
        values = raw.get(table)
        if not isinstance(values, dict):
            continue
        for key in keys:
            if isinstance(values.get(key), str):
                values[key] = str(base / values[key])


def _number_lines(raw: dict[str, object]) -> None:
    """Where a compartment names its lines, the channel is only a number of ours: give one to those without."""
    compartments = raw.get("compartments")
    tables = [each for each in compartments if isinstance(each, dict)] if isinstance(compartments, list) else []
    for each in tables:
        if "channel" not in each and "lock_line" in each:
            taken = {other.get("channel") for other in tables if other.get("board") == each.get("board")}
            each["channel"] = next(number for number in range(1, len(tables) + 1) if number not in taken)
