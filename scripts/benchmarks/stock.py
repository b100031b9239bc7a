"""The assistant as it comes: default settings, shipped intents, both embedded recognizers."""

from __future__ import annotations

from assistant.config import Settings
from assistant.dialogue.understanding import Understanding
from assistant.engines import (
    answer_grammar,
    load_understanding,
    spoken_grammar,
)
from assistant.paths import find_paths
from assistant.pipeline import Pipeline
from assistant.pipelines import build_pipeline
from assistant.recognizing import build_recognizer

# Whoever measures may have an assistant of their own: its files are not read.
NO_FOLDERS = find_paths({"HOME": "/nonexistent", "CONFIGURATION_DIRECTORY": "/nonexistent"}, 0)


def understanding() -> Understanding:
    """The shipped intents, compiled."""
    return load_understanding(Settings(), NO_FOLDERS)


def load() -> tuple[Pipeline, Understanding]:
    """Load the engines and the shipped intents."""
    settings = Settings()
    understanding = load_understanding(settings, NO_FOLDERS)
    pipeline = build_pipeline(settings, build_recognizer(settings, NO_FOLDERS))
    pipeline.use(spoken_grammar(understanding), answer_grammar(understanding))
    return pipeline, understanding
