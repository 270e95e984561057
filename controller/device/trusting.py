"""The keyring in force: what stands on record, from the moment in which it does."""

import logging
from collections.abc import Callable, Sequence

from controller.contract.keys import Keyring, member_of, read_key
from controller.device.seams import Committed
from controller.domain.events import BootStarted, KeyEnded, KeysListed, KeysRotated
from controller.domain.trust import Trust, is_retired

log = logging.getLogger(__name__)

_CHANGES = (BootStarted, KeysListed, KeysRotated, KeyEnded)


class Trusting:
    """Keeps the one keyring that everything here checks signatures with and seals to. Follow the engine with it."""

    def __init__(self, keyring: Keyring, trust: Callable[[], Trust]) -> None:
        """`keyring` is the file's until the start is on record; `trust` is what is on record."""
        self._keyring = keyring
        self._trust = trust

    def committed(self, happened: Sequence[Committed]) -> None:
        """Raises `BadKeyring` where file and record together make no whole, which ends the start."""
        if any(isinstance(item.event, _CHANGES) for item in happened):
            trust = self._trust()
            self._keyring.become(read_key(member_of(key)) for key in trust.keys.values())
        if any(isinstance(item.event, BootStarted) for item in happened):
            self._warn()

    def _warn(self) -> None:
        trust = self._trust()
        for key in trust.listed:
            if is_retired(trust, key):
                log.warning(
                    "key %s of the keyring was retired here and does not count; take it out of the file", key.kid
                )
