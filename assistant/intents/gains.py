"""How much better one way to read words is than another, as one whole number.

It compares as (fewer slots that take any words, more words of preferred lists, more words of the
template itself, fewer words for slots that take any, fewer values): each counts in units that the
lesser ones together cannot reach.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

VALUE = 1
ANY_WORD = 1 << 10
LITERAL = 1 << 20
PREFERRED = 1 << 30
ANYTHING = 1 << 40


class Counts(NamedTuple):
    """What a gain counts, the weightiest first."""

    free_slots: int
    preferred_words: int
    own_words: int
    free_words: int
    values: int

    @classmethod
    def of(cls, minus_gain: int) -> Counts:
        """Take the gain of a way apart."""
        rest, values = divmod(minus_gain, ANY_WORD)
        rest, free_words = divmod(rest, LITERAL // ANY_WORD)
        rest, own_words = divmod(-rest, PREFERRED // LITERAL)
        rest, preferred_words = divmod(rest, ANYTHING // PREFERRED)
        return cls(-rest, preferred_words, own_words, free_words, values)


Words: TypeAlias = tuple[str, ...]

Way: TypeAlias = tuple[int, int]
"""How words can be read: minus the gain, and the entry. The least is the best."""
