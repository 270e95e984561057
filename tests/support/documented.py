"""Commands out of the documentation, to be run as they stand there."""

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def block(page: str, language: str) -> str:
    """The one block of this language on a page of the documentation."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", (DOCS / page).read_text(), re.MULTILINE | re.DOTALL)
    return str(found)
