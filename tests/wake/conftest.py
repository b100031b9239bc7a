"""The feature networks and the package's words, loaded once."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.wake.bundle import load_bundle
from assistant.wake.features import SpeechEmbedding


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
