"""Signatures and photos on the disk."""

import hashlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from controller.contract.device_keys import BadDeviceKeys
from controller.device.private_files import DIRECTORY, PrivateFiles, UnreadableFile
from controller.device.seams import Committed
from controller.device.signature import HEIGHT, LEAST_INK, WIDTH, draw, ink
from controller.domain.events import PrivateErased
from controller.domain.ids import MonoMs, WallMs
from controller.domain.stamp import Stamp

STROKES = (((100, 200), (300, 100), (900, 350)), ((20, 20), (20, 20)))


def test_what_is_kept_is_encrypted_under_its_own_hash_and_read_back(tmp_path: Path) -> None:
    files = PrivateFiles(tmp_path)
    kept = files.keep(b"a picture")
    lies = (tmp_path / DIRECTORY / kept.file).read_bytes()
    assert b"a picture" not in lies
    assert hashlib.sha256(lies).hexdigest() == kept.file
    assert kept.sha256 == hashlib.sha256(bytes.fromhex(kept.salt) + b"a picture").hexdigest()
    assert PrivateFiles(tmp_path).read(kept.file) == b"a picture"


def test_nobody_else_may_read_key_and_files(tmp_path: Path) -> None:
    files = PrivateFiles(tmp_path)
    kept = files.keep(b"a picture")
    key = tmp_path / "keys" / "files.jwk"
    for path, mode in ((key, 0o600), (tmp_path / DIRECTORY / kept.file, 0o600), (tmp_path / DIRECTORY, 0o700)):
        assert path.stat().st_mode & 0o777 == mode
    key.chmod(0o644)
    with pytest.raises(BadDeviceKeys, match=r"chmod 600"):
        PrivateFiles(tmp_path)


def test_the_same_picture_twice_is_two_files(tmp_path: Path) -> None:
    files = PrivateFiles(tmp_path)
    first, second = files.keep(b"a picture"), files.keep(b"a picture")
    assert (first.file, first.sha256) != (second.file, second.sha256)


def test_a_changed_file_is_not_read(tmp_path: Path) -> None:
    files = PrivateFiles(tmp_path)
    kept = files.keep(b"a picture")
    path = tmp_path / DIRECTORY / kept.file
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(UnreadableFile, match=r"damaged"):
        files.read(kept.file)


def test_what_is_erased_on_record_is_erased_on_the_disk(tmp_path: Path) -> None:
    files = PrivateFiles(tmp_path)
    gone, stays = files.keep(b"1"), files.keep(b"2")
    erased = PrivateErased(sequences=(7,), files=(gone.file,), reason="retention")
    files.committed([Committed(9, Stamp(WallMs(0), MonoMs(0), 1), erased)])
    files.committed([Committed(9, Stamp(WallMs(0), MonoMs(0), 1), erased)])
    with pytest.raises(UnreadableFile, match=r"erased"):
        files.read(gone.file)
    assert files.read(stays.file) == b"2"


def test_what_no_record_tells_of_goes_at_the_start(tmp_path: Path) -> None:
    files = PrivateFiles(tmp_path)
    known, orphan = files.keep(b"1"), files.keep(b"2")
    files.erase_all_but({known.file})
    assert [path.name for path in (tmp_path / DIRECTORY).iterdir()] == [known.file]
    assert orphan.file != known.file


def test_a_signature_becomes_a_picture_of_it() -> None:
    with Image.open(BytesIO(draw(STROKES))) as png:
        assert (png.format, png.size) == ("PNG", (WIDTH, HEIGHT))
        grey = png.convert("L")
        assert [grey.getpixel(at) for at in ((300, 100), (200, 150), (20, 20))] == [0, 0, 0]
        assert [grey.getpixel(at) for at in ((500, 390), (5, 5))] == [255, 255]
    assert draw(STROKES) == draw(STROKES)


def test_a_dot_has_too_little_ink() -> None:
    assert ink([((5, 5),)]) == 0
    assert ink([((5, 5), (5, 5 + LEAST_INK - 1))]) < LEAST_INK
    assert ink(STROKES) > LEAST_INK
