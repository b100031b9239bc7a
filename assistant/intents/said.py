"""A text as it was said: the words that are matched, and how they were written."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from assistant.intents.words import normalise
from assistant.yamlsource import UNPRINTABLE

MAXIMUM_CHARACTERS = 4_000
"""Of a text: five minutes of speech."""

_EDGES = " \t\n.,;:!?\"'()"


class Said(NamedTuple):
    """The words of ``text`` from ``begin`` on; below 0 there are words from elsewhere first."""

    words: tuple[str, ...]
    text: str
    language: str
    begin: int = 0

    def part(self, begin: int, end: int | None = None) -> Said:
        """Some of the words."""
        return Said(self.words[begin:end], self.text, self.language, self.begin + begin)

    def after(self, words: tuple[str, ...]) -> Said:
        """The same with words from elsewhere before them."""
        return Said(words + self.words, self.text, self.language, self.begin - len(words))

    def as_written(self, begin: int, end: int) -> str:
        """Words as they were written, with capitals and digits; as they are where that is unknown.

        It is when words and the pieces of the text between spaces do not correspond.
        """
        pieces, words, piece_of = _pieces(self.text, self.language)
        first, last = self.begin + begin, self.begin + end
        if words[first:last] != self.words[begin:end]:
            return " ".join(self.words[begin:end])
        return " ".join(pieces[piece_of[first] : piece_of[last - 1] + 1]).strip(_EDGES)


def said(text: str, language: str) -> Said:
    """Split a text into words; one that nobody says, because it is too long, has none."""
    if not text.isprintable():
        text = UNPRINTABLE.sub(" ", text)
    words = normalise(text, language) if len(text) <= MAXIMUM_CHARACTERS else ()
    return Said(words, text, language)


@lru_cache(maxsize=4)
def _pieces(text: str, language: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[int, ...]]:
    """The pieces of a text between spaces, the words of all of them, and the piece of each word."""
    pieces = tuple(text.split())
    of_pieces = [normalise(piece, language) for piece in pieces]
    words = tuple(word for one in of_pieces for word in one)
    return pieces, words, tuple(index for index, one in enumerate(of_pieces) for _ in one)
