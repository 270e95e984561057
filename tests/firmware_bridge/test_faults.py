import pytest

from firmware_bridge.faults import ADVICE, BoardFault, FaultKind


@pytest.mark.parametrize("kind", list(FaultKind))
def test_every_fault_says_what_happened_to_what_and_what_to_do(kind: FaultKind) -> None:
    sentence = BoardFault("main", kind, "address 3 on /dev/ttyAMA0").sentence()
    assert sentence.startswith(f"main: {kind.value.replace('_', ' ')} (address 3 on /dev/ttyAMA0): ")
    assert sentence.endswith(ADVICE[kind])
    assert len(ADVICE[kind]) > 20
