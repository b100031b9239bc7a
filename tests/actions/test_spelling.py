"""Spelling a word, as a speech engine says the letters."""

from __future__ import annotations

import pytest

from assistant.actions.spelling import MAXIMUM_LETTERS, spell
from assistant.errors import ActionError
from assistant.turn import ActionResult, Match, Slot


def spelt(word: str) -> ActionResult:
    said = (Slot("word", word, word),)
    return spell(Match("Spell", said, "said", "a template", "a.yaml:1:1"))


@pytest.mark.parametrize(
    ("word", "letters"),
    [
        ("cat", "C, A, T"),
        ("New York", "N, E, W; Y, O, R, K"),
        ("don't!", "D, O, N, T"),
        ("Straße", "S, T, R, A, ß, E"),
        ("Öl", "Ö, L"),
        ("B52", "B, 5, 2"),
    ],
)
def test_letters(word: str, letters: str) -> None:
    assert spelt(word) == ActionResult(values={"letters": letters})


def test_nobody_listens_to_a_hundred_letters() -> None:
    assert spelt("a" * MAXIMUM_LETTERS).outcome == "done"
    assert spelt("a" * (MAXIMUM_LETTERS + 1)) == ActionResult("too_long")


@pytest.mark.parametrize("word", ["", "?!"])
def test_error_of_nothing_to_spell(word: str) -> None:
    with pytest.raises(ActionError, match="There is nothing to spell"):
        spelt(word)
