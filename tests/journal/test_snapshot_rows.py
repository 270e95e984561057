from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.arbitrary import states
from support.journals import beginning, deposit, stamp

from controller.contract.wire_json import dumps, loads_object
from controller.domain.evolve import evolve
from controller.domain.state import State
from controller.journal.snapshot_rows import private_sequences, restore, take


def no_private(sequence: int) -> bytes | None:
    return None


@given(states())
def test_every_state_is_restored_as_it_was(made: tuple[State, dict[int, bytes]]) -> None:
    state, private = made
    restored = restore(take(state, private.get), private.get)
    assert restored.state == state
    assert restored.lost == ()


@given(states())
def test_a_restored_state_gives_the_same_bytes_again(made: tuple[State, dict[int, bytes]]) -> None:
    state, private = made
    raw = take(state, private.get)
    assert take(restore(raw, private.get).state, private.get) == raw


@given(states())
def test_codes_are_not_in_the_bytes_and_go_with_their_private_parts(made: tuple[State, dict[int, bytes]]) -> None:
    state, private = made
    raw = take(state, private.get)
    restored = restore(raw, no_private)
    assert restored.state.codes == {}
    assert restored.lost == tuple(sorted(private)) == tuple(sorted(private_sequences(raw)))


def test_a_private_part_that_changed_holds_no_code_any_more() -> None:
    state = State()
    for n, event in enumerate(beginning() + deposit(1), 1):
        state = evolve(state, event, stamp(n))
    private = {11: bytes(16) + dumps({"code_hmac": f"{1:064x}"})}
    raw = take(state, private.get)
    assert f"{1:064x}".encode() not in raw
    assert restore(raw, private.get).state == state
    changed = restore(raw, {11: private[11] + b" "}.get)
    assert (changed.state.codes, changed.lost) == ({}, (11,))


def test_every_field_of_the_state_has_its_row() -> None:
    rows = set(loads_object(take(State(), no_private)))
    derived = {"codes"}
    assert rows - {"form"} == {item.name for item in fields(State)} - derived


@given(st.binary())
def test_arbitrary_bytes_are_no_snapshot(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        restore(raw, no_private)


@given(states(), st.data())
def test_rows_that_lack_a_field_are_no_snapshot(made: tuple[State, dict[int, bytes]], data: st.DataObject) -> None:
    state, private = made
    rows = loads_object(take(replace(state, visit=None, last=None), private.get))
    gone = data.draw(st.sampled_from(["form", "compartments", "pickups", "commands", "remote_unlocks"]))
    del rows[gone]
    with pytest.raises(ValueError, match=r"none of the forms|cannot be read"):
        restore(dumps(rows), private.get)
