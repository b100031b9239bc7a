"""Fixtures that several packages of tests use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from assistant.embedding.bundle import load_bundle
from assistant.embedding.features import SpeechEmbedding
from tests.sound_server import PulseServer

# How long an example takes is the machine's business, not a test's.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")
# On further Pythons it is what runs that is looked at, not what is thought of.
settings.register_profile("few", deadline=None, max_examples=10)


@pytest.fixture(scope="module")
def sound_server() -> Iterator[PulseServer]:
    """A sound server that runs; whoever kills it makes one of their own."""
    with PulseServer() as server:
        yield server


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where the streaming features are kept for these tests."""
    folder = tmp_path_factory.mktemp("cache")
    load_bundle(folder)
    return folder


@pytest.fixture
def embedding(cache: Path) -> SpeechEmbedding:
    """The speech embedding as new."""
    return SpeechEmbedding(load_bundle(cache))
