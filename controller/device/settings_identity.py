"""What a locker needs of its configuration before it has an identity: certificate and keyring are still to come."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from controller.device.settings import parse, validated
from controller.device.settings_tables import LockerTable, MqttTable, TrustTable

_Place = Annotated[Path, Field(strict=False)]


class _MqttToCome(MqttTable):
    ca_file: _Place | None = None
    cert_file: _Place | None = None
    key_file: _Place | None = None


class _TrustToCome(TrustTable):
    keyring: _Place


class IdentitySettings(BaseModel):
    """Who this locker is, where its broker is, and where its files will lie."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    locker: LockerTable
    mqtt: _MqttToCome
    trust: _TrustToCome


def load_identity(path: Path) -> IdentitySettings:
    """Mistakes in other tables are no obstacle. Raises SettingsError."""
    return validated(path, parse(path), IdentitySettings)
