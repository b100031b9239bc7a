"""The words of intent files: where each is written, and how it is said.

Only the files tell: in the word graph every word is lower case, and where it stands is forgotten.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from assistant.errors import Place
from assistant.intents.model import Block, IntentSet, Rule, SlotList
from assistant.intents.template import AnyOrder, Choice, InlineList, Part, Sequence, Words
from assistant.intents.words import normalise
from assistant.yamlsource import Text

# Pieces looked at for words that are written in several. What is beyond is told without its place.
MAXIMUM_TRIES = 1_000_000
# A reference, the name of an inline list, an escaped character, or a piece of text.
_PIECE = re.compile(r"\{[^{}|]*\}|<[^<>]*>|\{[^\s:{}|]+:|\\.|([^\s()\[\]{}<>|;\\]+)")
# Longer ones are rather words that somebody shouts.
_INITIALISM = re.compile("[A-Z]{2,5}")


def word_places(intents: IntentSet, words: Collection[str]) -> dict[str, Place]:
    """Find the first place where each of the words is written; one that is nowhere is left out.

    A word of several pieces, as ``light[s]`` or ``(dish|clothes)washer``, is at its first piece.
    """
    places: dict[str, Place] = {}
    texts = [(text, list(_pieces(text))) for text in _texts(intents)]
    for text, pieces in texts:
        for piece, offset in pieces:
            for word in normalise(piece, intents.language):
                places.setdefault(word, text.at(offset, len(piece)))
    beginning: dict[str, list[int]] = {}  # the texts that a piece is in
    for number, (_, pieces) in enumerate(texts):
        for piece in {piece.lower() for piece, _ in pieces}:
            beginning.setdefault(piece, []).append(number)
    tries = 0
    for word in sorted(set(words) - places.keys()):
        begun = (beginning.get(word[:length], ()) for length in range(1, len(word) + 1))
        for number in heapq.merge(*begun):
            text, pieces = texts[number]
            tries += len(pieces)
            if tries > MAXIMUM_TRIES:
                break
            if first := _first_piece(word, pieces):
                places[word] = text.at(*first)
                break
    return {word: places[word] for word in words if word in places}


def sounds_like(intents: IntentSet) -> dict[str, tuple[str, ...]]:
    """Give the ways to say words that are not said as they are written.

    These are the pronunciations that the owner tells, and those of words in capitals, which are
    said by their letters or as they are written: TV, but also IKEA.
    """
    ways: dict[str, tuple[str, ...]] = {}
    for text in _texts(intents):
        pieces = [piece for piece, _ in _pieces(text)]
        if len(pieces) > 1 and all(piece.isupper() for piece in pieces):
            continue  # all of it is shouted
        for piece in pieces:
            if _INITIALISM.fullmatch(piece):
                word = piece.lower()
                ways[word] = (" ".join(word), word)
    for name, texts in intents.pronunciations.items():
        spoken = (" ".join(normalise(text.text, intents.language)) for text in texts)
        ways[" ".join(normalise(name, intents.language))] = tuple(dict.fromkeys(spoken))
    return ways


def _texts(intents: IntentSet) -> Iterator[Text]:
    """Everything that can be said, as it is written."""
    for intent in intents.intents.values():
        for block in intent.blocks:
            yield from _of_block(block)
    yield from _of_scope(intents.lists, intents.rules)
    for one in intents.types.types.values():
        for template in one.sentences:
            yield template.source
    yield from _of_scope(intents.types.lists, intents.types.rules)


def _of_block(block: Block) -> Iterator[Text]:
    for template in block.sentences:
        yield template.source
    yield from _of_scope(block.lists, block.rules)


def _of_scope(lists: Mapping[str, SlotList], rules: Mapping[str, Rule]) -> Iterator[Text]:
    for rule in rules.values():
        yield rule.template.source
    for one in lists.values():
        for value in one.values:
            if value.source is not None:
                yield value.source
            else:
                yield from (Text(text, one.place, shift=None) for text in _written(value.tree))
        for tree in one.all_of:
            yield from (Text(text, one.place, shift=None) for text in _written(tree))


def _written(part: Part) -> Iterator[str]:
    match part:
        case Words(text):
            yield text
        case Sequence(parts) | Choice(parts) | AnyOrder(parts) | InlineList(options=parts):
            for inner in parts:
                yield from _written(inner)


def _pieces(text: Text) -> Iterator[tuple[str, int]]:
    """Each piece of a word, and where it begins."""
    for found in _PIECE.finditer(text.text):
        if found[1]:
            yield found[1], found.start()


def _first_piece(word: str, pieces: Iterable[tuple[str, int]]) -> tuple[int, int] | None:
    """Offset and length of the first of the pieces, in their order, that make this word."""
    reached: dict[int, tuple[int, int]] = {0: (0, 0)}
    for piece, offset in pieces:
        for length, first in list(reached.items()):
            if word.startswith(piece.lower(), length):
                reached.setdefault(length + len(piece), first if length else (offset, len(piece)))
    return reached.get(len(word))
