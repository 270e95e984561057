"""Having everything private about somebody erased, and saying what that came to."""

import asyncio
from pathlib import Path

from controller.contract.wire_json import JsonObject
from controller.device.engine import Engine
from controller.domain.answers import Erased
from controller.domain.ids import Reference
from controller.domain.inputs import EraseAsked
from controller.journal.personal import find_private

STATE_ONLY = "pruned"
"""Said in place of the type of a record that is no longer kept itself."""


async def erase(engine: Engine, data_dir: Path, reference: Reference) -> JsonObject:
    """`{"reference", "erased": [{"sequence", "type"}], "kept": [{"sequence", "type", "why"}], "recorded"}`.

    `recorded` is the last record when all of it was on record: a journal exported up to there shows it.

    Raises `Unavailable` where nothing could be recorded, `JournalDamaged` and `JournalRefused` where the journal cannot
    be searched.
    """
    found = await asyncio.to_thread(find_private, data_dir, reference)
    answer = await engine.ask(EraseAsked(reference, tuple(found)))
    if not isinstance(answer, Erased):
        raise TypeError(f"the locker answers {answer!r} to what asks for erasing")
    return {
        "reference": reference,
        "erased": [_part(sequence, found) for sequence in answer.erased],
        "kept": [_part(sequence, found) | {"why": why.value} for sequence, why in answer.kept.items()],
        "recorded": engine.state.sequence,
    }


def _part(sequence: int, found: dict[int, str]) -> JsonObject:
    return {"sequence": sequence, "type": found.get(sequence, STATE_ONLY)}
