"""Spelling a word, letter by letter."""

from __future__ import annotations

from assistant.actions.slots import text
from assistant.errors import ActionError
from assistant.turn import ActionResult, Match

MAXIMUM_LETTERS = 60
"""Half a minute of letters; the longest words of a German dictionary have as many."""


def spell(match: Match) -> ActionResult:
    """Spell the slot ``word``: 'done' with the ``letters``, as one text with pauses, or 'too_long'.

    Capitals, because speech engines say those by their names; several words are parted by a longer
    pause. Raises ActionError when there is no letter in it.
    """
    words = ["".join(filter(str.isalnum, word)) for word in text(match, "word").split()]
    spelt = [", ".join(map(_capital, word)) for word in words if word]
    if not spelt:
        raise ActionError("there is nothing to spell", f"Give it the slot word, at {match.place}.")
    if sum(map(len, words)) > MAXIMUM_LETTERS:
        return ActionResult("too_long")
    return ActionResult(values={"letters": "; ".join(spelt)})


def _capital(letter: str) -> str:
    """A capital, where it is one letter too: that of ß is SS."""
    return letter.upper() if len(letter.upper()) == 1 else letter
