"""What is said: sentences of ``commands.yaml``, and words that the model does not have."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np

from assistant.intents.builtins import BUILTIN_ACTIONS
from assistant.intents.loader import load_intents
from assistant.intents.matcher import IntentGraph, compile_intents
from assistant.intents.model import SourceFile
from assistant.ports import Grammar
from assistant.recognizers.grammar import compile_grammar, sample

Words: TypeAlias = tuple[str, ...]
Kind: TypeAlias = Literal["command", "jumble", "mixed", "other"]

COMMANDS = Path(__file__).parent / "commands.yaml"

# Words that commands.yaml has not: trained on, so that phones are known also beside each other as
# the commands have them not; and said to measure what becomes of words that are no command.
_TRAINED_WORDS = (
    "above afternoon airport animal answer autumn balloon basket beach because before bicycle "
    "birthday boat camera castle chair child church circle cloud cousin dance doctor dragon early "
    "engine evening family farmer father finger fire fish flower forest friend giraffe glass "
    "grass guitar hammer harbor horse hospital island jacket journey judge kingdom ladder "
    "language leather letter library machine measure mirror monkey mountain mouth museum nature "
    "needle ocean orange orchestra page painter paper parrot pencil people piano picture pleasure "
    "pocket power purple question quick rabbit reason river rocket sailor school science shoe "
    "shoulder silver sister soldier spring station story street summer teacher theater thirsty "
    "thunder tiger tower treasure tunnel uncle university valley village voice water weather "
    "whisper winter wolf wonder young zebra"
)
TRAINED_WORDS = tuple(_TRAINED_WORDS.split())
OTHER_SENTENCES = (
    "my grandmother lives in a yellow house",
    "did you see the news last night",
    "we went swimming in the lake yesterday",
    "the train leaves from platform three",
    "she bought a new pair of shoes",
    "nobody knows where the keys are",
    "our neighbors have a very noisy dog",
    "he wants to become a famous actor",
    "they painted the fence green and white",
    "please remember to bring your passport",
    "it was raining when we left the party",
    "this book is about the history of france",
    "children were laughing behind the wall",
    "i forgot my umbrella at the restaurant",
    "the committee will vote next wednesday",
    "could somebody carry these heavy boxes",
    "fresh vegetables are cheaper at the market",
    "her brother plays football every weekend",
    "the old bridge was closed for repairs",
    "a strange noise came from the basement",
)


@cache
def whole_graph() -> IntentGraph:
    """All of ``commands.yaml``."""
    file = SourceFile(str(COMMANDS), COMMANDS.read_text(encoding="utf-8"))
    return compile_intents(load_intents([file], BUILTIN_ACTIONS))


@cache
def grammars() -> tuple[Grammar, ...]:
    """One grammar an intent of ``commands.yaml``."""
    names = dict.fromkeys(sentence.intent for sentence in whole_graph().sentences)
    return tuple(compile_grammar(whole_graph(), {name}) for name in names)


@cache
def vocabulary() -> Words:
    """Every word of the commands, sorted."""
    return tuple(sorted({word for grammar in grammars() for word in grammar.words()}))


def make_up(kind: Kind, random: np.random.Generator) -> Words:
    """Make up what is said.

    A command; a jumble of its words; a command with other words in it; or other words only.
    """
    if kind == "jumble":
        return _some(vocabulary(), random, 2, 6)
    if kind == "other":
        return _some(TRAINED_WORDS, random, 2, 5)
    grammar = grammars()[random.integers(len(grammars()))]
    words = list(sample(grammar, lambda count: int(random.integers(count))).split())
    if kind == "mixed":
        for word in _some(TRAINED_WORDS, random, 1, 3):
            words.insert(random.integers(len(words) + 1), word)
    return tuple(words)


def _some(words: Words, random: np.random.Generator, least: int, most: int) -> Words:
    return tuple(str(word) for word in random.choice(words, random.integers(least, most + 1)))
