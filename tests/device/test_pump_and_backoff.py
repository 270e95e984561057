import asyncio
import itertools
import random
import threading

from controller.device.backoff import Backoff
from controller.device.pump import Pump


def test_what_threads_post_arrives_in_their_order_and_all_of_it() -> None:
    async def whole() -> None:
        got: list[tuple[int, int]] = []
        done = asyncio.Event()

        def handle(fact: tuple[int, int]) -> None:
            got.append(fact)
            if len(got) == 4 * 5000:
                done.set()

        pump: Pump[tuple[int, int]] = Pump(asyncio.get_running_loop(), handle)

        def post(thread: int) -> None:
            for number in range(5000):
                pump.post((thread, number))

        threads = [threading.Thread(target=post, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        await asyncio.wait_for(done.wait(), 20)
        for thread in threads:
            thread.join()
        for n in range(4):
            assert [number for thread, number in got if thread == n] == list(range(5000))

    asyncio.run(whole())


def test_a_flood_leaves_the_loop_time_for_others() -> None:
    async def whole() -> None:
        got: list[int] = []
        pump = Pump(asyncio.get_running_loop(), got.append)
        for number in range(2000):
            pump.post(number)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert 0 < len(got) < 2000

    asyncio.run(whole())


def test_the_limit_doubles_up_to_the_longest_and_begins_again_after_a_success() -> None:
    backoff = Backoff(lambda: 1.0, first_s=0.5, longest_s=8.0)
    delays = [backoff.next_s() for _ in range(6)]
    backoff.reset()

    assert [round(delay, 2) for delay in [*delays, backoff.next_s()]] == [0.52, 1.02, 2.02, 4.02, 8.02, 8.02, 0.52]


def test_a_fleet_that_lost_its_broker_spreads_out() -> None:
    chance = random.Random(1)
    delays = sorted(Backoff(chance.random).next_s() for _ in range(1000))

    assert delays[0] < 0.03
    assert delays[-1] > 0.5
    assert max(later - earlier for earlier, later in itertools.pairwise(delays)) < 0.02


def test_a_thousand_failures_do_not_overflow() -> None:
    backoff = Backoff(lambda: 0.5)

    assert max(backoff.next_s() for _ in range(5000)) < 16
