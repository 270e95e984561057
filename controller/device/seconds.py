"""Second identifiers in the clear, for as long as it takes to turn them into something else: sealed by a carrier, or
typed at the screen. Nothing here is ever logged.
"""

from joserfc.jwk import OKPKey

from controller.contract.jose import NotTrusted, unseal
from controller.device.secrets import typed_second
from controller.domain.ids import CodeHmac
from controller.domain.policy import Policy


class Seconds:
    """For one locker, whose policy says how long they are; with none asked for, none is read."""

    def __init__(self, enc: OKPKey, code_key: bytes, policy: Policy) -> None:
        self._enc = enc
        self._code_key = code_key
        self._policy = policy

    def sealed(self, jwe: str) -> CodeHmac | None:
        """The HMAC of what a carrier sealed to this locker; None for what cannot be read or has another length."""
        try:
            text = unseal(jwe, self._enc).decode()
        except (NotTrusted, UnicodeDecodeError):
            return None
        return typed_second(text, self._code_key) if len(text) == self._policy.second_digits else None

    def typed(self, text: str) -> CodeHmac | None:
        """The HMAC of what was typed; None for anything but digits."""
        return typed_second(text, self._code_key)

    def wanted(self, code: str) -> int:
        """How many digits are to be typed after this code; 0 for one that is long enough by itself."""
        return self._policy.second_digits if len(code) == self._policy.short_digits else 0
