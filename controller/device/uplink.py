"""Everything between the journal and the broker, put together: presence, outbox, mirror, commands, health."""

import asyncio
import json
import logging
import random
import secrets
from collections.abc import Callable, Sequence
from typing import Protocol as Shape

from controller.contract.device_keys import DeviceKeys
from controller.contract.jose import unseal
from controller.contract.keys import Keyring
from controller.contract.record import NotARecord, parse
from controller.contract.topics import Topics
from controller.contract.wire_json import JsonObject
from controller.device.board_report import board_figures
from controller.device.broker_settings import broker_of
from controller.device.certificate import certificate_days
from controller.device.command_desk import CommandDesk
from controller.device.config_desk import ConfigDesk
from controller.device.configuration import Configuration
from controller.device.contents import contents
from controller.device.drift_report import drift_figures
from controller.device.enrolling import Identity as BrokerIdentity
from controller.device.health_report import HealthReport, read_vitals
from controller.device.hearing_watch import HearingWatch
from controller.device.heart import Heart
from controller.device.home_assistant import for_home_assistant
from controller.device.mirror import Mirror
from controller.device.mqtt_link import MqttLink
from controller.device.outbox import Confirm, Outbox
from controller.device.presence import Identity, Nonces, Presence
from controller.device.publisher import Publisher
from controller.device.renewal import Renewal
from controller.device.replaying import Replay
from controller.device.seams import Committed
from controller.device.seconds import Seconds
from controller.device.settings import Settings
from controller.device.telling import Findings, Teller
from controller.domain.ids import CarrierId, SessionId, WallMs
from controller.domain.inputs import DamageFound
from controller.journal.errors import JournalDamaged

log = logging.getLogger(__name__)


class _Runs(Shape):
    async def run(self) -> None: ...


class Uplink:
    """The locker's side of the broker. Make it before the engine's first commit, then `run` it."""

    def __init__(
        self,
        configuration: Configuration,
        heart: Heart,
        keyring: Keyring,
        keys: DeviceKeys,
        software: str,
        machine: Callable[[], JsonObject],
        findings: Findings,
        present: Callable[[str], SessionId | None],
    ) -> None:
        """`machine` gives the figures of the computer for the health message, `findings` what the doctor finds,
        `present` the visit at the screen that was shown a presence nonce.
        """
        settings = configuration.settings
        topics = Topics(settings.mqtt.root, settings.locker.id)
        link = MqttLink(broker_of(settings.mqtt), f"locker-{settings.locker.id}", chance=random.random)
        engine, journal = heart.engine, heart.journal
        nonces = Nonces(lambda: secrets.token_urlsafe(16))
        identity = Identity(engine.now().boot, journal.sealer.stream, software, json.dumps(keys.public()).encode())
        self._head = (journal.sealer.head.sequence, journal.sealer.head.hash)
        self._presence = Presence(link, topics, identity, nonces, lambda: self._head)
        self.outbox = Outbox(
            cursor=journal.cursor,
            tail=journal.state.sequence,
            confirm=Confirm(settings.mqtt.confirm),
            moved=journal.store.save_cursor,
        )
        hearing = HearingWatch(self.outbox, lambda: engine.now().wall, engine.hear)
        self._publisher = Publisher(
            link,
            topics,
            records=journal.store,
            outbox=self.outbox,
            stream=journal.sealer.stream,
            keyring=keyring,
            confirm=Confirm(settings.mqtt.confirm),
            tell=engine.tell,
            went_round=hearing.look,
        )
        self._mirror = Mirror(link, topics, lambda: engine.state)
        replay = Replay(link, topics, journal.store)
        teller = Teller(replay, lambda: self.outbox.furthest, self._contents, findings)
        self._config = ConfigDesk(
            link,
            topics,
            locker=settings.locker.id,
            keyring=keyring,
            configuration=configuration,
            desired=lambda: engine.state.desired,
            ask=engine.ask,
            tell=engine.tell,
        )
        self._desk = CommandDesk(
            link,
            topics,
            locker=settings.locker.id,
            keyring=keyring,
            unseal=lambda token: unseal(token, keys.enc),
            nonces=nonces,
            nonce_used=self._presence.renew,
            ask=engine.ask,
            tell=engine.tell,
            teller=teller,
            present=present,
            config=self._config,
            second=Seconds(keys.enc, keys.code, engine.policy).sealed,
        )
        orders = for_home_assistant(settings, link, topics, software, engine)
        renewals = (
            (Renewal(link, topics, BrokerIdentity.of(settings), keys, lambda: engine.now().wall),)
            if settings.mqtt.cert_file is not None
            else ()
        )
        self._health = HealthReport(link, topics, lambda: self._vitals(settings))
        self._machine = machine
        self._heart = heart
        self.link = link
        desks = (self._desk, self._config, teller)
        self._parts: tuple[_Runs, ...] = (self.link, self._presence, *desks, self._health, *renewals, *orders)
        engine.follow(self._committed)

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._publish())
            for part in self._parts:
                group.create_task(part.run())

    async def farewell(self) -> None:
        """Say offline, after what is on record so far; at most a second."""
        await asyncio.sleep(0)  # the publisher hears of the last commit
        await self._presence.farewell()

    async def _publish(self) -> None:
        """Old damage in the journal ends publishing, which it must not jump over, and nothing else."""
        try:
            await self._publisher.run()
        except JournalDamaged as damaged:
            log.error("nothing more is published: %s", damaged)
            self._heart.engine.tell(DamageFound(damaged.damage.sequence or 0, damaged.damage.what))

    def _committed(self, committed: Sequence[Committed]) -> None:
        head = self._heart.journal.sealer.head
        self._head = (head.sequence, head.hash)
        self._publisher.committed(committed)
        self._mirror.committed(committed)
        self._desk.committed(committed)
        self._config.committed(committed)

    def _contents(self, carrier: CarrierId | None) -> Sequence[JsonObject]:
        """What is in custody, once all that the broker keeps of the locker was said anew."""
        self._presence.say()
        self._mirror.say_all()
        return contents(self._heart.engine.state, self._mirror.sizes(), carrier)

    def _vitals(self, settings: Settings) -> JsonObject:
        state, now, vitals = self._heart.engine.state, self._heart.engine.now(), read_vitals(settings.locker.data_dir)
        return {
            "clock": now.clock.value,
            "boot": now.boot,
            "memory_kib": vitals.memory_kib,
            "disk_free_kib": vitals.disk_free_kib,
            "disk_total_kib": vitals.disk_total_kib,
            "disk_low": state.disk_low,
            "outbox_depth": state.sequence - self.outbox.cursor,
            "outbox_oldest_s": self._oldest_s(now.wall),
            "acks_refused": self._publisher.acks_refused,
            "certificate_days": certificate_days(settings.mqtt.cert_file, now.wall),
            "board_faults": dict(state.board_faults),
            "contacts": dict(state.contacts),
            "boards": {name: board_figures(known) for name, known in self._heart.wiring.states().items()},
            "drift": drift_figures(state, now.wall, self._heart.engine.policy),
            "stopped_supplies": [*sorted(state.stopped)],
            **self._machine(),
        }

    def _oldest_s(self, now: WallMs) -> int | None:
        """Seconds that the oldest record has waited for its acknowledgement; None when it cannot be read."""
        try:
            waiting = self._heart.journal.store.read(self.outbox.cursor + 1, 1)
            return max(0, now - parse(waiting[0][2]).stamp.wall) // 1000 if waiting else 0
        except (JournalDamaged, NotARecord):
            return None
