"""The demo page has a sentence for everything that the carrier can be told."""

import re
from importlib.resources import files

from controller.domain.events import EVENTS


def test_every_event_is_told_in_words() -> None:
    page = (files("controller.cli.demo") / "static" / "lines.js").read_text()
    told = set(re.findall(r'^  "([a-z]+\.[a-z_]+)": \(', page, re.MULTILINE))

    assert told == set(EVENTS)
