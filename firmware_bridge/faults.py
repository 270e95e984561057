"""Hardware that misbehaves, named: which board or other part, what happened, what to do."""

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """What went wrong between us and a board, or another part such as the scanner."""

    PORT_MISSING = "port_missing"
    PORT_DENIED = "port_denied"
    PORT_LOST = "port_lost"
    PORT_BUSY = "port_busy"
    NO_REPLY = "no_reply"
    BAD_REPLY = "bad_reply"
    REFUSED = "refused"
    ECHO = "echo"
    BABBLE = "babble"
    LINE_MISSING = "line_missing"
    LINE_BUSY = "line_busy"
    WRONG_DEVICE = "wrong_device"
    PROGRAM_MISSING = "program_missing"
    NO_PICTURE = "no_picture"
    CLOCK_MISSING = "clock_missing"
    CLOCK_WRONG = "clock_wrong"
    BATTERY_LOW = "battery_low"
    STUCK = "stuck"


ADVICE = {
    FaultKind.PORT_MISSING: "plug it in or correct its name in the configuration; it is looked for again by itself",
    FaultKind.PORT_DENIED: "let the service's user into the group that owns the device: on Debian `dialout`, `gpio`,"
    " `input` or `video`",
    FaultKind.PORT_LOST: "check its plug and cable; it is taken up again by itself when it is back",
    FaultKind.PORT_BUSY: "end the other program that holds it",
    FaultKind.NO_REPLY: "check power, A/B wires, `baud` and `address`",
    FaultKind.BAD_REPLY: "check `driver`, `baud`, termination and shielding",
    FaultKind.REFUSED: "the board understood and said no: compare `driver` and its options with the board's model",
    FaultKind.ECHO: "switch the adapter's local echo off",
    FaultKind.BABBLE: "find who talks on this line all the time: a second controller, a wrong `baud`, or noise",
    FaultKind.LINE_MISSING: "correct `chip` and the line in the configuration, or load the expander's overlay",
    FaultKind.LINE_BUSY: "free the line: another program or kernel overlay holds it",
    FaultKind.WRONG_DEVICE: "this device is something else: correct its name in the configuration",
    FaultKind.PROGRAM_MISSING: "install the program that is named",
    FaultKind.NO_PICTURE: "check the camera's plug and cable, and that no other program uses it",
    FaultKind.CLOCK_MISSING: "fit a real-time clock, or load its overlay: without one the time after a power cut is"
    " not known until a time server tells it",
    FaultKind.CLOCK_WRONG: "let a time server set it once; if it is wrong again after the next power cut, change its"
    " battery",
    FaultKind.BATTERY_LOW: "change its battery; a rechargeable one on a Raspberry Pi 5 is charged only with"
    " `dtparam=rtc_bbat_vchg` in config.txt",
    FaultKind.STUCK: "a lock may still be energised: cut its power if it is, restart the service and look at its log",
}


@dataclass(frozen=True, slots=True)
class BoardFault:
    """One fault of one board, or of another part by its name. `detail` says to what it happened, such as the port's
    path or the line's number.
    """

    board: str
    kind: FaultKind
    detail: str

    def sentence(self) -> str:
        """What happened, to what, and what to do, in one line for a log or a terminal."""
        return f"{self.board}: {self.kind.value.replace('_', ' ')} ({self.detail}): {ADVICE[self.kind]}"
