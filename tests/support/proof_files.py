"""A record with its proof and the keys to check it with, as files, and ways to spoil them."""

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from support.every_record import every_record
from support.keyring import device_keys

from controller.contract.device_keys import new_key
from controller.contract.jose import Typ, sign
from controller.contract.record import attach_proof, parse


def collected() -> bytes:
    """The record of a parcel that was collected."""
    (record,) = (raw for raw in every_record() if b'"type":"locker.custody.collected.v1"' in raw)
    return record


def spoilt() -> Mapping[str, bytes]:
    """Records that nobody may accept, by what is wrong with them."""
    record = collected()
    payload = parse(record).payload
    proof = re.search(rb'"proof":"([^"]*)"', record)
    assert proof is not None
    header, signed, signature = proof[1].split(b".")
    other = b"A" if signature[:1] != b"A" else b"B"
    return {
        "a byte of the record": record.replace(b'"boot":41', b'"boot":42'),
        "a byte of the signature": record.replace(signature, other + signature[1:]),
        "a byte of what was signed": record.replace(signed, signed[:99] + _next(signed[99:100]) + signed[100:]),
        "a byte of the header": record.replace(header, header[:20] + _next(header[20:21]) + header[21:]),
        "another record's proof": attach_proof(payload, sign(b'{"a":1}', device_keys().sign, Typ.PROOF)),
        "another locker's key": attach_proof(payload, sign(payload, new_key("Ed25519"), Typ.PROOF)),
        "a token of another kind": attach_proof(payload, sign(payload, device_keys().sign, Typ.SNAPSHOT)),
    }


def _next(letter: bytes) -> bytes:
    return b"B" if letter == b"A" else b"A"


def accepts(command: list[str], folder: Path, record: bytes, **surroundings: str) -> bool:
    """Whether a command of the documentation, run in `folder`, finds a record good."""
    (folder / "record.json").write_bytes(record + b"\n")
    (folder / "keys.json").write_text(json.dumps(device_keys().public(), indent=2))
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", **surroundings}
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=60, check=False)
    return ran.returncode == 0
