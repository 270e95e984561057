"""What lockers answer to those who ask, for people."""

from controller.cli.carrier_line import sentence
from controller.cli.output import some
from controller.contract.result import Result
from controller.contract.wire_json import JSON, JsonObject


def shown_snapshot(result: Result) -> str:
    """The parcels in custody, one a line."""
    rows = _rows(result, "parcels")
    lines = [_line(row, "parcel", "carrier", "custody", "compartment", "expires_at") for row in rows]
    return "\n".join((f"{sentence(result)}: {some(len(rows), 'parcel')}", *lines)) if result.data else sentence(result)


def shown_replay(result: Result) -> str:
    """How many records were said once more, or which could be."""
    data = result.data or {}
    if "records" in data:
        stopped = f", then it stopped: {data['stopped']}" if "stopped" in data else ""
        return f"{sentence(result)}: {data['records']} said once more{stopped}"
    return f"{sentence(result)}: {data['first']} to {data['last']} can be said" if data else sentence(result)


def shown_findings(result: Result) -> str:
    """What is to be seen to, one a line."""
    bad = [row for row in _rows(result, "findings") if row.get("state") in ("faulty", "missing")]
    if result.data is None or not bad:
        return f"{sentence(result)}: everything is well" if result.data else sentence(result)
    lines = [f"  {row['part']}: {row['what']}; {row['advice']}" for row in bad]
    return "\n".join((f"{sentence(result)}: {some(len(bad), 'part')} to see to", *lines))


def _rows(result: Result, name: str) -> list[JsonObject]:
    rows: JSON = (result.data or {}).get(name)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _line(row: JsonObject, *names: str) -> str:
    return "  " + "  ".join(str(row[name]) for name in names if name in row)
