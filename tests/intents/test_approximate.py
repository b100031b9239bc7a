"""Sentences that a text nearly is."""

from __future__ import annotations

import random
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.intents.approximate import (
    MAXIMUM_READ,
    NEAR_TIE,
    Proposal,
    Proposer,
    is_near_tie,
)
from assistant.intents.flat import FlatGraph
from assistant.intents.lattice import make_lattice
from assistant.intents.matcher import IntentGraph
from assistant.intents.search import MAXIMUM_WORK, Difference, Search
from assistant.intents.sounds import Sounds
from assistant.intents.weights import LEAST, word_weights
from assistant.recognizers.dictionary import packaged_dictionary
from assistant.recognizers.grammar import sample
from tests.intents.files import graph_of, sentences, shipped

HOUSE = """
intents:
  On:
    reply: "yes"
    sentences:
      - "<please> turn on [the] {room} light[s]"
      - "<please> switch on [the] {room} light[s]"
  Off:
    reply: "yes"
    sentences:
      - "[please] turn off [the] {room} light[s]"
      - "[please] switch off [the] {room} light[s]"
  Blinds:
    reply: "yes"
    sentences: ["(open|close) the {room} blinds"]
  Lighting:
    reply: "yes"
    sentences: ["show me the lighting", "dim the lighting to {n} percent"]
lists:
  room: {values: [kitchen, bedroom, living room, {in: hallway, out: hall}]}
  n: {range: {from: 1, to: 100}}
expansion_rules: {please: "[please]"}
skip_words: [um, would you]
"""


@cache
def house_graph() -> IntentGraph:
    return graph_of(HOUSE)


@cache
def house() -> Proposer:
    return Proposer(house_graph(), packaged_dictionary().phones)


def proposed(text: str) -> list[tuple[str, str]]:
    return [(one.text, one.intent) for one in house().propose(text)]


def differences(proposal: Proposal) -> list[tuple[str, str, str]]:
    return [
        (one.difference.value, one.heard, one.meant)
        for one in proposal.alignment
        if one.difference is not Difference.KEPT
    ]


@pytest.mark.parametrize(
    ("heard", "sentence", "where"),
    [
        (
            "turn of the kitchen like",
            "turn off the kitchen light",
            [("replaced", "of", "off"), ("replaced", "like", "light")],
        ),
        (
            "turn on the bathroom light",
            "turn on the bedroom light",
            [("replaced", "bathroom", "bedroom")],
        ),
        ("open kitchen blinds", "open the kitchen blinds", [("missing", "", "the")]),
        ("turn on the big kitchen light", "turn on the kitchen light", [("extra", "big", "")]),
        ("show me the like tin", "show me the lighting", [("replaced", "like tin", "lighting")]),
        (
            "turnon the kitchen light",
            "turn on the kitchen light",
            [("replaced", "turnon", "turn on")],
        ),
        (
            "turn on the light kitchen",
            "turn on the kitchen light",
            [("replaced", "light kitchen", "kitchen light")],
        ),
        ("um turn off would you the hallway lights", "turn off the hallway lights", None),
        ("dim the lighting to forty to percent", "dim the lighting to forty two percent", None),
    ],
)
def test_a_wrong_word_still_finds_the_sentence(
    heard: str, sentence: str, where: list[tuple[str, str, str]] | None
) -> None:
    best = house().propose(heard)[0]
    assert best.text == sentence
    if where is not None:
        assert differences(best) == where
        assert 0.65 <= best.score < 1


def test_a_proposal_tells_what_it_means_and_what_differs() -> None:
    best = house().propose("switch of the hall weigh light")[0]
    assert best.intent == "Off"
    assert best.matches[0].values() == {"room": "hall"}
    kept = Difference.KEPT, Difference.REPLACED
    assert [(one.difference, one.heard, one.meant) for one in best.alignment] == [
        (kept[0], "switch", "switch"),
        (kept[1], "of", "off"),
        (kept[0], "the", "the"),
        (kept[1], "hall weigh", "hallway"),
        (kept[0], "light", "light"),
    ]
    assert all(one.cost == 0 for one in best.alignment if one.difference is Difference.KEPT)
    assert all(one.cost > 0 for one in best.alignment if one.difference is not Difference.KEPT)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "um",
        "would you",
        "what a lovely day it is",
        "the",
        "!?",
        "hm " * 30,
        "x" * 10_000,
        "дом",
    ],
)
def test_what_is_nothing_like_a_sentence_gives_nothing(text: str) -> None:
    assert proposed(text) == []


def test_a_text_longer_than_any_command_gives_nothing() -> None:
    assert proposed("turn on the kitchen light " * 9) == []


def test_other_slot_values_are_other_proposals() -> None:
    texts = [one.text for one in house().propose("turn on the light", minimum_score=0.3)]
    assert len(texts) == len(set(texts)) == 3
    assert {text.removeprefix("turn on the ").removesuffix(" light") for text in texts} <= {
        "kitchen", "bedroom", "hallway", "living room",
    }  # fmt: skip


def test_what_may_be_either_is_a_near_tie() -> None:
    either = house().propose("turn the kitchen light")
    assert {one.intent for one in either[:2]} == {"On", "Off"}
    assert is_near_tie(either)
    assert not is_near_tie(house().propose("turn of the kitchen light"))
    assert not is_near_tie(house().propose("open the kitchen blind"))
    assert not is_near_tie(())


def test_margin_of_a_near_tie() -> None:
    first, second = house().propose("turn the kitchen light")[:2]
    apart = first.score - second.score
    assert apart < NEAR_TIE
    assert is_near_tie([first, second], apart + 1e-6)
    assert not is_near_tie([first, second], apart)


def test_fewer_and_more_likely_proposals() -> None:
    assert len(house().propose("turn the kitchen light")) == 2
    assert len(house().propose("turn the kitchen light", limit=1)) == 1
    assert house().propose("turn the kitchen light", minimum_score=0.99) == ()


def test_without_pronunciations_spelling_must_do() -> None:
    graph = graph_of(
        """
        language: de
        intents:
          An: {reply: ja, sentences: ["schalte das {ort}licht ein", "mach die Heizung warm"]}
        lists: {ort: {values: [Küchen, Flur]}}
        """,
        language="de",
    )
    proposer = Proposer(graph)
    assert proposer.propose("schalte das küchen licht ein")[0].text == "schalte das küchenlicht ein"
    assert proposer.propose("mach die heitzung warm")[0].text == "mach die heizung warm"


def test_a_sentence_with_a_wildcard_does_not_disturb() -> None:
    graph = sentences(
        "remind me to {what}",
        "remind me tomorrow",
        more="lists:\n  what: {wildcard: true}\n",
    )
    assert [one.text for one in Proposer(graph).propose("remind me tomorow")] == [
        "remind me tomorrow"
    ]


@given(st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_a_sentence_of_the_graph_comes_first_with_score_1(chance: random.Random) -> None:
    _, graph, grammar = shipped()
    text = sample(grammar, chance.randrange)
    best = shipped_proposer().propose(text)[0]
    assert best.score == 1
    assert best.matches == graph.understand(text)


@cache
def shipped_proposer() -> Proposer:
    return Proposer(shipped()[1], packaged_dictionary().phones)


SPOKEN = ["turn", "on", "of", "the", "kitchen", "light", "like", "two", "percent", "um", "zzz"]


@given(st.text(max_size=40) | st.lists(st.sampled_from(SPOKEN), max_size=12).map(" ".join))
@settings(deadline=None)
def test_any_text_gives_few_proposals_in_order(text: str) -> None:
    found = house().propose(text)
    assert len(found) <= 3
    scores = [one.score for one in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0.65 <= score <= 1 for score in scores)
    for one in found:
        assert one.matches == house_graph().understand(one.text)
        meant = " ".join(each.meant for each in one.alignment if each.meant)
        assert meant == one.text


@pytest.mark.parametrize("text", ["a " * 30, "a b c d e f g h " * 4, "b a " * 15])
def test_a_search_is_bounded(text: str) -> None:
    letters = "(a|b|c|d|e|f|g|h)"
    graph = sentences(*(" ".join([f"[{letters}]"] * 30 + [end]) for end in ("x", "y")))
    weights = word_weights(graph.network)
    sounds = Sounds(sorted(weights), {})
    lattice = make_lattice(text.split(), sounds, {}, weights, ())
    search = Search(FlatGraph(graph.network), lattice, weights, lattice.weight, lattice.weight)
    found = sum(1 for _ in zip(search.paths(), range(MAXIMUM_READ), strict=False))
    most_of_one_step = 1_000
    assert found <= MAXIMUM_READ
    assert search.work <= MAXIMUM_WORK + most_of_one_step


def test_words_of_many_sentences_weigh_little() -> None:
    weights = word_weights(graph_of(HOUSE).network)
    assert LEAST <= weights["the"] < weights["turn"] < weights["dim"] <= 1
    assert weights["kitchen"] > weights["light"]
    assert set(weights) >= {"please", "hallway", "seventy"}


def test_equal_costs_are_equal_in_any_order() -> None:
    weights = word_weights(graph_of(HOUSE).network)
    assert sum(weights.values()) == sum(reversed(list(weights.values())))
