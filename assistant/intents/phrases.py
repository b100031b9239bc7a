"""All that a network of words only can read, in a table: as of most lists.

To look a phrase up takes less time than to go through its states, and touches less memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from assistant.intents.gains import LITERAL, Way, Words

if TYPE_CHECKING:
    from assistant.intents.network import Node

# Alternatives after alternatives are far more phrases than nodes; a list of names is about as many.
MAXIMUM_PER_NODE = 2
_FEW = 16


class Phrases(NamedTuple):
    """The best way to read each phrase, and how long those are that begin with a word."""

    ways: dict[Words, Way]
    lengths: dict[str, tuple[int, ...]]


def phrases_of(entries: Sequence[Node], lost: int, word_gain: int) -> Phrases | None:
    """The phrases of entries, each of which loses and gains that.

    None when they are more than words, when some of these are the template's own and others not,
    and when the phrases are too many.
    """
    owners: dict[Words, int] = {}
    lengths: dict[str, set[int]] = {}
    kinds: set[bool] = set()
    seen: set[Node] = set()
    read = 0
    waiting: list[tuple[Node, Words]] = [(entry, ()) for entry in reversed(entries)]
    while waiting:
        node, words = waiting.pop()
        seen.add(node)
        read += 1
        if read > MAXIMUM_PER_NODE * len(seen) + _FEW:
            return None
        if node.ends is not None and words and owners.setdefault(words, node.ends) == node.ends:
            lengths.setdefault(words[0], set()).add(len(words))
        for label, target, literal, readings in node.arcs:
            if not isinstance(label, str) or readings:
                return None
            kinds.add(literal)
            waiting.append((target, (*words, label)))
    if len(kinds) > 1:
        return None
    gain = word_gain + (LITERAL if True in kinds else 0)
    # Equal ones are one object: so there are few, which stay in the processor's cache.
    known: dict[tuple[int, ...], tuple[int, ...]] = {}
    each = {word: tuple(sorted(found)) for word, found in lengths.items()}
    return Phrases(
        {words: (lost - gain * len(words), owner) for words, owner in owners.items()},
        {word: known.setdefault(found, found) for word, found in each.items()},
    )
