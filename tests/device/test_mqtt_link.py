"""The link against a real mosquitto, and against fakes that misbehave: a test for each trap."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from support.broker import Mosquitto, running_mosquitto
from support.broker_fake import FakeBroker, Manners, Wire
from support.on_a_loop import on_a_loop

from controller.contract.broker import Broker, Protocol
from controller.contract.link import Message
from controller.device.mqtt_link import MqttLink

pytestmark = pytest.mark.timeout(60)
DEADLINE_S = 20.0


class Client:
    """A link, and everything it was told."""

    def __init__(
        self,
        broker: Broker,
        name: str,
        *wants: str,
        persistent: bool = True,
        takes: bool = True,
        patience_s: float = DEADLINE_S,
    ) -> None:
        """`patience_s`: how long the broker may owe an answer."""
        chance = random.Random(7).random
        self.link = MqttLink(broker, name, chance=chance, persistent=persistent, reply_timeout_s=patience_s)
        self.got: list[Message] = []
        self.ups = 0
        self._takes = takes
        self._news = asyncio.Event()
        for wanted in wants:
            self.link.subscribe(wanted, self._hear)
        self.link.follow(self._up, self._news.set)

    def _up(self) -> None:
        self.ups += 1
        self._news.set()

    def _hear(self, message: Message) -> None:
        self.got.append(message)
        if self._takes:
            message.take()
        self._news.set()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until what it was told makes `holds` true."""
        async with asyncio.timeout(DEADLINE_S):
            while not holds():
                self._news.clear()
                await self._news.wait()

    async def up(self) -> None:
        """Wait until the link is up."""
        await self.until(lambda: self.link.up)

    async def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> str | None:
        """Publish, and the broker's answer."""
        answer: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        assert self.link.publish(topic, payload, retain=retain, confirmed=answer.set_result)
        async with asyncio.timeout(DEADLINE_S):
            return await answer

    def payloads(self) -> list[bytes]:
        """What came, in order."""
        return [message.payload for message in self.got]


@asynccontextmanager
async def running(*clients: Client) -> AsyncIterator[None]:
    """These links are run, and closed in the end."""
    tasks = [asyncio.create_task(client.link.run()) for client in clients]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.parametrize("protocol", [Protocol.V5, Protocol.V311])
@on_a_loop
async def test_a_flood_arrives_complete_and_in_order(mosquitto: Mosquitto, protocol: Protocol) -> None:
    sender, receiver = (
        Client(mosquitto.speaking(protocol), "s"),
        Client(mosquitto.speaking(protocol), "r", "x/+/events"),
    )
    async with running(sender, receiver):
        await sender.up()
        await receiver.up()
        for number in range(3000):
            assert sender.link.publish("x/y/events", b"%d" % number)
        await receiver.until(lambda: len(receiver.got) == 3000)

    assert receiver.payloads() == [b"%d" % number for number in range(3000)]


@on_a_loop
async def test_publishing_from_inside_an_answer_is_no_deadlock(mosquitto: Mosquitto) -> None:
    client = Client(mosquitto.address, "s")
    left, done = 2000, asyncio.Event()

    def again(refusal: str | None) -> None:
        nonlocal left
        left -= 1
        if left > 0:
            client.link.publish("x", b"1", confirmed=again)
        else:
            done.set()

    async with running(client):
        await client.up()
        client.link.publish("x", b"0", confirmed=again)
        await asyncio.wait_for(done.wait(), DEADLINE_S)


@on_a_loop
async def test_a_broker_that_is_down_at_boot_is_no_obstacle(tmp_path: Path) -> None:
    broker = Mosquitto(tmp_path)
    client = Client(broker.address, "s")
    async with running(client):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.up(), 0.3)
        assert not client.link.publish("x", b"lost")
        broker.start()
        await client.up()
        assert await client.publish("x", b"said") is None
    broker.stop()


@on_a_loop
async def test_a_broker_that_was_killed_is_found_again(mosquitto: Mosquitto) -> None:
    client = Client(mosquitto.address, "L1", "a")
    async with running(client):
        await client.up()
        for ups in (2, 3):
            mosquitto.kill()
            mosquitto.start()
            await client.until(lambda wanted=ups: client.link.up and client.ups == wanted)  # type: ignore[misc]  # bound
        assert await client.publish("x", b"1") is None


@on_a_loop
async def test_the_will_is_of_the_connection_that_was_lost(mosquitto: Mosquitto) -> None:
    wire, watcher = Wire(mosquitto.port), Client(mosquitto.address, "w", "L1/status")
    await wire.start()
    client = Client(replace(mosquitto.address, port=wire.port), "L1")
    client.link.leave_will(lambda conn: ("L1/status", b"offline %d" % conn))
    async with running(watcher, client):
        await watcher.up()
        for wills in (1, 2):
            await client.until(lambda wanted=wills: client.link.up and client.ups == wanted)  # type: ignore[misc]  # bound
            wire.cut()
            await watcher.until(lambda wanted=wills: len(watcher.got) == wanted)  # type: ignore[misc]  # bound
    await wire.stop()

    assert watcher.payloads() == [b"offline 1", b"offline 2"]


@on_a_loop
async def test_an_orderly_end_leaves_no_will(mosquitto: Mosquitto) -> None:
    watcher, client = Client(mosquitto.address, "w", "L1/#"), Client(mosquitto.address, "L1")
    client.link.leave_will(lambda conn: ("L1/status", b"offline"))
    async with running(watcher):
        await watcher.up()
        async with running(client):
            await client.up()
        other = Client(mosquitto.address, "other")
        async with running(other):
            await other.up()
            await other.publish("L1/after", b"!")
        await watcher.until(lambda: bool(watcher.got))

    assert watcher.payloads() == [b"!"]


@pytest.mark.parametrize("protocol", [Protocol.V5, Protocol.V311])
@on_a_loop
async def test_what_comes_while_we_are_away_waits_for_us(mosquitto: Mosquitto, protocol: Protocol) -> None:
    away = Client(mosquitto.speaking(protocol), "L1", "commands")
    async with running(away):
        await away.up()
    sender = Client(mosquitto.address, "s")
    async with running(sender):
        await sender.up()
        await sender.publish("commands", b"open")
    back = Client(mosquitto.speaking(protocol), "L1", "commands")
    async with running(back):
        await back.until(lambda: back.payloads() == [b"open"])


@on_a_loop
async def test_a_passing_visitor_leaves_nothing_behind(mosquitto: Mosquitto) -> None:
    for _ in range(2):
        visitor = Client(mosquitto.address, "v", "commands", persistent=False)
        async with running(visitor):
            await visitor.up()
        assert visitor.got == []
        sender = Client(mosquitto.address, "s")
        async with running(sender):
            await sender.up()
            await sender.publish("commands", b"missed")


@on_a_loop
async def test_what_was_not_taken_comes_again_and_a_stale_receipt_takes_nothing(mosquitto: Mosquitto) -> None:
    wire = Wire(mosquitto.port)
    await wire.start()
    receiver = Client(replace(mosquitto.address, port=wire.port), "L1", "commands", takes=False, patience_s=1.0)
    sender = Client(mosquitto.address, "s")
    async with running(receiver, sender):
        await receiver.up()
        await sender.up()
        for number in range(3):
            await sender.publish("commands", b"%d" % number)
        await receiver.until(lambda: len(receiver.got) == 3)
        wire.dead = True
        receiver.link.publish("x", b"into the void")
        await receiver.until(lambda: len(receiver.got) == 6 and receiver.link.up)
        for stale in receiver.got[:3]:
            stale.take()
        receiver.got[3].take()
        await receiver.publish("x", b"after the receipts")
    again = Client(mosquitto.address, "L1", "commands")
    async with running(again):
        await again.until(lambda: len(again.got) == 2)
    await wire.stop()

    assert again.payloads() == [b"1", b"2"]


@on_a_loop
async def test_receipts_go_back_in_the_order_of_the_messages(mosquitto: Mosquitto) -> None:
    receiver, sender = Client(mosquitto.address, "L1", "commands", takes=False), Client(mosquitto.address, "s")
    async with running(receiver, sender):
        await receiver.up()
        await sender.up()
        for number in range(3):
            await sender.publish("commands", b"%d" % number)
        await receiver.until(lambda: len(receiver.got) == 3)
        receiver.got[2].take()
        receiver.got[1].take()
        await receiver.publish("x", b"after")
    again = Client(mosquitto.address, "L1", "commands")
    async with running(again):
        await again.until(lambda: len(again.got) == 3)

    assert again.payloads() == [b"0", b"1", b"2"]


@on_a_loop
async def test_a_receipt_given_twice_does_not_take_the_next_message_of_that_number() -> None:
    broker = FakeBroker()
    await broker.start()
    client = Client(Broker("127.0.0.1", broker.port, tls=False), "L1", "commands", takes=False)
    async with running(client):
        await client.up()
        for count in (1, 2):
            broker.bring(b"commands", 5)
            await client.until(lambda wanted=count: len(client.got) == wanted)  # type: ignore[misc]  # bound
            client.got[0].take()
            client.got[0].take()
        await client.publish("x", b"1")
    await broker.stop()

    assert broker.taken == [5]


@on_a_loop
async def test_a_dead_wire_is_noticed_by_what_the_broker_owes(mosquitto: Mosquitto) -> None:
    wire = Wire(mosquitto.port)
    await wire.start()
    client = Client(replace(mosquitto.address, port=wire.port), "L1", "a", patience_s=1.0)
    async with running(client):
        await client.up()
        wire.dead = True
        before = asyncio.get_running_loop().time()
        client.link.publish("x", b"unheard")
        await client.until(lambda: client.ups == 2)
        assert asyncio.get_running_loop().time() - before < 5
    await wire.stop()


@pytest.mark.parametrize("retained_first", [True, False])
@on_a_loop
async def test_a_retained_message_is_known_as_one(mosquitto: Mosquitto, retained_first: bool) -> None:
    receiver, sender = Client(mosquitto.address, "L1", "commands"), Client(mosquitto.address, "s")
    async with running(sender):
        await sender.up()
        if retained_first:
            await sender.publish("commands", b"old", retain=True)
        async with running(receiver):
            await receiver.up()
            if not retained_first:
                await sender.publish("commands", b"old", retain=True)
            await sender.publish("commands", b"new")
            await receiver.until(lambda: len(receiver.got) == 2)

    assert [(message.payload, message.retained) for message in receiver.got] == [(b"old", True), (b"new", False)]


@on_a_loop
async def test_being_handed_on_is_not_being_taken(tmp_path: Path) -> None:
    acl = tmp_path / "acl"
    acl.write_text("topic write allowed\ntopic read #\n")
    with running_mosquitto(tmp_path, f"acl_file {acl}") as broker:
        client = Client(broker.speaking(Protocol.V5), "L1")
        async with running(client):
            await client.up()
            assert await client.publish("allowed", b"1") is None
            assert await client.publish("forbidden", b"1") == "Not authorized"


@on_a_loop
async def test_a_subscription_that_is_refused_is_said_and_the_link_still_serves(
    caplog: pytest.LogCaptureFixture,
) -> None:
    broker = FakeBroker(Manners(grants=0x87))
    await broker.start()
    client = Client(Broker("127.0.0.1", broker.port, tls=False), "L1", "commands")
    async with running(client):
        await client.up()
        assert await client.publish("x", b"1") is None
    await broker.stop()

    assert "the broker refuses the subscription to commands: Not authorized" in caplog.text


@pytest.mark.parametrize(("receive_maximum", "most"), [(65535, 100), (7, 7)])
@on_a_loop
async def test_one_window_holds_for_everything_and_for_what_the_broker_says(receive_maximum: int, most: int) -> None:
    broker = FakeBroker(Manners(receive_maximum=receive_maximum, answers_publish=False))
    await broker.start()
    client = Client(Broker("127.0.0.1", broker.port, tls=False), "L1", patience_s=1.0)
    async with running(client):
        await client.up()
        for _ in range(300):
            client.link.publish("events", b"x")
        await client.until(lambda: not client.link.up)
    await broker.stop()

    assert len(broker.published) == most


@on_a_loop
async def test_nothing_of_a_lost_connection_is_sent_again_behind_our_back() -> None:
    broker = FakeBroker(Manners(answers_publish=False))
    await broker.start()
    client = Client(Broker("127.0.0.1", broker.port, tls=False), "L1", patience_s=1.0)
    async with running(client):
        await client.up()
        for _ in range(150):
            client.link.publish("events", b"x")
        await client.until(lambda: client.ups == 2)
        broker.manners.answers_publish = True
        await client.publish("after", b"x")
    await broker.stop()

    assert broker.published == [b"events"] * 100 + [b"after"]


@on_a_loop
async def test_a_broker_that_accepts_and_never_speaks_is_left() -> None:
    broker = FakeBroker(Manners(mute=True))
    await broker.start()
    client = Client(Broker("127.0.0.1", broker.port, tls=False), "L1", patience_s=1.0)
    async with running(client), asyncio.timeout(DEADLINE_S):
        await broker.until(lambda: len(broker.versions) == 3)
        assert "owed an answer" in str(client.link.reason)
    await broker.stop()


@pytest.mark.parametrize("says_so", [True, False])
@on_a_loop
async def test_a_broker_that_speaks_3_1_1_only_is_spoken_to_in_it_and_never_in_3_1(says_so: bool) -> None:
    broker = FakeBroker(Manners(speaks_5=False, says_so=says_so))
    await broker.start()
    client = Client(Broker("127.0.0.1", broker.port, tls=False), "L1", "commands")
    async with running(client):
        await client.up()
        assert await client.publish("events", b"x") is None
    await broker.stop()

    assert broker.versions == [5, 4]


@on_a_loop
async def test_a_broker_that_learns_mqtt_5_is_spoken_to_in_it_again() -> None:
    broker = FakeBroker(Manners(speaks_5=False, says_so=False))
    await broker.start()
    client = Client(Broker("127.0.0.1", broker.port, tls=False), "L1", "commands")
    async with running(client):
        await client.up()
        broker.manners.speaks_5 = True
        await broker.stop()
        await client.until(lambda: not client.link.up)
        await broker.start()
        await client.until(lambda: client.ups == 2)
    await broker.stop()

    assert broker.versions == [5, 4, 5]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # it is what this test is about
@on_a_loop
async def test_a_network_thread_that_died_of_an_exception_is_replaced() -> None:
    async def bad_topic(writer: asyncio.StreamWriter) -> None:
        broker.manners.greets = None
        writer.write(bytes([0x32, 8, 0, 2, 0xFF, 0xFE, 0, 9, 0, 0x21]))

    broker = FakeBroker(Manners(greets=bad_topic))
    await broker.start()
    client = Client(Broker("127.0.0.1", broker.port, tls=False), "L1", "commands", patience_s=1.0)
    async with running(client):
        await client.until(lambda: client.ups == 2)
        assert await client.publish("events", b"x") is None
    await broker.stop()


@on_a_loop
async def test_credentials_that_cannot_be_read_are_said_and_tried_again(
    mosquitto: Mosquitto, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    secret = tmp_path / "password"
    client = Client(replace(mosquitto.address, username="u", password_file=secret), "L1")
    async with running(client):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.up(), 0.2)
        assert "cannot be used" in caplog.text
        secret.write_text("open sesame\n")
        await client.up()
    assert "sesame" not in caplog.text
