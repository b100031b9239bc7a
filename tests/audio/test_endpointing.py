"""When a command begins and ends, by voice activity and words: no clock, no engine."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.audio.endpointing import Endpoint, Endpointer
from assistant.config import EndpointingSettings
from assistant.recognizers.grammar import PrefixStatus

SETTINGS = EndpointingSettings()
STEP_SECONDS = 0.032
SPEECH, SILENCE = 0.95, 0.02
STATUSES = st.sampled_from(PrefixStatus)
PROBABILITIES = st.floats(0.0, 1.0)


def new(*, after_wake: bool = False) -> Endpointer:
    return Endpointer(SETTINGS, STEP_SECONDS, after_wake=after_wake)


def steps(seconds: float) -> int:
    return round(seconds / STEP_SECONDS)


def hear(
    endpointer: Endpointer,
    *spans: tuple[float, float],
    sentence: PrefixStatus = PrefixStatus.BEGINNING,
    confidence: float = 1.0,
) -> Iterator[tuple[str, float]]:
    """Give spans of (probability, seconds), a step at a time; tells what comes of it, and when."""
    probabilities = itertools.chain.from_iterable([one] * steps(long) for one, long in spans)
    for count, probability in enumerate(probabilities, start=1):
        now = round(count * STEP_SECONDS, 2)
        if endpointer.hear([probability]):
            yield "started", now
        decision = endpointer.decide(sentence, confidence)
        if decision is not Endpoint.UNDECIDED:
            yield decision.name.lower(), now
            return


def silence_that_ends(sentence: PrefixStatus, confidence: float = 1.0) -> float:
    """How long after the last speech the command is over."""
    endpointer = new()
    heard = list(
        hear(endpointer, (SPEECH, 1.6), (SILENCE, 3.0), sentence=sentence, confidence=confidence)
    )
    assert heard[-1][0] == "ended"
    return round(endpointer.silence_seconds, 2)


def test_speech_then_silence_is_a_command() -> None:
    endpointer = new()
    heard = list(
        hear(
            endpointer, (SILENCE, 0.8), (SPEECH, 1.6), (SILENCE, 1), sentence=PrefixStatus.COMPLETE
        )
    )
    assert heard == [("started", 0.96), ("ended", 3.04)]
    assert endpointer.speech_began_seconds == pytest.approx(0.8)
    assert endpointer.speech_ended_seconds == pytest.approx(2.4)


def test_the_less_can_follow_the_sooner_it_ends() -> None:
    assert silence_that_ends(PrefixStatus.COMPLETE_FINAL) == 0.19
    assert silence_that_ends(PrefixStatus.COMPLETE) == 0.64
    assert silence_that_ends(PrefixStatus.OUTSIDE) == 0.64
    assert silence_that_ends(PrefixStatus.BEGINNING) == 1.18


def test_only_what_is_surely_heard_ends_early() -> None:
    assert silence_that_ends(PrefixStatus.COMPLETE_FINAL, 0.49) == 0.64
    assert silence_that_ends(PrefixStatus.COMPLETE_FINAL, 0.14) == 1.18
    assert silence_that_ends(PrefixStatus.COMPLETE, 0.14) == 1.18


def test_a_pause_inside_a_command_does_not_end_it() -> None:
    spans = ((SPEECH, 0.8), (SILENCE, 1.0), (SPEECH, 0.8), (SILENCE, 2.0))
    heard = list(hear(new(), *spans))
    assert [what for what, _ in heard] == ["started", "ended"]
    assert heard[-1][1] > 2.6


def test_nobody_speaks() -> None:
    assert list(hear(new(after_wake=True), (SILENCE, 6.0))) == [("nothing", 5.02)]


def test_a_click_is_not_speech() -> None:
    assert list(hear(new(), (SILENCE, 1.0), (SPEECH, 0.08), (SILENCE, 1.0))) == []


def test_somebody_speaks_for_ever() -> None:
    assert list(hear(new(), (SPEECH, 16.0)))[1] == ("too_long", 15.01)


def test_the_end_of_the_wake_word_is_not_the_command() -> None:
    endpointer = new(after_wake=True)
    spans = ((SPEECH, 0.16), (SILENCE, 0.8), (SPEECH, 1.0), (SILENCE, 1.0))
    assert next(hear(endpointer, *spans)) == ("started", 1.12)
    assert not endpointer.in_one_breath


def test_a_command_in_one_breath_with_the_wake_word_is_one() -> None:
    endpointer = new(after_wake=True)
    heard = hear(endpointer, (SPEECH, 1.6), (SILENCE, 1.5))
    assert [what for what, _ in heard] == ["started", "ended"]
    assert endpointer.in_one_breath
    assert not endpointer.only_wake_word


def test_a_short_rest_of_the_wake_word_may_be_no_command() -> None:
    endpointer = new(after_wake=True)
    list(hear(endpointer, (SPEECH, 0.4), (SILENCE, 1.5)))
    assert endpointer.only_wake_word


def test_a_flicker_within_a_word_does_not_count_as_silence() -> None:
    endpointer = new()
    list(hear(endpointer, (SPEECH, 0.4), (SETTINGS.speech_threshold - 0.1, 2.0)))
    assert endpointer.silence_seconds == 0.0


def test_steps_may_come_one_by_one_or_together() -> None:
    probabilities = [SILENCE] * 5 + [SPEECH] * 20 + [SILENCE] * 4
    together, alone = new(), new()
    assert together.hear(probabilities)
    assert sum(alone.hear([probability]) for probability in probabilities) == 1
    assert together.silence_seconds == alone.silence_seconds
    assert together.speech_began_seconds == alone.speech_began_seconds


@given(st.lists(PROBABILITIES, max_size=600), st.booleans(), STATUSES, PROBABILITIES)
def test_every_stream_ends(
    probabilities: list[float], after_wake: bool, sentence: PrefixStatus, confidence: float
) -> None:
    endpointer = new(after_wake=after_wake)
    longest = (
        SETTINGS.maximum_seconds + SETTINGS.nothing_seconds + SETTINGS.unfinished_silence_seconds
    )
    decisions = set()
    for probability in [*probabilities, *[SILENCE] * steps(longest)]:
        endpointer.hear([probability])
        decisions.add(endpointer.decide(sentence, confidence))
    assert {Endpoint.ENDED, Endpoint.TOO_LONG, Endpoint.NOTHING} & decisions


@given(
    st.lists(st.lists(PROBABILITIES, max_size=4), max_size=100),
    st.floats(SETTINGS.speech_threshold, 1.0),
    st.booleans(),
    STATUSES,
    PROBABILITIES,
)
def test_nothing_ends_while_somebody_speaks_unless_it_is_too_long(
    before: list[list[float]],
    speech: float,
    after_wake: bool,
    sentence: PrefixStatus,
    confidence: float,
) -> None:
    endpointer = new(after_wake=after_wake)
    for probabilities in before:
        endpointer.hear(probabilities)
    endpointer.hear([speech])
    assert endpointer.decide(sentence, confidence) in {Endpoint.UNDECIDED, Endpoint.TOO_LONG}


@given(PROBABILITIES, PROBABILITIES)
def test_patience_only_grows_with_what_may_follow_and_with_doubt(one: float, other: float) -> None:
    surer, less_sure = max(one, other), min(one, other)
    order = (PrefixStatus.COMPLETE_FINAL, PrefixStatus.COMPLETE, PrefixStatus.BEGINNING)
    endpointer = new()
    for sentence, longer in itertools.pairwise(order):
        assert endpointer.patience_seconds(sentence, surer) <= endpointer.patience_seconds(
            longer, surer
        )
    for sentence in order:
        assert endpointer.patience_seconds(sentence, surer) <= endpointer.patience_seconds(
            sentence, less_sure
        )
