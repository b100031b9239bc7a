"""What of the scores is worth keeping."""

from __future__ import annotations

import pytest

from assistant.audio.frames import CHUNK_SECONDS
from assistant.wake.moments import MOST_WAITING, Minute, Moment, ScoreNotes

BEGIN = 1_800_000_000.0  # the start of a minute


class Listening:
    """Scores of one chunk after another, from the start of a minute."""

    def __init__(self) -> None:
        self.notes = ScoreNotes({"alexa": 0.5, "hey_jarvis": 0.8})
        self.now = BEGIN

    def hear(self, *scores: dict[str, float]) -> None:
        for one in scores:
            self.now += CHUNK_SECONDS
            self.notes.heard(one, self.now)

    def be_quiet(self, seconds: float) -> None:
        self.hear(*[{}] * round(seconds / CHUNK_SECONDS))

    def moments(self) -> list[Moment]:
        return self.notes.fetch()[1]


@pytest.fixture
def listening() -> Listening:
    return Listening()


def test_of_a_minute_the_highest_score_is_kept_once_it_is_over(listening: Listening) -> None:
    listening.hear({"alexa": 0.02}, {"alexa": 0.04, "hey_jarvis": 0.01}, {"alexa": 0.03})
    assert listening.notes.fetch()[0] == []
    listening.be_quiet(60.0)
    assert listening.notes.fetch()[0] == [Minute(int(BEGIN), 0.04)]
    assert listening.notes.fetch()[0] == []


def test_a_minute_with_nothing_in_it_is_not_kept(listening: Listening) -> None:
    listening.hear({"alexa": 0.0001})
    listening.be_quiet(120.0)
    assert listening.notes.fetch() == ([], [])


def test_a_near_miss_is_kept_with_its_time_and_curve(listening: Listening) -> None:
    listening.be_quiet(2.0)
    at = listening.now + CHUNK_SECONDS
    listening.hear({"alexa": 0.3, "hey_jarvis": 0.01})
    listening.be_quiet(1.5)
    (moment,) = listening.moments()
    assert moment.time == pytest.approx(at)
    assert (moment.word, moment.score, moment.threshold) == ("alexa", 0.3, 0.5)
    assert not moment.detected
    assert len(moment.curve) == 25
    assert moment.curve[12] == 0.3


def test_what_is_near_is_told_by_the_threshold_of_each_word(listening: Listening) -> None:
    listening.hear({"alexa": 0.06, "hey_jarvis": 0.06})
    listening.be_quiet(1.5)
    assert [moment.word for moment in listening.moments()] == ["alexa"]


def test_a_detection_is_kept_as_high_as_the_score_got(listening: Listening) -> None:
    listening.hear({"alexa": 0.55})
    listening.notes.detected("alexa")
    listening.hear({"alexa": 0.9})
    listening.be_quiet(1.5)
    (moment,) = listening.moments()
    assert (moment.detected, moment.score) == (True, 0.9)


def test_one_detection_does_not_make_the_next_near_miss_one(listening: Listening) -> None:
    listening.hear({"alexa": 0.9})
    listening.notes.detected("alexa")
    listening.be_quiet(1.5)
    listening.hear({"alexa": 0.3})
    listening.be_quiet(1.5)
    assert [moment.detected for moment in listening.moments()] == [True, False]


def test_at_the_end_what_is_not_over_is_kept_too(listening: Listening) -> None:
    listening.hear({"alexa": 0.3})
    listening.notes.finish(listening.now)
    minutes, moments = listening.notes.fetch()
    assert minutes == [Minute(int(BEGIN), 0.3)]
    assert [moment.score for moment in moments] == [0.3]


def test_what_nobody_fetches_does_not_fill_the_memory(listening: Listening) -> None:
    for number in range(MOST_WAITING + 5):
        listening.hear({"alexa": 0.3 + number / 10_000})
        listening.be_quiet(1.5)
    moments = listening.moments()
    assert len(moments) == MOST_WAITING
    assert moments[0].score == pytest.approx(0.3005)
