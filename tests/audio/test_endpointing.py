"""When a command begins and ends, by voice activity alone: no clock, no engine."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.audio.endpointing import Endpoint, Endpointer
from assistant.audio.frames import CHUNK_SECONDS
from assistant.config import EndpointingSettings
from assistant.recognizers.grammar import PrefixStatus

SETTINGS = EndpointingSettings()


def chunks(seconds: float) -> int:
    return round(seconds / CHUNK_SECONDS)


def hear(
    endpointer: Endpointer,
    *spans: tuple[float, float],
    sentence: PrefixStatus = PrefixStatus.BEGINNING,
) -> list[tuple[Endpoint, float]]:
    """Give spans of (probability, seconds) until the end is decided on; tells what, and when."""
    now = 0.0
    decisions: list[tuple[Endpoint, float]] = []
    for probability, seconds in spans:
        for _ in range(chunks(seconds)):
            now += CHUNK_SECONDS
            decision = endpointer.step(probability, sentence)
            if decision is not Endpoint.UNDECIDED:
                decisions.append((decision, round(now, 2)))
            if decision not in {Endpoint.UNDECIDED, Endpoint.STARTED}:
                return decisions
    return decisions


SPEECH, SILENCE = 0.95, 0.02


def test_speech_then_silence_is_a_command() -> None:
    endpointer = Endpointer(SETTINGS, after_wake=False)
    found = hear(
        endpointer, (SILENCE, 0.8), (SPEECH, 1.6), (SILENCE, 0.8), sentence=PrefixStatus.COMPLETE
    )
    assert found == [(Endpoint.STARTED, 0.96), (Endpoint.ENDED, 3.04)]
    assert round(endpointer.speech_began_seconds, 2) == 0.8
    assert round(endpointer.speech_ended_seconds, 2) == 2.4


def test_a_whole_command_that_nothing_can_follow_ends_sooner() -> None:
    spans = ((SPEECH, 1.6), (SILENCE, 0.4))
    final = hear(
        Endpointer(SETTINGS, after_wake=False), *spans, sentence=PrefixStatus.COMPLETE_FINAL
    )
    open_ended = hear(
        Endpointer(SETTINGS, after_wake=False), *spans, sentence=PrefixStatus.COMPLETE
    )
    assert final[-1][0] is Endpoint.ENDED
    assert open_ended[-1][0] is Endpoint.STARTED


def test_a_pause_inside_a_command_does_not_end_it() -> None:
    endpointer = Endpointer(SETTINGS, after_wake=False)
    found = hear(endpointer, (SPEECH, 0.8), (SILENCE, 0.8), (SPEECH, 0.8), (SILENCE, 1.0))
    assert [decision for decision, _ in found] == [Endpoint.STARTED, Endpoint.ENDED]


def test_nobody_speaks() -> None:
    found = hear(Endpointer(SETTINGS, after_wake=True), (SILENCE, 6.0))
    assert found == [(Endpoint.NOTHING, 5.04)]


def test_a_click_is_not_speech() -> None:
    endpointer = Endpointer(SETTINGS, after_wake=False)
    assert hear(endpointer, (SILENCE, 1.0), (SPEECH, 0.08), (SILENCE, 1.0)) == []


def test_somebody_speaks_for_ever() -> None:
    found = hear(Endpointer(SETTINGS, after_wake=False), (SPEECH, 16.0))
    assert found[1] == (Endpoint.TOO_LONG, 15.04)


def test_the_end_of_the_wake_word_is_not_the_command() -> None:
    endpointer = Endpointer(SETTINGS, after_wake=True)
    found = hear(endpointer, (SPEECH, 0.16), (SILENCE, 0.8), (SPEECH, 1.0), (SILENCE, 1.0))
    assert found[0] == (Endpoint.STARTED, 1.12)
    assert not endpointer.in_one_breath


def test_a_command_in_one_breath_with_the_wake_word_is_one() -> None:
    endpointer = Endpointer(SETTINGS, after_wake=True)
    found = hear(endpointer, (SPEECH, 1.6), (SILENCE, 1.0))
    assert [decision for decision, _ in found] == [Endpoint.STARTED, Endpoint.ENDED]
    assert endpointer.in_one_breath
    assert not endpointer.only_wake_word


def test_a_short_rest_of_the_wake_word_may_be_no_command() -> None:
    endpointer = Endpointer(SETTINGS, after_wake=True)
    hear(endpointer, (SPEECH, 0.4), (SILENCE, 1.0))
    assert endpointer.only_wake_word


def test_a_flicker_within_a_word_does_not_count_as_silence() -> None:
    endpointer = Endpointer(SETTINGS, after_wake=False)
    hear(endpointer, (SPEECH, 0.4), (SETTINGS.speech_threshold - 0.1, 2.0))
    assert endpointer.silence_seconds == 0.0


@given(st.lists(st.floats(0.0, 1.0), max_size=400), st.booleans())
def test_every_stream_ends(probabilities: list[float], after_wake: bool) -> None:
    endpointer = Endpointer(SETTINGS, after_wake=after_wake)
    longest = (
        SETTINGS.maximum_seconds + SETTINGS.nothing_seconds + SETTINGS.unfinished_silence_seconds
    )
    stream = [*probabilities, *[SILENCE] * chunks(longest)]
    decisions = [endpointer.step(probability, PrefixStatus.OUTSIDE) for probability in stream]
    assert {Endpoint.ENDED, Endpoint.TOO_LONG, Endpoint.NOTHING} & set(decisions)
