"""Whether a locker is there, as it says itself, or as the broker says for it when it is gone."""

from dataclasses import dataclass

from controller.contract.wire_json import JsonObject, dumps, loads_object


@dataclass(frozen=True, slots=True)
class LockerStatus:
    """One message on `…/status`. Of two, the one with the higher `(boot, conn)` is the later."""

    online: bool
    boot: int
    conn: int
    """Counts this boot's connections to the broker."""
    stream: str
    sequence: int
    """The last record committed when this was said."""
    head: str
    """SHA-256 of that record, hex."""
    software: str
    nonce: str | None = None
    """What a command must echo while the locker's clock is unknown; none when offline."""

    def encode(self) -> bytes:
        """The JSON of it."""
        members: JsonObject = {
            "state": "online" if self.online else "offline",
            "boot": self.boot,
            "conn": self.conn,
            "stream": self.stream,
            "seq": self.sequence,
            "head": self.head,
            "software": self.software,
        }
        if self.nonce is not None:
            members["nonce"] = self.nonce
        return dumps(members)

    @classmethod
    def decode(cls, payload: bytes) -> "LockerStatus":
        """Raises ValueError for anything that `encode` would not have written."""
        members = loads_object(payload)
        numbers = [members.get(name) for name in ("boot", "conn", "seq")]
        texts = [members.get(name) for name in ("state", "stream", "head", "software")]
        nonce = members.get("nonce")
        if not all(type(number) is int for number in numbers) or not all(isinstance(text, str) for text in texts):
            raise ValueError("a status needs state, boot, conn, stream, seq, head and software")
        if members["state"] not in ("online", "offline") or not (nonce is None or isinstance(nonce, str)):
            raise ValueError("a status is online or offline, and its nonce is a string")
        boot, conn, sequence = (int(str(number)) for number in numbers)
        state, stream, head, software = (str(text) for text in texts)
        return cls(state == "online", boot, conn, stream, sequence, head, software, nonce)
