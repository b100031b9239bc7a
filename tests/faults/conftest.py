"""A home in which only the time can be asked, so that it starts soon."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.running import Home, home

INTENTS = """
intents:
  Time: {sentences: [what time is it], reply: "Time to eat."}
"""


@pytest.fixture
def house() -> Iterator[Home]:
    with home() as place:
        place.config("intents: {shipped: false}\n")
        place.intents("time.yaml", INTENTS)
        yield place
