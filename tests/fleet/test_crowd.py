"""Simulated lockers: their bytes, their link, and that a stranger cannot tell them from real ones."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.broker import Mosquitto, free_port
from support.broker_fake import FakeBroker, Manners, Wire
from support.fleet_load import Load, run_load
from support.on_a_loop import eventually, on_a_loop
from support.wire_check import complaints

from controller.cli.crowd import packets
from controller.cli.crowd.crowd import Crowd
from controller.cli.crowd.thin_link import ThinLink
from controller.cli.crowd.visits import visits
from controller.cli.main import main
from controller.contract.broker import Broker
from controller.contract.link import Message
from controller.domain.events import CustodyCollected, CustodyStored, DoorOpened, UnlockAuthorised

pytestmark = pytest.mark.timeout(120)


class TestPackets:
    @given(st.lists(st.binary(max_size=300), max_size=5), st.integers(1, 50))
    def test_however_the_stream_is_cut_the_packets_are_the_same(self, payloads: list[bytes], step: int) -> None:
        stream = b"".join(packets.publish(n + 1, "a/b", payload, False) for n, payload in enumerate(payloads))
        reader = packets.Reader()
        came = [p for at in range(0, len(stream), step) for p in reader.feed(stream[at : at + step])]
        assert [packets.received(p) for p in came] == [
            packets.Received("a/b", payload, False, n + 1) for n, payload in enumerate(payloads)
        ]

    def test_a_connect_as_the_standard_lays_it_out(self) -> None:
        assert packets.connect("L1", 60, ("w", b"x"), ("u", "p")) == bytes.fromhex(
            "10 1a 0004 4d515454 04 ec 003c 0002 4c31 0001 77 0001 78 0001 75 0001 70"
        )

    def test_a_length_over_127_takes_two_bytes(self) -> None:
        assert packets.publish(1, "t", b"x" * 200, retain=True)[:3] == b"\x33\xcd\x01"

    @pytest.mark.parametrize("junk", [b"\x30\xff\xff\xff\xff\x01", b"\x30\xff\xff\xff\x7f"])
    def test_what_cannot_be_mqtt_is_refused(self, junk: bytes) -> None:
        with pytest.raises(ValueError, match="packet"):
            packets.Reader().feed(junk)

    @given(st.binary(max_size=40))
    def test_nothing_from_outside_breaks_it_otherwise(self, junk: bytes) -> None:
        try:
            for packet in packets.Reader().feed(junk):
                packets.received(packet)
        except ValueError:
            return


@asynccontextmanager
async def running(link: ThinLink) -> AsyncIterator[ThinLink]:
    task = asyncio.create_task(link.run())
    try:
        yield link
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def thin(port: int, client: str = "L1", keepalive_s: int = 60) -> ThinLink:
    broker, turns = Broker("127.0.0.1", port, tls=False), asyncio.Semaphore(1)
    return ThinLink(broker, client, chance=random.Random(1).random, turns=turns, keepalive_s=keepalive_s)


class TestThinLink:
    @on_a_loop
    async def test_it_says_and_hears_and_leaves_a_will(self, mosquitto: Mosquitto) -> None:
        got: list[Message] = []
        listener, speaker = thin(mosquitto.port), thin(mosquitto.port, "L2")
        listener.subscribe("a/#", got.append)
        speaker.leave_will(lambda conn: ("a/will", f"gone from {conn}".encode()))
        async with running(listener):
            await eventually(lambda: listener.up)
            async with running(speaker):
                await eventually(lambda: speaker.up)
                confirmed: list[str | None] = []
                assert speaker.publish("a/b", b"hello", confirmed=confirmed.append)
                await eventually(lambda: confirmed == [None] and len(got) == 1)
                assert (got[0].topic, got[0].payload, got[0].retained) == ("a/b", b"hello", False)
            await eventually(lambda: got[-1].payload == b"gone from 1")
            assert not speaker.publish("a/b", b"nobody")

    @on_a_loop
    async def test_no_more_than_the_window_is_unconfirmed(self) -> None:
        broker = FakeBroker(Manners(speaks_5=False, answers_publish=False))
        await broker.start()
        link = thin(broker.port)
        async with running(link):
            await eventually(lambda: link.up)
            for _ in range(150):
                link.publish("a", b"x")
            await eventually(lambda: len(broker.published) == 100)
            assert len(link._waiting) == 50
        await broker.stop()

    @on_a_loop
    async def test_a_link_that_is_cut_comes_back_as_another_connection(self, mosquitto: Mosquitto) -> None:
        wire = Wire(mosquitto.port)
        await wire.start()
        link = thin(wire.port)
        downs: list[int] = []
        link.follow(lambda: None, lambda: downs.append(link.conn))
        async with running(link):
            await eventually(lambda: link.up)
            wire.cut()
            await eventually(lambda: link.up and link.conn > 1)
        assert downs[0] == 1
        await wire.stop()

    @on_a_loop
    async def test_a_wire_that_goes_dead_is_noticed(self, mosquitto: Mosquitto) -> None:
        wire = Wire(mosquitto.port)
        await wire.start()
        link = thin(wire.port, keepalive_s=1)
        async with running(link):
            await eventually(lambda: link.up)
            wire.dead = True
            await eventually(lambda: link.up and link.conn > 1)
        await wire.stop()

    @on_a_loop
    async def test_a_broker_that_is_away_or_refuses_is_tried_again(self) -> None:
        link = thin(free_port())
        async with running(link):
            await eventually(lambda: link.conn >= 2)
            assert not link.up


class TestVisits:
    def test_every_unlock_is_followed_by_its_door_and_every_parcel_leaves(self) -> None:
        moments = list(islice(visits(0), 100))
        for n, moment in enumerate(moments[:-1]):
            if isinstance(moment.event, UnlockAuthorised):
                assert isinstance(moments[n + 1].event, DoorOpened)
                assert moments[n + 1].compartment == moment.compartment
        stored = [m.event.parcel for m in moments if isinstance(m.event, CustodyStored)]
        collected = [m.event.parcel for m in moments if isinstance(m.event, CustodyCollected)]
        assert stored == collected != []


@on_a_loop
async def test_all_that_simulated_lockers_say_is_as_the_contract_prints_it(mosquitto: Mosquitto) -> None:
    heard: list[tuple[str, bytes]] = []
    listener = thin(mosquitto.port)

    def hear(message: Message) -> None:
        heard.append((message.topic, message.payload))
        message.take()

    listener.subscribe("#", hear)
    crowd = Crowd(mosquitto.address, "locker/v1", 5, None)
    async with running(listener):
        await eventually(lambda: listener.up)
        async with crowd.connected():
            await eventually(lambda: crowd.tally().online == 5)
            await crowd.live(1000, lambda: crowd.tally().made >= 60)
            for locker in crowd.lockers:
                locker.report_health()
            await crowd.settled()
            made = crowd.tally().made
            await eventually(lambda: sum(topic.endswith("/events") for topic, _ in heard) == made)
            await eventually(lambda: sum(topic.endswith("/health") for topic, _ in heard) >= 5)
        await eventually(lambda: sum(b'"offline"' in payload for _, payload in heard) == 5)

    assert complaints(heard) == []


@pytest.mark.timeout(180)
def test_no_stream_has_a_gap_after_the_broker_was_killed_with_a_backlog(tmp_path: Path) -> None:
    outcome = run_load(tmp_path, Load(lockers=40, rate=100, seconds=8, backlog=150))

    assert outcome.records >= 400
    assert outcome.backlog >= 150
    assert {cost.name for cost in outcome.costs} == {"backend", "broker", "crowd"}


def test_records_that_nobody_takes_are_told(
    mosquitto: Mosquitto, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    main(["carrier", "keys", "--dir", str(tmp_path)])
    words = ["--url", f"mqtt://127.0.0.1:{mosquitto.port}", "--trust", str(tmp_path / "trust.json"), "--json"]
    capfd.readouterr()
    code = main(["fleet", "simulate", "--lockers", "2", "--rate", "50", "--seconds", "0.5", "--settle", "0.1", *words])
    out, err = capfd.readouterr()

    told = json.loads(out.splitlines()[-1])
    assert (code, told["acknowledged"]) == (1, 0)
    assert told["backlog"] > 0
    assert f"{told['backlog']} records were not acknowledged within 0.1 s of the end" in err
