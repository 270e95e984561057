"""What may be asked at the service socket, read from one line of JSON; and where that socket is."""

import re
from dataclasses import dataclass
from enum import StrEnum

from controller.contract.wire_json import JSON, JsonObject, loads_object
from controller.domain.commands import BlockCompartment, EmergencyUnlock, UnblockCompartment, UnlockCompartment
from controller.domain.ids import CompartmentId, Reference
from controller.domain.inputs import LockOutAsked, LockoutEndAsked

SOCKET = "locker.sock"
"""The socket's name in the data directory."""
LONGEST_PATH_BYTES = 107
"""`sun_path` of unix(7) holds 108 bytes, the last one zero."""
LONGEST_REQUEST_BYTES = 64 * 1024
LONGEST_REASON = 500
LONGEST_REFERENCE = 200
_COMPARTMENT = re.compile(r"[A-Za-z0-9_-]{1,32}")


class NotTaken(Exception):
    """A request that is not carried out; `reason` is a code for programs, `detail` a sentence for people."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class Look(StrEnum):
    """To be told something."""

    STATUS = "status"
    PARCELS = "parcels"
    DRIFT = "drift"
    CONFIG = "config"


@dataclass(frozen=True, slots=True)
class Watch:
    """To be told of every event from now on."""


@dataclass(frozen=True, slots=True)
class Command:
    """To have something done, and why; the reason is kept beside the record and never in it."""

    command: "_OneCompartment"
    reason: str
    wait: bool = False
    """To be answered only when it is known what became of the unlock."""


@dataclass(frozen=True, slots=True)
class Lockout:
    """To have the service lock-out switched, and why."""

    item: LockOutAsked | LockoutEndAsked


@dataclass(frozen=True, slots=True)
class Erase:
    """To have everything private about a parcel, a recipient or a driver erased."""

    reference: Reference


Request = Look | Watch | Command | Lockout | Erase

_OneCompartment = UnlockCompartment | EmergencyUnlock | BlockCompartment | UnblockCompartment
_COMMANDS: dict[str, type[_OneCompartment]] = {
    "open": UnlockCompartment,
    "emergency": EmergencyUnlock,
    "block": BlockCompartment,
    "unblock": UnblockCompartment,
}
_WATCH = "watch"
_ERASE = "erase"
_OPENING = ("open", "emergency")
_LOCKOUTS: dict[str, type[LockOutAsked | LockoutEndAsked]] = {"lock-out": LockOutAsked, "end-lock-out": LockoutEndAsked}
_VERBS = (*Look, _WATCH, _ERASE, *_COMMANDS, *_LOCKOUTS)


def read_request(line: bytes) -> Request:
    """The request on one line. Raises `NotTaken` for anything else."""
    try:
        members = loads_object(line)
    except ValueError as error:
        raise _not_understood(f"a request is one JSON object on a line ({error})") from None
    verb = members.pop("do", None)
    if not isinstance(verb, str) or verb not in _VERBS:
        raise _not_understood(f'"do" must be one of {", ".join(_VERBS)}')
    if verb in _COMMANDS:
        return _command(verb, members)
    if verb in _LOCKOUTS:
        reason = _reason(members.pop("reason", ""), "the lock-out is switched", wanted=True)
        _refuse_more(members)
        return Lockout(_LOCKOUTS[verb](None, reason))
    if verb == _ERASE:
        return _erase(members)
    _refuse_more(members)
    return Watch() if verb == _WATCH else Look(verb)


def _command(verb: str, members: JsonObject) -> Command:
    compartment, reason = members.pop("compartment", None), members.pop("reason", "")
    wait = members.pop("wait", False) if verb in _OPENING else False
    _refuse_more(members)
    if not isinstance(compartment, str) or not _COMPARTMENT.fullmatch(compartment):
        raise _not_understood('"compartment" must be the name on a door, such as A01')
    said = _reason(reason, "a door is opened", wanted=verb in _OPENING)
    if not isinstance(wait, bool):
        raise _not_understood('"wait" must be true or false')
    return Command(_COMMANDS[verb](compartment=CompartmentId(compartment)), said, wait)


def _erase(members: JsonObject) -> Erase:
    reference = members.pop("reference", None)
    _refuse_more(members)
    if not isinstance(reference, str) or not 0 < len(reference) <= LONGEST_REFERENCE or not reference.isprintable():
        raise _not_understood(
            f'"reference" must be the name of a parcel, recipient or driver, {LONGEST_REFERENCE} at most'
        )
    return Erase(Reference(reference))


def _reason(reason: JSON, what: str, *, wanted: bool) -> str:
    if not isinstance(reason, str) or len(reason) > LONGEST_REASON or not reason.isprintable():
        raise _not_understood(f'"reason" must be one line of at most {LONGEST_REASON} characters')
    if wanted and not reason.strip():
        raise _not_understood(f'"reason" must say why {what}')
    return reason.strip()


def _refuse_more(members: JsonObject) -> None:
    for name in members:
        raise _not_understood(f"{name[:32]!a} is not a member of this request")


def _not_understood(detail: str) -> NotTaken:
    return NotTaken("not_understood", detail)
