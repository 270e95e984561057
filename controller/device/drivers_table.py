"""`[drivers]`: what drivers have to know about this place."""

from hashlib import sha256
from typing import Annotated

from pydantic import Field

from controller.device.settings_values import Table

_Text = Annotated[str, Field(min_length=1, max_length=200)]
_InLanguages = Annotated[dict[Annotated[str, Field(pattern="^[a-z]{2}$")], _Text], Field(min_length=1)]


class DriversTable(Table):
    """Texts by language; where a language is missing, the first that there is."""

    checklist: tuple[_InLanguages, ...] = Field(default=(), max_length=6, strict=False)
    """To be confirmed before the first parcel. None: there is no checklist."""
    notes: _InLanguages | None = None
    """What is particular about the site, such as the code of the lobby's door: shown with the checklist."""
    checklist_visits: int = Field(default=1, ge=1, le=100)
    """In how many of their first visits drivers confirm it; and again when it was changed, or after complaints."""

    @property
    def version(self) -> str:
        """Of the checklist's text; empty where there is none."""
        if not self.checklist:
            return ""
        text = repr([sorted(item.items()) for item in self.checklist] + [sorted((self.notes or {}).items())])
        return sha256(text.encode()).hexdigest()[:16]

    def items(self, language: str) -> tuple[str, ...]:
        """The checklist in this language."""
        return tuple(_said(item, language) for item in self.checklist)

    def note(self, language: str) -> str:
        """The notes in this language; empty for none."""
        return _said(self.notes, language) if self.notes else ""


def _said(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or next(iter(texts.values()))
