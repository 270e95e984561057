"""`locker journal`, `locker proof` and `locker key` on a journal whose locker does not run."""

import asyncio
import errno
import json
import os
import pty
import subprocess
from base64 import urlsafe_b64decode
from functools import partial
from pathlib import Path

import pytest
from support.command_line import PROGRAM, Locker
from support.journals import (
    LOCKER,
    QUICK,
    SOFTWARE,
    STREAM,
    Recorder,
    beginning,
    collection,
    deposit,
    edit,
    value,
)

from controller.contract.device_keys import DeviceKeys, new_key
from controller.contract.jose import Typ, sign, verify
from controller.contract.wire_json import dumps
from controller.journal.chain import Signatures
from controller.journal.opening import open_journal
from controller.journal.store import Inline


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory with the keys of a locker and a journal of 25 records: two deposits and one collection."""
    directory = tmp_path / "data"
    directory.mkdir()
    asyncio.run(keep_a_journal(directory))
    return directory


async def keep_a_journal(directory: Path) -> None:
    keys = DeviceKeys.load_or_create(directory / "keys")
    signatures = Signatures(partial(_sign, keys), lambda token, typ: verify(token, typ, lambda kid: keys.sign)[0])
    journal = open_journal(directory, LOCKER, SOFTWARE, signatures, lambda: STREAM, QUICK, Inline)
    recorder = Recorder.on(journal)
    await recorder.record(*beginning(), *deposit(1), *collection(1))
    await recorder.snapshot()
    await recorder.record(*deposit(2))
    await journal.close()


def _sign(keys: DeviceKeys, payload: bytes, typ: Typ) -> str:
    return sign(payload, keys.sign, typ)


def public_key(locker: Locker, data: Path, folder: Path) -> Path:
    path = folder / "public.json"
    path.write_text(locker("key", "show", "--data", data).out)
    return path


# --- verify ---------------------------------------------------------------------------------------------------------


def test_a_good_journal_is_summed_up_and_left_as_it_was(locker: Locker, data: Path) -> None:
    before = (data / "journal.db").read_bytes()

    ended = locker("journal", "verify", "--data", data)

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines()[:6] == [
        "journal    is good",
        "locker     L0042",
        f"stream     {STREAM}",
        "records    25 checked, 1 to 25",
        "proofs     3 checked",
        "snapshots  1 checked",
    ]
    assert (data / "journal.db").read_bytes() == before


def test_one_flipped_byte_is_found_and_its_record_named(locker: Locker, data: Path) -> None:
    raw = bytearray(value(data, "SELECT bytes FROM record WHERE seq = 10"))
    raw[200] ^= 1
    edit(data, "UPDATE record SET bytes = ? WHERE seq = 10", bytes(raw))

    ended = locker("journal", "verify", "--data", data)
    facts = json.loads(locker("journal", "verify", "--json", "--data", data).out)

    assert (ended.code, ended.out) == (1, "")
    first, second = ended.err.splitlines()
    assert first == f"{data}: record 10: its bytes do not match its hash"
    assert second.startswith("The 9 records before it are good. Keep a copy of the data directory as evidence, ")
    assert (facts["good"], facts["records"], facts["damage"]["sequence"]) == (False, 9, 10)


def test_a_missing_record_is_named(locker: Locker, data: Path) -> None:
    edit(data, "DELETE FROM record WHERE seq = 7")

    ended = locker("journal", "verify", "--data", data)

    assert ended.code == 1
    assert "record 7 is missing" in ended.err


def test_a_journal_can_be_verified_away_from_its_locker(locker: Locker, data: Path, tmp_path: Path) -> None:
    key = public_key(locker, data, tmp_path)
    (data / "keys").rename(tmp_path / "kept-at-home")

    assert locker("journal", "verify", "--data", data).code == 2
    assert locker("journal", "verify", "--data", data, "--key", key).code == 0


def test_anothers_key_does_not_fit(locker: Locker, data: Path, tmp_path: Path) -> None:
    key = tmp_path / "other.json"
    key.write_text(json.dumps(new_key("Ed25519").as_dict(private=False)))

    ended = locker("journal", "verify", "--data", data, "--key", key)

    assert ended.code == 1


@pytest.mark.parametrize("command", ["verify", "export", "stats"])
def test_where_there_is_no_journal_it_is_wrong_use(locker: Locker, tmp_path: Path, command: str) -> None:
    DeviceKeys.load_or_create(tmp_path / "keys")

    ended = locker("journal", command, "--data", tmp_path)

    assert (ended.code, ended.out) == (2, "")
    assert str(tmp_path) in ended.err


@pytest.mark.parametrize("command", ["verify", "export", "stats"])
def test_a_file_that_is_no_database_is_said_to_be_damaged(locker: Locker, data: Path, command: str) -> None:
    (data / "journal.db").write_bytes(b"no database at all " * 1000)

    ended = locker("journal", command, "--data", data)

    assert (ended.code, ended.out) == (1, "")
    assert "SQLite cannot read" in ended.err


def test_a_journal_of_newer_software_is_left_alone(locker: Locker, data: Path) -> None:
    edit(data, "UPDATE meta SET value = '2' WHERE key = 'schema'")

    ended = locker("journal", "verify", "--data", data)

    assert ended.code == 2
    assert "from newer software" in ended.err


def test_progress_is_shown_on_a_terminal(data: Path) -> None:
    ours, theirs = pty.openpty()
    ended = subprocess.run(
        [*PROGRAM, "journal", "verify", "--data", data],
        stdout=subprocess.PIPE, stderr=theirs, env={**os.environ, "TERM": "xterm"}, timeout=30, check=True,
    )  # fmt: skip
    os.close(theirs)

    assert b"is good" in ended.stdout
    assert b"25/25" in everything_from(ours)


def everything_from(terminal: int) -> bytes:
    """What a program wrote to a terminal that it has left."""
    heard = b""
    try:
        while chunk := os.read(terminal, 4096):
            heard += chunk
    except OSError as end:
        if end.errno != errno.EIO:  # what Linux says of a terminal that nobody holds any more
            raise
    finally:
        os.close(terminal)
    return heard


# --- export and stats -----------------------------------------------------------------------------------------------


def test_records_are_exported_byte_for_byte(locker: Locker, data: Path) -> None:
    lines = locker("journal", "export", "--data", data, "--since", 24).out.encode().splitlines()

    assert lines == [value(data, f"SELECT bytes FROM record WHERE seq = {n}") for n in (24, 25)]
    assert len(locker("journal", "export", "--data", data).out.splitlines()) == 25
    assert locker("journal", "export", "--data", data, "--since", 26).out == ""


def test_a_sequence_before_the_first_is_wrong_use(locker: Locker, data: Path) -> None:
    assert locker("journal", "export", "--data", data, "--since", 0).code == 2


def test_the_figures(locker: Locker, data: Path) -> None:
    ended = locker("journal", "stats", "--data", data)
    facts = json.loads(locker("journal", "stats", "--json", "--data", data).out)

    assert "records    25, 1 to 25\n" in ended.out
    assert "carrier    has everything up to 0, 25 wait\n" in ended.out
    assert (facts["records"], facts["types"]["locker.custody.stored.v1"]) == (25, 2)
    assert max(map(len, ended.out.splitlines())) <= 80


# --- keys -----------------------------------------------------------------------------------------------------------


def test_only_the_public_halves_of_the_keys_are_shown(locker: Locker, data: Path) -> None:
    keys = json.loads(locker("key", "show", "--data", data).out)["keys"]

    assert [(key["crv"], key["use"]) for key in keys] == [("Ed25519", "sig"), ("X25519", "enc")]
    assert all(key.keys() == {"kty", "crv", "x", "kid", "use"} for key in keys)


def test_keys_are_never_made_by_looking_at_them(locker: Locker, tmp_path: Path) -> None:
    ended = locker("key", "show", "--data", tmp_path)

    assert ended.code == 2
    assert "They are made at its first start." in ended.err
    assert not (tmp_path / "keys").exists()


def test_keys_that_others_can_read_are_refused(locker: Locker, data: Path) -> None:
    (data / "keys" / "sign.jwk").chmod(0o644)

    ended = locker("key", "show", "--data", data)

    assert ended.code == 2
    assert "can be read by others" in ended.err


# --- proofs ---------------------------------------------------------------------------------------------------------


def test_the_proofs_of_a_parcel_are_shown(locker: Locker, data: Path) -> None:
    ended = locker("proof", "show", "P1", "--data", data)

    assert ended.code == 0
    said = " ".join(ended.out.split())
    assert "custody.stored Parcel P1 of carrier acme was put into compartment A01 by driver d-7." in said
    assert "custody.collected Parcel P1 of carrier acme was taken out of compartment A01 by its recipient." in said
    assert "Obtained: the pickup code, typed; the door seen to open and to close." in said
    assert f"Record 17 of stream {STREAM}, of locker {LOCKER}." in said
    assert max(map(len, ended.out.splitlines())) <= 80


def test_a_parcel_without_a_handoff_is_not_good(locker: Locker, data: Path) -> None:
    ended = locker("proof", "show", "P9", "--data", data)

    assert (ended.code, ended.err) == (1, f"{data}: no handoff of parcel P9 is on record\n")


@pytest.fixture
def proofs(locker: Locker, data: Path, tmp_path: Path) -> Path:
    path = tmp_path / "p1.jsonl"
    path.write_text(locker("proof", "show", "P1", "--json", "--data", data).out)
    return path


def test_what_is_shown_can_be_verified_anywhere(locker: Locker, data: Path, tmp_path: Path, proofs: Path) -> None:
    ended = locker("proof", "verify", proofs, "--key", public_key(locker, data, tmp_path))

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.count("proof   is good\n") == 2
    assert "of      custody.collected, parcel P1\n" in ended.out
    assert f"record  17 of stream {STREAM}\n" in ended.out


def test_a_bare_proof_is_verified_with_a_single_nameless_key(
    locker: Locker, data: Path, tmp_path: Path, proofs: Path
) -> None:
    jws, key = tmp_path / "proof.jws", tmp_path / "key.json"
    jws.write_text(json.loads(proofs.read_text().splitlines()[1])["proof"] + "\n")
    shown = json.loads(public_key(locker, data, tmp_path).read_text())["keys"][0]
    key.write_text(json.dumps({name: shown[name] for name in ("kty", "crv", "x")}))

    ended = locker("proof", "verify", jws, "--key", key, "--json")

    [proof] = json.loads(ended.out)["proofs"]
    assert (ended.code, proof["type"], proof["sequence"]) == (0, "custody.collected", 17)
    assert proof["data"]["evidence"]["obtained"] == ["code", "door_cycle"]
    assert "Nothing that was demanded is missing." in proof["says"]


def test_openssl_alone_says_the_same(locker: Locker, data: Path, tmp_path: Path, proofs: Path) -> None:
    header, payload, signature = json.loads(proofs.read_text().splitlines()[0])["proof"].split(".")
    x = json.loads(public_key(locker, data, tmp_path).read_text())["keys"][0]["x"]
    der = bytes.fromhex("302a300506032b6570032100") + decoded(x)
    (tmp_path / "key.der").write_bytes(der)
    (tmp_path / "signed").write_text(f"{header}.{payload}")
    (tmp_path / "signature").write_bytes(decoded(signature))

    subprocess.run(
        ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", tmp_path / "key.der",
         "-in", tmp_path / "signed", "-sigfile", tmp_path / "signature"],
        check=True, capture_output=True, timeout=30,
    )  # fmt: skip


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_a_changed_record_is_not_good(locker: Locker, data: Path, tmp_path: Path, proofs: Path) -> None:
    key = public_key(locker, data, tmp_path)
    proofs.write_text(proofs.read_text().replace('"A01"', '"A02"'))

    ended = locker("proof", "verify", proofs, "--key", key)

    assert (ended.code, ended.out) == (1, "")
    assert ended.err == f"{proofs}, line 1: the proof is not good: it is the proof of another record\n"


def test_a_proof_of_another_locker_is_not_good(locker: Locker, tmp_path: Path, proofs: Path) -> None:
    key = tmp_path / "other.json"
    key.write_text(json.dumps(new_key("Ed25519").as_dict(private=False)))

    ended = locker("proof", "verify", proofs, "--key", key, "--json")

    assert ended.code == 1
    assert json.loads(ended.out)["proofs"][0]["flaw"] == "it was signed by another key than the one given"


@pytest.mark.parametrize(
    ("content", "flaw"),
    [
        (b"", "neither a record nor a JWS"),
        (b"hello", "neither a record nor a JWS"),
        (b"\xff\xfe\x00", "neither a record nor a JWS"),
        (b"a.b.c", "neither a record nor a JWS"),
        (b"{}", "not a record"),
        (b'{"a":', "not a record"),
        (b"[" * 100_000, "neither a record nor a JWS"),
        (b'{"a":' * 50_000, "not a record"),
        (b"x" * 3_000_000, "larger than any proof"),
    ],
)
def test_what_is_no_proof_is_not_good(locker: Locker, data: Path, tmp_path: Path, content: bytes, flaw: str) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)

    ended = locker("proof", "verify", file, "--key", public_key(locker, data, tmp_path))

    assert (ended.code, ended.out) == (1, "")
    assert flaw in ended.err


def test_a_record_that_moves_no_custody_bears_no_proof(locker: Locker, data: Path, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(value(data, "SELECT bytes FROM record WHERE seq = 2"))

    ended = locker("proof", "verify", file, "--key", public_key(locker, data, tmp_path))

    assert ended.err == f"{file}: the proof is not good: record 2, boot.started, bears no proof\n"


def test_a_signed_token_of_another_kind_is_not_good(locker: Locker, data: Path, tmp_path: Path) -> None:
    keys = DeviceKeys.load_or_create(data / "keys")
    file = tmp_path / "file"
    file.write_text(sign(dumps({"parcel": "P1"}), keys.sign, Typ.SNAPSHOT))

    ended = locker("proof", "verify", file, "--key", public_key(locker, data, tmp_path))

    assert ended.err == f"{file}: the proof is not good: it is a signed token of another kind\n"


@pytest.mark.parametrize(
    "key", [b"", b"[]", b"{}", b'{"keys":[]}', b'{"keys":{}}', b'{"kty":"OKP","crv":"Ed25519","x":"!"}']
)
def test_what_is_no_key_is_wrong_use(locker: Locker, tmp_path: Path, proofs: Path, key: bytes) -> None:
    (tmp_path / "key.json").write_bytes(key)

    ended = locker("proof", "verify", proofs, "--key", tmp_path / "key.json")

    assert ended.code == 2
    assert ended.err.startswith(f"{tmp_path / 'key.json'}: ")


def test_files_that_are_not_there_are_wrong_use(locker: Locker, tmp_path: Path, proofs: Path) -> None:
    assert locker("proof", "verify", proofs, "--key", tmp_path / "gone").code == 2
    (tmp_path / "key.json").write_text(json.dumps(new_key("Ed25519").as_dict(private=False)))
    assert locker("proof", "verify", tmp_path / "gone", "--key", tmp_path / "key.json").code == 2
