"""The journal with a locker's real keys."""

from pathlib import Path

from joserfc.jwk import OKPKey
from support.journals import SOFTWARE, Recorder, beginning, collection, deposit, opened
from support.on_a_loop import on_a_loop

from controller.contract.device_keys import DeviceKeys, new_key
from controller.contract.jose import Typ, sign, verify
from controller.journal.chain import Signatures
from controller.journal.database import Disk
from controller.journal.verify import verify_journal
from controller.journal.writer import Writer


def signatures(key: OKPKey) -> Signatures:
    def checked(token: str, typ: Typ) -> bytes:
        return verify(token, typ, lambda kid: key)[0]

    return Signatures(lambda payload, typ: sign(payload, key, typ), checked)


@on_a_loop
async def test_a_locker_s_journal_is_verified_with_its_key_and_with_no_other(tmp_path: Path) -> None:
    keys = signatures(DeviceKeys.load_or_create(tmp_path / "keys").sign)
    recorder = Recorder.on(opened(tmp_path, Disk(), Writer, keys))
    await recorder.record(*beginning(), *deposit(1))
    await recorder.snapshot()
    await recorder.record(*collection(1))
    await recorder.journal.close()

    verdict = verify_journal(tmp_path, SOFTWARE, keys.verify)
    assert (verdict.records, verdict.proofs, verdict.snapshots, verdict.damage) == (17, 2, 1, None)
    journal = opened(tmp_path, keys=keys)
    assert (journal.state, journal.damage) == (recorder.state, ())
    journal.let_go()

    stranger = signatures(new_key("Ed25519"))
    assert str(verify_journal(tmp_path, SOFTWARE, stranger.verify).damage) == (
        "record 10: its proof is not good: bad_signature"
    )
