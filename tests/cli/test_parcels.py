"""`locker parcels show`: one parcel's life for whoever has to answer for it at night."""

import json
from pathlib import Path

from support.command_line import Daemon, Locker
from support.journals import edit, keep_a_journal
from support.on_a_loop import on_a_loop


@on_a_loop
async def journal_in(data_dir: Path) -> None:
    await keep_a_journal(data_dir)


def test_a_parcel_is_told_from_its_journal(locker: Locker, tmp_path: Path) -> None:
    journal_in(tmp_path)
    ended = locker("parcels", "show", "P1", "--data", tmp_path)
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert lines[:5] == [
        "parcel        P1",
        "carrier       acme",
        "notification  none",
        "custody       collected",
        "confirmation  acknowledged by the carrier",
    ]
    assert lines[6].startswith("2026-11-23 02:13:24  announced by carrier ")
    assert max(map(len, lines)) <= 80


def test_a_parcel_that_waits_says_what_is_next(locker: Locker, tmp_path: Path) -> None:
    journal_in(tmp_path)
    last = locker("parcels", "show", "P2", "--data", tmp_path).out.splitlines()[-1]
    assert last.startswith("next                 its hold ends at 2026-11-")


def test_the_story_as_json(locker: Locker, tmp_path: Path) -> None:
    journal_in(tmp_path)
    story = json.loads(locker("parcels", "show", "P1", "--data", tmp_path, "--json").out)
    assert list(story) == ["parcel", "carrier", "notification", "custody", "confirmation", "lines", "next"]
    assert story["lines"][0]["type"] == "parcel.expected"


def test_a_parcel_that_a_running_locker_never_heard_of(locker: Locker, daemon: Daemon) -> None:
    ended = locker("parcels", "show", "P1", "--config", daemon.config)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.endswith("no record that is kept is about this parcel\n")


def test_rubbish_and_damage_are_said_in_words(locker: Locker, tmp_path: Path) -> None:
    journal_in(tmp_path)
    assert locker("parcels", "show", "\udcff", "--data", tmp_path).err == "'\\udcff' is no parcel's id\n"
    edit(tmp_path, "UPDATE record SET bytes = CAST('\"P1\"' AS BLOB) WHERE seq = 9")
    ended = locker("parcels", "show", "P1", "--data", tmp_path)
    assert (ended.code, ended.out) == (1, "")
    assert "one of the records about P1 cannot be read" in ended.err
