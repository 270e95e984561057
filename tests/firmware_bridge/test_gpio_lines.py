"""gpiozero on libgpiod, on chips made of nothing."""

import errno
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from gpiod.line import Bias, Direction, Edge
from gpiozero import Button, DigitalInputDevice, InputDevice, OutputDevice
from gpiozero.exc import (
    GPIOPinInUse,
    PinInvalidBounce,
    PinInvalidEdges,
    PinInvalidFunction,
    PinInvalidPull,
    PinSetInput,
    PinUnknownPi,
)
from support.line_chip import FakeChip, FakeChips

from firmware_bridge import gpio_chips
from firmware_bridge.gpio_chips import FIRST_CHIP, header_chip
from firmware_bridge.gpio_lines import LineFactory

EXPANDER = "/dev/gpiochip2"


@pytest.fixture
def header() -> FakeChip:
    return FakeChip(FIRST_CHIP)


@pytest.fixture
def expander() -> FakeChip:
    return FakeChip(EXPANDER, lines=128)


@pytest.fixture
def pins(header: FakeChip, expander: FakeChip) -> Iterator[LineFactory]:
    factory = LineFactory(FakeChips(header, expander).open, default_chip=FIRST_CHIP)
    yield factory
    factory.close()


@pytest.mark.parametrize("active_high", [True, False])
def test_an_output_has_its_inactive_level_from_its_first_moment(
    pins: LineFactory, header: FakeChip, active_high: bool
) -> None:
    header.lines[17].high = active_high  # left on by a program that was killed
    relay = OutputDevice(17, active_high=active_high, initial_value=False, pin_factory=pins)
    assert header.history(17) == [not active_high]
    relay.on()
    relay.off()
    assert header.history(17) == [not active_high, active_high, not active_high]
    relay.close()


def test_a_line_that_is_let_go_keeps_its_level_and_can_be_taken_again(pins: LineFactory, header: FakeChip) -> None:
    OutputDevice(17, initial_value=True, pin_factory=pins).close()
    assert header.lines[17].high
    assert header.lines[17].holder is None
    OutputDevice(17, pin_factory=pins).close()


def test_lines_are_named_by_offset_name_and_chip(pins: LineFactory, header: FakeChip, expander: FakeChip) -> None:
    assert pins.pin(17) is pins.pin("GPIO17") is pins.pin(f"{FIRST_CHIP}:GPIO17")
    assert pins.pin(f"{EXPANDER}:GPIO100") is pins.pin(f"{EXPANDER}:GPIO100")
    assert repr(pins.pin(f"{EXPANDER}:GPIO100")) == f"{EXPANDER}:100"
    OutputDevice(f"{EXPANDER}:GPIO100", initial_value=True, pin_factory=pins).close()
    assert expander.history(100) == [True]
    assert header.levels == []


def test_a_chip_or_line_that_is_not_there_is_an_operating_system_error(pins: LineFactory) -> None:
    with pytest.raises(FileNotFoundError):
        OutputDevice("/dev/gpiochip9:1", pin_factory=pins)
    with pytest.raises(FileNotFoundError):
        OutputDevice("DOOR1", pin_factory=pins)
    with pytest.raises(FileNotFoundError, match="has no line 32"):
        OutputDevice(32, pin_factory=pins)


def test_a_line_that_somebody_else_holds_is_busy(pins: LineFactory, header: FakeChip) -> None:
    header.take(17)
    with pytest.raises(OSError, match="busy") as refused:
        OutputDevice(17, pin_factory=pins)
    assert refused.value.errno == errno.EBUSY
    del refused
    header.let_go(17)
    OutputDevice(17, pin_factory=pins).close()


def test_two_devices_of_ours_cannot_share_a_line(pins: LineFactory) -> None:
    first = OutputDevice(17, pin_factory=pins)
    with pytest.raises(GPIOPinInUse, match="line /dev/gpiochip0:17 is already in use"):
        OutputDevice("GPIO17", pin_factory=pins)
    first.close()
    OutputDevice("GPIO17", pin_factory=pins).close()


@pytest.mark.parametrize(
    ("pull_up", "active_state", "bias", "idle"),
    [(True, None, Bias.PULL_UP, 0), (False, None, Bias.PULL_DOWN, 0), (None, True, Bias.DISABLED, 0)],
)
def test_an_input_is_requested_once_with_everything_that_is_wanted(
    pins: LineFactory, header: FakeChip, pull_up: bool | None, active_state: bool | None, bias: Bias, idle: int
) -> None:
    switch = DigitalInputDevice(4, pull_up=pull_up, active_state=active_state, bounce_time=0.005, pin_factory=pins)
    [(offset, settings)] = header.settings
    assert offset == 4
    assert (settings.direction, settings.bias, settings.edge_detection) == (Direction.INPUT, bias, Edge.BOTH)
    assert settings.debounce_period == timedelta(milliseconds=5)
    assert switch.value == idle
    switch.close()


def test_edges_arrive_with_their_level_and_the_kernels_time(pins: LineFactory, header: FakeChip) -> None:
    seen: list[str] = []
    changed = threading.Event()
    switch = DigitalInputDevice(4, pull_up=True, pin_factory=pins)

    def note(what: str) -> None:
        seen.append(what)
        changed.set()

    switch.when_activated = lambda: note("pressed")
    switch.when_deactivated = lambda: note("released")
    for high in (False, True):
        changed.clear()
        header.push(4, high)
        assert changed.wait(5)
    assert seen == ["pressed", "released"]
    assert 0 <= switch.inactive_time < 5
    switch.close()


def test_a_line_that_is_added_while_others_are_watched_is_watched_too(pins: LineFactory, header: FakeChip) -> None:
    switches, pressed = [], threading.Event()
    for line in (4, 5, 6):
        pressed.clear()
        switches.append(DigitalInputDevice(line, pull_up=True, pin_factory=pins))
        switches[-1].when_activated = pressed.set
        header.push(line, False)
        assert pressed.wait(5)
    for switch in switches:
        switch.close()


def test_a_device_on_a_chip_that_is_gone_can_be_closed(pins: LineFactory, expander: FakeChip) -> None:
    relay = OutputDevice(f"{EXPANDER}:GPIO100", pin_factory=pins)
    expander.gone = True
    relay.close()
    assert relay.closed


def test_a_burst_of_edges_is_passed_on_edge_by_edge(pins: LineFactory, header: FakeChip) -> None:
    seen: list[bool] = []
    all_there = threading.Event()

    class Counter:
        def changed(self, ticks: float, high: bool) -> None:
            seen.append(high)
            if len(seen) == 50:
                all_there.set()

    counter = Counter()
    pin = pins.pin(4)
    pin.input_with_pull("up")
    pin.when_changed = counter.changed
    for _ in range(25):
        header.push(4, False)
        header.push(4, True)
    assert all_there.wait(5)
    assert seen == [False, True] * 25
    pin.close()


def test_a_device_that_is_forgotten_is_not_kept_alive_by_its_pin(pins: LineFactory, header: FakeChip) -> None:
    switch = DigitalInputDevice(4, pull_up=True, pin_factory=pins)
    del switch
    assert header.lines[4].holder is None
    DigitalInputDevice(4, pull_up=True, pin_factory=pins).close()


def test_a_chip_that_cannot_interrupt_is_read_instead(pins: LineFactory, expander: FakeChip) -> None:
    expander.edges = False
    switch = DigitalInputDevice(f"{EXPANDER}:GPIO3", pull_up=True, pin_factory=pins)
    assert switch.value == 0
    expander.push(3, False)
    assert switch.value == 1
    switch.close()


def test_settings_may_change_while_the_line_is_held(pins: LineFactory, header: FakeChip) -> None:
    pin = pins.pin(4)
    pin.function = "input"
    assert not pin.state
    pin.pull = "up"
    assert pin.state
    pin.bounce, pin.edges = 0.01, "rising"
    assert (pin.pull, pin.bounce, pin.edges, pin.function) == ("up", 0.01, "rising", "input")
    pin.function = "output"
    assert header.history(4) == [True], "it keeps the level that it had as an input"
    assert pin.function == "output"
    pin.state = False
    pin.function = "input"
    assert header.history(4) == [True, False]
    pin.close()


def test_a_pin_refuses_what_it_cannot_be(pins: LineFactory) -> None:
    pin = pins.pin(4)
    with pytest.raises(PinInvalidFunction, match="not 'pwm'"):
        pin.function = "pwm"
    with pytest.raises(PinInvalidPull, match="not 'sideways'"):
        pin.pull = "sideways"
    with pytest.raises(PinInvalidEdges, match="not 'some'"):
        pin.edges = "some"
    with pytest.raises(PinInvalidBounce, match="-1 s"):
        pin.bounce = -1
    with pytest.raises(PinSetInput, match="is an input"):
        pin.state = True
    with pytest.raises(PinUnknownPi, match="no known board"):
        _ = pins.board_info


def test_closing_the_factory_lets_go_of_every_line_and_ends_its_thread(header: FakeChip) -> None:
    factory = LineFactory(FakeChips(header).open, default_chip=FIRST_CHIP)
    button, plain = Button(4, pin_factory=factory), InputDevice(5, pin_factory=factory)
    assert plain.value == 0
    watch = next(thread for thread in threading.enumerate() if thread.name == "gpio edges")
    factory.close()
    watch.join(5)
    assert not watch.is_alive()
    assert {line.holder for line in header.lines} == {None}
    button.close()
    plain.close()


def test_a_chip_that_is_pulled_out_does_not_end_the_watch_over_others(
    pins: LineFactory, header: FakeChip, expander: FakeChip
) -> None:
    far = DigitalInputDevice(f"{EXPANDER}:GPIO3", pull_up=True, pin_factory=pins)
    near = DigitalInputDevice(4, pull_up=True, pin_factory=pins)
    pressed = threading.Event()
    near.when_activated = pressed.set
    request = expander.lines[3].holder
    assert request is not None
    request.release()  # the kernel takes the descriptor away
    header.push(4, False)
    assert pressed.wait(5)
    assert len(pins._watch._calls) == 1, "it would be found ready for ever"
    near.close()
    far.pin._request = None
    far.close()


@pytest.fixture
def devices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(gpio_chips, "DEVICES", tmp_path)
    for number in (0, 4):
        (tmp_path / f"gpiochip{number}").touch()
    return tmp_path


@pytest.mark.parametrize("label", ["pinctrl-bcm2711", "pinctrl-rp1"])
def test_pins_without_a_chip_are_those_of_the_header_found_by_its_label(devices: Path, label: str) -> None:
    chips = FakeChips(FakeChip(f"{devices}/gpiochip0"), FakeChip(f"{devices}/gpiochip4", label=label))
    assert header_chip(chips.open) == f"{devices}/gpiochip4"
    factory = LineFactory(chips.open)
    assert repr(factory.pin(3)) == f"{devices}/gpiochip4:3"
    factory.close()


def test_a_chip_is_found_by_the_label_of_its_driver(devices: Path) -> None:
    chips = FakeChips(FakeChip(f"{devices}/gpiochip0"), FakeChip(f"{devices}/gpiochip4", label="mcp23017"))
    factory = LineFactory(chips.open)
    assert factory.pin("mcp23017:GPIO3") is factory.pin(f"{devices}/gpiochip4:3")
    factory.close()


@pytest.mark.parametrize(
    ("labels", "complaint"), [(("", ""), "no GPIO chip"), (("twin", "twin"), "gpiochip4 all have")]
)
def test_a_label_that_means_no_chip_or_two_is_said_so(devices: Path, labels: tuple[str, str], complaint: str) -> None:
    chips = FakeChips(
        *(FakeChip(f"{devices}/gpiochip{n}", label=label) for n, label in zip((0, 4), labels, strict=True))
    )
    with pytest.raises(OSError, match=complaint):
        LineFactory(chips.open).pin("twin:3")


def test_on_other_machines_the_first_chip_is_taken(devices: Path) -> None:
    chips = FakeChips(FakeChip(f"{devices}/gpiochip0"), FakeChip(f"{devices}/gpiochip4"))
    assert header_chip(chips.open) == FIRST_CHIP
