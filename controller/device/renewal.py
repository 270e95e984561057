"""Asks for the next certificate while the present one is still good, and puts it in place when it comes."""

import asyncio
import logging
from collections.abc import Callable

from controller.contract.certificates import BadCertificate
from controller.contract.claim import BadClaim, make_claim, open_answer
from controller.contract.device_keys import DeviceKeys
from controller.contract.link import Link, Message
from controller.contract.topics import Topics
from controller.device.certificate import certificate_days
from controller.device.enrolling import Identity, NotInstalled, claim_of, now
from controller.domain.ids import WallMs

log = logging.getLogger(__name__)

ASK_BEFORE_DAYS = 30
ASK_EVERY_S = 6 * 3600.0


class Renewal:
    """`run` it beside the link. The new certificate is used from the next connection on."""

    def __init__(
        self,
        link: Link,
        topics: Topics,
        identity: Identity,
        keys: DeviceKeys,
        wall: Callable[[], WallMs],
        every_s: float = ASK_EVERY_S,
    ) -> None:
        self._link = link
        self._topics = topics
        self._identity = identity
        self._keys = keys
        self._wall = wall
        self._every_s = every_s
        self._asked = False
        link.subscribe(topics.claim_answer, self._came)
        link.follow(self._ask, self._forget)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(self._every_s)
            self._ask()

    def _ask(self) -> None:
        days = certificate_days(self._identity.cert_file, self._wall())
        if days is None or days >= ASK_BEFORE_DAYS:
            return
        try:
            claim = claim_of(self._identity, self._keys, now())
        except (BadCertificate, NotInstalled, OSError) as error:
            log.error("the certificate ends in %d days, and no new one can be asked for: %s", days, error)
            return
        log.warning("the certificate ends in %d days; asking for a new one", days)
        self._asked = self._link.publish(self._topics.claim, make_claim(claim, self._keys, None))

    def _forget(self) -> None:
        """What the last connection asked for is asked for again."""
        self._asked = False

    def _came(self, message: Message) -> None:
        message.take()
        if not self._asked:
            return
        try:
            self._identity.install(open_answer(message.payload, None), now())
        except (BadClaim, NotInstalled, OSError) as error:
            log.error("the certificate that came is not used: %s", error)
            return
        self._asked = False
        log.warning("a new certificate is in place, for the next connection")
