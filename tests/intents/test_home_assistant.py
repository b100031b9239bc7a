"""Home Assistant's English sentences load as they are, and mean the same as to its own matcher."""

from __future__ import annotations

import importlib.resources
import json
import random
from collections.abc import Iterator
from typing import Any

import hassil
import pytest

from assistant.intents.builtins import BUILTIN_ACTIONS
from assistant.intents.loader import load_intents
from assistant.intents.matcher import IntentGraph, compile_intents
from assistant.intents.model import IntentSet, SourceFile
from assistant.recognizers.grammar import compile_grammar, sample

SENTENCES = 150
THINGS = {
    "light": ["Bedroom Lamp", "Overhead Light"],
    "fan": ["Ceiling Fan"],
    "cover": ["Left Blind"],
    "lock": ["Front Door"],
    "media_player": ["TV"],
    "vacuum": ["Rover"],
}
HOUSE: dict[str, Any] = {
    "area": {"values": ["Kitchen", "Living Room"]},
    "floor": {"values": ["First Floor", "Upstairs"]},
    "name": {
        "values": [
            {"in": name, "out": name, "context": {"domain": domain}}
            for domain, names in THINGS.items()
            for name in names
        ]
    },
}


def packaged() -> dict[str, Any]:
    """The sentences, lists and rules, as the package has them: ``intents: X: data: …``."""
    data = importlib.resources.files("home_assistant_intents") / "data" / "en.json"
    found: dict[str, Any] = json.loads(data.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def intents() -> IntentSet:
    everything = packaged()
    del everything["responses"]  # which speak of the states of things that Home Assistant knows
    files = [
        SourceFile("en.json", json.dumps(everything)),
        SourceFile("house.json", json.dumps({"lists": HOUSE})),
    ]
    return load_intents(files, BUILTIN_ACTIONS)


@pytest.fixture(scope="module")
def graph(intents: IntentSet) -> IntentGraph:
    return compile_intents(intents)


def made_up(graph: IntentGraph) -> Iterator[str]:
    """Sentences of random intents, without slots for any words."""
    chance = random.Random(20_261_122)  # noqa: S311
    names = sorted({one.intent for one in graph.sentences})
    grammars = [compile_grammar(graph, {name}) for name in names]
    heard = [grammar for grammar in grammars if grammar.final]
    for _ in range(SENTENCES):
        yield sample(chance.choice(heard), chance.randrange)


def test_all_of_it_is_there(intents: IntentSet) -> None:
    theirs = packaged()["intents"]
    assert set(intents.intents) == set(theirs)
    for name, intent in intents.intents.items():
        ours = [len(block.sentences) for block in intent.blocks]
        assert ours == [len(block["sentences"]) for block in theirs[name]["data"]]
        assert [block.response for block in intent.blocks] == [
            block["response"] for block in theirs[name]["data"]
        ]


def test_what_it_says_is_understood_as_its_own_matcher_does(graph: IntentGraph) -> None:
    """Of equally good readings either may win; the slots of the same intent are the same."""
    everything = packaged()
    matcher = hassil.Intents.from_dict(
        {**everything, "lists": {**everything["lists"], **HOUSE}, "language": "en"}
    )
    compared = other = 0
    for text in made_up(graph):
        match = graph.match(text)
        theirs = hassil.recognize_best(text, matcher)
        if match is None or theirs is None:
            # A sentence may ask for the room it is said in, which nobody has told here.
            assert match is None, text
            assert theirs is None, text
            continue
        compared += 1
        other += match.intent != theirs.intent.name
    assert compared > SENTENCES * 0.7
    assert other <= compared * 0.02
