"""Text as spoken words."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.intents.words import can_count, normalise, number_words, spell

SPOKEN = {
    "": "",
    "Stop!": "stop",
    "what's  the\ttime?": "what's the time",
    "What\u2019s the time": "what's the time",
    "'quoted'": "quoted",
    "I\u2019d like \u201ctea\u201d": "i'd like tea",
    "twenty-five": "twenty five",
    "5 minutes": "five minutes",
    "25%": "twenty five percent",
    "21°": "twenty one degrees",
    "salt & pepper": "salt and pepper",
    "1.5 hours": "one point five hours",
    "1,200": "one thousand two hundred",
    "1, 200": "one two hundred",
    "-5": "minus five",
    "7-5": "seven five",
    "the 3rd": "the third",
    "3rds": "three rds",
    "007": "seven",
    "12:30": "twelve thirty",
    "5kg": "five kg",
    "1234567890123": "one two three four five six seven eight nine zero one two three",
    "\uff34\uff29\uff2d\uff25": "time",
    "éclair": "éclair",
    "नमस्ते": "नमस्ते",
}


@pytest.mark.parametrize("text", SPOKEN)
def test_normalise(text: str) -> None:
    assert " ".join(normalise(text)) == SPOKEN[text]


def test_other_languages() -> None:
    assert normalise("25 % lauter", "de") == ("fünfundzwanzig", "prozent", "lauter")
    assert normalise("25%", "en-GB") == ("twenty", "five", "percent")


def test_number_words() -> None:
    assert number_words(25) == ("twenty five",)
    assert number_words(101) == ("one hundred one", "one hundred and one")
    assert number_words(0) == ("zero",)
    assert number_words(-3) == ("minus three",)
    assert "eine" in number_words(1, "de")


def test_languages_that_count() -> None:
    assert [can_count(language) for language in ("en", "en-GB", "de_AT", "xx", "")] == [
        True,
        True,
        True,
        False,
        False,
    ]


@given(st.text(max_size=30))
@example("İ")
@example("½")
@example("²³")
@example("1,2,3.4.5th")
def test_normalise_is_idempotent(text: str) -> None:
    words = normalise(text)
    assert normalise(" ".join(words)) == words


@given(st.integers(min_value=0, max_value=10**9))
def test_digits_are_a_way_to_say_the_number(number: int) -> None:
    assert " ".join(normalise(str(number))) in number_words(number)


@given(st.text(alphabet="abz ", max_size=20))
def test_plain_words_are_as_they_are(text: str) -> None:
    assert normalise(text) == tuple(spell(text).split())
