"""Calls in another voice than the owner's: the pipeline with a verifier."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.frames import Samples, seconds_to_samples
from assistant.config import AudioSettings, Settings, WakeSettings
from assistant.errors import EngineError
from assistant.events import Event, Transcribed, WakeDetected, WakeRefused
from assistant.pipeline import VOICE_SECONDS, Mode, Pipeline
from assistant.pipelines import build_pipeline
from assistant.ports import SpeakerVerifier
from assistant.recognizers.pocketsphinx import PocketSphinxRecognizer
from assistant.wake.verifier import Verifier
from assistant.waking import build_verifier
from tests.recognizers.synthesised import say
from tests.recordings import chunks_of, feed, in_chunks, samples_of, silence, use_shipped
from tests.wake.verifiers import ToldVerifier

pytestmark = pytest.mark.engines

THRESHOLD = 0.5


def kinds(events: Sequence[Event]) -> list[type[Event]]:
    return [type(event) for event in events]


def with_verifier(monkeypatch: pytest.MonkeyPatch, verifier: SpeakerVerifier) -> Pipeline:
    monkeypatch.setattr("assistant.pipelines.build_verifier", lambda settings: verifier)
    settings = Settings(
        audio=AudioSettings(pre_roll_seconds=0.2),
        wake=WakeSettings(verifier_threshold=THRESHOLD),
    )
    pipeline = build_pipeline(settings, PocketSphinxRecognizer())
    use_shipped(pipeline)
    pipeline.begin()
    return pipeline


def test_a_voice_like_the_owner_s_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    verifier = ToldVerifier(THRESHOLD)
    events = feed(with_verifier(monkeypatch, verifier), chunks_of("what-time", 2.0))
    assert kinds(events)[0] is WakeDetected
    assert kinds(events)[-1] is Transcribed
    assert len(verifier.heard) == 1


def test_it_is_asked_for_the_last_sound_even_with_a_short_pre_roll(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    verifier = ToldVerifier(1.0)
    pipeline = with_verifier(monkeypatch, verifier)
    chunks = chunks_of("what-time")
    before = []
    for chunk in chunks:
        before.append(chunk)
        if any(isinstance(event, WakeDetected) for event in pipeline.feed(chunk)):
            break
    (heard,) = verifier.heard
    last = np.concatenate(before)[-seconds_to_samples(VOICE_SECONDS) :]
    assert np.array_equal(heard, last)


def test_another_voice_is_refused_and_the_next_call_is_heard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    verifier = ToldVerifier(THRESHOLD - 0.01)
    pipeline = with_verifier(monkeypatch, verifier)
    refused = feed(pipeline, chunks_of("what-time", 2.0))
    assert kinds(refused) == [WakeRefused]
    (event,) = refused
    assert isinstance(event, WakeRefused)
    assert (event.wake.name, event.voice_score) == ("hey_jarvis", THRESHOLD - 0.01)
    assert pipeline.mode is Mode.WAKE
    verifier.told = 1.0
    assert WakeDetected in kinds(feed(pipeline, chunks_of("what-time", 2.0)))


def test_another_voice_does_not_cut_a_reply_short(monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = with_verifier(monkeypatch, ToldVerifier(0.0))
    pipeline.wait_for_stop()
    assert kinds(feed(pipeline, chunks_of("what-time", 2.0))) == [WakeRefused]
    assert pipeline.mode is Mode.STOP


def settings_with(path: Path) -> Settings:
    return Settings(wake=WakeSettings(verifier=path))


def called(voice: str, text: str) -> list[Samples]:
    """A call in the recordings' room."""
    room, word = samples_of("silence"), say(text, voice)
    return [*in_chunks(room[:16_000]), *in_chunks(word // 3 + room[: len(word)]), *silence(1.0)]


def test_the_owner_is_heard_and_somebody_else_is_not(tmp_path: Path) -> None:
    path = tmp_path / "ann.voice.npz"
    texts = ("hey jarvis", "hey jarvis stop", "hey jarvis louder", "hey jarvis what time is it")
    Verifier.enrol([np.concatenate(called("en-us+f2", text)) for text in texts]).save(path)
    pipeline = build_pipeline(settings_with(path), PocketSphinxRecognizer())
    use_shipped(pipeline)
    for voice, expected in (("en-us+f2", WakeDetected), ("en-us+m3", WakeRefused)):
        pipeline.begin()
        assert kinds(feed(pipeline, called(voice, "hey jarvis")))[:1] == [expected], voice


def test_without_the_setting_there_is_none() -> None:
    assert build_verifier(Settings()) is None


def test_error_a_voice_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"The voice .*nobody\.npz cannot be read"):
        build_pipeline(settings_with(tmp_path / "nobody.npz"), PocketSphinxRecognizer())
