"""Makes up intent files of any size: a household with many things to say and many names."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from assistant.intents.model import IntentSet, SourceFile
from assistant.intents.scope import Scope
from assistant.intents.template import Choice, ListReference, Part, RuleReference, Sequence, Words
from scripts.benchmarks import pronunciation

SEED = 20_240_501

VERBS = (
    "turn on", "turn off", "switch on", "switch off", "open", "close", "lock", "unlock", "start",
    "stop", "dim", "brighten", "set", "raise", "lower", "play", "pause", "show", "find", "clean",
)  # fmt: skip
SYLLABLES = (
    "ka", "lo", "mi", "ren", "tas", "ber", "dol", "fin", "gar", "hul", "jop", "kel", "nor", "pim",
    "quo", "rus",
)  # fmt: skip
BEGINNINGS = (
    "", "[please] ", "<politely> ", "[would you] ", "[I want you to] ", "[hey] ", "[let us] ",
    "[now] ", "[just] ", "[then] ", "[kindly] ", "[do] ",
)  # fmt: skip
MIDDLES = (
    "{verb} [<the>] {{name}} {thing} [<in> [<the>] {{area}}]",
    "{verb} [<all>] [<the>] {{area}} {thing} [on the {{floor}}]",
    "{verb} [<all>] (<the>|[all] my) {thing} <in> [<the>] {{area}}",
    "{verb} [(<all>|<the>)] {thing} [(named|called)] {{name}}",
    "{verb} [<the>] {{name}} {thing} (to|by) [up to] {{level}} [percent]",
    "[<the>] {{name}} {thing} {verb} [<in> [<the>] {{area}}]",
    "{verb} [<all>] {thing} [(from|since) {{level}} [percent]]",
    "{verb} [<the>] {thing} for {{level:hours}} hour[s] [[and] {{level:minutes}} minute[s]]",
    "{verb} [<the>] {thing} (named|called) {{label}}",
    "{verb} [<the>] {{name}} and [<the>] {{name:other}} {thing} [on the {{floor}}]",
)
ENDINGS = (
    "", " [please]", " [[right] now]", " [for me]", " [at once|immediately]", " [in a moment]",
    " [tonight]", " [when I leave]", " [once more]", " [later]", " [quickly]", " [today]",
)  # fmt: skip
FORMS = tuple(b + m + e for m in MIDDLES for b in BEGINNINGS for e in ENDINGS)
# So few pairs of verb and thing, each with many templates, that a sentence has all that 4 % of the
# templates ask for (those that hassil has to try): as many as with Home Assistant's own templates
# and test sentences, where it is 3.8 % (median 3.5 %). There, too, "timer" is in 317 of 908. And
# as rich: with the rules written out theirs have 6.7 choices of 17 options, these 7.5 of 17. One in
# ten begins with a slot, has two numbers, takes any words; of theirs one in eight, six, eight.
PAIRS = 18
THINGS = 200
RULES = {
    "politely": "[can you|could you] [please]",
    "the": "(the|my|our)",
    "in": "(in|of|at)",
    "all": "(all|every)",
}
SPOKEN_WORD = re.compile(r"[a-z]{4,8}")
SKIP_WORDS = ["please", "can you", "could you", "would you", "for me", "I want you to", "kindly"]
OTHER_LISTS = {"level": {"range": {"from": 0, "to": 100}}, "label": {"wildcard": True}}


@dataclass(frozen=True)
class Household:
    """Intents by name with their templates; lists by name with their texts."""

    intents: Mapping[str, list[str]]
    lists: Mapping[str, list[str]]

    def files(self) -> list[SourceFile]:
        """As intent files, which have a bound on their size."""
        lists = {name: {"values": values} for name, values in self.lists.items()}
        shared = {
            "lists": {**lists, **OTHER_LISTS},
            "expansion_rules": RULES,
            "skip_words": SKIP_WORDS,
        }
        entries = [
            (name, {"sentences": sentences, "reply": "yes"})
            for name, sentences in self.intents.items()
        ]
        documents: list[dict[str, Any]] = [shared, *({"intents": {n: e}} for n, e in entries)]
        return [
            SourceFile(f"{number}.yaml", yaml.safe_dump(one, width=1000))
            for number, one in enumerate(documents)
        ]

    def for_hassil(self) -> dict[str, Any]:
        """As hassil wants it."""
        return {
            "language": "en",
            "intents": {name: {"data": [{"sentences": s}]} for name, s in self.intents.items()},
            "lists": {**{n: {"values": v} for n, v in self.lists.items()}, **OTHER_LISTS},
            "expansion_rules": RULES,
            "skip_words": SKIP_WORDS,
        }


def _made_up_word(chance: random.Random) -> str:
    return chance.choice(SYLLABLES) + chance.choice(SYLLABLES)


def dictionary_word(chance: random.Random) -> str:
    """A word that PocketSphinx knows, for a household that is spoken to."""
    return chance.choice(_dictionary_words())


@cache
def _dictionary_words() -> list[str]:
    return sorted(word for word in pronunciation.entries() if SPOKEN_WORD.fullmatch(word))


def make(
    templates: int, names: int, new_word: Callable[[random.Random], str] = _made_up_word
) -> Household:
    """Make up so many templates, with lists of so many names, which ``new_word`` makes up."""
    chance = random.Random(SEED)

    def word() -> str:
        return new_word(chance)

    things = list({word(): None for _ in range(2 * THINGS)})[:THINGS]
    lists = {}
    for name in ("name", "area", "floor"):
        found: dict[str, None] = {}
        while len(found) < names:
            found[f"{word()} {chance.choice(things)}" if chance.random() < 0.6 else word()] = None
        lists[name] = list(found)
    pairs = chance.sample([(verb, thing) for verb in VERBS for thing in things], PAIRS)
    left = {pair: chance.sample(FORMS, len(FORMS)) for pair in pairs}
    intents: dict[str, list[str]] = {}
    for number in range(templates):
        verb, thing = pair = pairs[number % PAIRS]
        sentence = left[pair].pop().format(verb=verb, thing=thing)
        intents.setdefault(f"Intent{number % PAIRS}", []).append(sentence)
    return Household(intents, lists)


def sentences(intent_set: IntentSet, count: int) -> list[tuple[str, str]]:
    """Sentences of random templates, each with its intent."""
    chance = random.Random(SEED + 1)
    templates = [
        (intent.name, template, Scope(intent_set.lists, intent_set.rules))
        for intent in intent_set.intents.values()
        for block in intent.blocks
        for template in block.sentences
    ]
    picked = [chance.choice(templates) for _ in range(count)]
    return [(name, _said(one.tree, scope, chance)) for name, one, scope in picked]


def _said(part: Part, scope: Scope, chance: random.Random) -> str:
    match part:
        case Words(text):
            return text
        case Sequence(parts):
            return "".join(_said(one, scope, chance) for one in parts)
        case Choice(options):
            return _said(chance.choice(options), scope, chance)
        case ListReference(name) if scope.takes_anything(name):
            return chance.choice(SYLLABLES) + " " + chance.choice(SYLLABLES)
        case ListReference(name):
            return _said(chance.choice(scope.lists[name].values).tree, scope, chance)
        case RuleReference(name):
            return _said(scope.trees[name], scope, chance)
        case _:
            raise TypeError(f"no household has such a part: {part}")
