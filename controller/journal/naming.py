"""Whose parcel a person means who names it: its carrier may be left out where that name is one carrier's only."""

from pathlib import Path

from controller.contract.record import parse
from controller.contract.wire_json import dumps
from controller.domain.ids import CarrierId, ParcelId
from controller.domain.naming import parcel_id
from controller.journal.errors import JournalRefused
from controller.journal.export import export_records


def find_parcel(data_dir: Path, said: str) -> ParcelId:
    """The parcel that is `said` to be `name` or `carrier/name`, whether or not any record is about it.

    Raises `JournalRefused` where two carriers' parcels bear the name, or there is no journal.
    """
    if "/" in said:
        return ParcelId(said)
    carriers = sorted(_carriers(data_dir, said))
    if len(carriers) > 1:
        choices = " or ".join(f"{carrier}/{said}" for carrier in carriers)
        raise JournalRefused(f"Parcels of {len(carriers)} carriers are called {said}.", f"Say {choices}.")
    return parcel_id(CarrierId(carriers[0] if carriers else ""), said)


def _carriers(data_dir: Path, name: str) -> set[str]:
    member = b'"parcel":%b' % dumps(name)
    told = (parse(raw).data for raw in export_records(data_dir) if member in raw)
    return {str(data["carrier"]) for data in told if data.get("parcel") == name and "carrier" in data}
