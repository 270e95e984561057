"""The reference carrier in the demo's process: a real backend on the demo's broker, which sees nothing but messages."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing

from controller.cli.carrier_line import fresh_id, wall
from controller.cli.demo.house import LOCKER, ROOT
from controller.cli.demo.ledger import Ledger
from controller.contract.broker import Broker, Protocol
from controller.device.mqtt_link import MqttLink
from controller.domain.ids import DriverId, ParcelId
from controller.journal.writer import Writer
from controller.remote.carrier_desk import CarrierDesk
from controller.remote.carrier_store import CarrierStore
from controller.remote.courier import Pretending
from controller.remote.device_pins import verifier
from controller.remote.key_set import KeySet
from controller.remote.notice import Notice

DRIVER = DriverId("driver-1")
_STORE_FILE = "carrier.db"
_REACHED_S = 10


class Carrier:
    """What the carrier's people have: their desk, what it was told, and what it hands out."""

    def __init__(self, link: MqttLink, keys: KeySet, store: CarrierStore, writer: Writer) -> None:
        self.ledger = Ledger()
        self.changed = _nothing
        """Called when the carrier knows something new."""
        self._store = store
        self._passes: dict[str, str] = {}
        self._pins: dict[str, str] = {}
        self.desk = CarrierDesk(
            link,
            ROOT,
            keys=keys,
            store=store,
            runner=writer,
            wall=wall,
            fresh=fresh_id,
            tell=self._told,
            locker=LOCKER,
            courier=Pretending(()),
        )

    def recall(self, stream: str) -> None:
        """Begin the ledger with what is held of the locker's stream, which may be from an earlier demo."""
        pinned = self._store.device_keys(LOCKER)
        self.ledger.recall(self._store.records(LOCKER, stream), None if pinned is None else verifier(pinned))
        self.changed()

    def badge(self) -> str:
        """A driver's badge, good for a day from now."""
        return self.desk.badge(LOCKER, DRIVER)

    def pass_of(self, parcel: str) -> str:
        """The pickup pass that the recipient of a parcel was sent."""
        if parcel not in self._passes:
            self._passes[parcel] = self.desk.pickup_pass(LOCKER, ParcelId(parcel))
        return self._passes[parcel]

    def pin_of(self, parcel: str) -> str | None:
        """The PIN that was sent last to the recipient of a parcel; it is not kept beyond this demo."""
        return self._pins.get(parcel)

    def _told(self, notice: Notice) -> None:
        if notice.pin is not None:
            self._pins[notice.pin.parcel] = notice.pin.code
        if notice.record is not None:
            self.ledger.take(notice.record, notice.proven)
        self.changed()


@asynccontextmanager
async def open_carrier(keys: KeySet, broker_port: int) -> AsyncIterator[Carrier]:
    """The carrier at work. Raises StoreRefused, OSError; a carrier that fails ends the block, as in any task group."""
    link = MqttLink(
        Broker("127.0.0.1", broker_port, tls=False, protocol=Protocol.V311),
        f"{keys.carrier}-backend",
        chance=random.SystemRandom().random,
        persistent=False,
    )
    with closing(CarrierStore(keys.folder / _STORE_FILE)) as store:
        writer = Writer()
        try:
            carrier = Carrier(link, keys, store, writer)
            reached = asyncio.Event()
            link.follow(reached.set, _nothing)
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(link.run()), group.create_task(carrier.desk.run())]
                async with asyncio.timeout(_REACHED_S):
                    await reached.wait()
                yield carrier
                for task in tasks:
                    task.cancel()
        finally:
            writer.stop()


def _nothing() -> None:
    """Nobody asked to be told."""
