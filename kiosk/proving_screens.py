"""The screens on which a recipient gives what their plan demands besides the code."""

from dataclasses import dataclass
from typing import ClassVar

from controller.domain.ids import CodeHmac, MonoMs


@dataclass(frozen=True, slots=True)
class EnterPin:
    """The PIN that comes by another way than the code; `good_until` once one was sent."""

    NAME: ClassVar[str] = "pin"
    wanted: str
    good_until: MonoMs | None = None
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Sign:
    """A field to sign in."""

    NAME: ClassVar[str] = "sign"
    wanted: str
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class EnterSecond:
    """So many digits of a second identifier, after a shorter code; whether that was right is not known yet."""

    NAME: ClassVar[str] = "second"
    code: CodeHmac
    digits: int


ProvingScreen = EnterPin | Sign
