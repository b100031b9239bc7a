"""Matching: which intent, which slots, and which of several readings."""

from __future__ import annotations

import random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.errors import IntentError
from assistant.intents.flat import written_out
from assistant.intents.matcher import IntentGraph
from assistant.intents.network import Network
from assistant.intents.words import normalise
from assistant.recognizers.grammar import PrefixStatus, compile_grammar, prefix_status, sample
from assistant.turn import Match, Slot
from assistant.values import SlotValue
from tests.intents.files import graph_of, sentences

LISTS = """
lists:
  area: {values: [kitchen, living room, {in: "(hall|hallway)", out: hall}]}
  n: {range: {from: 1, to: 120}}
  percent: {range: {from: 0, to: 100, step: 10}}
"""


def values_of(graph: IntentGraph, text: str) -> dict[str, SlotValue] | None:
    match = graph.match(text)
    return match.values() if match else None


def test_a_match_tells_all_about_it() -> None:
    graph = sentences("turn on [the] light[s] in [the] {area:room}", more=LISTS)
    assert graph.match("Turn on the lights in the hallway, ") == Match(
        intent="Test",
        slots=(Slot("room", "hall", "hallway"),),
        text="turn on the lights in the hallway",
        template="turn on [the] light[s] in [the] {area:room}",
        place="a.yaml:5:9",
        number=0,
    )


@pytest.mark.parametrize(
    ("template", "said", "not_said"),
    [
        ("stop", ["stop", "STOP!"], ["", "stop it", "please stop"]),
        ("[please] stop [it]", ["stop", "please stop it"], ["please", "it"]),
        ("light[s]", ["light", "lights"], ["light s"]),
        ("turn(s|ing) on", ["turns on", "turning on"], ["turn on"]),
        ("[un]lock[ed] it", ["lock it", "unlocked it"], ["un lock it"]),
        ("dish[ ]washer", ["dishwasher", "dish washer"], ["dish"]),
        ("(a;b;c)", ["a b c", "c b a", "b a c"], ["a b", "a b c a"]),
        ("[(a;b)] c", ["c", "a b c", "b a c"], ["a c"]),
        ("{area}[s] light", ["kitchens light", "living rooms light"], ["kitchen s light"]),
        ("it is {percent}%", ["it is 20 percent", "it is 20%"], ["it is 25%"]),
        ("what's the time", ["what\u2019s the time", "What's the time?"], ["whats the time"]),
        ("5 minutes", ["five minutes", "5 minutes"], ["6 minutes"]),
        (r"a \(b\)", ["a b", "a (b)"], ["a"]),
        ("a  b , c", ["a b c"], ["a b"]),
        ("{n} o'clock", ["one o'clock", "120 o'clock"], ["121 o'clock"]),
        ("{n} and {n:m}", ["101 and 7", "one hundred and one and seven"], ["one hundred and"]),
    ],
)
def test_templates(template: str, said: list[str], not_said: list[str]) -> None:
    graph = sentences(template, more=LISTS)
    assert [text for text in said if graph.match(text) is None] == []
    assert [text for text in not_said if graph.match(text) is not None] == []


def test_slot_values_have_types_and_the_words_they_were_read_from() -> None:
    graph = sentences("{n} in [the] {area}", more=LISTS)
    match = graph.match("one hundred and five in the living room")
    assert match is not None
    assert match.slots == (
        Slot("n", 105, "one hundred and five"),
        Slot("area", "living room", "living room"),
    )


def test_a_value_without_out_is_as_written_or_as_spoken() -> None:
    graph = sentences("in {area}", more="lists: {area: {values: [Café Bar, 'hall[way]']}}\n")
    assert values_of(graph, "in café bar") == {"area": "Café Bar"}
    assert values_of(graph, "in hallway") == {"area": "hallway"}


def test_another_language() -> None:
    graph = graph_of(
        """
        language: de
        intents:
          Timer: {sentences: ["stell[e] einen Timer auf {n} Minute[n]"], reply: "Gut."}
        lists: {n: {range: {from: 1, to: 59}}}
        """,
        language="de",
    )
    assert values_of(graph, "Stelle einen Timer auf 21 Minuten!") == {"n": 21}
    assert values_of(graph, "stell einen timer auf fünf minuten") == {"n": 5}
    assert values_of(graph, "stelle einen Timer auf eine Minute") == {"n": 1}


def test_a_value_may_be_a_symbol() -> None:
    graph = sentences("add {sign}", more="lists: {sign: {values: [{in: '+', out: '+'}]}}\n")
    assert values_of(graph, "add plus") == {"sign": "+"}


def test_literal_words_win_over_slots() -> None:
    graph = sentences("turn on {thing}", "turn on the light", more=(
        "lists: {thing: {values: [the light, the lamp]}}\n"
    ))  # fmt: skip
    assert values_of(graph, "turn on the light") == {}
    assert values_of(graph, "turn on the lamp") == {"thing": "the lamp"}


def test_else_the_earlier_template_wins() -> None:
    graph = sentences("go {a}", "go {b}", more=(
        "lists: {a: {values: [home]}, b: {values: [home, out]}}\n"
    ))  # fmt: skip
    assert values_of(graph, "go home") == {"a": "home"}
    assert values_of(graph, "go out") == {"b": "out"}


def test_else_the_earlier_value_wins() -> None:
    graph = sentences("{a}", more="lists: {a: {values: [{in: x, out: 1}, {in: x, out: 2}]}}\n")
    assert values_of(graph, "x") == {"a": 1}


def test_fixed_slots_give_way_to_spoken_ones() -> None:
    graph = graph_of(
        """
        intents:
          A: {sentences: ["go [{a}]"], reply: b, slots: {a: home, c: 1}}
        lists: {a: {values: [out]}}
        """
    )
    assert values_of(graph, "go") == {"a": "home", "c": 1}
    assert values_of(graph, "go out") == {"a": "out", "c": 1}


class TestSkipWords:
    graph = sentences(
        "turn on the light [please]", "ask [can you] dance", more="skip_words: [please, can you]\n"
    )

    @pytest.mark.parametrize(
        "text",
        [
            "turn on the light",
            "please turn on the light",
            "can you please turn please on the light please",
            "turn on the light can you",
            "ask can you dance please",
        ],
    )
    def test_are_left_out_anywhere(self, text: str) -> None:
        match = self.graph.match(text)
        assert match is not None
        assert match.text == text

    @pytest.mark.parametrize("text", ["please", "can you", "turn on can the light", ""])
    def test_and_nothing_else(self, text: str) -> None:
        assert self.graph.match(text) is None


def test_error_of_words_with_too_many_parts() -> None:
    # 17 optional parts of one word are 131,072 words, that no list shows beforehand.
    template = "".join(f"[{letter}]" for letter in "abcdefghijklmnopqr") + "x"
    with pytest.raises(IntentError) as caught:
        sentences("go", template)
    assert str(caught.value) == (
        "a.yaml:6:9: the word graph grows beyond 200,000 words with this sentence\n"
        f"          - '{template}'\n"
        f"            {'^' * (len(template) + 2)}\n"
        "    1 before it: use fewer or shorter lists, or fewer brackets inside of words"
    )


PIECES = st.recursive(
    st.sampled_from(["a", "b", "a b", " a", "b ", "{n}", "{area:room}", "<r>"]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(" ".join),
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=1, max_size=3).map(lambda many: f"({'|'.join(many)})"),
        st.lists(inner, min_size=1, max_size=2).map(lambda many: f"[{'|'.join(many)}]"),
        st.lists(inner, min_size=1, max_size=3).map(lambda many: f"({';'.join(many)})"),
    ),
    max_leaves=8,
)
SMALL = """
lists:
  n: {range: {from: 1, to: 22}}
  area: {values: [a, b a, "c[d]"]}
expansion_rules: {r: "(a|<s>)", s: "{n} d"}
"""


def some_graph(templates: list[str]) -> IntentGraph:
    try:
        graph = sentences(*templates, more=SMALL)
    except IntentError:
        assume(False)
        raise
    # A few permutations of long lists are a million words: nothing new, and minutes of testing.
    known: dict[Network, int] = {}
    assume(sum(written_out(entry, known) for entry in graph.network.entries) < 20_000)
    return graph


@given(st.lists(PIECES, min_size=1, max_size=3), st.randoms())
def test_whatever_the_grammar_can_say_matches(templates: list[str], chance: random.Random) -> None:
    graph = some_graph(templates)
    grammar = compile_grammar(graph)
    for text in [*grammar.phrases, *(sample(grammar, chance.randrange) for _ in range(5))]:
        match = graph.match(text)
        assert match is not None, text
        assert match.text == text
        assert " ".join(normalise(text)) == text


@given(
    st.lists(PIECES, min_size=1, max_size=3),
    st.lists(st.sampled_from(["a", "b", "c", "cd", "d", "one", "twenty", "ab", "ba"]), max_size=6),
)
def test_the_grammar_accepts_what_matches_and_nothing_else(
    templates: list[str], words: list[str]
) -> None:
    graph = some_graph(templates)
    status = prefix_status(compile_grammar(graph), words)
    is_sentence = status in {PrefixStatus.COMPLETE, PrefixStatus.COMPLETE_FINAL}
    assert is_sentence == (graph.match(" ".join(words)) is not None)
