"""MQTT 3.1.1 as bytes, as far as a simulated locker speaks it. Pure.

Source: OASIS Standard, MQTT Version 3.1.1, 29 October 2014, chapters 2 and 3.
"""

import struct
from dataclasses import dataclass

PINGREQ = bytes([0xC0, 0])
DISCONNECT = bytes([0xE0, 0])
CONNACK, PUBLISH, PUBACK, SUBACK, PINGRESP = 2, 3, 4, 9, 13
LARGEST = 1024 * 1024
_QOS_1 = 0b0010
_RETAIN = 0b0001


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet from the broker."""

    kind: int
    flags: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Received:
    """What a PUBLISH brought; `mid` is 0 where it wants no receipt."""

    topic: str
    payload: bytes
    retained: bool
    mid: int


def connect(
    client_id: str, keepalive_s: int, will: tuple[str, bytes] | None, login: tuple[str, str | None] | None
) -> bytes:
    """CONNECT to a session that the broker keeps; the will is retained and of quality of service 1."""
    flags, payload = 0, _text(client_id)
    if will is not None:
        flags |= 0b0010_1100
        payload += _text(will[0]) + struct.pack("!H", len(will[1])) + will[1]
    if login is not None:
        user, password = login
        flags |= 0x80 | (0x40 if password is not None else 0)
        payload += _text(user) + (_text(password) if password is not None else b"")
    return _packet(0x10, _text("MQTT") + struct.pack("!BBH", 4, flags, keepalive_s) + payload)


def subscribe(mid: int, topics: tuple[str, ...]) -> bytes:
    """SUBSCRIBE with quality of service 1."""
    return _packet(0x82, struct.pack("!H", mid) + b"".join(_text(topic) + b"\x01" for topic in topics))


def publish(mid: int, topic: str, payload: bytes, retain: bool) -> bytes:
    """PUBLISH with quality of service 1; `mid` is 1 to 65535 and not in use."""
    head = 0x30 | _QOS_1 | (_RETAIN if retain else 0)
    return _packet(head, _text(topic) + struct.pack("!H", mid) + payload)


def puback(mid: int) -> bytes:
    """PUBACK: that message need not come again."""
    return bytes([0x40, 2]) + struct.pack("!H", mid)


def received(packet: Packet) -> Received:
    """Read a PUBLISH. Raises ValueError for one that is cut short."""
    (length,) = struct.unpack_from("!H", packet.body) if len(packet.body) > 1 else (0xFFFF,)
    start = 2 + length + (2 if packet.flags & 0b0110 else 0)
    if len(packet.body) < start:
        raise ValueError("a PUBLISH is shorter than its topic")
    mid = int.from_bytes(packet.body[2 + length : start])
    topic = packet.body[2 : 2 + length].decode()
    return Received(topic, packet.body[start:], bool(packet.flags & _RETAIN), mid)


def mid_of(packet: Packet) -> int:
    """The packet id of a PUBACK or SUBACK. Raises ValueError where there is none."""
    if len(packet.body) < 2:
        raise ValueError("an acknowledgement without a packet id")
    return int.from_bytes(packet.body[:2])


class Reader:
    """Cuts a stream of bytes into packets."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Packet]:
        """The packets that are complete now. Raises ValueError for what cannot be MQTT."""
        self._buffer += data
        packets = []
        while (packet := self._next()) is not None:
            packets.append(packet)
        return packets

    def _next(self) -> Packet | None:
        length, shift = 0, 0
        for place in range(1, 5):
            if len(self._buffer) <= place:
                return None
            byte = self._buffer[place]
            length |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return self._cut(place + 1, length)
        raise ValueError("the length of a packet has more than four bytes")

    def _cut(self, start: int, length: int) -> Packet | None:
        if length > LARGEST:
            raise ValueError(f"a packet of {length} bytes is larger than any of ours")
        if len(self._buffer) < start + length:
            return None
        first, body = self._buffer[0], bytes(self._buffer[start : start + length])
        del self._buffer[: start + length]
        return Packet(first >> 4, first & 15, body)


def _packet(first: int, body: bytes) -> bytes:
    length, left = bytearray(), len(body)
    while True:
        left, digit = left >> 7, left & 127
        length.append(digit | (128 if left else 0))
        if not left:
            return bytes([first]) + bytes(length) + body


def _text(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("!H", len(raw)) + raw
