"""What recipients are told, in their language: a sentence for each kind of notice, and links below it."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_WORDS = Path(__file__).parent / "words"
LANGUAGES = tuple(sorted(path.stem for path in _WORDS.glob("*.json")))
DEFAULT = "en"


def title(language: str) -> str:
    """The subject of a message."""
    return _words(language)["subject"]


def message(kind: str, language: str, facts: Mapping[str, str]) -> str:
    """The text of a notice of this kind; `facts` are `place`, `until`, `code`, `lockers`, and `link` and `change` where
    there are such pages. Raises KeyError for a kind that there is not.
    """
    words = _words(language)
    lines = [words[kind].format_map(facts)]
    lines += [
        words[name].format(link=facts[key]) for name, key in (("more", "link"), ("change", "change")) if facts[key]
    ]
    return "\n".join(lines)


@cache
def _words(language: str) -> dict[str, str]:
    known = language if language in LANGUAGES else DEFAULT
    words: dict[str, str] = json.loads((_WORDS / f"{known}.json").read_text())
    return words
