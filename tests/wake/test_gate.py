"""When scores become a detection."""

from __future__ import annotations

from assistant.audio.frames import CHUNK_SECONDS
from assistant.wake.gate import WakeGate


def detections(gate: WakeGate, scores: list[float]) -> list[int]:
    return [index for index, score in enumerate(scores) if gate.step({"hey_jarvis": score})]


def test_a_score_at_the_threshold_is_a_detection() -> None:
    assert detections(WakeGate(0.5, 1, 1.5), [0.1, 0.49, 0.5, 0.9]) == [2]


def test_patience_wants_chunks_in_a_row() -> None:
    assert detections(WakeGate(0.5, 3, 1.5), [0.9, 0.9, 0.1, 0.9, 0.9, 0.9]) == [5]


def test_one_word_is_one_detection() -> None:
    # A score stays high for about 0.9 s after the word.
    assert detections(WakeGate(0.5, 1, 1.5), [0.9] * 12) == [0]


def test_after_the_refractory_time_the_word_is_heard_again() -> None:
    refractory_chunks = round(1.6 / CHUNK_SECONDS)
    gate = WakeGate(0.5, 1, 1.6)
    assert detections(gate, [0.9] * (refractory_chunks + 2)) == [0, refractory_chunks + 1]


def test_of_two_words_the_surer_one_is_told() -> None:
    assert WakeGate(0.5, 1, 1.5).step({"alexa": 0.6, "hey_jarvis": 0.8}) == ("hey_jarvis", 0.8)


def test_the_refractory_time_passes_while_a_command_is_heard() -> None:
    gate = WakeGate(0.5, 1, 1.5)
    gate.step({"hey_jarvis": 0.9})
    gate.elapse(1.5)
    assert gate.step({"hey_jarvis": 0.9}) == ("hey_jarvis", 0.9)


def test_a_new_stream_is_heard_from_its_beginning() -> None:
    gate = WakeGate(0.5, 1, 1.5)
    gate.step({"hey_jarvis": 0.9})
    gate.open()
    assert gate.step({"hey_jarvis": 0.9}) == ("hey_jarvis", 0.9)
