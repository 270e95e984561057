"""A journal that was lost is noticed by the name that it left behind, and then somebody has to look first."""

from pathlib import Path

import pytest
from support.locker_folder import make_folder
from support.on_a_loop import on_a_loop

from controller.device.app import open_locker
from controller.device.last_stream import last_stream, remember_stream
from controller.device.settings import load
from controller.journal.files import database_path
from firmware_bridge.computer import SimulatedComputer


def test_it_is_remembered_and_forgotten_by_nobody(tmp_path: Path) -> None:
    assert last_stream(tmp_path) is None
    for stream in ("a1" * 16, "b2" * 16):
        remember_stream(tmp_path, stream)
        assert last_stream(tmp_path) == stream
    assert [path.name for path in tmp_path.iterdir()] == ["stream"]


@pytest.mark.parametrize("held", ["", "rubbish", "\udcff"])
def test_rubbish_is_no_stream(tmp_path: Path, held: str) -> None:
    (tmp_path / "stream").write_bytes(held.encode(errors="surrogateescape"))
    assert last_stream(tmp_path) is None


@on_a_loop
async def test_a_locker_whose_journal_is_gone_gives_nothing_out_until_somebody_has_looked(tmp_path: Path) -> None:
    settings = load(make_folder(tmp_path))
    async with open_locker(settings, services={}, computer=SimulatedComputer()) as locker:
        first = locker.heart.journal.sealer.stream
        state = locker.heart.engine.state
        assert {each.quarantine for each in state.compartments.values()} == {None}
    async with open_locker(settings, services={}, computer=SimulatedComputer()) as locker:
        assert {each.quarantine for each in locker.heart.engine.state.compartments.values()} == {None}
    for file in database_path(settings.locker.data_dir).parent.glob("journal.db*"):
        file.unlink()
    async with open_locker(settings, services={}, computer=SimulatedComputer()) as locker:
        state = locker.heart.engine.state
        assert {each.quarantine for each in state.compartments.values()} == {"needs_audit"}
        assert locker.heart.journal.sealer.stream != first
