"""An LCUS relay board on a simulated cabinet, of the revision that answers a query with a byte for each relay."""

from collections.abc import Mapping

from firmware_bridge.cabinet import Cabinet
from firmware_bridge.codecs.lcus import QUERY, frames
from firmware_bridge.responders import Manner, Response


class LcusBoard:
    """The board that is alone on its line, whatever address its cabinet goes by."""

    def __init__(self, cabinets: Mapping[int, Cabinet], manner: Manner | None = None) -> None:
        """Raises ValueError for more boards than one: they have no address."""
        if len(cabinets) != 1:
            raise ValueError(f"{len(cabinets)} boards were asked for, but LCUS boards have no address to tell them by")
        [self._cabinet] = cabinets.values()
        self._frames = frames()

    def hear(self, heard: bytes) -> list[Response]:
        """Switch relays; answer nothing but a query."""
        return [Response(frame, self._obey(frame)) for frame in self._frames.feed(heard)]

    def _obey(self, frame: bytes) -> bytes:
        cabinet = self._cabinet
        if frame[0] == QUERY:
            return bytes(int(cabinet.energised(channel)) for channel in cabinet.channels)
        _, channel, state, _ = frame
        if channel in cabinet.channels:
            if state:
                cabinet.energise(channel)
            else:
                cabinet.de_energise(channel)
        return b""
