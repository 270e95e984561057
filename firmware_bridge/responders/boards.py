"""What simulated boards on one line have in common: who is meant, whose replies are lost, what a door bit says."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping

from firmware_bridge.cabinet import Cabinet
from firmware_bridge.codecs import Feedback
from firmware_bridge.frames import FrameReader
from firmware_bridge.lock_board import Door
from firmware_bridge.responders import Manner, Response


class Boards(ABC):
    """Boards of one kind by their address, each on its cabinet. A protocol says what they do with a frame."""

    def __init__(
        self, cabinets: Mapping[int, Cabinet], manner: Manner | None, reader: FrameReader, usual: Feedback
    ) -> None:
        """`reader` finds the frames that boards hear; `usual` is what their door bits say as they are delivered."""
        self._cabinets = cabinets
        self._manner = manner or Manner()
        self._reader = reader
        self._feedback = self._manner.feedback or usual

    def hear(self, heard: bytes) -> list[Response]:
        """Obey what the whole frames say, and answer."""
        return [Response(frame, self._obey(frame)) for frame in self._reader.feed(heard)]

    @abstractmethod
    def _obey(self, frame: bytes) -> bytes:
        """Do what one frame says; returns what the boards answer."""

    def _told(self, address: int, everybody: int | None = None) -> list[tuple[int, Cabinet]]:
        """The boards that a frame to `address` is for, with their own address; `everybody` is all boards'."""
        return [(at, cabinet) for at, cabinet in self._cabinets.items() if address in (at, everybody)]

    def _pulse(self, cabinet: Cabinet, channels: Iterable[int], pulse_ms: int | None = None) -> None:
        """Energise those of `channels` that are there, for `pulse_ms` or as long as the board is set to."""
        for channel in cabinet.channels:
            if channel in channels:
                cabinet.pulse(channel, pulse_ms or self._manner.pulse_ms)

    def _hold(self, cabinet: Cabinet, channel: int, on: bool) -> None:
        """Switch a lock on, or off again, for as long as it pleases."""
        if channel in cabinet.channels and on:
            cabinet.energise(channel)
        elif channel in cabinet.channels:
            cabinet.de_energise(channel)

    def _bit(self, cabinet: Cabinet, channel: int) -> bool:
        """The door bit of a channel; one where nothing is connected reads open."""
        there = channel in cabinet.channels
        return self._feedback.bit(cabinet.sensor(channel) if there else Door.OPEN)

    def _bits(self, cabinet: Cabinet) -> dict[int, bool]:
        return {channel: self._bit(cabinet, channel) for channel in cabinet.channels}

    def _opens(self, cabinet: Cabinet, channel: int) -> bool:
        """Whether a board that watches its locks would say that an unlock of `channel` worked."""
        return channel in cabinet.channels and not cabinet.doors()[channel].jammed
