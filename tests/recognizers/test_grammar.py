"""The grammar that recognizers hear, and the questions to it."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.intents.acceptor import minimise
from assistant.ports import Grammar
from assistant.recognizers.grammar import (
    PrefixStatus,
    compile_grammar,
    count_sentences,
    doubled,
    either,
    fits_open,
    is_sentence,
    longest_sentence,
    make_grammar,
    prefix_status,
    sample,
    with_prefix,
    without_prefix,
    without_words,
)
from tests.intents.files import graph_of, sentences

LIGHTS = compile_grammar(
    sentences("turn (on|off) [the] light [in the kitchen]", "light on", "stop [it]")
)


def grammar_of(texts: set[tuple[str, ...]]) -> Grammar:
    arcs: list[dict[str, list[int]]] = []
    starts, final = [], set()
    for words in texts:
        starts.append(len(arcs))
        for word in words:
            arcs.append({word: [len(arcs) + 1]})
        final.add(len(arcs))
        arcs.append({})
    return make_grammar(*minimise(starts, arcs.__getitem__, final))


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", PrefixStatus.BEGINNING),
        ("turn", PrefixStatus.BEGINNING),
        ("turn on the", PrefixStatus.BEGINNING),
        ("turn on the light", PrefixStatus.COMPLETE),
        ("turn on light in", PrefixStatus.BEGINNING),
        ("turn on the light in the kitchen", PrefixStatus.COMPLETE_FINAL),
        ("light on", PrefixStatus.COMPLETE_FINAL),
        ("stop", PrefixStatus.COMPLETE),
        ("stop it", PrefixStatus.COMPLETE_FINAL),
        ("on", PrefixStatus.OUTSIDE),
        ("turn on the light now", PrefixStatus.OUTSIDE),
        ("stop it now", PrefixStatus.OUTSIDE),
    ],
)
def test_prefix_status(text: str, status: PrefixStatus) -> None:
    assert prefix_status(LIGHTS, text.split()) is status


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("turn on the light in the", "turn on the light"),
        ("turn on the light", "turn on the light"),
        ("stop turn on", "stop"),
        ("turn on", ""),
        ("dance", ""),
        ("", ""),
    ],
)
def test_longest_sentence(text: str, expected: str) -> None:
    assert longest_sentence(LIGHTS, text.split()) == expected


def test_only_some_intents() -> None:
    graph = graph_of(
        """
        intents:
          Stop: {sentences: [stop it], action: assistant.stop}
          Start: {sentences: [start it, stop now], reply: "yes"}
        """
    )
    grammar = compile_grammar(graph, {"Start"})
    assert count_sentences(grammar) == 2
    assert set(grammar.phrases) == {"start it", "stop now"}
    assert count_sentences(compile_grammar(graph, {"None"})) == 0
    assert compile_grammar(graph, {"None"}).phrases == ()


def test_words_and_sentences() -> None:
    assert LIGHTS.words() == (
        "in", "it", "kitchen", "light", "off", "on", "stop", "the", "turn",
    )  # fmt: skip
    assert count_sentences(LIGHTS) == 8 + 1 + 2


class TestWithPrefix:
    grammar = with_prefix(LIGHTS, ["hey jarvis", "jarvis", "turn", ""])

    def test_the_prefix_may_be_said_or_not(self) -> None:
        for said in ("stop", "jarvis stop", "hey jarvis stop", "turn turn on the light"):
            assert prefix_status(self.grammar, said.split()) in {
                PrefixStatus.COMPLETE,
                PrefixStatus.COMPLETE_FINAL,
            }

    def test_but_not_alone_or_twice(self) -> None:
        assert prefix_status(self.grammar, ["jarvis"]) is PrefixStatus.BEGINNING
        assert prefix_status(self.grammar, ["hey", "stop"]) is PrefixStatus.OUTSIDE
        assert prefix_status(self.grammar, ["jarvis", "jarvis"]) is PrefixStatus.OUTSIDE

    def test_no_prefix_is_the_same_grammar(self) -> None:
        assert with_prefix(LIGHTS, []) == LIGHTS

    def test_it_can_be_taken_off_again(self) -> None:
        phrases = ["jarvis", "hey jarvis"]
        assert without_prefix("hey jarvis stop it", phrases) == "stop it"
        assert without_prefix("jarvis", phrases) == ""
        assert without_prefix("stop jarvis", phrases) == "stop jarvis"


SENTENCES = st.sets(
    st.lists(st.sampled_from("abcd"), min_size=1, max_size=5).map(tuple), min_size=1, max_size=30
)


@given(SENTENCES)
def test_phrases_are_sentences_that_use_every_arc(texts: set[tuple[str, ...]]) -> None:
    grammar = grammar_of(texts)
    used = set()
    for phrase in grammar.phrases:
        words = phrase.split()
        assert tuple(words) in texts
        state = 0
        for word in words:
            used.add((state, word))
            state = dict(grammar.arcs[state])[word]
    assert used == {(s, word) for s, arcs in enumerate(grammar.arcs) for word, _ in arcs}


@given(SENTENCES)
def test_count(texts: set[tuple[str, ...]]) -> None:
    assert count_sentences(grammar_of(texts)) == len(texts)


@given(SENTENCES, SENTENCES)
def test_either_grammar(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> None:
    assert either(grammar_of(one), grammar_of(other)) == grammar_of(one | other)


@given(SENTENCES, st.randoms())
def test_samples_are_sentences(texts: set[tuple[str, ...]], chance: random.Random) -> None:
    assert tuple(sample(grammar_of(texts), chance.randrange).split()) in texts


@given(SENTENCES, st.lists(st.sampled_from("abcd"), max_size=6))
def test_status_and_longest_sentence_are_what_a_list_of_sentences_says(
    texts: set[tuple[str, ...]], words: list[str]
) -> None:
    grammar = grammar_of(texts)
    said = tuple(words)
    longer = [text for text in texts if text[: len(said)] == said]
    if not longer:
        expected = PrefixStatus.OUTSIDE
    elif said not in texts:
        expected = PrefixStatus.BEGINNING
    else:
        expected = PrefixStatus.COMPLETE_FINAL if longer == [said] else PrefixStatus.COMPLETE
    assert prefix_status(grammar, words) is expected
    ends = [said[:count] for count in range(len(said), 0, -1)]
    assert longest_sentence(grammar, words) == " ".join(
        next((text for text in ends if text in texts), ())
    )


def test_a_large_intent_becomes_a_small_grammar() -> None:
    """As an order of coffee: the parts in any order, each of them optional."""
    parts = ["{size}", "{roast}", "{shots}"]
    templates = [
        f"(brew|can I get|make me|I'd like) [a|an] {' '.join(order)} {{drink}}{milk}"
        for count in range(4)
        for order in itertools.permutations(parts, count)
        for milk in ("", " with {milk}", " with {milk} and {sugar}", " with {sugar} and {milk}")
    ]
    assert len(templates) == 64
    amounts = ["", "some ", "a little bit of ", "a lot of ", "lots of "]
    lists = {
        "size": ["small", "medium", "large", "twelve ounce", "sixteen ounce"],
        "roast": ["light roast", "dark roast"],
        "shots": ["single shot", "double shot"],
        "drink": ["coffee", "iced coffee", "house coffee", "latte", "mocha", "espresso"],
        "milk": [f"{a}{m}" for a in amounts for m in ("milk", "soy milk", "whole milk", "cream")],
        "sugar": [f"{a}{s}" for a in amounts for s in ("sugar", "brown sugar", "honey")],
    }
    file = ["intents:", "  Order:", "    reply: 'yes'", "    sentences:"]
    file += [f'      - "{template}"' for template in templates]
    file += ["lists:", *(f"  {name}: {{values: [{', '.join(v)}]}}" for name, v in lists.items())]
    graph = graph_of("\n".join(file))
    grammar = compile_grammar(graph)
    assert len(grammar.arcs) < 60
    assert count_sentences(grammar) > 1_000_000
    for seed in range(50):
        assert graph.match(sample(grammar, random.Random(seed).randrange)) is not None  # noqa: S311


# --- two sentences, joined ------------------------------------------------------------------------


def joined_light() -> Grammar:
    graph = sentences("light on", "light (off|on and off)")
    return replace(compile_grammar(graph), joining=(("and",), ("and", "then")))


def test_a_doubled_grammar_says_one_sentence_or_two() -> None:
    words = count_sentences(doubled(joined_light()))
    assert words == 3 + 3 * 2 * 3
    both = doubled(joined_light())
    for said in ("light on", "light on and off and then light off", "light on and light on"):
        assert longest_sentence(both, said.split()) == said
    assert longest_sentence(both, ["light", "on", "and", "then", "off"]) == "light on"
    assert longest_sentence(both, ["light", "on"] * 3) == "light on"


def test_a_grammar_without_joining_words_or_too_large_stays_as_it_is() -> None:
    grammar = compile_grammar(sentences("light on"))
    assert doubled(grammar) is grammar


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("light on", PrefixStatus.COMPLETE),
        ("light off", PrefixStatus.COMPLETE_FINAL),
        ("light off and", PrefixStatus.BEGINNING),
        ("light off and then", PrefixStatus.BEGINNING),
        ("light off and then light", PrefixStatus.BEGINNING),
        ("light on and light off", PrefixStatus.COMPLETE_FINAL),
        ("light off and light on", PrefixStatus.COMPLETE),
        ("light off then", PrefixStatus.OUTSIDE),
        ("and light off", PrefixStatus.OUTSIDE),
        ("light off and off", PrefixStatus.OUTSIDE),
    ],
)
def test_what_the_second_of_two_sentences_is_counts(said: str, status: PrefixStatus) -> None:
    assert prefix_status(joined_light(), said.split()) is status


NOTES = compile_grammar(
    sentences(
        "note {text}",
        "add {item} to my list",
        "remind me to {text} at (seven|eight)",
        "stop [it]",
        more="lists: {item: {wildcard: true, values: [milk, bread]}}\n",
    )
)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("note", PrefixStatus.BEGINNING),
        # Any words may go on, so nothing says that they have ended.
        ("note call bob", PrefixStatus.BEGINNING),
        ("add red apples", PrefixStatus.BEGINNING),
        ("add red apples to my list", PrefixStatus.COMPLETE),
        ("add milk to my list", PrefixStatus.COMPLETE_FINAL),
        ("remind me to meet bob at eight", PrefixStatus.COMPLETE),
        ("remind me", PrefixStatus.BEGINNING),
        ("remind bob", PrefixStatus.OUTSIDE),
        ("stop", PrefixStatus.COMPLETE),
    ],
)
def test_prefix_status_where_any_words_may_be_said(text: str, status: PrefixStatus) -> None:
    assert prefix_status(NOTES, text.split()) is status


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("note x", True),
        ("note", False),
        ("add red apples to my list", True),
        ("add to my list", False),
        ("add it to my list to my list", True),
        ("remind me to go at eight at seven", True),
        ("remind me to go at nine", False),
        ("stop", False),
        ("", False),
    ],
)
def test_sentences_that_take_any_words(text: str, fits: bool) -> None:
    assert fits_open(NOTES, text.split()) is fits


def test_likely_values_are_in_the_grammar_and_other_words_are_not() -> None:
    assert longest_sentence(NOTES, ["add", "milk", "to", "my", "list"])
    assert is_sentence(NOTES, ["add", "milk", "to", "my", "list"])
    assert not is_sentence(NOTES, ["add", "apples", "to", "my", "list"])
    assert NOTES.words() == ("add", "bread", "it", "list", "milk", "my", "stop", "to")


def test_a_grammar_that_takes_no_other_words_has_no_open_one() -> None:
    assert LIGHTS.open is None
    assert not fits_open(LIGHTS, ["stop"])


def test_the_wake_word_may_begin_sentences_that_take_any_words() -> None:
    both = with_prefix(NOTES, ["hey jarvis"])
    assert fits_open(both, ["hey", "jarvis", "note", "that"])
    assert fits_open(both, ["note", "that"])
    assert not fits_open(both, ["hey", "note", "that"])


def test_sentences_with_some_words_are_left_out_and_no_others() -> None:
    rest = without_words(LIGHTS, {"kitchen", "off"})
    assert count_sentences(rest) == 5  # turn on [the] light; light on; stop [it]
    assert not {"kitchen", "off", "in"} & set(rest.words())
    assert {word for phrase in rest.phrases for word in phrase.split()} == set(rest.words())


FAN = """
    intents:
      Fan:
        reply: "Yes."
        data:
          - sentences: ["fan on", "fan {text}"]
          - sentences: ["[please] turn the fan on", "make {text} turn"]
            heard: false
"""


def test_what_is_only_text_is_not_listened_for() -> None:
    graph = graph_of(FAN)
    assert graph.match("please turn the fan on") is not None
    for grammar in (compile_grammar(graph), compile_grammar(graph, ["Fan"])):
        assert grammar.phrases == ("fan on",)
        assert fits_open(grammar, ["fan", "slowly"])
        assert not fits_open(grammar, ["make", "it", "turn"])


def test_where_all_is_only_text_there_is_nothing_to_listen_for() -> None:
    grammar = compile_grammar(
        graph_of(
            FAN.replace(
                'sentences: ["fan on", "fan {text}"]',
                'sentences: ["fan on"]\n            heard: false',
            )
        )
    )
    assert grammar.phrases == ()
    assert grammar.final == frozenset()
