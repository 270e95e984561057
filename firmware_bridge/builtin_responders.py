"""The simulated far end of every built-in driver that speaks over a serial line."""

from collections.abc import Callable, Mapping

from firmware_bridge.cabinet import Cabinet
from firmware_bridge.responders import Manner, Responder
from firmware_bridge.responders.eletechsup import EletechsupBoards
from firmware_bridge.responders.kerong import Cu48Boards
from firmware_bridge.responders.waveshare import WaveshareBoards

MakeResponder = Callable[[Mapping[int, Cabinet], Manner], Responder]
"""Makes the boards of one line, by their address, on their cabinets."""

RESPONDERS: Mapping[str, MakeResponder] = {
    "eletechsup": EletechsupBoards,
    "kerong-cu48": Cu48Boards,
    "waveshare-modbus": WaveshareBoards,
}
