"""When scores become a detection."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.audio.frames import CHUNK_SECONDS
from assistant.wake.decision import Rule, WakeDecision


def deciding(
    *,
    patience_chunks: int = 1,
    refractory_seconds: float = 1.5,
    words: Sequence[str] = ("hey_jarvis",),
) -> WakeDecision:
    rule = Rule(0.5, patience_chunks, speaking_threshold=0.8)
    return WakeDecision(dict.fromkeys(words, rule), refractory_seconds)


def detections(decision: WakeDecision, scores: list[float]) -> list[int]:
    return [index for index, score in enumerate(scores) if decision.step({"hey_jarvis": score})]


def test_a_score_at_the_threshold_is_a_detection() -> None:
    assert detections(deciding(), [0.1, 0.49, 0.5, 0.9]) == [2]


def test_patience_wants_chunks_in_a_row() -> None:
    assert detections(deciding(patience_chunks=3), [0.9, 0.9, 0.1, 0.9, 0.9, 0.9]) == [5]


def test_one_word_is_one_detection() -> None:
    # A score stays high for about 0.9 s after the word.
    assert detections(deciding(), [0.9] * 12) == [0]


def test_after_the_refractory_time_the_word_is_heard_again() -> None:
    refractory_chunks = round(1.6 / CHUNK_SECONDS)
    decision = deciding(refractory_seconds=1.6)
    assert detections(decision, [0.9] * (refractory_chunks + 2)) == [0, refractory_chunks + 1]


def test_of_two_words_the_surer_one_is_told() -> None:
    assert deciding(words=("alexa", "hey_jarvis")).step({"alexa": 0.6, "hey_jarvis": 0.8}) == (
        "hey_jarvis",
        0.8,
    )


def test_the_refractory_time_passes_while_a_command_is_heard() -> None:
    decision = deciding()
    decision.step({"hey_jarvis": 0.9})
    decision.elapse(1.5)
    assert decision.step({"hey_jarvis": 0.9}) == ("hey_jarvis", 0.9)


def test_a_new_stream_is_heard_from_its_beginning() -> None:
    decision = deciding()
    decision.step({"hey_jarvis": 0.9})
    decision.open()
    assert decision.step({"hey_jarvis": 0.9}) == ("hey_jarvis", 0.9)


def test_while_the_assistant_speaks_it_takes_a_higher_score() -> None:
    decision = deciding()
    assert decision.step({"hey_jarvis": 0.7}, speaking=True) is None
    assert decision.step({"hey_jarvis": 0.8}, speaking=True) == ("hey_jarvis", 0.8)


def test_each_word_has_a_threshold_of_its_own() -> None:
    rules = {"alexa": Rule(0.9), "hey_jarvis": Rule(0.3)}
    decision = WakeDecision(rules, 1.5)
    assert decision.step({"alexa": 0.8, "hey_jarvis": 0.1}) is None
    assert decision.step({"alexa": 0.8, "hey_jarvis": 0.4}) == ("hey_jarvis", 0.4)


def test_without_scores_a_row_goes_on() -> None:
    decision = deciding(patience_chunks=2)
    said = [decision.step(scores) for scores in ({"hey_jarvis": 0.9}, {}, {"hey_jarvis": 0.9})]
    assert said == [None, None, ("hey_jarvis", 0.9)]
