"""The languages of lock boards. A codec is pure: questions and answers in, frames out, and back. No I/O, no clock.

Every codec implements `Codec`; the bus, the board and the commissioning know nothing else of a protocol.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol

from firmware_bridge.frames import FrameReader
from firmware_bridge.lock_board import Door

REPLY_MS: Final = 200
"""How long a board may take to answer where no vendor says otherwise. Lock boards take 5 to 115 ms."""


class Feedback(StrEnum):
    """What the door bit says; it depends on how the switch is wired, so it is set for each installation."""

    CLOSED_IS_1 = "closed_is_1"
    CLOSED_IS_0 = "closed_is_0"

    def door(self, bit: bool) -> Door:
        """The door that `bit` tells of."""
        return Door.CLOSED if bit is (self is Feedback.CLOSED_IS_1) else Door.OPEN

    def bit(self, door: Door) -> bool:
        """The bit that stands for `door`, as a simulated board sends it; an unknown door reads open."""
        return (door is Door.CLOSED) is (self is Feedback.CLOSED_IS_1)


@dataclass(frozen=True, slots=True)
class Status:
    """Door bits as they stand in the frame, by channel; and parcel-present sensors where the board has them."""

    doors: Mapping[int, bool]
    parcels: Mapping[int, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A board's answer to an unlock: whether it took the order. Never a door's state: a board that says that its door
    did not open took the order all the same, and the door may open a moment later or wait to be pulled.
    """

    channel: int
    taken: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """A board understood a question or an order and said no, and `why` in its own protocol's words."""

    why: str


class Relays(Protocol):
    """One kind of board that only switches relays, as it is told, and answers nothing: whoever drives it times the
    pulse. Channels are the numbers printed on it; `on` and `off` raise ValueError for one that it does not have, above
    all for one that means "all of them".
    """

    @property
    def channels(self) -> int:
        """How many relays a board of this kind has; channels run from 1 to this."""

    @property
    def baud(self) -> int:
        """The line's speed as the boards are delivered."""

    @property
    def rest_ms(self) -> int:
        """How long the board must be left alone after a frame."""

    def on(self, channel: int) -> bytes:
        """The frame that switches one relay on, and never more than one."""

    def off(self, channel: int) -> bytes:
        """The frame that switches one relay off."""


class Codec(Protocol):
    """One kind of lock board. Channels are the numbers printed on it; addresses are those of its switches.

    Every method raises ValueError, with a sentence, for an address or channel that the board does not have; above
    all for one that means "all of them".
    """

    @property
    def channels(self) -> int:
        """How many locks a board of this kind has; channels run from 1 to this."""

    @property
    def baud(self) -> int:
        """The line's speed as the boards are delivered."""

    @property
    def feedback(self) -> Feedback:
        """What the door bits say as the boards are delivered."""

    @property
    def reply_ms(self) -> int:
        """How long the board may take to answer a question."""

    @property
    def answers_unlock(self) -> bool:
        """Whether the board answers an unlock. If not, only the door can tell."""

    @property
    def unlock_reply_ms(self) -> int:
        """How long it may take to answer an unlock; some answer only after the pulse. Means nothing where none does."""

    def status_requests(self, address: int) -> Sequence[bytes]:
        """The questions, to be asked in turn, that together tell every door; none where the board has no sensors
        and nothing else to say. An answer without doors says that the board is there.
        """

    def unlock_request(self, address: int, channel: int, pulse_ms: int) -> bytes:
        """The order that energises one lock, and never more than one. Boards that time the pulse ignore `pulse_ms`."""

    def reader(self) -> FrameReader:
        """A new reader for this protocol's frames."""

    def answer(self, request: bytes, frame: bytes) -> Status | Acknowledgement | Refusal | None:
        """What `frame` answers to `request`; None if it is not the answer to it, but an echo, say, or another's."""
