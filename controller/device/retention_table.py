"""`[retention]`: how long what is past stays on the disk. See docs/privacy.md for every kind of private part."""

from pydantic import Field, model_validator

from controller.device.settings_values import Table


class RetentionTable(Table):
    """Days, each from when it was recorded."""

    records_days: int = Field(default=90, ge=7, le=3650)
    """Records that the carrier has acknowledged and no snapshot needs."""
    notes_days: int = Field(default=30, ge=1, le=3650)
    """What operators and technicians wrote beside an unlock, a block or a lock-out."""

    @model_validator(mode="after")
    def _notes_are_of_records(self) -> "RetentionTable":
        if self.notes_days > self.records_days:
            raise ValueError(
                f"notes_days = {self.notes_days} is longer than records_days = {self.records_days}: a note goes with "
                "its record at the latest; give notes_days at most as many"
            )
        return self
