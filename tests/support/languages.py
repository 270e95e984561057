"""Every language of boards that tell of doors, from both ends: our codec, and simulated boards that obey all of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from support.cabinet_rig import SERIAL

from firmware_bridge.board_spec import BoardSpec
from firmware_bridge.builtin_responders import RESPONDERS
from firmware_bridge.cabinet import Cabinet
from firmware_bridge.codecs import Codec
from firmware_bridge.drivers import codec_of
from firmware_bridge.responders import Manner, Responder
from firmware_bridge.supply import LockKind
from firmware_bridge.timers import VirtualTimers

KINDS = {driver: kind for driver, kind in SERIAL.items() if kind.reads_doors}
ANY_ADDRESS = range(-1, 300)


@dataclass(frozen=True)
class Language:
    """One driver as somebody may set it up."""

    driver: str
    options: Mapping[str, object]
    lock: LockKind
    pulse_ms: int
    codec: Codec = field(init=False)
    addresses: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        codec = codec_of(BoardSpec("main", self.driver, "psu", {}, lock=self.lock, options=self.options))
        assert codec is not None
        object.__setattr__(self, "codec", codec)
        object.__setattr__(self, "addresses", tuple(at for at in ANY_ADDRESS if self._can_have(at)))

    def unlock(self, address: int, channel: int) -> bytes:
        return self.codec.unlock_request(address, channel, self.pulse_ms)

    def far_end(self, cabinets: Mapping[int, Cabinet]) -> Responder:
        return RESPONDERS[self.driver](cabinets, Manner(self.pulse_ms, options=self.options))

    def cabinet(self) -> Cabinet:
        return Cabinet(range(1, self.codec.channels + 1), VirtualTimers())

    def answers(self, address: int, cabinet: Cabinet) -> list[tuple[bytes, bytes]]:
        """Every question after the doors of a board, with its answer."""
        far_end = self.far_end({address: cabinet})
        return [
            (question, response.answer)
            for question in self.codec.status_requests(address)
            for response in far_end.hear(question)
        ]

    def _can_have(self, address: int) -> bool:
        try:
            self.unlock(address, 1)
        except ValueError:
            return False
        return True


LANGUAGES: Mapping[str, Language] = {
    **{driver: Language(driver, kind.options, kind.lock, kind.pulse_ms) for driver, kind in KINDS.items()},
    "lockboard-8a-forwards": Language(
        "lockboard-8a", {"status_order": "first_byte_first"}, LockKind.ELECTROMAGNET, 300
    ),
    "eletechsup-registers": Language("eletechsup", {"inputs": "registers", "channels": 32}, LockKind.MOTOR, 1_000),
    "waveshare-modbus-32": Language("waveshare-modbus", {"channels": 32}, LockKind.ELECTROMAGNET, 500),
    "lockboard-8a-motors": Language("lockboard-8a", {}, LockKind.MOTOR, 2_000),
    "wkly-nbse": Language("wkly", {"header": "NBSE"}, LockKind.ELECTROMAGNET, 500),
}
