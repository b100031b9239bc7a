"""The listening pipeline: real engines on the repository's recordings."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.audio.frames import CHUNK_SECONDS, Samples
from assistant.events import (
    ChunkHeard,
    Event,
    NothingHeard,
    PartialTranscript,
    SpeechEnded,
    SpeechStarted,
    StopHeard,
    Transcribed,
    WakeDetected,
)
from assistant.pipeline import Mode, Pipeline
from assistant.recognizers.pocketsphinx import PocketSphinxRecognizer
from assistant.turn import Transcript
from assistant.wakewords import DEFAULT
from tests.recognizers.synthesised import say
from tests.recordings import (
    chunks_of,
    feed,
    grammar_of,
    in_chunks,
    samples_of,
    shared_pipeline,
    silence,
    use_shipped,
)

pytestmark = pytest.mark.engines


@pytest.fixture
def pipeline() -> Pipeline:
    pipeline = shared_pipeline()
    pipeline.begin()
    return pipeline


def heard(events: list[Event]) -> list[str]:
    return [event.transcript.text for event in events if isinstance(event, Transcribed)]


def wakes(events: list[Event]) -> int:
    return sum(isinstance(event, WakeDetected) for event in events)


@pytest.mark.parametrize(
    ("recording", "command"),
    [
        ("timer-five-minutes", "set a timer for five minutes"),
        ("timer-five-minutes-one-breath", "set a timer for five minutes"),
        ("what-time", "what time is it"),
        ("what-time-one-breath", "what time is it"),
        ("what-time-pink", "what time is it"),
        ("pasta-timer", "set a pasta timer for ten minutes"),
        ("pasta-timer-one-breath", "set a pasta timer for ten minutes"),
        ("volume-fifty", "set the volume to fifty percent"),
        ("cancel-timer", "cancel the timer"),
        ("timer-with-pause", "set a timer for ten minutes"),
        ("stop", "stop"),
    ],
)
def test_a_wake_word_and_a_command(pipeline: Pipeline, recording: str, command: str) -> None:
    events = feed(pipeline, chunks_of(recording, tail_seconds=2.0))
    assert wakes(events) == 1
    assert heard(events) == [command]


def test_after_the_wake_word_its_score_is_still_seen_for_half_a_second(pipeline: Pipeline) -> None:
    events = [event for chunk in chunks_of("what-time") for event in pipeline.feed(chunk)]
    at = next(n for n, event in enumerate(events) if isinstance(event, WakeDetected))
    after = [event for event in events[at:] if isinstance(event, ChunkHeard)]
    assert max(event.scores["hey_jarvis"] for event in after[:6]) > 0.95  # 0.7 when detected
    assert [event.scores for event in after[6:9]] == [{}] * 3


def test_what_happens_comes_in_order(pipeline: Pipeline) -> None:
    events = feed(pipeline, chunks_of("what-time", tail_seconds=2.0))
    partials = [event for event in events if isinstance(event, PartialTranscript)]
    others = [type(event) for event in events if event not in partials]
    assert others == [WakeDetected, SpeechStarted, SpeechEnded, Transcribed]
    assert partials[-1].text == "what time is it"


def test_a_recording_gives_the_same_events_each_time(pipeline: Pipeline) -> None:
    def once() -> list[Event]:
        pipeline.begin()
        events = feed(pipeline, chunks_of("pasta-timer", tail_seconds=2.0))
        return [
            Transcribed(event.transcript, 0.0) if isinstance(event, Transcribed) else event
            for event in events
        ]

    assert once() == once()


@pytest.mark.parametrize("recording", ["silence", "no-wake-word", "command-without-wake-word"])
def test_without_the_wake_word_nothing_happens(pipeline: Pipeline, recording: str) -> None:
    assert feed(pipeline, chunks_of(recording, tail_seconds=2.0)) == []


def test_a_wake_word_and_then_nothing(pipeline: Pipeline) -> None:
    events = feed(pipeline, chunks_of("wake-only", tail_seconds=6.0))
    assert [type(event) for event in events] == [WakeDetected, NothingHeard]
    assert pipeline.mode is Mode.WAKE


def test_another_microphone_that_has_the_turn_no_more_changes_nothing(pipeline: Pipeline) -> None:
    """It was told so in the same moment in which the word was heard better here."""
    events: list[Event] = []
    for chunk in chunks_of("what-time-one-breath", tail_seconds=2.0):
        happened = feed(pipeline, [chunk])
        if wakes(happened):
            pipeline.stand_by()
        events += happened
    assert heard(events) == ["what time is it"]


def test_what_another_microphone_has_taken_is_not_heard(pipeline: Pipeline) -> None:
    chunks = chunks_of("timer-five-minutes", tail_seconds=2.0)
    half = round(3.2 / CHUNK_SECONDS)
    assert SpeechStarted in map(type, feed(pipeline, chunks[:half]))
    pipeline.floor.take("kitchen")
    try:
        assert feed(pipeline, chunks[half:]) == []
        assert list(pipeline.finish()) == []
        pipeline.listen()
        assert pipeline.mode is Mode.WAKE
    finally:
        pipeline.floor.free()


def test_speech_that_is_no_command_is_heard_without_confidence(pipeline: Pipeline) -> None:
    events = feed(pipeline, chunks_of("not-a-command", tail_seconds=2.0))
    transcripts = [event.transcript for event in events if isinstance(event, Transcribed)]
    assert len(transcripts) == 1
    assert transcripts[0].confidence < 0.3


def test_two_commands_one_after_the_other(pipeline: Pipeline) -> None:
    stream = [*chunks_of("what-time", 2.0), *chunks_of("timer-five-minutes", 2.0)]
    events = feed(pipeline, stream)
    assert heard(events) == ["what time is it", "set a timer for five minutes"]


def test_a_second_of_thought_amid_a_command_does_not_end_it(pipeline: Pipeline) -> None:
    """The recording has 0.6 s of it, from 3.35 s on; here it is longer by 0.4 s of the same."""
    samples = samples_of("timer-with-pause")
    thought = slice(round(3.45 * 16_000), round(3.85 * 16_000))
    longer = np.insert(samples, thought.start, samples[thought])
    assert heard(feed(pipeline, [*in_chunks(longer), *silence(2.0)])) == [
        "set a timer for ten minutes"
    ]


@pytest.mark.parametrize(
    "recording", ["volume-fifty", "timer-five-minutes", "what-time-one-breath"]
)
def test_it_ends_with_what_was_prepared_in_the_last_pause(
    pipeline: Pipeline, recording: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    utterances: dict[str, Samples] = {}
    prepare, finish = PocketSphinxRecognizer.prepare, PocketSphinxRecognizer.finish

    def note_prepared(self: PocketSphinxRecognizer, utterance: Samples) -> Transcript:
        utterances["prepared"] = utterance
        return prepare(self, utterance)

    def note_finished(self: PocketSphinxRecognizer, utterance: Samples) -> Transcript:
        utterances["finished"] = utterance
        return finish(self, utterance)

    monkeypatch.setattr(PocketSphinxRecognizer, "prepare", note_prepared)
    monkeypatch.setattr(PocketSphinxRecognizer, "finish", note_finished)
    assert len(heard(feed(pipeline, chunks_of(recording, tail_seconds=2.0)))) == 1
    assert np.array_equal(utterances["prepared"], utterances["finished"])


def test_opening_the_microphone_needs_no_wake_word(pipeline: Pipeline) -> None:
    pipeline.listen()
    events = feed(pipeline, [*silence(0.4), *chunks_of("command-without-wake-word", 2.0)])
    assert wakes(events) == 0
    assert heard(events) == ["set a timer for five minutes"]


def test_yes_is_heard_after_a_question_and_never_else(pipeline: Pipeline) -> None:
    yes = [*silence(0.4), *in_chunks(say("yes", "en-us+f3")), *silence(2.0)]
    pipeline.listen_for_answer()
    assert heard(feed(pipeline, yes)) == ["yes"]
    pipeline.listen()
    assert heard(feed(pipeline, yes)) != ["yes"]


def test_any_command_can_follow_a_question_and_the_wake_word_after_it(pipeline: Pipeline) -> None:
    pipeline.listen_for_answer()
    stream = [*silence(0.4), *chunks_of("command-without-wake-word", 2.0)]
    assert heard(feed(pipeline, stream)) == ["set a timer for five minutes"]
    assert heard(feed(pipeline, chunks_of("what-time", 2.0))) == ["what time is it"]


def test_a_question_that_nobody_answers(pipeline: Pipeline) -> None:
    pipeline.listen_for_answer()
    assert [type(event) for event in feed(pipeline, silence(6.0))] == [NothingHeard]
    assert pipeline.mode is Mode.WAKE


def test_the_end_of_the_stream_ends_the_command(pipeline: Pipeline) -> None:
    chunks = chunks_of("what-time")
    speech_ends = round(3.6 / 0.08)
    assert heard(feed(pipeline, chunks[:speech_ends])) == []
    assert heard(list(pipeline.finish())) == ["what time is it"]
    assert list(pipeline.finish()) == []


def test_while_it_speaks_only_stop_is_heard(pipeline: Pipeline) -> None:
    pipeline.wait_for_stop()
    events = feed(pipeline, chunks_of("command-without-wake-word"))
    assert events == []
    pipeline.wait_for_wake()
    chunks = iter(chunks_of("stop"))  # which begins with the wake word
    while pipeline.mode is Mode.WAKE:
        feed(pipeline, [next(chunks)])
    pipeline.wait_for_stop()
    events = feed(pipeline, list(chunks))
    assert [type(event) for event in events] == [StopHeard]


def test_while_it_speaks_a_sure_wake_word_opens_the_microphone(pipeline: Pipeline) -> None:
    pipeline.wait_for_stop()
    events = feed(pipeline, chunks_of("what-time", 2.0))
    assert [type(event) for event in events][:1] == [WakeDetected]
    assert heard(events) == ["what time is it"]


def test_told_to_listen_for_stop_at_that_very_moment_it_opens_anew(pipeline: Pipeline) -> None:
    chunks = iter(chunks_of("what-time", 2.0))
    while pipeline.mode is Mode.WAKE:
        feed(pipeline, [next(chunks)])
    pipeline.wait_for_stop()
    pipeline.stay_woken()
    assert pipeline.mode is Mode.COMMAND
    pipeline.stay_woken()
    assert heard(feed(pipeline, list(chunks))) == ["what time is it"]


def test_after_it_has_spoken_the_wake_word_is_heard_again(pipeline: Pipeline) -> None:
    pipeline.wait_for_stop()
    feed(pipeline, silence(1.0))
    pipeline.wait_for_wake()
    assert heard(feed(pipeline, chunks_of("what-time", 2.0))) == ["what time is it"]


def test_a_wake_word_spoken_before_the_end_of_its_speech_does_not_count(
    pipeline: Pipeline,
) -> None:
    """The assistant's own voice must not wake it through what was heard while it spoke."""
    chunks = chunks_of("wake-only")
    just_before = round(1.3 / 0.08)
    feed(pipeline, chunks[:just_before])
    pipeline.wait_for_wake()
    assert feed(pipeline, silence(2.0)) == []


def test_the_end_of_speech_is_told_before_it_is_recognized(pipeline: Pipeline) -> None:
    """So that the sound for "heard" does not wait for the recognizer."""
    for chunk in chunks_of("what-time", tail_seconds=2.0):
        for event in pipeline.feed(chunk):
            if isinstance(event, SpeechEnded):
                assert pipeline.mode is Mode.COMMAND
            if isinstance(event, Transcribed):
                assert pipeline.mode is Mode.WAKE
                return
    raise AssertionError("nothing was heard")


def test_a_new_grammar_waits_for_the_end_of_the_command(pipeline: Pipeline) -> None:
    """What began with one grammar is heard with it to its end."""
    taken: list[object] = []
    chunks = chunks_of("what-time", tail_seconds=2.0)
    events: list[Event] = []
    try:
        for chunk in chunks:
            happened = feed(pipeline, [chunk])
            if any(isinstance(event, SpeechStarted) for event in happened):
                pipeline.floor.use_next(
                    {DEFAULT: (grammar_of("open the gate"), None)}, taken.append
                )
            events += happened
            assert not taken or heard(events)
        assert heard(events) == ["what time is it"]
        assert len(taken) == 1
        pipeline.begin()
        assert heard(feed(pipeline, chunks)) != ["what time is it"]
    finally:
        use_shipped(pipeline)


def test_a_new_grammar_waits_until_it_has_spoken(pipeline: Pipeline) -> None:
    taken: list[object] = []
    try:
        pipeline.wait_for_stop()
        pipeline.floor.use_next({DEFAULT: (grammar_of("open the gate"), None)}, taken.append)
        feed(pipeline, silence(0.4))
        assert taken == []
        pipeline.wait_for_wake()
        feed(pipeline, silence(0.1))
        assert len(taken) == 1
    finally:
        use_shipped(pipeline)
