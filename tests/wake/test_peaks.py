"""Peaks in a stream of scores."""

from __future__ import annotations

from assistant.wake.peaks import AROUND_CHUNKS, OVER_CHUNKS, Peak, PeakFinder

QUIET = [0.0] * OVER_CHUNKS


def peaks(scores: list[float], least: float = 0.1) -> list[Peak]:
    finder = PeakFinder(least)
    found = [finder.step(score) for score in scores]
    return [peak for peak in (*found, finder.finish()) if peak is not None]


def test_a_peak_is_told_with_the_second_before_and_after_it() -> None:
    scores = [*QUIET, *QUIET, 0.2, 0.6, 0.3, *QUIET]
    (peak,) = peaks(scores)
    assert peak == Peak(0.6, OVER_CHUNKS, (*QUIET[:11], 0.2, 0.6, 0.3, *QUIET[:11]))
    assert len(peak.curve) == 2 * AROUND_CHUNKS + 1


def test_what_follows_soon_and_is_lower_belongs_to_it() -> None:
    assert [peak.score for peak in peaks([0.6, 0.0, 0.5, *QUIET])] == [0.6]


def test_what_follows_soon_and_is_higher_is_the_peak() -> None:
    assert [peak.score for peak in peaks([0.5, 0.0, 0.6, *QUIET])] == [0.6]


def test_the_end_of_a_word_whose_score_stays_high_is_no_peak() -> None:
    high = [0.999, *[0.99] * 12, 0.95, 0.35]
    assert [peak.score for peak in peaks([*QUIET, *high, *QUIET])] == [0.999]


def test_two_words_are_two_peaks() -> None:
    assert [peak.score for peak in peaks([0.6, *QUIET, 0.5, *QUIET])] == [0.6, 0.5]


def test_what_is_too_low_is_none() -> None:
    assert peaks([0.09, *QUIET]) == []


def test_a_peak_at_the_end_is_told_with_what_there_is() -> None:
    assert peaks([0.0, 0.6, 0.4]) == [Peak(0.6, 1, (0.0, 0.6, 0.4))]
