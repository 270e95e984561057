"""A recipient's receipt, checked with the command that checks proofs."""

import json
from pathlib import Path

from support.command_line import Locker
from support.keyring import device_keys
from support.proof_files import collected

from controller.contract.jose import sign
from controller.contract.receipt import make_receipt


def test_locker_proof_verify_reads_it_anywhere(locker: Locker, tmp_path: Path) -> None:
    receipt = make_receipt([collected()], lambda payload, typ: sign(payload, device_keys().sign, typ))
    (tmp_path / "receipt").write_text(receipt + "\n")
    (tmp_path / "keys.json").write_text(json.dumps(device_keys().public()))
    good = locker("proof", "verify", tmp_path / "receipt", "--key", tmp_path / "keys.json")
    assert (good.code, "a recipient's receipt from L0042" in good.out) == (0, True), good.err
    header, payload, signature = receipt.split(".")
    changed = ("A" if payload[40] != "A" else "B").join((payload[:40], payload[41:]))
    (tmp_path / "receipt").write_text(f"{header}.{changed}.{signature}")
    bad = locker("proof", "verify", tmp_path / "receipt", "--key", tmp_path / "keys.json")
    assert (bad.code, "signature does not match" in bad.err) == (1, True)
