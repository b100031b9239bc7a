"""The wake word while the assistant speaks: sure, or as usual where its own voice is taken out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import pytest

from assistant.audio.frames import Samples
from assistant.config import AudioSettings, Settings
from assistant.events import WakeDetected
from assistant.pipelines import build_pipeline
from assistant.recognizers.pocketsphinx import PocketSphinxRecognizer
from tests.recordings import feed, silence, use_shipped

pytestmark = pytest.mark.engines


class Unsure:
    """Hears the wake word in everything: surely enough, but for when the assistant speaks."""

    names: Sequence[str] = ("hey_jarvis",)

    def threshold(self, name: str, sensitivity: float) -> float:
        return 0.5

    def scores(self, chunk: Samples) -> Mapping[str, float]:
        return {"hey_jarvis": 0.7}

    def reset(self) -> None:
        """There is nothing to forget."""


@pytest.mark.parametrize(("cancelled", "heard"), [("yes", True), ("no", False)])
def test_the_wake_word_while_it_speaks(
    monkeypatch: pytest.MonkeyPatch, cancelled: Literal["yes", "no"], heard: bool
) -> None:
    monkeypatch.setattr("assistant.pipelines.build_wake_word", lambda *_: Unsure())
    settings = Settings(audio=AudioSettings(echo_cancelled=cancelled))
    pipeline = build_pipeline(settings, PocketSphinxRecognizer())
    use_shipped(pipeline)
    pipeline.begin()
    pipeline.wait_for_stop()
    events = feed(pipeline, silence(0.4))
    assert any(isinstance(event, WakeDetected) for event in events) is heard
