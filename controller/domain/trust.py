"""Whose signatures count here: the keys of the keyring's file, and what two operators have made of them since."""

from dataclasses import dataclass, field
from enum import StrEnum

from controller.domain.ids import CarrierId, Jti, KeyId, KeyPoint, MonoMs, Role, WallMs
from controller.domain.refusals import Refusal

LONGEST_OVERLAP_MS = 30 * 24 * 3_600_000
"""How long a key that is being replaced may still be good beside the new one."""
MOST_KEYS = 200
"""Keys that are kept, good and retired together: of a busy site, decades of rotations."""


class Use(StrEnum):
    """What a key is for; no key is for both."""

    SIG = "sig"
    ENC = "enc"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedKey:
    """One public key and what it may do. The contract has seen to it that its members fit each other."""

    kid: KeyId
    use: Use
    roles: tuple[Role, ...]
    x: KeyPoint
    carrier: CarrierId | None = None


Change = tuple[tuple[TrustedKey, ...], tuple[KeyId, ...], WallMs | None]
"""What is added, what is retired, and until when what is retired still signs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """What one operator wants changed, and waits for another to sign too."""

    kid: KeyId
    """Whose signature it has."""
    jti: Jti
    until: MonoMs
    """The second has to come before."""
    add: tuple[TrustedKey, ...]
    retire: tuple[KeyId, ...]
    ends_at: WallMs | None

    @property
    def change(self) -> Change:
        """What both have to sign alike."""
        return self.add, self.retire, self.ends_at


@dataclass(frozen=True, slots=True)
class Trust:
    """The keys as they stand. What was retired never counts again, whatever file names it."""

    keys: dict[KeyId, TrustedKey] = field(default_factory=dict)
    """Good now."""
    listed: tuple[TrustedKey, ...] = ()
    """What the keyring's file said when it was last read."""
    ends: dict[KeyId, WallMs] = field(default_factory=dict)
    """When the good ones among them that are being replaced end."""
    retired: dict[KeyId, KeyPoint] = field(default_factory=dict)
    asked: Rotation | None = None
    device_key: KeyId | None = None
    """What the locker's own proofs are signed with, once it was changed."""


def is_retired(trust: Trust, key: TrustedKey) -> bool:
    """Whether this key, under this name or another, was retired here."""
    return key.kid in trust.retired or key.x in trust.retired.values()


def lasting(trust: Trust, add: tuple[TrustedKey, ...], retire: tuple[KeyId, ...]) -> tuple[TrustedKey, ...]:
    """What is left of the keys, with these added and these retired, once every overlap is over."""
    ending = {*trust.ends, *retire}
    return (*(key for kid, key in trust.keys.items() if kid not in ending), *add)


def why_incomplete(before: tuple[TrustedKey, ...], after: tuple[TrustedKey, ...]) -> Refusal | None:
    """What the keys would lack; None where they make a whole: an operator, one custodian, and of each carrier
    something to sign with and exactly one key to seal to.
    """
    if _has(before, Role.OPERATOR) and not _has(after, Role.OPERATOR):
        return Refusal.LAST_OPERATOR
    if _has(before, Role.CUSTODIAN) and not _has(after, Role.CUSTODIAN):
        return Refusal.LAST_CUSTODIAN
    if _has(after, Role.CUSTODIAN) > 1:
        return Refusal.TWO_CUSTODIANS
    for carrier in {key.carrier for key in after if key.carrier is not None}:
        uses = [key.use for key in after if key.carrier == carrier]
        if uses.count(Use.ENC) != 1 or Use.SIG not in uses:
            return Refusal.CARRIER_KEYS
    return None


def _has(keys: tuple[TrustedKey, ...], role: Role) -> int:
    return sum(role in key.roles for key in keys)
