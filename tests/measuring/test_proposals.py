"""Thresholds that are proposed, and the sentences that say why."""

from __future__ import annotations

from assistant.measuring.proposals import from_marks, from_peaks
from assistant.wake.moments import Moment


def detection(score: float, *, marked: bool = False, word: str = "alexa") -> Moment:
    return Moment(0.0, word, score, 0.5, True, (score,), marked)


def near_miss(score: float) -> Moment:
    return Moment(0.0, "alexa", score, 0.5, False, (score,))


def test_the_lowest_threshold_that_avoids_what_is_marked_is_proposed_with_its_cost() -> None:
    marked = [detection(0.61, marked=True), detection(0.703, marked=True)]
    others = [detection(0.65), detection(0.9), detection(0.95), near_miss(0.45)]
    (found,) = from_marks([*marked, *others])
    assert found.threshold == 0.71
    assert found.sentence == (
        "A threshold of 0.71 would have avoided the 2 false alarms of alexa, "
        "and missed 1 of the 3 others."
    )
    assert found.configuration() == "wake:\n  threshold: 0.71"
    among_others = "wake:\n  words:\n    alexa:\n      threshold: 0.71"
    assert found.configuration(several=True) == among_others


def test_a_score_of_a_whole_hundredth_is_avoided_too() -> None:
    (found,) = from_marks([detection(0.7, marked=True), detection(0.9)])
    assert found.threshold == 0.71
    assert found.sentence.endswith("the false alarm of alexa, and missed none of the others.")


def test_a_false_alarm_as_sure_as_the_word_is_not_avoided_by_any_threshold() -> None:
    (found,) = from_marks([detection(0.998, marked=True), detection(0.9)])
    assert found.threshold is None
    assert found.configuration() == ""
    assert found.sentence == (
        "No threshold would have avoided the false alarm of alexa: the score was 0.998."
    )


def test_each_word_has_a_proposal_of_its_own_and_only_where_something_is_marked() -> None:
    moments = [
        detection(0.6, marked=True),
        detection(0.8, marked=True, word="computer"),
        detection(0.9, word="hey_jarvis"),
    ]
    assert [(one.word, one.threshold) for one in from_marks(moments)] == [
        ("alexa", 0.61),
        ("computer", 0.81),
    ]


# --- by how the word is said ----------------------------------------------------------------------


def test_halfway_between_the_words_and_the_rest() -> None:
    found = from_peaks("alexa", [0.1, 0.9, 0.8, 0.3, 0.7, 0.95, 0.99], times=5)
    assert found.threshold == 0.5
    assert found.sentence == (
        "alexa scored 0.70 or more, everything else 0.30 or less: 0.50 is halfway."
    )


def test_where_nothing_else_was_heard_it_is_half_of_the_lowest() -> None:
    assert from_peaks("alexa", [0.8] * 5, times=5).threshold == 0.4


def test_nothing_is_proposed_below_what_was_ever_measured() -> None:
    found = from_peaks("alexa", [0.35] * 5, times=5)
    assert found.threshold == 0.3
    assert found.sentence.endswith("0.00 or less: 0.30 is the lowest that is proposed.")


def test_fewer_words_than_asked_for_are_told() -> None:
    found = from_peaks("alexa", [0.8, 0.9], times=5)
    assert found.sentence.startswith("alexa, said only twice, scored 0.80 or more")
    assert "said only 3 times," in from_peaks("alexa", [0.8] * 3, times=5).sentence


def test_words_that_are_hardly_apart_from_the_rest_are_told() -> None:
    found = from_peaks("alexa", [0.5, 0.45], times=1)
    assert "They are hardly apart" in found.sentence


def test_a_word_that_was_not_heard_gives_no_threshold() -> None:
    found = from_peaks("alexa", [], times=5)
    assert found.threshold is None
    assert found.sentence == "alexa was not heard: no score was worth telling."
