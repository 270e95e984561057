import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest
from support.heart import Heart

from controller.device.engine import INBOX_LIMIT, Unavailable
from controller.device.seams import Committed
from controller.domain.answers import CommandAnswer, Noted, Refused
from controller.domain.commands import UnblockCompartment, UnlockCompartment
from controller.domain.ids import CodeHmac, CompartmentId, Door, SessionId
from controller.domain.inputs import CodeTyped, CommandRejected, DoorsRead, LocalCommand, Stopping, UnlockEnded
from controller.domain.refusals import Refusal
from controller.journal.errors import CommitFailed

OPEN_A01 = LocalCommand(UnlockCompartment(compartment=CompartmentId("A01")), "stock-taking")


def heart_test(story: Callable[[Heart], Awaitable[None]]) -> None:
    async def whole() -> None:
        heart = Heart()
        running = await heart.start()
        await story(heart)
        if not running.done():
            await heart.engine.stop()
            await running

    asyncio.run(whole())


def test_nothing_moves_and_nobody_is_answered_before_the_commit_is_durable() -> None:
    async def story(heart: Heart) -> None:
        heart.store.gate = asyncio.Event()
        asked = asyncio.create_task(heart.engine.ask(OPEN_A01))
        await heart.store.entered.wait()
        assert heart.marks == ["commit 1"]
        assert not asked.done()
        assert heart.engine.state.compartments[CompartmentId("A01")].cycle is None
        heart.store.gate.set()
        assert await asked == CommandAnswer("executed")
        assert heart.marks == ["commit 1", "durable", "announced pulse A01"]
        assert heart.engine.state.compartments[CompartmentId("A01")].cycle is not None

    heart_test(story)


def test_what_arrives_during_a_commit_joins_the_next_one() -> None:
    async def story(heart: Heart) -> None:
        heart.store.gate = asyncio.Event()
        first = asyncio.create_task(heart.engine.ask(CodeTyped(SessionId("s"), CodeHmac("x"))))
        await heart.store.entered.wait()
        more = [asyncio.create_task(heart.engine.ask(CodeTyped(SessionId("s"), CodeHmac("x")))) for _ in range(5)]
        await asyncio.sleep(0)
        heart.store.gate.set()
        await asyncio.gather(first, *more)
        assert heart.marks == ["commit 1", "durable", "commit 5", "durable"]

    heart_test(story)


def test_a_failed_commit_answers_nobody_yes_moves_nothing_and_ends_the_engine() -> None:
    async def whole() -> None:
        heart = Heart()
        running = await heart.start()
        heart.store.fails = True
        with pytest.raises(Unavailable):
            await heart.engine.ask(OPEN_A01)
        with pytest.raises(CommitFailed):
            await running
        assert heart.marks == ["commit 1"]
        with pytest.raises(Unavailable):
            await heart.engine.ask(OPEN_A01)

    asyncio.run(whole())


def test_an_error_in_a_rule_ends_the_engine_and_leaves_nobody_waiting() -> None:
    async def whole() -> None:
        heart = Heart()
        running = await heart.start()
        unwired = UnlockEnded(CompartmentId("Z99"), "written")
        with pytest.raises(Unavailable):
            await heart.engine.ask(unwired)
        with pytest.raises(KeyError):
            await running

    asyncio.run(whole())


def test_a_full_disk_is_a_no_that_loses_no_reading_and_breaks_no_chain() -> None:
    async def story(heart: Heart) -> None:
        head = heart.engine._sealer.head
        heart.store.full = True
        heart.engine.tell(DoorsRead(((CompartmentId("A02"), Door.OPEN),)))
        with pytest.raises(Unavailable):
            await heart.engine.ask(OPEN_A01)
        assert heart.engine._sealer.head == head
        assert heart.engine.state.compartments[CompartmentId("A02")].door is Door.CLOSED
        heart.store.full = False
        assert await heart.engine.ask(OPEN_A01) == CommandAnswer("executed")

    heart_test(story)


def test_a_supply_stands_still_before_anything_else_of_the_same_commit_acts() -> None:
    async def story(heart: Heart) -> None:
        a02 = CompartmentId("A02")
        await heart.engine.ask(OPEN_A01)
        heart.marks.clear()
        await heart.engine.ask(DoorsRead(((a02, Door.OPEN),)))
        assert heart.marks[1:] == ["durable", "stopped ['']"]
        heart.marks.clear()
        await heart.engine.ask(LocalCommand(UnblockCompartment(compartment=CompartmentId("A01")), ""))
        assert [mark for mark in heart.marks if "stopped" in mark] == [], "one of the two is still to be looked at"
        await heart.engine.ask(LocalCommand(UnblockCompartment(compartment=a02), ""))
        assert heart.marks[-1] == "stopped []"

    heart_test(story)


def test_more_questions_than_the_inbox_holds_are_turned_away_at_once() -> None:
    async def story(heart: Heart) -> None:
        heart.store.gate = asyncio.Event()
        asked = [
            asyncio.create_task(heart.engine.ask(CodeTyped(SessionId("s"), CodeHmac("x")))) for _ in range(INBOX_LIMIT)
        ]
        await asyncio.sleep(0)
        with pytest.raises(Unavailable):
            await heart.engine.ask(OPEN_A01)
        heart.store.gate.set()
        await asyncio.gather(*asked)

    heart_test(story)


def test_listeners_hear_of_committed_events_in_order_with_the_state_already_new() -> None:
    async def story(heart: Heart) -> None:
        heard: list[str] = []

        def listen(events: Sequence[Committed]) -> None:
            heard.extend(f"{c.sequence} {c.event.NAME}" for c in events)
            assert heart.engine.state.sequence == events[-1].sequence

        unfollow = heart.engine.follow(listen)
        before = heart.engine.state.sequence
        await heart.engine.ask(OPEN_A01)
        await heart.engine.ask(DoorsRead(((CompartmentId("A01"), Door.OPEN),)))
        assert heard == [f"{before + 1} unlock.authorised", f"{before + 2} door.opened"]
        unfollow()
        await heart.engine.ask(DoorsRead(((CompartmentId("A01"), Door.CLOSED),)))
        assert len(heard) == 2

    heart_test(story)


def test_bad_commands_are_recorded_once_and_then_summed_up() -> None:
    async def story(heart: Heart) -> None:
        for _ in range(500):
            assert await heart.engine.ask(CommandRejected(Refusal.WRONG_AUDIENCE)) == Noted()
        assert heart.names().count("command.refused") == 1
        heart.clock.pass_ms(60_000)
        await heart.engine.stop()
        summary = [r.event for b in heart.store.batches for r in b.records if r.event.NAME == "command.refused"][-1]
        assert getattr(summary, "count", 0) == 499

    heart_test(story)


def test_codes_typed_after_the_allowance_is_gone_are_counted_not_looked_at() -> None:
    async def story(heart: Heart) -> None:
        wrong = CodeTyped(SessionId("s"), CodeHmac("wrong"))
        answers = [await heart.engine.ask(wrong) for _ in range(30)]
        reasons = [answer.reason for answer in answers if isinstance(answer, Refused)]
        assert reasons == [Refusal.CODE_INVALID] * 20 + [Refusal.TOO_MANY_TRIES] * 10
        assert heart.names().count("code.refused") == 20
        assert heart.names().count("security.guessing") == 1
        assert heart.names().count("code.backed_off") == 1

    heart_test(story)


def test_a_deadline_comes_by_itself() -> None:
    async def story(heart: Heart) -> None:
        await heart.engine.ask(OPEN_A01)
        opened = asyncio.Event()
        heart.engine.follow(lambda events: opened.set())
        heart.clock.pass_ms(heart.engine.policy.open_wait_ms)
        # Any round sets the timer anew; this one finds the deadline already past.
        await heart.engine.ask(CodeTyped(SessionId("s"), CodeHmac("x")))
        opened.clear()
        await asyncio.wait_for(opened.wait(), 5)
        assert heart.names()[-1] == "door.did_not_open"

    heart_test(story)


def test_a_stop_is_the_last_thing_on_record() -> None:
    async def story(heart: Heart) -> None:
        await heart.engine.ask(Stopping())
        assert heart.names()[-1] == "boot.clean_stop"
        with pytest.raises(Unavailable):
            await heart.engine.ask(OPEN_A01)

    heart_test(story)
