"""Fixtures that several packages of tests use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sound_server import PulseServer


@pytest.fixture(scope="module")
def sound_server() -> Iterator[PulseServer]:
    """A sound server that runs; whoever kills it makes one of their own."""
    with PulseServer() as server:
        yield server
