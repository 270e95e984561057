"""A recipient says, weeks later, that nothing was ever handed to them: answered from exported records and a public key,
on another machine, without the locker.
"""

import json
from hashlib import sha256
from pathlib import Path
from subprocess import CompletedProcess

from support.daemon import locker
from support.keyring import device_keys
from support.on_a_loop import on_a_loop
from support.village import INK, a_village

from controller.contract.jose import sign
from controller.contract.receipt import make_receipt
from controller.contract.record import parse
from controller.domain.ids import Currency, MinorUnits
from controller.domain.money import Money

LIES = {
    b'"compartment":"A02"': b'"compartment":"A03"',
    b'"actor":"recipient"': b'"actor":"operator"',
    b'"obtained":["code"': b'"obtained":["none"',
}


@on_a_loop
async def test_a_theft_claim_is_answered_from_the_proof_alone(tmp_path: Path) -> None:
    records = await _what_happened()
    (tmp_path / "keys.json").write_text(json.dumps(device_keys().public()))
    proof = _about(records, "custody.collected")

    answer = _asked(tmp_path, proof)
    assert answer.returncode == 0, answer.stderr
    said = " ".join(answer.stdout.split())
    assert "Parcel P1 of carrier north was taken out of compartment A02 by its recipient" in said
    assert "open for 4.0" in said
    assert "Obtained: the pickup code, typed; a signature on the screen; the door seen to open and to close." in said
    assert "Digest of a signature on the screen: dddd" in said
    assert "The plan demanded: the pickup code, typed; a PIN or a signature on the screen;" in said
    assert "Nothing that was demanded is missing." in said
    assert "By rule valuable: It is valuable: a code alone is not enough to collect it." in said

    for truth, lie in LIES.items():
        assert truth in proof
        refused = _asked(tmp_path, proof.replace(truth, lie))
        assert (refused.returncode, "the proof is not good" in refused.stderr) == (1, True), lie


@on_a_loop
async def test_nobody_took_a_record_out_and_the_recipients_own_receipt_names_it(tmp_path: Path) -> None:
    records = await _what_happened()
    (tmp_path / "keys.json").write_text(json.dumps(device_keys().public()))
    assert _breaks(records) == []
    at = records.index(_about(records, "custody.collected"))
    assert _breaks(records[:at] + records[at + 1 :]) == [at], "its gap shows in the record after it"

    receipt = make_receipt([records[at]], lambda payload, typ: sign(payload, device_keys().sign, typ))
    answer = _asked(tmp_path, receipt.encode())
    assert answer.returncode == 0, answer.stderr
    assert f"SHA-256 of that record: {sha256(records[at]).hexdigest()}" in " ".join(answer.stdout.split())


async def _what_happened() -> list[bytes]:
    """A valuable parcel was delivered, and fetched with code and signature; the whole journal, as it is exported."""
    async with a_village() as village:
        await village.delivered(1, value=Money(MinorUnits(70_000), Currency("EUR")), authority_to_leave=True)
        recipient = village.visitor()
        await recipient.types_code(1)
        await recipient.does("visit/instead", to="sign")
        await recipient.takes(await recipient.does("visit/signature", strokes=INK))
        return village.records()


def _about(records: list[bytes], name: str) -> bytes:
    (found,) = (raw for raw in records if b'"type":"locker.%b.v1"' % name.encode() in raw)
    return found


def _asked(folder: Path, proof: bytes) -> CompletedProcess[str]:
    (folder / "proof").write_bytes(proof + b"\n")
    return locker("proof", "verify", folder / "proof", "--key", folder / "keys.json")


def _breaks(records: list[bytes]) -> list[int]:
    """Where a record does not follow the one before."""
    heads = [bytes(32), *(sha256(raw).digest() for raw in records)]
    return [number for number, raw in enumerate(records) if parse(raw).place.prevhash != heads[number]]
