"""Missed words and false alarms, counted at several thresholds at once."""

from __future__ import annotations

import pytest

from assistant.measuring.wakecounts import FalseAlarm, Tally, WakeResult, word_end_seconds
from assistant.wake.decision import Rule


def tally(*, patience_chunks: int = 1) -> Tally:
    return Tally("alexa", patience_chunks, 1.5, (0.2, 0.5, 0.8))


def hear(counts: Tally, *scores: float) -> list[set[float]]:
    return [counts.step({"alexa": score}) for score in scores]


def test_each_threshold_has_detections_of_its_own() -> None:
    assert hear(tally(), 0.1, 0.3, 0.9) == [set(), {0.2}, {0.5, 0.8}]


def test_a_recording_without_a_detection_is_missed() -> None:
    counts = tally()
    for scores in ((0.1, 0.6), (0.9, 0.0), (0.1, 0.1)):
        counts.open()
        hear(counts, *scores)
        counts.end_positive()
    assert counts.missed == {0.2: 1, 0.5: 1, 0.8: 2}


def test_what_one_recording_had_is_nothing_to_the_next() -> None:
    counts = tally()
    counts.open()
    hear(counts, 0.9)
    counts.open()  # within the refractory time, were it one stream
    assert hear(counts, 0.9) == [{0.2, 0.5, 0.8}]


def test_false_alarms_obey_the_refractory_time() -> None:
    counts = tally()
    for found in hear(counts, *[0.9] * 21):
        counts.note_false_alarms(found)
    assert counts.false_alarms == {0.2: 2, 0.5: 2, 0.8: 2}


def test_patience_is_the_configured_one() -> None:
    assert hear(tally(patience_chunks=2), 0.9, 0.1, 0.6, 0.6) == [set(), set(), set(), {0.2, 0.5}]


# --- where the word ends --------------------------------------------------------------------------

ROOM, WORD, END_OF_WORD = [-60.0] * 25, [-20.0] * 30, [-38.0] * 5


def test_the_word_ends_with_its_last_soft_sound() -> None:
    assert word_end_seconds(ROOM + WORD + END_OF_WORD + ROOM) == pytest.approx(1.2)


def test_a_silence_within_the_word_is_not_its_end() -> None:
    assert word_end_seconds(ROOM + WORD + ROOM[:5] + WORD + ROOM) == pytest.approx(1.8)


def test_what_is_said_after_a_pause_is_not_the_word() -> None:
    softer = [-30.0] * 50
    assert word_end_seconds(ROOM + WORD + ROOM + softer + ROOM) == pytest.approx(1.1)


def test_in_noise_the_word_ends_where_it_sinks_into_it() -> None:
    noise, padding = [-38.0] * 25, [-96.0] * 3
    assert word_end_seconds(noise + WORD + END_OF_WORD + noise + padding) == pytest.approx(1.1)


@pytest.mark.parametrize("levels", [[], [-96.0] * 50, [-40.0] * 50, [-30.0] * 25 + [-20.0] * 25])
def test_where_nothing_stands_out_nothing_is_told(levels: list[float]) -> None:
    assert word_end_seconds(levels) is None


# --- the result -----------------------------------------------------------------------------------


def result() -> WakeResult:
    return WakeResult(
        "alexa",
        Rule(0.5),
        1.5,
        positives=4,
        negative_chunks=90_000,
        missed_files=["a.wav"],
        false_alarms=[FalseAlarm("b.wav", 3.2, 0.75)],
        after_word_seconds=[0.3, 0.1, 0.2],
        missed_at={0.5: 1},
        false_alarms_at={0.5: 1},
    )


def test_a_result_has_shares_rates_and_times() -> None:
    found = result()
    assert str(found.missed) == "25.0 % (4.6 % to 69.9 %)"
    assert found.negative_hours == pytest.approx(2.0)
    assert str(found.alarms) == "0.50 an hour (0.01 to 2.79)"
    assert found.detection_seconds() == (0.2, 0.3)
    assert str(found.false_alarms[0]) == "b.wav at 3.2 s (0.75)"


def test_a_result_for_programs() -> None:
    plain = result().plain()
    assert {
        name: plain[name]
        for name in ("positives", "missed", "negative_hours", "false_alarms", "threshold")
    } == {
        "positives": 4,
        "missed": 1,
        "negative_hours": 2.0,
        "false_alarms": 1,
        "threshold": 0.5,
    }
    assert plain["thresholds"] == [{"threshold": 0.5, "missed": 1, "false_alarms": 1}]
    assert plain["detection_seconds"] == {"median": 0.2, "within_95": 0.3, "count": 3}
    assert plain["false_alarm_times"] == [{"file": "b.wav", "time_seconds": 3.2, "score": 0.75}]


def test_of_nothing_nothing_is_told() -> None:
    plain = WakeResult("alexa", Rule(0.5), 1.5).plain()
    assert plain["miss_rate"] is None
    assert plain["false_alarms_per_hour"] is None
    assert plain["detection_seconds"] is None
