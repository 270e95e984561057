"""The simulated far end of every built-in driver that speaks over a serial line."""

from collections.abc import Callable, Mapping

from firmware_bridge.cabinet import Cabinet
from firmware_bridge.responders import Manner, Responder
from firmware_bridge.responders.dingchang import DingchangBoards
from firmware_bridge.responders.eletechsup import EletechsupBoards
from firmware_bridge.responders.kerong import Cu16Boards, Cu48bBoards, Cu48Boards
from firmware_bridge.responders.lcus import LcusBoard
from firmware_bridge.responders.lockboard_8a import LockBoard8aBoards
from firmware_bridge.responders.waveshare import WaveshareBoards
from firmware_bridge.responders.winnsen import WinnsenBoards
from firmware_bridge.responders.wkly import WklyBoards

MakeResponder = Callable[[Mapping[int, Cabinet], Manner], Responder]
"""Makes the boards of one line, by their address, on their cabinets."""

RESPONDERS: Mapping[str, MakeResponder] = {
    "dingchang": DingchangBoards,
    "eletechsup": EletechsupBoards,
    "kerong-cu16": Cu16Boards,
    "kerong-cu48": Cu48Boards,
    "kerong-cu48b": Cu48bBoards,
    "lcus": LcusBoard,
    "lockboard-8a": LockBoard8aBoards,
    "waveshare-modbus": WaveshareBoards,
    "winnsen": WinnsenBoards,
    "wkly": WklyBoards,
}
