"""One parcel's life, told from its records."""

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, NoReturn

import pytest
from support.every_record import every_record
from support.journals import Recorder, beginning, collection, deposit, keep_a_journal, opened
from support.on_a_loop import on_a_loop

from controller.contract.record import parse
from controller.contract.wire_json import JsonObject
from controller.domain.events import EVENTS, PlanRefused
from controller.domain.ids import CarrierId, ParcelId
from controller.domain.naming import parcel_id
from controller.journal import story as told
from controller.journal.story import about, read_story
from controller.journal.story_words import SENTENCES, sentence

P1 = parcel_id(CarrierId("acme"), "P1")


def read(data_dir: Path, parcel: str = "P1") -> dict[str, Any]:
    named = ParcelId(parcel) if "/" in parcel else parcel_id(CarrierId("acme"), parcel)
    return read_story(data_dir, named, {"cool": "It must stay cool."}, str)


def test_every_event_about_a_parcel_has_a_sentence() -> None:
    about_one = {name for name, cls in EVENTS.items() if {"parcel", "pickup"} & {each.name for each in fields(cls)}}
    assert about_one <= SENTENCES.keys() <= EVENTS.keys()


@pytest.mark.parametrize("record", [*map(parse, every_record())], ids=lambda record: record.name)
def test_a_sentence_names_what_its_event_has_and_no_more(record: Any) -> None:
    if record.name in SENTENCES:
        said = sentence(record.name, record.data, str)
        assert "not on record" not in said
        assert not set("{}[]") & set(said)


def test_what_is_not_on_record_is_left_out() -> None:
    data: JsonObject = {"carrier": "acme", "size": None}
    assert sentence("parcel.expected", data, str) == "announced by carrier acme"
    assert sentence("parcel.expected", {**data, "size": "M"}, str) == "announced by carrier acme, size M"


@on_a_loop
async def test_a_parcel_that_is_gone_still_has_its_story(tmp_path: Path) -> None:
    await keep_a_journal(tmp_path)
    story = read(tmp_path)
    assert [line["sequence"] for line in story["lines"]] == list(range(4, 18))
    assert (story["custody"], story["confirmation"], story["next"]) == (
        "collected",
        "acknowledged by the carrier",
        None,
    )
    assert story["lines"][0]["says"].startswith("announced by carrier ")


@on_a_loop
async def test_what_is_done_to_the_next_parcel_behind_the_door_is_not_told_of_the_last(tmp_path: Path) -> None:
    await keep_a_journal(tmp_path)
    second = read(tmp_path, "P2")
    assert (second["lines"][0]["sequence"], second["custody"], second["confirmation"]) == (18, "stored", "recorded")
    assert second["lines"][-1]["says"] == "door A01 WAS FORCED OPEN"
    assert second["next"] == {"hold_until": second["lines"][6]["says"].partition("kept until ")[2]}
    assert read(tmp_path, "P")["lines"] == []


def test_a_door_that_was_opened_again_is_the_next_parcels_once_that_is_put_in(tmp_path: Path) -> None:
    recorder = Recorder.on(opened(tmp_path))
    again = [deposit(1)[2], *deposit(1)[4:6]]
    sealed = recorder.seal(*beginning(), *deposit(1), *collection(1), *again, *deposit(2))
    recorder.journal.let_go()
    told_of = [record.place.sequence for record in about((each.bytes for each in sealed), P1)]
    assert told_of == list(range(4, 21))


@on_a_loop
async def test_no_code_is_told(tmp_path: Path) -> None:
    await keep_a_journal(tmp_path)
    assert "sealed" not in str(read(tmp_path)) + str(read(tmp_path, "P2"))


@on_a_loop
async def test_the_plan_is_told_with_the_reason_of_its_rule(tmp_path: Path) -> None:
    recorder = Recorder.on(opened(tmp_path))
    plan = parse(next(raw for raw in every_record() if b"locker.plan.made.v1" in raw)).event(None)
    await recorder.record(*beginning(), plan)
    recorder.journal.let_go()
    (line,) = read(tmp_path, plan.parcel)["lines"]  # type: ignore[attr-defined]
    assert line["because"] == ["x7–ü: x7–ü"]


@on_a_loop
async def test_what_kept_a_parcel_out_is_told_with_the_sentence_of_its_rule(tmp_path: Path) -> None:
    recorder = Recorder.on(opened(tmp_path))
    refused = PlanRefused(parcel=P1, reason="regulated", rules=("cool", "of-the-site"))
    await recorder.record(*beginning(), refused)
    recorder.journal.let_go()
    (line,) = read(tmp_path)["lines"]
    assert (line["says"], line["because"]) == ("not taken in: regulated", ["It must stay cool.", "of-the-site"])


def test_records_of_others_are_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(raw: bytes) -> NoReturn:
        raise AssertionError(raw)

    monkeypatch.setattr(told, "parse", refuse)
    raws: Iterator[bytes] = iter(every_record() * 50)
    assert list(about(raws, P1)) == []
