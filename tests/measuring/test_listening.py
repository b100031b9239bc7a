"""One sentence after the other, heard by the real pipeline with a recognizer that is told."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.audio.frames import CHUNK_SAMPLES
from assistant.config import Settings
from assistant.measuring.listening import ClipSource, Listener, same
from assistant.recognizers.pocketsphinx import PocketSphinxRecognizer
from tests.measuring.speech import say
from tests.measuring.test_noise import loud
from tests.recordings import shipped


def test_samples_come_in_chunks_and_whole() -> None:
    samples = loud(4, 2 * CHUNK_SAMPLES + 100, 32767)
    source = ClipSource("clip", samples)
    chunks = []
    while (chunk := source.read()) is not None:
        chunks.append(chunk)
    assert [len(chunk) for chunk in chunks] == [CHUNK_SAMPLES] * 3
    whole = np.concatenate(chunks)
    assert np.array_equal(whole[: len(samples)], samples)
    assert not whole[len(samples) :].any()


@pytest.mark.engines
def test_a_sentence_is_heard_and_understood() -> None:
    listener = Listener(shipped(), PocketSphinxRecognizer(), Settings())
    hearing = listener.hear(say("set a timer for ten minutes"))
    assert [match.intent for match in hearing.matches] == ["SetTimer"]
    assert same(hearing.matches, listener.meaning("set a timer for ten minutes"))
    assert not same(hearing.matches, listener.meaning("set a timer for two minutes"))
    assert hearing.transcript.confidence > 0.5
    assert hearing.audio_seconds > 1.0
    assert hearing.cpu_seconds > 0.0
    assert listener.unknown == ()


@pytest.mark.engines
def test_silence_means_nothing() -> None:
    listener = Listener(shipped(), PocketSphinxRecognizer(), Settings())
    hearing = listener.hear(np.zeros(16_000, np.int16))
    assert (hearing.transcript.text, hearing.matches) == ("", ())


@pytest.mark.engines
def test_time_stands_still_between_two_sentences() -> None:
    """ "In an hour" is compared with itself, said later."""
    listener = Listener(shipped(), PocketSphinxRecognizer(), Settings())
    first = listener.meaning("set a timer for half past seven")
    assert same(first, listener.meaning("set a timer for half past seven"))
    assert not same(first, listener.meaning("what time is it"))
