"""Makes up intent files of any size: a household with many things to say and many names."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from assistant.intents.model import IntentSet, SourceFile
from assistant.intents.scope import Scope
from assistant.intents.template import Choice, ListReference, Part, Sequence, Words

SEED = 20_240_501
TEMPLATES_A_FILE = 1_000
TEMPLATES_AN_INTENT = 10

VERBS = (
    "turn on", "turn off", "switch on", "switch off", "open", "close", "lock", "unlock", "start",
    "stop", "dim", "brighten", "set", "raise", "lower", "play", "pause", "show", "find", "clean",
)  # fmt: skip
SYLLABLES = (
    "ka", "lo", "mi", "ren", "tas", "ber", "dol", "fin", "gar", "hul", "jop", "kel", "nor", "pim",
    "quo", "rus",
)  # fmt: skip
FORMS = (
    "<please> {verb} [the] {{name}} {thing} [in [the] {{area}}]",
    "{verb} (the|my|all) {thing} (in|on) [the] {{area}} [please]",
    "[can you] {verb} [the] {{name}} {thing} to {{level}} [percent] [now]",
    "<please> {verb} {{name}} and [the] {{name:other}} {thing} [on the {{floor}}]",
)
THINGS = 200
RULES = {"please": "[(can|could) you] [please]"}
LEVEL = {"range": {"from": 0, "to": 100}}


@dataclass(frozen=True)
class Household:
    """Intents by name with their templates; lists by name with their texts."""

    intents: Mapping[str, list[str]]
    lists: Mapping[str, list[str]]

    def files(self) -> list[SourceFile]:
        """As intent files, which have a bound on their size."""
        lists = {name: {"values": values} for name, values in self.lists.items()}
        shared = {"lists": {**lists, "level": LEVEL}, "expansion_rules": RULES}
        entries = [
            (name, {"sentences": sentences, "reply": "yes"})
            for name, sentences in self.intents.items()
        ]
        step = TEMPLATES_A_FILE // TEMPLATES_AN_INTENT
        parts = [entries[index : index + step] for index in range(0, len(entries), step)]
        documents: list[dict[str, Any]] = [shared, *({"intents": dict(part)} for part in parts)]
        return [
            SourceFile(f"{number}.yaml", yaml.safe_dump(one, width=1000))
            for number, one in enumerate(documents)
        ]

    def for_hassil(self) -> dict[str, Any]:
        """As hassil wants it."""
        return {
            "language": "en",
            "intents": {name: {"data": [{"sentences": s}]} for name, s in self.intents.items()},
            "lists": {**{n: {"values": v} for n, v in self.lists.items()}, "level": LEVEL},
            "expansion_rules": RULES,
        }


def make(templates: int, names: int) -> Household:
    """Make up so many templates, with lists of so many names."""
    chance = random.Random(SEED)

    def word() -> str:
        return chance.choice(SYLLABLES) + chance.choice(SYLLABLES)

    things = list({word(): None for _ in range(2 * THINGS)})[:THINGS]
    lists = {}
    for name in ("name", "area", "floor"):
        found: dict[str, None] = {}
        while len(found) < names:
            found[f"{word()} {chance.choice(things)}" if chance.random() < 0.6 else word()] = None
        lists[name] = list(found)
    ways = [form.format(verb=v, thing=t) for form in FORMS for v in VERBS for t in things]
    intents: dict[str, list[str]] = {}
    for number, sentence in enumerate(chance.sample(ways, templates)):
        intents.setdefault(f"Intent{number // TEMPLATES_AN_INTENT}", []).append(sentence)
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
        case ListReference(name):
            return _said(chance.choice(scope.lists[name].values).tree, scope, chance)
        case _:
            return _said(scope.trees[part.name], scope, chance)
