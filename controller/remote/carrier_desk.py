"""The reference carrier as one object: what a backend does with a locker, for a demo, for tests, for integrators."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from controller.contract.credentials import make_badge, make_pass
from controller.contract.link import Link
from controller.contract.result import Result
from controller.contract.technician_badge import make_technician_badge
from controller.contract.topics import Topics
from controller.domain.commands import (
    BlockCompartment,
    CancelParcel,
    ExpectParcel,
    ExtendParcel,
    ReissueCode,
    ReportNotification,
    UnblockCompartment,
    UnlockCompartment,
)
from controller.domain.ids import HOUR_MS, CompartmentId, DriverId, Jti, ParcelId, Role, Size, WallMs, Word
from controller.journal.chain import Verify
from controller.journal.store import Runner
from controller.remote.carrier_store import CarrierStore, Parcel
from controller.remote.courier import Courier
from controller.remote.custodian import Custodian, Stream, Tell
from controller.remote.key_set import KeySet
from controller.remote.notice import Notice
from controller.remote.notifier import Notifier
from controller.remote.sender import Sender

BADGE_H = 24
PASS_H = 72
UNLOCK_WAIT_S = 30.0
"""A door takes its time, and the command lives no longer."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """Makes what people show at the screen."""

    keys: KeySet
    wall: Callable[[], WallMs]
    fresh: Callable[[], str]

    def pickup_pass(
        self, lockers: tuple[str, ...], parcel: ParcelId, hours: int = PASS_H, delegate: Word | None = None
    ) -> str:
        """A pass for one parcel, good from now on, for its recipient or a delegate. Raises KeysMissing."""
        now = self.wall()
        return make_pass(
            parcel,
            key=self.keys.signing(Role.CARRIER),
            lockers=lockers,
            jti=Jti(self.fresh()),
            not_before=now,
            expires_at=WallMs(now + hours * HOUR_MS),
            delegate=delegate,
        )

    def badge(self, lockers: tuple[str, ...], driver: DriverId, hours: int = BADGE_H) -> str:
        """A driver's badge, good from now on for at most 24 hours. Raises KeysMissing."""
        now = self.wall()
        return make_badge(
            driver,
            key=self.keys.signing(Role.CARRIER),
            lockers=lockers,
            jti=Jti(self.fresh()),
            not_before=now,
            expires_at=WallMs(now + min(hours, BADGE_H) * HOUR_MS),
        )

    def technician_badge(self, lockers: tuple[str, ...], technician: DriverId, hours: int = BADGE_H) -> str:
        """A technician's badge, by the operator's key, good from now on for at most 24 hours. Raises KeysMissing."""
        now = self.wall()
        return make_technician_badge(
            technician,
            key=self.keys.signing(Role.OPERATOR),
            lockers=lockers,
            jti=Jti(self.fresh()),
            not_before=now,
            expires_at=WallMs(now + min(hours, BADGE_H) * HOUR_MS),
        )


class CarrierDesk:
    """Custodian, sender and issuer over one link. `run` it beside the link."""

    def __init__(
        self,
        link: Link,
        root: str,
        *,
        keys: KeySet,
        store: CarrierStore,
        runner: Runner,
        wall: Callable[[], WallMs],
        fresh: Callable[[], str],
        tell: Tell,
        locker: str = "+",
        device_keys: Mapping[str, bytes] | None = None,
        courier: Courier | None = None,
    ) -> None:
        """`runner` is where the store is written, the caller's to stop. `tell` gets every notice. `courier` carries
        what recipients are to be told; where it is None they are not, and nothing is reported.

        `locker` is one locker, or `+` for all that the broker shows us. Raises as `Custodian`.
        """
        topics = Topics(root, locker)
        self._store = store
        self._sender = Sender(link, topics, keys=keys, wall=wall, fresh=fresh)
        self._issuer = Issuer(keys, wall, fresh)
        self._notifier = None if courier is None else Notifier(self._report, courier, self.code_of)
        self._told = tell
        self._custodian = Custodian(
            link, topics, keys=keys, store=store, runner=runner, device_keys=device_keys or {}, tell=self._tell
        )
        self._carrier = keys.carrier

    async def run(self) -> None:
        """Take in, acknowledge and report until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._custodian.run())
            if self._notifier is not None:
                group.create_task(self._notifier.run())

    def _tell(self, notice: Notice) -> None:
        self._told(notice)
        if self._notifier is not None and self._is_ours(notice):
            self._notifier.take(notice)

    def _is_ours(self, notice: Notice) -> bool:
        """Another carrier's recipients are theirs to tell, and may bear a reference that is somebody else's here."""
        return notice.record is None or notice.record.data.get("carrier", self._carrier) == self._carrier

    async def _report(self, locker: str, command: ReportNotification) -> Result:
        return await self._sender.send(locker, command, Role.CARRIER)

    @property
    def streams(self) -> tuple[Stream, ...]:
        """How far every stream is held."""
        return self._custodian.streams

    def keys_of(self, locker: str) -> Verify | None:
        """What checks this locker's signatures, None while its keys are not known."""
        return self._custodian.keys_of(locker)

    def parcels(self, locker: str) -> list[Parcel]:
        """Every parcel that a locker's records have told of."""
        return self._store.parcels(locker)

    def code_of(self, locker: str, parcel: ParcelId) -> str | None:
        """The live pickup code of a parcel, for its recipient alone."""
        code = self._store.code_of(locker, parcel)
        return None if code is None else code.code

    async def expect(
        self,
        locker: str,
        parcel: ParcelId,
        label: str,
        *,
        size: Size | None = None,
        recipient: str | None = None,
        classes: tuple[str, ...] = (),
        hold_s: int | None = None,
    ) -> Result:
        """Announce a parcel. Raises as `Sender.send`."""
        command = ExpectParcel(
            parcel=parcel,
            label=label,
            carrier=self._carrier,
            recipient=recipient,
            size=size,
            classes=classes,
            hold_s=hold_s,
        )
        return await self._sender.send(locker, command, Role.CARRIER)

    async def cancel(self, locker: str, parcel: ParcelId) -> Result:
        """Withdraw a parcel. Raises as `Sender.send`."""
        return await self._sender.send(locker, CancelParcel(parcel=parcel), Role.CARRIER)

    async def extend(self, locker: str, parcel: ParcelId, hold_s: int) -> Result:
        """Hold a parcel for so many seconds from now. Raises as `Sender.send`."""
        return await self._sender.send(locker, ExtendParcel(parcel=parcel, hold_s=hold_s), Role.CARRIER)

    async def reissue(self, locker: str, parcel: ParcelId) -> Result:
        """Have a new code made. Raises as `Sender.send`."""
        return await self._sender.send(locker, ReissueCode(parcel=parcel), Role.CARRIER)

    async def unlock(self, locker: str, compartment: CompartmentId) -> Result:
        """Open a door, as operator. Raises as `Sender.send`."""
        return await self._sender.send(locker, UnlockCompartment(compartment=compartment), Role.OPERATOR, UNLOCK_WAIT_S)

    async def block(self, locker: str, compartment: CompartmentId) -> Result:
        """Take a compartment out of service, as operator. Raises as `Sender.send`."""
        return await self._sender.send(locker, BlockCompartment(compartment=compartment), Role.OPERATOR)

    async def unblock(self, locker: str, compartment: CompartmentId) -> Result:
        """Put a compartment back into service, as operator. Raises as `Sender.send`."""
        return await self._sender.send(locker, UnblockCompartment(compartment=compartment), Role.OPERATOR)

    def pickup_pass(self, locker: str, parcel: ParcelId, hours: int = PASS_H) -> str:
        """A pass for one parcel at one locker."""
        return self._issuer.pickup_pass((locker,), parcel, hours)

    def badge(self, locker: str, driver: DriverId, hours: int = BADGE_H) -> str:
        """A driver's badge for one locker."""
        return self._issuer.badge((locker,), driver, hours)
