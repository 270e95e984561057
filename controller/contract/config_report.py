"""What a locker reports of its configuration, as those who watch it read it."""

from collections.abc import Sequence
from dataclasses import dataclass

from controller.contract.wire_json import JSON, JsonObject, loads_object


@dataclass(frozen=True, slots=True)
class ConfigReport:
    """One message on `…/config/reported`."""

    version: int
    """In force; 0 where the locker's own file is all there is."""
    sha256: str
    """Of its settings."""
    pending: int | None = None
    """Accepted, and not yet in force."""
    refused: int | None = None
    """The version that was not taken; 0 where even that could not be read."""
    refused_sha256: str | None = None
    reason: str | None = None
    problems: tuple[str, ...] = ()
    """What is wrong with it, a line each."""

    @property
    def newest(self) -> int:
        """The highest version that the locker has seen."""
        return max(self.version, self.pending or 0, self.refused or 0)

    @classmethod
    def decode(cls, payload: bytes) -> "ConfigReport":
        """Raises ValueError for anything that a locker would not say."""
        members = loads_object(payload)
        refused = members.get("refused")
        version, sha256 = _whole(members.get("version")), str(members.get("sha256"))
        pending = None if members.get("pending") is None else _whole(members["pending"])
        if refused is None:
            return cls(version, sha256, pending)
        if not isinstance(refused, dict):
            raise ValueError("refused must be an object")
        number = 0 if refused.get("version") is None else _whole(refused["version"])
        return cls(
            version,
            sha256,
            pending,
            number,
            str(refused.get("sha256")),
            str(refused.get("reason")),
            tuple(_lines(refused.get("problems"))),
        )


def _lines(rows: JSON) -> Sequence[str]:
    return [_line(row) for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _line(row: JsonObject) -> str:
    where = ": ".join(str(row[name]) for name in ("file", "key") if row.get(name))
    nearest = f"; did you mean {row['nearest']!r}?" if "nearest" in row else ""
    return f"{where}: {row.get('reason')}{nearest}"


def _whole(value: JSON) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("a version must be a whole number")
    return value
