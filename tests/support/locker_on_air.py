"""A locker on the air: an engine that takes commands, a journal that is published, over one real link."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from support.broker import Mosquitto
from support.broker_journal import LOCKER, STREAM, MemoryJournal
from support.heart import Heart
from support.keyring import device_keys, to_the_device
from support.tellers import NothingOffered, a_teller

from controller.contract.keys import Keyring
from controller.contract.topics import Topics
from controller.contract.wire_json import dumps
from controller.device.command_desk import CommandDesk
from controller.device.hearing_watch import HearingWatch
from controller.device.mqtt_link import MqttLink
from controller.device.outbox import Confirm, Outbox
from controller.device.presence import Identity, Nonces, Presence
from controller.device.publisher import Publisher
from controller.domain.ids import CarrierId, WallMs
from controller.remote.key_set import KeySet


def keys_in(folder: Path) -> Keyring:
    """A carrier's keys, and the keyring they give."""
    KeySet.create(folder, CarrierId("acme"))
    return Keyring.load(folder / "trust.json")


@asynccontextmanager
async def locker(
    mosquitto: Mosquitto, keyring: Keyring, name: str = LOCKER
) -> AsyncIterator[tuple[Heart, MemoryJournal, Publisher]]:
    """A locker that takes commands and publishes a journal."""
    heart, journal, topics = Heart(), MemoryJournal(locker=name), Topics("locker/v1", name)
    heart.clock.at = replace(heart.clock.at, wall=WallMs(time.time_ns() // 1_000_000))
    link = MqttLink(mosquitto.address, name, chance=lambda: 0.5)
    names = iter(range(1000))
    nonces = Nonces(lambda: f"n{next(names)}")
    identity = Identity(1, STREAM, "1.4.2", dumps(device_keys().public()))
    presence = Presence(link, topics, identity, nonces, lambda: journal.head)
    outbox = Outbox(cursor=0, tail=0, moved=lambda _: None)
    publisher = Publisher(
        link,
        topics,
        records=journal,
        outbox=outbox,
        stream=STREAM,
        keyring=keyring,
        confirm=Confirm.BACKEND,
        tell=heart.engine.tell,
        went_round=HearingWatch(outbox, lambda: heart.engine.now().wall, heart.engine.hear).look,
    )
    teller = a_teller(link, topics, journal, lambda: outbox.furthest, heart)
    desk = CommandDesk(
        link,
        topics,
        locker=name,
        keyring=keyring,
        unseal=to_the_device,
        nonces=nonces,
        nonce_used=presence.renew,
        ask=heart.engine.ask,
        tell=heart.engine.tell,
        teller=teller,
        present=lambda nonce: None,
        config=NothingOffered(),
    )
    heart.engine.follow(desk.committed)
    engine = await heart.start()
    running = [asyncio.create_task(it.run()) for it in (link, presence, publisher, desk, teller)]
    try:
        yield heart, journal, publisher
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await heart.engine.stop()
        await engine
