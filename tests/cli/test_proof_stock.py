"""What a stock-taking came to, signed: said in words at the locker, and checked anywhere."""

from pathlib import Path

import pytest
from support.command_line import Locker
from support.journals import Recorder, beginning, deposit, opened
from support.on_a_loop import on_a_loop

from controller.domain import events as ev
from controller.domain.audit import Found
from controller.domain.ids import CompartmentId, DriverId, ParcelId, Role

A01, BY = CompartmentId("A01"), DriverId("t-1")


async def _take_stock(data: Path) -> None:
    recorder = Recorder.on(opened(data))
    await recorder.record(
        *beginning(),
        *deposit(1),
        ev.AuditStarted(audit="a-1", role=Role.TECHNICIAN, compartments=(A01,)),
        ev.AuditLooked(audit="a-1", compartment=A01, technician=BY, found=Found.EMPTY),
        ev.AuditFinished(
            audit="a-1",
            technician=BY,
            complete=True,
            agreed=(),
            missing=(ParcelId("P1"),),
            misplaced=(),
            strays=(),
            unseen=(),
        ),
    )
    await recorder.journal.close()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Somebody has looked, and P1 was not there."""
    directory = tmp_path / "data"
    directory.mkdir()
    on_a_loop(_take_stock)(directory)
    return directory


def test_it_is_said_in_words_who_looked_and_what_was_missing(locker: Locker, data: Path) -> None:
    ended = locker("proof", "stock", "--data", data)
    said = " ".join(ended.out.split())
    assert ended.code == 0, ended.err
    assert "audit.finished Technician t-1 took stock of the compartments, every one of them." in said
    assert "On record and not there: P1." in said


def test_the_record_itself_is_printed_for_whoever_checks_it(locker: Locker, data: Path) -> None:
    (line,) = locker("proof", "stock", "--data", data, "--json").out.splitlines()
    assert '"type":"locker.audit.finished.v1"' in line
    assert ',"proof":"' in line


def test_a_locker_whose_stock_nobody_took_has_nothing_to_say(locker: Locker, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()

    async def keep() -> None:
        recorder = Recorder.on(opened(data))
        await recorder.record(*beginning(), *deposit(1))
        await recorder.journal.close()

    on_a_loop(keep)()
    ended = locker("proof", "stock", "--data", data)
    assert (ended.code, ended.err) == (1, f"{data}: no stock-taking is on record\n")
