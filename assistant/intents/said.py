"""A text as it was said: the words that are matched, and how they were written."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.intents.words import normalise

_EDGES = " \t\n.,;:!?\"'()"


@dataclass(frozen=True, slots=True)
class Said:
    """Words, and for each the piece of the text it is from; no pieces where that is not known."""

    words: tuple[str, ...]
    pieces: tuple[str, ...] = ()
    piece_of: tuple[int, ...] = ()

    def __getitem__(self, part: slice) -> Said:
        return Said(self.words[part], self.pieces, self.piece_of[part])

    def __add__(self, other: Said) -> Said:
        return Said(self.words + other.words, self.pieces, self.piece_of + other.piece_of)

    def as_written(self, begin: int, end: int) -> str:
        """Words as they were written, with capitals and digits."""
        if not self.piece_of:
            return " ".join(self.words[begin:end])
        first, last = self.piece_of[begin], self.piece_of[end - 1]
        return " ".join(self.pieces[first : last + 1]).strip(_EDGES)


def said(text: str, language: str) -> Said:
    """Split a text into words."""
    words = normalise(text, language)
    pieces = tuple(text.split())
    of_pieces = [normalise(piece, language) for piece in pieces]
    if tuple(word for one in of_pieces for word in one) != words:
        return Said(words)
    piece_of = tuple(index for index, one in enumerate(of_pieces) for _ in one)
    return Said(words, pieces, piece_of)
