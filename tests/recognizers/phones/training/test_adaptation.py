"""Teaching the shipped network some commands."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest

from assistant.embedding.bundle import load_bundle
from assistant.embedding.features import SpeechEmbedding
from assistant.recognizers.dictionary import Lexicon, packaged_dictionary
from assistant.recognizers.phones.features import MidFrames
from assistant.recognizers.phones.hypothesis import Weights
from assistant.recognizers.phones.model import load_model
from assistant.recognizers.phones.models import SHIPPED
from assistant.recognizers.phones.network import PhoneNetwork
from assistant.recognizers.phones.training import adaptation
from assistant.recognizers.phones.training.adaptation import (
    Adapted,
    Recording,
    Task,
    adapt,
    vocabulary_words,
)
from assistant.recognizers.phones.training.learner import Recipe
from assistant.recognizers.phones.training.lesson import Vocabulary
from assistant.recognizers.pronunciation import no_guess, pronounce
from assistant.wake.training.voices import find_voices
from tests.recordings import grammar_of, samples_of

pytestmark = [
    pytest.mark.engines,
    pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed"),
]

HOME = grammar_of("what time is it", "set a timer for (five|ten) minutes", "stop")
Item = TypeVar("Item")


class Bar:
    """Tells what it was shown."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, int]] = []

    def __call__(self, items: Iterable[Item], what: str, total: int) -> Iterable[Item]:
        self.shown.append((what, total))
        return items


def taught(
    cache: Path, recordings: Sequence[Recording], sentences: int, bar: Bar
) -> tuple[PhoneNetwork, Adapted]:
    """The shipped network, and what has become of it."""
    words = vocabulary_words([HOME], "en")
    phones = pronounce(words, {}, Lexicon(packaged_dictionary()), no_guess).of_words
    vocabulary, recipe = Vocabulary(phones, {}), Recipe(epochs=2)
    task = Task([HOME], vocabulary, "en", recordings, sentences=sentences, recipe=recipe)
    stream = MidFrames(SpeechEmbedding(load_bundle(cache)))
    network = load_model(SHIPPED / "en.npz").network
    return network, adapt(network, task, find_voices(), stream, bar, weights=Weights())


@pytest.fixture(scope="module")
def adapted(cache: Path) -> tuple[Adapted, Bar]:
    recordings = [
        Recording(samples_of("what-time"), "what time is it"),
        Recording(samples_of("timer-five-minutes"), "set a timer for five minutes"),
    ]
    bar = Bar()
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(adaptation, "CHECKED", 8)
        return taught(cache, recordings, 24, bar)[1], bar


def test_text_alone_moves_it_as_far_as_it_is_to(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adaptation, "CHECKED", 2)
    monkeypatch.setattr(adaptation, "TEXT_SHARE", 0.0)
    shipped, result = taught(cache, (), 4, Bar())
    assert np.array_equal(result.network.output.weights, shipped.output.weights)
    assert result.before == result.after


def test_what_is_checked_is_the_same_before_and_after(adapted: tuple[Adapted, Bar]) -> None:
    before, after = adapted[0].before, adapted[0].after
    # All sentences that there are, a recording, and as much other speech as is to be checked.
    assert before.sentences == after.sentences == 4 + 1
    assert before.others == after.others == 8
    assert after.right >= 3


def test_it_learnt_from_what_was_said(adapted: tuple[Adapted, Bar]) -> None:
    result, bar = adapted
    shipped = load_model(SHIPPED / "en.npz").network
    assert not np.array_equal(result.network.output.weights, shipped.output.weights)
    assert 24 * 0.5 / 3600 < result.hours < 40 * 5 / 3600
    assert [what for what, _ in bar.shown] == [
        "saying others to check with",
        "saying your sentences",
        "learning",
    ]
    assert dict(bar.shown)["saying your sentences"] == 24
