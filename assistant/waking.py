"""Composition of the wake word: from settings to its engine, its thresholds and the verifier."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from assistant.errors import EngineError
from assistant.wake.calibration import raised
from assistant.wake.decision import Rule
from assistant.wakewords import WordSettings, wake_words
from assistant.yamlsource import at_place

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from assistant.config import Settings
    from assistant.embedding.features import SpeechEmbedding
    from assistant.paths import Paths
    from assistant.ports import SpeakerVerifier, WakeWord
    from assistant.wake.words import Word


@cache
def load_embedding(folder: Path | None, features: Path | None) -> SpeechEmbedding:
    """Load the speech embedding, once for all who listen; each of them goes on with a fork of it.

    ``folder`` keeps what takes time to make, ``features`` has other networks than the package's.
    Raises EngineError.
    """
    from assistant.embedding.bundle import load_bundle
    from assistant.embedding.features import SpeechEmbedding

    return SpeechEmbedding(load_bundle(folder, features))


MakeEngine: TypeAlias = "Callable[[Sequence[WordSettings]], WakeWord]"
"""Makes an engine that listens for some of the words, on a stream of its own."""


def build_wake_word(settings: Settings, paths: Paths | None = None) -> WakeWord:
    """Load the engine that listens for the wake words. Raises AssistantError.

    ``paths`` has the words that were trained, and a folder for what takes time to make.
    """
    return load_wake_words(settings, paths)(wake_words(settings))


def load_wake_words(settings: Settings, paths: Paths | None = None) -> MakeEngine:
    """Load the wake words; the engines that are made of them share their networks.

    Except microWakeWord's, whose small networks have their past within. Raises AssistantError.
    """
    if settings.wake.engine == "microwakeword":
        from assistant.wake.microwakeword import MicroWakeWord

        return lambda some: MicroWakeWord({word.name: word.model for word in some})
    from assistant.wake.activity import ActivityGate
    from assistant.wake.openwakeword import OpenWakeWord

    folder = settings.wake.features
    words = {word.name: _load_word(word, paths, folder) for word in wake_words(settings)}
    embedding = load_embedding(paths.cache if paths is not None else None, folder)

    def make(some: Sequence[WordSettings]) -> WakeWord:
        chosen = {word.name: words[word.name] for word in some}
        return OpenWakeWord(chosen, embedding.fork(), ActivityGate())

    return make


def wake_rules(words: Sequence[WordSettings], engine: WakeWord) -> dict[str, Rule]:
    """Return when each wake word counts as said."""
    rules = {}
    for word in words:
        threshold = word.threshold
        if threshold is None:
            threshold = engine.threshold(word.name, word.sensitivity)
        rules[word.name] = Rule(threshold, word.patience_chunks, raised(threshold))
    return rules


def build_verifier(settings: Settings) -> SpeakerVerifier | None:
    """Load the owner's voice; None where there is none to tell. Raises EngineError."""
    if settings.wake.verifier is None:
        return None
    from assistant.wake.verifier import Verifier

    return Verifier.load(settings.wake.verifier)


def _load_word(word: WordSettings, paths: Paths | None, features: Path | None) -> Word:
    from assistant.wake.words import load_word

    try:
        trained = paths.wake_words if paths is not None else None
        return load_word(word.name, word.model, trained, features)
    except EngineError as error:
        raise at_place(error, word.name) from error
