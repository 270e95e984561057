"""The demo's own broker, with the product's own link as its client."""

import asyncio
import logging
import random

import pytest
from support.on_a_loop import eventually, on_a_loop

from controller.cli.demo.broker import running_broker
from controller.contract.broker import Broker, Protocol
from controller.contract.link import Message
from controller.device.mqtt_link import MqttLink


class Client:
    """A link that remembers what came."""

    def __init__(self, port: int, name: str, protocol: Protocol = Protocol.V311, subscription: str = "") -> None:
        self.link = MqttLink(Broker("127.0.0.1", port, tls=False, protocol=protocol), name, chance=random.random)
        self.came: list[tuple[bytes, bool]] = []
        if subscription:
            self.link.subscribe(subscription, self._take)

    def _take(self, message: Message) -> None:
        message.take()
        self.came.append((message.payload, message.retained))


async def run(*clients: Client) -> list["asyncio.Task[None]"]:
    tasks = [asyncio.create_task(client.link.run()) for client in clients]
    await eventually(lambda: all(client.link.up for client in clients))
    return tasks


async def end(tasks: list["asyncio.Task[None]"]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@on_a_loop
async def test_everything_arrives_in_order_and_what_is_retained_waits() -> None:
    async with running_broker() as port:
        sender, reader = Client(port, "sender"), Client(port, "reader", subscription="a/+")
        tasks = await run(sender)
        sender.link.publish("a/state", b"kept", retain=True)
        sender.link.publish("a/event", b"missed")
        tasks += await run(reader)
        for number in range(300):
            sender.link.publish("a/event", b"%d" % number)
        await eventually(lambda: len(reader.came) == 301)
        await end(tasks)

    assert reader.came == [(b"kept", True), *((b"%d" % number, False) for number in range(300))]


@on_a_loop
async def test_a_client_that_speaks_mqtt_5_is_told_to_try_an_older_version() -> None:
    async with running_broker() as port:
        client = Client(port, "new", Protocol.AUTO)
        tasks = await run(client)
        assert client.link.conn == 2
        await end(tasks)


@pytest.mark.parametrize("words", [b"", b"\x10", b"GET / HTTP/1.1\r\n\r\n", b"\x10\xff\xff\xff\xff\xff", bytes(64)])
def test_strangers_are_let_go_without_a_word(words: bytes, caplog: pytest.LogCaptureFixture) -> None:
    @on_a_loop
    async def visit() -> None:
        async with running_broker() as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(words)
            writer.write_eof()
            assert await reader.read() == b""
            writer.close()
            await end(await run(Client(port, "locker")))

    with caplog.at_level(logging.WARNING):
        visit()

    assert caplog.records == []


@on_a_loop
async def test_it_goes_even_while_somebody_is_connected() -> None:
    async with running_broker() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"\x10\x10\x00\x04MQTT\x04\x02\x00\x3c\x00\x04left")
        assert await reader.readexactly(4) == b"\x20\x02\x00\x00"

    assert await reader.read() == b""
    writer.close()
