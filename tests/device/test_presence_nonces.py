"""What the screen shows to telephones: good for half a minute, once, and for the visit before the screen."""

import pytest

from controller.contract.presence_text import presence_text, read_presence
from controller.device.presence_nonces import GOOD_MS, PresenceNonces
from controller.domain.ids import MonoMs, SessionId

ONE, OTHER = SessionId("one"), SessionId("other")


class Scene:
    def __init__(self) -> None:
        self.mono = 0
        numbers = iter(range(100))
        self.nonces = PresenceNonces(lambda: f"n{next(numbers)}", lambda: MonoMs(self.mono))


def test_it_is_good_once() -> None:
    scene = Scene()
    nonce = scene.nonces.show_to(ONE)
    assert scene.nonces.take(nonce) == ONE
    assert scene.nonces.take(nonce) is None


def test_it_is_good_for_half_a_minute_of_powered_time() -> None:
    scene = Scene()
    early, late = scene.nonces.show_to(ONE), scene.nonces.show_to(ONE)
    scene.mono = GOOD_MS - 1
    assert scene.nonces.take(early) == ONE
    scene.mono = GOOD_MS
    assert scene.nonces.take(late) is None


def test_those_of_the_visit_before_are_worthless_once_the_next_is_shown_one() -> None:
    scene = Scene()
    before = scene.nonces.show_to(ONE)
    assert scene.nonces.show_to(OTHER) != before
    assert scene.nonces.take(before) is None


def test_all_are_worthless_once_nobody_is_there() -> None:
    scene = Scene()
    nonce = scene.nonces.show_to(ONE)
    scene.nonces.forget()
    assert scene.nonces.take(nonce) is None


def test_one_that_was_never_shown_is_nobodys() -> None:
    scene = Scene()
    scene.nonces.show_to(ONE)
    assert scene.nonces.take("guessed") is None


def test_a_page_that_asks_on_and_on_fills_no_memory() -> None:
    scene = Scene()
    shown = [scene.nonces.show_to(ONE) for _ in range(20)]
    assert [nonce for nonce in shown if scene.nonces.take(nonce) is not None] == shown[-8:]


def test_the_telephone_reads_which_locker_it_was() -> None:
    assert read_presence(presence_text("L0042", "4Zr0_x-A")) == ("L0042", "4Zr0_x-A")


@pytest.mark.parametrize("text", ["", "4Zr0", "https://a.example/?presence=x", "locker:L0042", "locker:?presence=x"])
def test_no_other_text_will_do(text: str) -> None:
    with pytest.raises(ValueError, match="not what a locker's screen shows"):
        read_presence(text)
