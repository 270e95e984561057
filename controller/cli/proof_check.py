"""Checking one proof: a whole record with its proof in it, or the bare JWS, whose payload is the record without it.

The report of a commissioning is checked the same way.
"""

from dataclasses import dataclass

from controller.cli.output import local_time
from controller.cli.proof_keys import ProofKeys
from controller.contract.commissioning import BEGINNING, TYPE, read_report
from controller.contract.fields import wall_text
from controller.contract.jose import Flaw, NotTrusted, Typ
from controller.contract.receipt import TYPE as RECEIPT
from controller.contract.receipt import read_receipt
from controller.contract.record import NotARecord, Record, parse
from controller.contract.wire_json import JsonObject

_FLAWS = {
    Flaw.TOO_LARGE: "it is larger than any proof",
    Flaw.NOT_A_TOKEN: "it is neither a record nor a JWS in the compact form",
    Flaw.WRONG_TYPE: "it is a signed token of another kind",
    Flaw.HEADER_REFUSED: "its header names another algorithm than Ed25519, or brings a key of its own",
    Flaw.KEY_UNKNOWN: "it was signed by another key than the one given",
    Flaw.BAD_SIGNATURE: "the signature does not match: it was changed, or signed by another key",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of one."""

    record: Record | None
    """What it proves, or claims to."""
    flaw: str | None
    report: JsonObject | None = None
    """What it tells, where it is the report of a commissioning."""
    receipt: JsonObject | None = None
    """What it tells, where it is a recipient's receipt."""

    def facts(self) -> dict[str, object]:
        """All of it, for programs."""
        record = self.record
        if self.report is not None:
            return {"good": True, "flaw": None, "type": TYPE, "data": self.report}
        if self.receipt is not None:
            return {"good": True, "flaw": None, "type": RECEIPT, "data": self.receipt}
        if record is None:
            return {"good": self.flaw is None, "flaw": self.flaw}
        return {
            "good": self.flaw is None,
            "flaw": self.flaw,
            "type": record.name,
            "time": wall_text(record.stamp.wall),
            "clock": record.stamp.clock.value,
            "locker": record.place.locker,
            "stream": record.place.stream,
            "sequence": record.place.sequence,
            "data": record.data,
        }

    def shown(self) -> dict[str, object]:
        """The main things, for people."""
        record = self.record
        if self.report is not None:
            return _shown_report(self.report)
        if self.receipt is not None:
            return _shown_receipt(self.receipt)
        if record is None:
            return {}
        where = f"{record.place.locker}, compartment {record.data.get('compartment', 'unknown')}"
        when = f"{local_time(wall_text(record.stamp.wall))} (clock: {record.stamp.clock.value})"
        return {
            "of": f"{record.name}, parcel {record.data.get('parcel', 'unknown')}",
            "at": where,
            "time": when,
            "record": f"{record.place.sequence} of stream {record.place.stream}",
        }


def split(content: bytes) -> list[bytes]:
    """The records and tokens of a file; one that was broken over several lines is left whole, and will not verify."""
    lines = [line.strip() for line in content.splitlines() if line.strip()]
    whole = all(line.startswith(b"{") == line.endswith(b"}") for line in lines)
    return lines if lines and whole else [content.strip()]


def check_proof(raw: bytes, keys: ProofKeys) -> Checked:
    """Check a record, a bare JWS or the report of a commissioning."""
    try:
        if raw.startswith(BEGINNING):
            return Checked(None, None, read_report(raw, keys.verify))
        record = parse(raw) if raw.startswith(b"{") else None
        if record is not None and record.proof is None:
            return Checked(record, f"record {record.place.sequence}, {record.name}, bears no proof")
        token = raw.decode("ascii", "replace") if record is None or record.proof is None else record.proof
        receipt = _receipt(token, keys) if record is None else None
        if receipt is not None:
            return Checked(None, None, receipt=receipt)
        payload = keys.verify(token, Typ.PROOF)
        if record is not None and payload != record.payload:
            return Checked(record, "it is the proof of another record")
        return Checked(record or parse(payload), None)
    except NotTrusted as error:
        return Checked(None, _FLAWS.get(error.flaw, error.flaw.value))
    except NotARecord as error:
        return Checked(None, str(error))


def _receipt(token: str, keys: ProofKeys) -> JsonObject | None:
    """What the token says if it is a receipt; None where it is of another kind. Raises `NotTrusted`."""
    try:
        return read_receipt(token, keys.verify)
    except NotTrusted as error:
        if error.flaw is Flaw.WRONG_TYPE:
            return None
        raise


def _shown_receipt(receipt: JsonObject) -> dict[str, object]:
    handoffs = receipt["handoffs"]
    told = [each for each in handoffs if isinstance(each, dict)] if isinstance(handoffs, list) else []
    lines = (f"{each['parcel']} from {each['compartment']} at {local_time(str(each['time']))}" for each in told)
    records = (f"{each['seq']}, SHA-256 {each['hash']}" for each in told)
    return {
        "of": f"a recipient's receipt from {receipt['locker']}",
        "parcels": "; ".join(lines),
        "records": f"{'; '.join(records)} of stream {receipt['stream']}",
    }


def _shown_report(report: JsonObject) -> dict[str, object]:
    people, compartments = report["by"], report["compartments"]
    by = ", ".join(map(str, people)) if isinstance(people, list) else ""
    doors = len(compartments) if isinstance(compartments, list) else 0
    good = "every one can be used" if report["good"] is True else "not all of them can be used"
    return {
        "of": f"the commissioning of {report['locker'] or 'a locker without a name yet'}, by {by}",
        "time": local_time(str(report["finished"])),
        "found": f"{doors} compartments, {good}",
        "cabinet": f"SHA-256 {report['cabinet_sha256']}",
    }
