"""The tables of the configuration file, key by key; what each key alone may say is checked here."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, ConfigDict, Field, PlainValidator, model_validator

from controller.contract.broker import parse_url
from controller.contract.topics import check_root
from controller.device.service_requests import LONGEST_PATH_BYTES, SOCKET
from controller.device.settings_errors import Unfit
from controller.device.settings_values import Line, Table, refuse_unstable
from controller.domain.carrier_terms import CarrierTerms
from controller.domain.contacts import Contact, ContactKind
from controller.domain.events import CompartmentSpec
from controller.domain.ids import CarrierId, CompartmentId, Size
from controller.domain.policy import Policy
from firmware_bridge.drivers import find_driver
from firmware_bridge.options import fill

LEAST_SECOND_DIGITS = 4
_Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,32}$")]
_Words = Annotated[tuple[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")], ...], Field(strict=False)]


def _existing_file(path: Path) -> Path:
    if not path.is_file():
        raise ValueError(f"there is no file {path}")
    return path


def _room_for_socket(data_dir: Path) -> Path:
    spare = LONGEST_PATH_BYTES - len(bytes(data_dir / SOCKET))
    if spare < 0:
        raise ValueError(f"{data_dir} is {-spare} bytes too long for the service socket in it; give it a shorter path")
    return data_dir


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise ValueError(f"{name!r} is no time zone; a name such as Europe/Berlin is wanted") from unknown
    return name


def _size(value: object) -> Size | tuple[int, ...]:
    if isinstance(value, str) and value in Size.__members__:
        return Size(value)
    if isinstance(value, list) and len(value) == 3 and all(type(side) is int and 0 < side <= 10_000 for side in value):
        return tuple(value)
    raise ValueError(f"{value!r} is no size; wanted: {', '.join(Size)}, or [width, height, depth] in whole mm")


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"{text!r} is no regular expression: {error}") from error
    return text


def _listen(address: str) -> str:
    if int(address.rpartition(":")[2]) > 65_535:
        raise ValueError(f"{address} names no port; 0 to 65535 are wanted, 0 for any free one")
    return address


_File = Annotated[Path, AfterValidator(_existing_file), Field(strict=False)]


class LockerTable(Table):
    """`[locker]`: who this is and where its journal lives."""

    id: _Id
    name: str = Field(min_length=1, max_length=120)
    timezone: Annotated[str, AfterValidator(_timezone)] = "UTC"
    data_dir: Annotated[Path, AfterValidator(_room_for_socket), Field(strict=False)]
    help_phone: str = Field(default="", max_length=40)


class MqttTable(Table):
    """`[mqtt]`: the way to the carrier's backend."""

    url: str
    root: Annotated[str, AfterValidator(check_root)] = "locker/v1"
    protocol: Literal["auto", "5", "3.1.1"] = "auto"
    confirm: Literal["backend", "broker"] = "backend"
    allow_plaintext: bool = False
    username: str | None = None
    password_file: _File | None = None
    ca_file: _File | None = None
    cert_file: _File | None = None
    key_file: _File | None = None

    @model_validator(mode="after")
    def _reachable(self) -> "MqttTable":
        try:
            parse_url(self.url, self.allow_plaintext)
        except ValueError as wrong:
            raise Unfit("url", str(wrong)) from wrong
        if (self.cert_file is None) != (self.key_file is None):
            raise Unfit("cert_file", "a certificate and its key come together; name both cert_file and key_file")
        if self.password_file is not None and self.username is None:
            raise Unfit("password_file", "a password needs the name it belongs to; set username too")
        return self


class HomeAssistantTable(Table):
    """`[home_assistant]`: two switches, both off until somebody turns them."""

    discovery: bool = False
    unlock: bool = False

    @model_validator(mode="after")
    def _described(self) -> "HomeAssistantTable":
        if self.unlock and not self.discovery:
            raise Unfit("unlock", "the buttons come with the description; set discovery = true as well")
        return self


class TrustTable(Table):
    """`[trust]`: whose signatures count."""

    keyring: _File


class SupplyTable(Table):
    """`[[supplies]]`: how many locks one power supply can carry at a time."""

    name: _Id
    max_energised: int = Field(default=1, ge=1, le=16)
    gap_ms: int = Field(default=300, ge=0, le=10_000)


_SENSES_PARCELS = ("kerong-cu16", "kerong-cu48b")


class BoardTable(Table):
    """`[[boards]]`: one lock board. Other keys than these are the driver's own options."""

    model_config = ConfigDict(extra="allow")

    name: _Id
    driver: str
    port: str | None = None
    baud: int | None = Field(default=None, ge=300, le=1_000_000)
    """None: as boards of this kind are delivered."""
    address: int = Field(default=0, ge=0, le=255)
    supply: _Id
    lock: Literal["electromagnet", "motor"] = "electromagnet"
    feedback: Literal["closed_is_1", "closed_is_0"] | None = None
    """None: as boards of this kind are delivered."""
    pulse_ms: int | None = Field(default=None, ge=1)
    """None: as is usual for the kind of lock."""
    chip: str | None = None
    """The GPIO chip of the compartments' lines; None: the chip of the header."""

    @property
    def options(self) -> dict[str, object]:
        """The driver's own."""
        return self.model_extra or {}

    @property
    def senses_parcels(self) -> bool:
        """Whether it tells of each of its compartments whether something is inside."""
        return self.driver in _SENSES_PARCELS or self.options.get("parcel_sensors") is True

    @model_validator(mode="after")
    def _known(self) -> "BoardTable":
        if self.port is not None:
            refuse_unstable(self.port)
        try:
            driver = find_driver(self.driver)
        except ValueError as unknown:
            raise Unfit("driver", str(unknown)) from unknown
        options = [field.name for field in fields(driver.options)]
        for key in self.options:
            if key not in options:
                raise Unfit.unknown(key, [*BoardTable.model_fields, *options])
        fill(driver.options, self.options, f"driver {self.driver!r}")
        return self


class DoorTable(Table):
    """A door sensor on another board than the lock; on a board of GPIO lines it is the compartment's `door_line`."""

    board: _Id
    channel: int = Field(ge=1, le=1024)


class CompartmentTable(Table):
    """`[[compartments]]`: one door."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,16}$")]
    size: Annotated[Size | tuple[int, ...], PlainValidator(_size)]
    board: _Id
    channel: int = Field(ge=1, le=1024)
    lock_line: Line | None = None
    """A GPIO line by its offset on the board's chip, or by its name."""
    door_line: Line | None = None
    active_high: bool = True
    door: DoorTable | None = None
    feedback: Literal["closed_is_1", "closed_is_0"] | None = None
    """What the bit of this door's sensor says, where its switch is wired otherwise than those of its board."""
    handle_mm: int | None = Field(default=None, ge=0, le=3000)
    inner_release: bool = False
    traits: _Words = ()
    """What rules may ask for, such as `cool`."""
    column: int | None = Field(default=None, ge=1, le=64)
    """Where it stands in the cabinet, counted from the left."""
    row: int | None = Field(default=None, ge=1, le=64)
    """Counted from the top."""

    @property
    def sensor(self) -> tuple[str, int]:
        """The board and the channel that its door is read on."""
        return (self.board, self.channel) if self.door is None else (self.door.board, self.door.channel)

    @property
    def letter(self) -> Size:
        """Its size by letter, whether or not it is given in millimetres."""
        return self.size if isinstance(self.size, Size) else _letter(tuple(self.size))

    def spec(self, supply: str) -> CompartmentSpec:
        """The compartment as the rules see it, its lock hanging on `supply`."""
        mm = () if isinstance(self.size, Size) else tuple(self.size)
        return CompartmentSpec(CompartmentId(self.id), self.letter, mm, self.handle_mm, supply, self.traits)


class CarrierTable(Table):
    """`[[carriers]]`: what was agreed with one of them."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    walk_up: bool = False
    """Its drivers may store parcels that it has not announced."""
    reserved: tuple[_Id, ...] = Field(default=(), strict=False)
    """Compartments that only its parcels are put into."""
    share: dict[Annotated[Size, Field(strict=False)], Annotated[int, Field(ge=1, le=100)]] = Field(default={})
    """Of the compartments of each size so many per cent are there for its parcels at any time."""

    def terms(self) -> CarrierTerms:
        """The same for the rules."""
        reserved = tuple(map(CompartmentId, self.reserved))
        return CarrierTerms(CarrierId(self.name), self.walk_up, reserved, dict(self.share))


class ContactTable(Table):
    """`[[contacts]]`: a switch of the cabinet that belongs to no compartment, on an input of a board."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]
    kind: Literal["service_door", "tilt", "mains", "fire"]
    board: _Id
    channel: int = Field(ge=1, le=1024)
    line: Line | None = None
    """On a board of GPIO lines."""
    rests: Literal["closed", "open"] = "closed"

    @property
    def contact(self) -> Contact:
        """As the rules see it."""
        return Contact(self.name, ContactKind(self.kind), self.rests == "closed")


class KioskTable(Table):
    """`[kiosk]`: the touchscreen."""

    listen: Annotated[
        str,
        Field(pattern=r"^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|\[::1\]):[0-9]{1,5}$"),
        AfterValidator(_listen),
    ] = "127.0.0.1:8080"
    signature: bool = True
    """Whether people can draw on the screen with a finger or a pen."""
    languages: tuple[Literal["en", "de"], ...] = Field(default=("en",), min_length=1, strict=False)


class CodesTable(Table):
    """`[codes]`: what goes with pickup codes."""

    delegates: int = Field(default=0, ge=0, le=4)
    """People besides its recipient whom a carrier may let collect a parcel."""
    second_digits: int = Field(default=0, ge=0, le=12)
    """Of a number that carriers tell for a parcel and its recipient types after a shorter code; 0 for none."""

    @model_validator(mode="after")
    def _long_enough(self) -> "CodesTable":
        if 0 < self.second_digits < LEAST_SECOND_DIGITS:
            what = f"{self.second_digits} digits are guessed in no time; {LEAST_SECOND_DIGITS} at least, or 0 for none"
            raise Unfit("second_digits", what)
        return self


class PolicyTable(Table):
    """`[policy]`: figures that differ from the product's; see `Policy` for what each means."""

    hold_s: int | None = Field(default=None, ge=300, le=60 * 24 * 3600)
    recipients_share: int = Field(default=0, ge=0, le=100)
    collect_after_expiry: bool = True
    undelivered_s: int = Field(default=24 * 3600, ge=0, le=30 * 24 * 3600)
    code_digits: int | None = Field(default=None, ge=4, le=20)
    code_burst: int = Field(default=20, ge=3, le=1000)
    code_interval_ms: int = Field(default=600_000, ge=1000)
    pin_tries: int = Field(default=5, ge=3, le=10)
    pin_lock_ms: int = Field(default=900_000, ge=60_000, le=24 * 3_600_000)
    pin_burst: int = Field(default=20, ge=5, le=1000)
    pin_interval_ms: int = Field(default=600_000, ge=60_000)
    open_wait_ms: int = Field(default=10_000, ge=1000, le=60_000)
    wiring_fault_ms: int = Field(default=10_000, ge=1000, le=60_000)
    left_open_ms: int = Field(default=120_000, ge=10_000, le=3_600_000)
    deposit_answer_ms: int = Field(default=45_000, ge=1000, le=600_000)
    reopen_ms: int = Field(default=60_000, ge=0, le=600_000)
    remote_unlocks: int = Field(default=3, ge=0, le=16)
    rescues: int = Field(default=2, ge=1, le=16)
    lockout_ms: int = Field(default=8 * 3_600_000, ge=600_000, le=24 * 3_600_000)
    second_signature_ms: int = Field(default=300_000, ge=30_000, le=3_600_000)
    label_patterns: tuple[Annotated[str, AfterValidator(_pattern)], ...] = Field(default=(), strict=False)
    fresh_pin_ms: int = Field(default=600_000, ge=60_000, le=600_000)
    signature_days: int = Field(default=30, ge=1, le=3650)
    dispute_days: int = Field(default=180, ge=1, le=3650)
    preference_stale_days: int = Field(default=180, ge=1, le=3650)
    preference_purge_days: int = Field(default=365, ge=1, le=3650)
    conditions: _Words = ()
    """What holds at this site, such as `rural`; see `rules.toml` for those that the product's rules know."""


def _letter(mm: tuple[int, ...]) -> Size:
    """The size letter of a compartment given in millimetres: the largest whose volume it reaches."""
    volume = mm[0] * mm[1] * mm[2]
    reached = [size for size, (w, h, d) in Policy().sizes_mm.items() if w * h * d <= volume]
    return max(reached, key=lambda size: size.rank, default=Size.S)
