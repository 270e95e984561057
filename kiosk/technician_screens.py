"""The technician's screens. What stands on them is read from the committed state whenever it changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from controller.domain.events import AuditFinished
from controller.domain.ids import CompartmentId, MonoMs


@dataclass(frozen=True, slots=True)
class TypePin:
    """The badge was good; now its PIN."""

    NAME: ClassVar[str] = "technician_pin"
    refused: str | None = None
    retry_at: MonoMs | None = None
    """No PIN is looked at before."""


@dataclass(frozen=True, slots=True)
class CabinetDoors:
    """Every door as it stands, and what can be done with all of them."""

    NAME: ClassVar[str] = "technician_doors"
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class OneDoor:
    """One compartment: unlock, quarantine, put back."""

    NAME: ClassVar[str] = "technician_door"
    compartment: CompartmentId
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Boards, parts, network, clock, disk, as they were when this was asked for."""

    NAME: ClassVar[str] = "technician_facts"
    facts: Mapping[str, object]
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class AuditDoor:
    """The compartment to look into; None once all were looked into."""

    NAME: ClassVar[str] = "technician_audit"
    compartment: CompartmentId | None
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class AuditLabel:
    """The label of what lies in it, typed by hand."""

    NAME: ClassVar[str] = "technician_label"
    compartment: CompartmentId
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Audited:
    """What the stock-taking came to."""

    NAME: ClassVar[str] = "technician_audited"
    result: AuditFinished
    refused: str | None = None


AtCabinet = CabinetDoors | OneDoor | Diagnosis | AuditDoor | AuditLabel | Audited
"""The screens of a technician who is signed in."""
TechnicianScreen = TypePin | AtCabinet
