"""What recipients say of their wishes at the screen, on its way to the rules; numbers and addresses are sealed."""

import json
import re
import secrets

from controller.contract.keys import Keyring
from controller.device.engine import Engine
from controller.domain.ids import SessionId
from controller.domain.inputs import ContactGiven, WishesConfirmed
from controller.domain.naming import name_of
from controller.domain.preferences import Channel, Preferences
from controller.domain.wishes import wishes_at_the_screen

SEED_BYTES = 16
_SHAPES = {
    Channel.SMS: re.compile(r"\+?[0-9]{5,18}"),
    Channel.EMAIL: re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,120}\.[A-Za-z]{2,24}"),
}
"""What can be one: E.164 with or without its plus, and the addresses that can be typed here."""


class Wishing:
    """For one locker. On the loop."""

    def __init__(self, engine: Engine, keyring: Keyring) -> None:
        self._engine = engine
        self._keyring = keyring

    def confirmed_wishes(self, session: SessionId, wanted: Preferences, away_days: int | None) -> WishesConfirmed:
        """What they want, with what its handles are made from."""
        return WishesConfirmed(session, secrets.token_hex(SEED_BYTES), wanted, away_days)

    def given_contact(self, session: SessionId, channel: Channel, text: str) -> ContactGiven | None:
        """A number or an address, sealed to the carrier of what was collected; None for what cannot be one."""
        visit, known = self._engine.state.recipient, wishes_at_the_screen(self._engine.state, session)
        if not _SHAPES[channel].fullmatch(text) or visit is None or known is None:
            return None
        plain = {"contact": text, "channel": channel.value, "parcel": known.parcel and name_of(known.parcel)}
        jwe = self._keyring.seal_for(visit.carrier, json.dumps(plain).encode())
        return ContactGiven(session, secrets.token_hex(SEED_BYTES), jwe)
