"""The cabinet as people stand before it: which door is where, from the configuration."""

from controller.device.doorway import DoorPlace, Site
from controller.device.settings import Settings
from controller.domain.ids import CompartmentId, Size

TALLEST_COLUMN = 8
"""Compartments in one column of a cabinet whose configuration does not say where its doors are."""
_COLUMN_RANKS = 10
"""How much one such column holds, S counting 1 and XL counting 4."""


def site(settings: Settings) -> Site:
    """What the touchscreen shows of this locker that does not change."""
    book = settings.rule_book()
    return Site(
        locker=settings.locker.id,
        name=settings.locker.name,
        telephone=settings.locker.help_phone,
        languages=settings.kiosk.languages,
        places=places(settings),
        label_patterns=settings.policy.label_patterns,
        rules={language: book.sentences(language) for language in settings.kiosk.languages},
        checklist={language: settings.drivers.items(language) for language in settings.kiosk.languages},
        notes={language: settings.drivers.note(language) for language in settings.kiosk.languages},
    )


def places(settings: Settings) -> tuple[DoorPlace, ...]:
    """Every door's place; those the configuration does not place are stacked in columns after the others."""
    placed = [table for table in settings.compartments if table.column is not None and table.row is not None]
    found = {t.id: ((t.column or 1) - 1, (t.row or 1) - 1) for t in placed}
    column, row, filled = max((c for c, _ in found.values()), default=-1) + 1, 0, 0
    doors = []
    for table in settings.compartments:
        size: Size = table.letter
        if table.id not in found:
            if row and (row >= TALLEST_COLUMN or filled + size.rank + 1 > _COLUMN_RANKS):
                column, row, filled = column + 1, 0, 0
            found[table.id] = (column, row)
            row, filled = row + 1, filled + size.rank + 1
        doors.append(DoorPlace(CompartmentId(table.id), size, *found[table.id]))
    return tuple(doors)
