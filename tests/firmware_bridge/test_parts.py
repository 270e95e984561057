from firmware_bridge.faults import ADVICE, BoardFault, FaultKind
from firmware_bridge.parts import Part, PartState, not_configured, part_with


def test_a_part_that_is_not_there_is_missing_and_says_what_to_do() -> None:
    part = part_with(BoardFault("scanner", FaultKind.PORT_MISSING, "/dev/none: No such file or directory"))
    advice = ADVICE[FaultKind.PORT_MISSING]
    assert part == Part("scanner", PartState.MISSING, "port missing: /dev/none: No such file or directory", advice)


def test_a_part_that_is_there_and_cannot_be_used_is_faulty() -> None:
    assert part_with(BoardFault("scanner", FaultKind.PORT_BUSY, "/dev/ttyS0")).state is PartState.FAULTY


def test_a_part_that_nobody_asked_for_needs_no_advice() -> None:
    assert not_configured("camera") == Part("camera", PartState.NOT_CONFIGURED, "the configuration names none")
