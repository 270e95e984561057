"""What carriers and the operator say of who may sign in here."""

from controller.domain import events as ev
from controller.domain.commands import RevokeDriver, UpsertDriver
from controller.domain.decide.draft import Draft
from controller.domain.ids import CarrierId
from controller.domain.refusals import Refusal
from controller.domain.staff import MOST_KEPT, Scope, key_of, with_number


def upsert(draft: Draft, command: UpsertDriver, carrier: CarrierId | None) -> Refusal | None:
    """Somebody is known from now on. A carrier names drivers, the operator technicians, and neither the other's."""
    technician = Scope.TECHNICIAN in command.scope
    if not command.scope or technician is not (carrier is None) or (technician and len(command.scope) > 1):
        return Refusal.NOT_ALLOWED
    staff, key = draft.state.staff, key_of(carrier, command.driver)
    if key not in staff.members and sum(each.carrier == carrier for each in staff.members.values()) >= MOST_KEPT:
        return Refusal.TOO_MANY_DRIVERS
    if command.number is not None:
        holders = with_number(staff, command.number)
        if any(holder.carrier == carrier and holder.key != key for holder in holders):
            return Refusal.NUMBER_TAKEN
    draft.record(
        ev.DriverUpserted(
            carrier=carrier,
            driver=command.driver,
            scope=tuple(dict.fromkeys(command.scope)),
            language=command.language,
            valid_until=command.valid_until,
            number=command.number,
            pin=command.pin,
        )
    )
    return None


def revoke(draft: Draft, command: RevokeDriver, carrier: CarrierId | None) -> Refusal | None:
    """A driver of this carrier, or one of its badges. Nobody need have been announced to be revoked."""
    if (command.driver is None) is (command.badge is None):
        return Refusal.DRIVER_OR_BADGE
    draft.record(ev.DriverRevoked(carrier=carrier, driver=command.driver, badge=command.badge))
    return None
