"""Text as spoken words."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from unicode_rbnf import RbnfEngine

from assistant.intents.words import can_count, normalise, number_words, ordinal_words, spell

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
    "7:30": "seven thirty",
    "7.30 pm": "seven thirty p m",
    "7:05 a.m.": "seven oh five a m",
    "7:00": "seven o'clock",
    "19:05": "nineteen oh five",
    "7pm": "seven p m",
    "at seven am": "at seven a m",
    "I am one": "i am one",
    "7.30": "seven point three zero",
    "-3.5": "minus three point five",
    "\u22123": "minus three",
    "½ hour": "half hour",
    "2½ hours": "two and a half hours",
    "3/4 of an hour": "three quarters of an hour",
    "1/3": "one three",
    "21°C": "twenty one degrees celsius",
    "70 °F": "seventy degrees fahrenheit",
    "soft\u00adly": "softly",
    "may 3rd, 2027": "may third two thousand twenty seven",
    "éclair": "éclair",
    "नमस्ते": "नमस्ते",
}


@pytest.mark.parametrize("text", SPOKEN)
def test_normalise(text: str) -> None:
    assert " ".join(normalise(text)) == SPOKEN[text]


def test_other_languages() -> None:
    assert normalise("25 % lauter", "de") == ("fünfundzwanzig", "prozent", "lauter")
    assert normalise("25%", "en-GB") == ("twenty", "five", "percent")


GERMAN = {
    "7:30 Uhr": "sieben uhr dreißig",
    "7.30 Uhr": "sieben uhr dreißig",
    "1:00": "ein uhr",
    "21,5 Grad": "einundzwanzig komma fünf grad",
    "-3,5": "minus drei komma fünf",
    "1.200": "ein tausend zwei hundert",
    "3. Mai": "dritten mai",
    "der 3. Mai": "der dritte mai",
    "am 3. um 7": "am dritten um sieben",
    "Timer auf 3.": "timer auf drei",
    "am 3.5.": "am dritten fünften",
    "am 3.5.2027": "am dritten fünften zwei tausend siebenundzwanzig",
    "zweihundertfünf": "zwei hundert fünf",
    "einhundertundeins": "ein hundert und eins",
    "fünfundzwanzig": "fünfundzwanzig",
    "Hundertwasser": "hundertwasser",
    "tausendeine Nacht": "tausend eine nacht",
    "zweieinhalb": "zwei einhalb",
    "1½ Stunden": "ein einhalb stunden",
    "Viertelstunde": "viertelstunde",
    "½ Stunde": "halbe stunde",
}


@pytest.mark.parametrize("text", GERMAN)
def test_normalise_german(text: str) -> None:
    assert " ".join(normalise(text, "de")) == GERMAN[text]


def test_ordinal_words() -> None:
    assert ordinal_words(21) == ("twenty first",)
    assert ordinal_words(101) == ("one hundred first", "one hundred and first")
    assert ordinal_words(3, "de") == ("dritte", "dritten", "dritter", "drittes", "drittem")


@given(st.integers(0, 999_999), st.sampled_from(["en", "de"]))
@example(100_101, "de")
def test_a_number_in_words_and_in_digits_is_the_same(number: int, language: str) -> None:
    spelled = RbnfEngine.for_language(language).format_number(number).text
    assert normalise(spelled, language) == normalise(str(number), language)


@given(st.text(max_size=30))
def test_german_is_normalised_once_and_for_all(text: str) -> None:
    words = normalise(text, "de")
    assert normalise(" ".join(words), "de") == words


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
