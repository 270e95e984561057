"""The backend's side of a locker's certificate: the first, for a token that a person carried, and all after it."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from controller.contract.certificates import BadCertificate
from controller.contract.claim import BadClaim, Claim, Grant, make_answer, open_first, open_renewal
from controller.contract.link import Link, Message
from controller.contract.topics import Topics
from controller.contract.wire_json import JsonObject
from controller.journal.chain import Verify
from controller.remote.authority import DAYS, Authority
from controller.remote.device_pins import verifier
from controller.remote.notice import Kind, Notice


class FirstClaim:
    """Waits for one locker that knows the token, and answers it. Make it before the link runs."""

    def __init__(
        self, link: Link, topics: Topics, *, token: str, authority: Authority, trust: JsonObject, days: int = DAYS
    ) -> None:
        self.turned_away = 0
        """Claims that did not know the token, or asked for what they may not have."""
        self.why = ""
        self._link = link
        self._topics = topics
        self._token = token
        self._authority = authority
        self._trust = trust
        self._days = days
        self._claimed: asyncio.Future[Claim] = asyncio.get_running_loop().create_future()
        link.subscribe(topics.claim, self._came)

    async def claimed(self) -> Claim:
        """The claim, once its answer is with the broker."""
        return await self._claimed

    def _came(self, message: Message) -> None:
        message.take()
        if self._claimed.done():
            return
        try:
            claim = open_first(message.payload, self._token, verifier)
            if claim.locker != self._topics.locker:
                raise BadClaim(f"it is by {claim.locker[:32]!a}")
            now = datetime.now(UTC)
            certificate = self._authority.sign(claim.request.encode(), claim.locker, now, self._days)
        except (BadClaim, BadCertificate) as error:
            self.turned_away += 1
            self.why = str(error)
            return
        grant = Grant(certificate.decode(), self._authority.pem.decode(), self._trust)
        self._link.publish(
            self._topics.claim_answer,
            make_answer(grant, self._token),
            confirmed=lambda refusal: self._said(claim, refusal),
        )

    def _said(self, claim: Claim, refusal: str | None) -> None:
        if self._claimed.done():
            return
        if refusal is None:
            self._claimed.set_result(claim)
        else:
            self._claimed.set_exception(BadClaim(f"the broker does not take the answer: {refusal}"))


class Renewals:
    """Answers lockers whose keys are known with a new certificate for the key that they ask for."""

    def __init__(
        self,
        link: Link,
        root: str,
        *,
        authority: Authority,
        keys_of: Callable[[str], Verify | None],
        tell: Callable[[Notice], None],
        days: int = DAYS,
    ) -> None:
        """`keys_of`: what checks the signatures of a locker, None for one whose keys are not known."""
        self._link = link
        self._root = root
        self._authority = authority
        self._keys_of = keys_of
        self._tell = tell
        self._days = days
        link.subscribe(Topics(root, "+").claim, self._came)

    def _came(self, message: Message) -> None:
        message.take()
        locker = message.topic.removeprefix(f"{self._root}/claim/").partition("/")[0]
        check = self._keys_of(locker)
        if check is None:
            return
        now = datetime.now(UTC)
        try:
            claim = open_renewal(message.payload, check, int(now.timestamp()))
            if claim.locker != locker:
                raise BadClaim(f"it is by {claim.locker[:32]!a}")
            certificate = self._authority.sign(claim.request.encode(), locker, now, self._days)
        except (BadClaim, BadCertificate) as error:
            self._tell(Notice(Kind.KEYS, locker, f"asks for a certificate, and gets none: {error}"))
            return
        grant = Grant(certificate.decode(), self._authority.pem.decode())
        self._link.publish(Topics(self._root, locker).claim_answer, make_answer(grant, None))
        self._tell(Notice(Kind.KEYS, locker, f"has a new certificate, good for {self._days} days"))
