"""Fixtures that several packages of tests use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.sound_server import PulseServer

# How long an example takes is the machine's business, not a test's.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


@pytest.fixture(scope="module")
def sound_server() -> Iterator[PulseServer]:
    """A sound server that runs; whoever kills it makes one of their own."""
    with PulseServer() as server:
        yield server
