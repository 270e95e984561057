"""`[drift]`: from how many within seven days on somebody should look."""

from typing import Annotated

from pydantic import Field

from controller.device.settings_values import Table
from controller.domain.drift import LIMITS, DriftPolicy, Figure

_Limit = Annotated[int, Field(ge=0, le=1_000_000)]


class DriftTable(Table):
    """A limit each, of one door, driver or channel, or of the locker; 0: nobody is told. See `Figure`."""

    failed_deposits: _Limit = LIMITS[Figure.FAILED_DEPOSITS]
    mistyped_codes: _Limit = LIMITS[Figure.MISTYPED_CODES]
    jams: _Limit = LIMITS[Figure.JAMS]
    reopens: _Limit = LIMITS[Figure.REOPENS]
    late_openings: _Limit = LIMITS[Figure.LATE_OPENINGS]
    left_open: _Limit = LIMITS[Figure.LEFT_OPEN]
    sensor_losses: _Limit = LIMITS[Figure.SENSOR_LOSSES]
    strays: _Limit = LIMITS[Figure.STRAYS]
    claims: _Limit = LIMITS[Figure.CLAIMS]
    bounced: _Limit = LIMITS[Figure.BOUNCED]
    silent: _Limit = LIMITS[Figure.SILENT]
    unclean_boots: _Limit = LIMITS[Figure.UNCLEAN_BOOTS]
    clock_unknown: _Limit = LIMITS[Figure.CLOCK_UNKNOWN]

    def policy(self) -> DriftPolicy:
        """The limits that there are."""
        return DriftPolicy({Figure(name): limit for name, limit in self.model_dump().items() if limit})
