"""What a recipient gives besides their code, on its way from the screen to the rules: PINs and signatures."""

import asyncio
import hashlib
import hmac
import json
import logging
import secrets
from collections.abc import Sequence

from controller.contract.keys import Keyring
from controller.device.engine import Engine
from controller.device.private_files import PrivateFiles
from controller.device.signature import LEAST_INK, Stroke, draw, ink
from controller.domain.answers import Refused
from controller.domain.codes import pin_digits
from controller.domain.ids import CodeHmac, PickupId, SessionId
from controller.domain.inputs import FreshPin, FreshPinTyped, PinAsked, SignatureGiven
from controller.domain.naming import name_of
from controller.domain.refusals import Refusal

log = logging.getLogger(__name__)


class Proving:
    """For one locker. On the loop; files are written in a thread."""

    def __init__(self, engine: Engine, keyring: Keyring, code_key: bytes, files: PrivateFiles) -> None:
        self._engine = engine
        self._keyring = keyring
        self._code_key = code_key
        self._files = files

    def asked_for_pin(self, session: SessionId) -> PinAsked:
        """A new PIN for whoever was let in, sealed to their carrier; none while that carrier cannot hear of it."""
        visit = self._engine.state.recipient
        if visit is None or visit.session != session or not self._engine.carrier_hears:
            return PinAsked(session, None)
        digits = pin_digits(self._engine.policy)
        pin = f"{secrets.randbelow(10**digits):0{digits}d}"
        plain = json.dumps({"pin": pin, "parcel": name_of(visit.parcels[0])}).encode()
        jwe = self._keyring.seal_for(visit.carrier, plain)
        return PinAsked(session, FreshPin(visit.pickup, self._hmac(visit.pickup, pin), jwe))

    def typed_fresh_pin(self, text: str, session: SessionId) -> FreshPinTyped:
        """A PIN as it was typed. It is good for one pickup only: the same digits give another HMAC elsewhere."""
        visit = self._engine.state.recipient
        return FreshPinTyped(session, self._hmac(visit.pickup if visit is not None else PickupId(""), text))

    async def signed(self, strokes: Sequence[Stroke], session: SessionId) -> SignatureGiven | Refused | None:
        """A signature, drawn and kept; None where the disk refuses it."""
        if ink(strokes) < LEAST_INK:
            return Refused(Refusal.SIGNATURE_UNCLEAR)
        try:
            kept = await asyncio.to_thread(lambda: self._files.keep(draw(strokes)))
        except OSError as error:
            log.error("a signature could not be kept: %s", error.strerror)
            return None
        return SignatureGiven(session, kept)

    def _hmac(self, pickup: PickupId, pin: str) -> CodeHmac:
        return CodeHmac(hmac.new(self._code_key, f"pin {pickup} {pin}".encode(), hashlib.sha256).hexdigest())
