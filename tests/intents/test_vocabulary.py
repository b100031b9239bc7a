"""Where words are written, and how they are said."""

from __future__ import annotations

import pytest

from assistant.intents.vocabulary import sounds_like, word_places
from tests.intents.files import load

HOME = """\
lists:
  thing:
    values: [TV, radio]
expansion_rules:
  please: "[kindly|if you like]"
pronunciations:
  Xbox: ex box
  Świdnica: [shvid neetsa, "Shvid Nitsa"]
intents:
  On:
    sentences:
      - <please> turn on the {thing}
      - "(switch|set) the light[s] to 5%"
      - turn the (dish|clothes)wash[er] to {mode:fast|very slow}
      - connect the HDMI of the Xbox
    reply: ok
"""


def found(word: str, text: str = HOME) -> tuple[int, int, int] | None:
    """Line, column and length of the place of a word."""
    place = word_places(load(text), {word}).get(word)
    return (place.line, place.column, place.length) if place is not None else None


@pytest.mark.parametrize(
    ("word", "place"),
    [
        ("turn", (12, 18, 4)),  # the first of two
        ("light", (13, 27, 5)),
        ("lights", (13, 27, 5)),
        ("five", (13, 39, 2)),
        ("percent", (13, 39, 2)),
        ("dishwasher", (14, 19, 4)),
        ("clotheswash", (14, 24, 7)),
        ("fast", (14, 50, 4)),
        ("slow", (14, 60, 4)),
        ("hdmi", (15, 21, 4)),
        ("kindly", (5, 13, 6)),
        ("tv", (3, 14, 2)),
    ],
)
def test_a_word_has_the_place_where_it_is_written(word: str, place: tuple[int, int, int]) -> None:
    assert found(word) == place


@pytest.mark.parametrize("word", ["please", "thing", "mode", "seventeen", "washdish"])
def test_what_is_not_written_has_no_place(word: str) -> None:
    assert found(word) is None


def test_pronunciations_and_capitals_say_how_words_sound() -> None:
    assert sounds_like(load(HOME)) == {
        "tv": ("t v", "tv"),
        "hdmi": ("h d m i", "hdmi"),
        "xbox": ("ex box",),
        "świdnica": ("shvid neetsa", "shvid nitsa"),
    }


def sounds_of(sentence: str, more: str = "") -> dict[str, tuple[str, ...]]:
    text = f"intents:\n  On:\n    sentences: ['{sentence}']\n    reply: ok\n{more}"
    return sounds_like(load(text))


@pytest.mark.parametrize(
    "sentence", ["TURN IT ON", "TURN <b> ON", "turn X on", "turn on the TELEVISION", "a <b>"]
)
def test_a_shout_a_letter_and_a_long_word_are_no_initialisms(sentence: str) -> None:
    more = "expansion_rules: {b: lamp}\n" if "<b>" in sentence else ""
    assert sounds_of(sentence, more) == {}


def test_what_the_owner_tells_comes_before_the_letters() -> None:
    told = sounds_of("start the NAS", "pronunciations: {NAS: nass}\n")
    assert told == {"nas": ("nass",)}
