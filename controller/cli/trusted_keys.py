"""What a locker trusts, as its journal says, whether it runs or not."""

from importlib.metadata import version
from pathlib import Path
from typing import Any

from controller.cli.device_keys import device_keys, verifier
from controller.cli.journal import explained
from controller.contract.fields import wall_text
from controller.contract.keys import member_of
from controller.contract.wire_json import JSON, JsonObject
from controller.domain.trust import Trust, TrustedKey
from controller.journal.opening import read_state


def read_trust(data_dir: Path) -> Trust:
    """The keys on record. Raises `Failed`."""
    with explained():
        return read_state(data_dir, version("parcel-locker"), verifier(device_keys(data_dir))).trust


def listed(trust: Trust) -> list[dict[str, Any]]:
    """A row for each key: those that count, then those that do not any more."""
    ended: list[dict[str, Any]] = [
        {"kid": kid, "use": None, "roles": [], "carrier": None, "state": "retired", "until": None}
        for kid in trust.retired
    ]
    return [*(_row(trust, key) for key in trust.keys.values()), *ended]


def keyring_of(trust: Trust) -> JsonObject:
    """The keys that count, without those that are being replaced, as the keyring's file names them."""
    keys: list[JSON] = [member_of(key) for kid, key in trust.keys.items() if kid not in trust.ends]
    return {"keys": keys}


def _row(trust: Trust, key: TrustedKey) -> dict[str, Any]:
    ends = trust.ends.get(key.kid)
    return {
        "kid": key.kid,
        "use": key.use.value,
        "roles": [role.value for role in key.roles],
        "carrier": key.carrier,
        "state": "good" if ends is None else "ending",
        "until": None if ends is None else wall_text(ends),
    }
