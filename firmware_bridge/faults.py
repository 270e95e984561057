"""Hardware that misbehaves, named: which board, what happened, what to do."""

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """What went wrong between us and a board."""

    PORT_MISSING = "port_missing"
    PORT_DENIED = "port_denied"
    PORT_LOST = "port_lost"
    PORT_BUSY = "port_busy"
    NO_REPLY = "no_reply"
    BAD_REPLY = "bad_reply"
    ECHO = "echo"
    BABBLE = "babble"
    LINE_MISSING = "line_missing"
    LINE_BUSY = "line_busy"
    STUCK = "stuck"


ADVICE = {
    FaultKind.PORT_MISSING: "plug the adapter in or correct `port`; it is looked for again by itself",
    FaultKind.PORT_DENIED: "let the service's user into the group that owns the device, `dialout` or `gpio` on Debian",
    FaultKind.PORT_LOST: "check the adapter's plug and cable; it is taken up again by itself when it is back",
    FaultKind.PORT_BUSY: "end the other program that holds this port",
    FaultKind.NO_REPLY: "check power, A/B wires, `baud` and `address`",
    FaultKind.BAD_REPLY: "check `driver`, `baud`, termination and shielding",
    FaultKind.ECHO: "switch the adapter's local echo off",
    FaultKind.BABBLE: "find who talks on this line all the time: a second controller, a wrong `baud`, or noise",
    FaultKind.LINE_MISSING: "correct `chip` and the line in the configuration, or load the expander's overlay",
    FaultKind.LINE_BUSY: "free the line: another program or kernel overlay holds it",
    FaultKind.STUCK: "the board's worker does not answer any more; restart the service and look at its log",
}


@dataclass(frozen=True, slots=True)
class BoardFault:
    """One fault of one board. `detail` says to what it happened, such as the port's path or the line's number."""

    board: str
    kind: FaultKind
    detail: str

    def sentence(self) -> str:
        """What happened, to what, and what to do, in one line for a log or a terminal."""
        return f"{self.board}: {self.kind.value.replace('_', ' ')} ({self.detail}): {ADVICE[self.kind]}"
