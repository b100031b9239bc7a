"""The pauses of a command in the pipeline, with a recognizer that hears what it is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from assistant.audio.frames import CHUNK_SAMPLES, SAMPLE_RATE, Samples
from assistant.config import AudioSettings, EndpointingSettings, Settings
from assistant.events import Event, PartialTranscript, SpeechEnded, Transcribed
from assistant.pipeline import Pipeline
from assistant.pipelines import build_floor
from assistant.ports import Grammar, StopListener, UnknownWord
from assistant.turn import Transcript
from assistant.wake.decision import WakeDecision
from assistant.wakewords import DEFAULT, wake_words
from tests.recordings import feed, grammar_of

COMMANDS = grammar_of("set a timer for (ten|five) minutes [please]", "never mind")


class LoudIsSpeech:
    """Voice activity of four steps a chunk."""

    step_seconds = 0.02

    def probabilities(self, samples: Samples) -> Sequence[float]:
        return [float(np.any(step)) for step in samples.reshape(-1, CHUNK_SAMPLES // 4)]

    def reset(self) -> None:
        """Nothing is kept."""


class Told:
    """Hears in one pause after the other what it was told, and remembers what it was given."""

    name = "told"

    def __init__(self) -> None:
        self.tell()

    def tell(self, *heard: Transcript | None, partials: Sequence[str] = ("stop",)) -> None:
        self.heard = list(heard)
        self.partials = list(partials)
        self.fed: list[Samples] = []
        self.prepared: list[Samples] = []
        self.finished: list[Samples] = []

    def use(self, _grammar: Grammar) -> Sequence[UnknownWord]:
        return []

    def drop(self, _grammar: Grammar) -> None:
        """Have nothing to let go of."""

    def start(self, before: Samples | None = None) -> None:
        self.fed.clear()

    def feed(self, samples: Samples) -> str:
        self.fed.append(samples)
        return self.partials[min(len(self.fed), len(self.partials)) - 1]

    def prepare(self, utterance: Samples) -> Transcript | None:
        self.prepared.append(utterance)
        return self.heard.pop(0)

    def finish(self, utterance: Samples) -> Transcript:
        self.finished.append(utterance)
        return Transcript("never mind", 0.9)

    def listen_for_stop(self, grammar: Grammar, *, sure: bool = True) -> StopListener:
        raise NotImplementedError


@pytest.fixture
def recognizer() -> Told:
    return Told()


@pytest.fixture
def pipeline(recognizer: Told) -> Pipeline:
    words = wake_words(Settings())
    pipeline = Pipeline(
        wake=None,
        decision=WakeDecision({}, 1.5),
        vad=LoudIsSpeech(),
        floor=build_floor({DEFAULT: recognizer}, words),
        audio=AudioSettings(),
        endpointing=EndpointingSettings(),
        words=words,
    )
    pipeline.use(COMMANDS)
    pipeline.begin()
    pipeline.listen()
    return pipeline


def stream(*seconds: float) -> list[Samples]:
    """Chunks of silence and of speech by turns, no sample like another one."""
    parts = []
    for index, length in enumerate(seconds):
        count = round(length * SAMPLE_RATE)
        speech = np.random.default_rng(index).integers(1, 999, count)
        parts.append(speech if index % 2 else np.zeros(count, np.int64))
    samples = np.concatenate(parts).astype(np.int16)
    return list(np.pad(samples, (0, -len(samples) % CHUNK_SAMPLES)).reshape(-1, CHUNK_SAMPLES))


def sure(text: str) -> Transcript:
    return Transcript(text, 0.9)


def ends(events: Sequence[Event]) -> Iterator[float]:
    return (event.time_seconds for event in events if isinstance(event, SpeechEnded))


def test_the_answer_is_prepared_while_it_is_waited_for(
    pipeline: Pipeline, recognizer: Told
) -> None:
    recognizer.tell(sure("never mind"))
    events = feed(pipeline, stream(0.8, 1.2, 2.0))
    assert [type(event) for event in events[-2:]] == [SpeechEnded, Transcribed]
    [prepared], [finished] = recognizer.prepared, recognizer.finished
    assert np.array_equal(prepared, finished)


@pytest.mark.parametrize(
    ("heard", "silence_seconds"),
    [
        (sure("never mind"), 0.2),
        (Transcript("never mind", 0.3), 0.64),
        (sure("set a timer for ten minutes"), 0.64),
        (sure("nonsense"), 0.64),
        (sure("set a timer for"), 1.2),
        (sure("hey jarvis set a timer for"), 1.2),
        (sure(""), 1.2),
    ],
    ids=lambda value: getattr(value, "text", ""),
)
def test_what_is_heard_in_the_pause_tells_how_long_to_wait(
    pipeline: Pipeline, recognizer: Told, heard: Transcript, silence_seconds: float
) -> None:
    recognizer.tell(heard)
    [ended] = ends(feed(pipeline, stream(0.8, 1.2, 2.0)))
    assert silence_seconds - 0.01 <= ended - 2.0 <= silence_seconds + 0.08


def test_a_command_that_goes_on_is_prepared_once_in_each_pause(
    pipeline: Pipeline, recognizer: Told
) -> None:
    recognizer.tell(sure("set a timer"), sure("set a timer for ten"), sure("never mind"))
    chunks = stream(0.8, 0.8, 0.4, 0.8, 0.8, 0.8, 2.0)
    feed(pipeline, chunks)
    lengths = [len(utterance) / SAMPLE_RATE for utterance in recognizer.prepared]
    before, after = 0.3, 0.096
    assert lengths == pytest.approx([before + end + after for end in (0.8, 2.0, 3.6)])
    whole = np.concatenate(chunks)[round(0.5 * SAMPLE_RATE) :]
    for utterance in recognizer.prepared:
        assert np.array_equal(utterance, whole[: len(utterance)])
    assert np.array_equal(recognizer.finished, recognizer.prepared[-1:])


def test_preparing_takes_nothing_from_the_stream(pipeline: Pipeline, recognizer: Told) -> None:
    recognizer.tell(sure("set a timer"), sure("never mind"))
    chunks = stream(0.8, 0.8, 0.4, 0.8, 2.0)
    feed(pipeline, chunks)
    fed = np.concatenate(recognizer.fed)
    whole = np.concatenate(chunks)[round(0.5 * SAMPLE_RATE) :]
    assert np.array_equal(fed, whole[: len(fed)])


def test_a_gap_within_a_word_is_no_pause(pipeline: Pipeline, recognizer: Told) -> None:
    recognizer.tell(sure("never mind"))
    feed(pipeline, stream(0.8, 0.8, 0.06, 0.8, 2.0))
    assert len(recognizer.prepared) == 1


def test_words_of_the_stream_do_not_end_a_turn(pipeline: Pipeline, recognizer: Told) -> None:
    """They are what the watchers see; what all of it amounts to decides."""
    recognizer.tell(sure("set a timer for"), partials=["never mind"])
    events = feed(pipeline, stream(0.8, 1.2, 1.0))
    assert PartialTranscript("never mind") in events
    assert not list(ends(events))


@pytest.mark.parametrize(
    ("partials", "silence_seconds"),
    [
        (["never mind"], 0.2),
        (["set a timer for ten minutes"], 0.64),
        (["set a timer for"], 1.2),
        # The partial that is right comes 0.16 s after the last word.
        ([*[""] * 15, "never mind"], 0.4),
    ],
    ids=["final", "could go on", "beginning", "late"],
)
def test_a_recognizer_with_nothing_better_is_taken_by_its_partial_once_that_stays(
    pipeline: Pipeline, recognizer: Told, partials: list[str], silence_seconds: float
) -> None:
    recognizer.tell(None, partials=partials)
    [ended] = ends(feed(pipeline, stream(0.8, 1.2, 2.0)))
    assert silence_seconds - 0.01 <= ended - 2.0 <= silence_seconds + 0.08


def test_where_the_stream_ends_amid_speech_nothing_was_prepared(
    pipeline: Pipeline, recognizer: Told
) -> None:
    feed(pipeline, stream(0.8, 1.2))
    assert [type(event) for event in pipeline.finish()] == [SpeechEnded, Transcribed]
    assert not recognizer.prepared
    assert len(recognizer.finished[0]) == round((0.3 + 1.2) * SAMPLE_RATE)
