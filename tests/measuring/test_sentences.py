"""Which sentences are said to a recognizer."""

from __future__ import annotations

import random
from collections import Counter

from assistant.intents.matcher import compile_intents
from assistant.measuring.sentences import commands, other_words, reordered, replaced
from assistant.recognizers.grammar import PrefixStatus, compile_grammar, prefix_status
from tests.intents.files import load

INTENTS = load(
    """
    intents:
      Light:
        sentences: ["turn (on|off) [the] {room} light"]
        reply: ok
      Stop:
        sentences: ["stop", "please stop"]
        reply: ok
    lists:
      room: {values: [kitchen, hall, bath]}
    """
)
GRAPH = compile_intents(INTENTS)
GRAMMAR = compile_grammar(GRAPH)
OF_EACH = [compile_grammar(GRAPH, [name]) for name in ("Light", "Stop")]


def means(text: str) -> bool:
    return bool(GRAPH.understand(text))


def chance(seed: int = 1) -> random.Random:
    return random.Random(seed)  # noqa: S311 - chosen by chance, no secret


def test_commands_are_different_sentences_of_the_grammar() -> None:
    said = commands([GRAMMAR], 8, chance().randrange)
    assert len(said) == len(set(said)) == 8
    assert all(means(text) for text in said)
    assert said == commands([GRAMMAR], 8, chance().randrange)
    assert said != commands([GRAMMAR], 8, chance(2).randrange)


def test_each_intent_has_its_turn() -> None:
    said = commands(OF_EACH, 4, chance().randrange)
    intents = Counter(match.intent for text in said for match in GRAPH.understand(text))
    assert intents == {"Light": 2, "Stop": 2}


def test_there_are_no_more_commands_than_sentences() -> None:
    assert sorted(commands([OF_EACH[1]], 10, chance().randrange)) == ["please stop", "stop"]
    assert commands([], 10, chance().randrange) == []


def test_reordered_words_are_the_same_words_and_mean_nothing() -> None:
    said = commands(OF_EACH[:1], 6, chance().randrange)
    mixed_up = list(reordered(said, means, chance().randrange))
    assert [sorted(text.split()) for text in mixed_up] == [sorted(text.split()) for text in said]
    assert not any(means(text) for text in mixed_up)


def test_what_has_no_other_order_is_left_out() -> None:
    assert list(reordered(["stop"], means, chance().randrange)) == []


def test_one_word_is_replaced_and_it_means_nothing() -> None:
    said = commands(OF_EACH[:1], 6, chance().randrange)
    changed = list(replaced(said, ["window", "dinner"], means, chance().randrange))
    for before, after in zip(said, changed, strict=True):
        pairs = zip(before.split(), after.split(), strict=True)
        assert sum(one != other for one, other in pairs) == 1
        assert not means(after)


def test_other_words_are_those_that_the_grammar_lacks() -> None:
    words = other_words(["turn the page", "stop the kitchen clock"], GRAMMAR)
    assert words == ["clock", "page"]
    status = prefix_status(GRAMMAR, ["turn", "the", "page"])
    assert status is PrefixStatus.OUTSIDE
