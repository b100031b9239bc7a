"""A grammar written out in phones."""

from __future__ import annotations

from hypothesis import given

from assistant.recognizers.phones.graph import PhoneGraph
from tests.recognizers.phones.reference import INVENTORY, LEXICON, Words, grammar_of, texts


def graph_of(sentences: set[Words]) -> PhoneGraph:
    return PhoneGraph.of(grammar_of(sentences), LEXICON, INVENTORY)


@given(texts())
def test_every_arc_is_said_in_every_way(sentences: set[Words]) -> None:
    grammar = grammar_of(sentences)
    graph = PhoneGraph.of(grammar, LEXICON, INVENTORY)
    written = {
        (int(graph.source[arc]), graph.text(arc), int(graph.target[arc])): {
            tuple(INVENTORY[unit - 1] for unit in way) for way in graph.ways(arc)
        }
        for arc in range(len(graph.word))
    }
    assert written == {
        (state, word, target): set(LEXICON[word])
        for state, arcs in enumerate(grammar.arcs)
        for word, target in arcs
        if LEXICON[word]
    }


@given(texts())
def test_children_are_those_whose_parent_a_place_is(sentences: set[Words]) -> None:
    graph = graph_of(sentences)
    states = len(grammar_of(sentences).arcs)
    parents = {
        child: place
        for place in range(len(graph.unit))
        for child in range(graph.first_child[place], graph.first_child[place + 1])
    }
    assert parents == {child: int(graph.parent[child]) for child in range(states, len(graph.unit))}


@given(texts())
def test_no_two_children_are_the_same_phone(sentences: set[Words]) -> None:
    graph = graph_of(sentences)
    for begin, end in zip(graph.first_child, graph.first_child[1:], strict=False):
        assert len(set(graph.unit[begin:end].tolist())) == end - begin


def test_words_that_begin_alike_share_their_phones() -> None:
    """A, B, B and A of "abba" are also "a" and "ab"."""
    graph = graph_of({("a",), ("ab",), ("abba",)})
    states = 2
    assert len(graph.unit) == states + 4


def test_word_is_told_as_soon_as_there_is_but_one() -> None:
    """The B of "ab" ends it, and all that comes after is of "abba"; no C has been before."""
    lexicon = {"ab": (("A", "B"),), "abba": (("A", "B", "B", "A"),), "ac": (("A", "C", "A"),)}
    graph = PhoneGraph.of(grammar_of({(word,) for word in lexicon}), lexicon, INVENTORY)
    told = sorted(
        (INVENTORY[graph.unit[place] - 1], graph.word_through(place))
        for place in range(len(grammar_of({("ab",)}).arcs), len(graph.unit))
    )
    assert told == [
        ("A", ""), ("A", "abba"), ("A", "ac"), ("B", "ab"), ("B", "abba"), ("C", "ac")
    ]  # fmt: skip
    assert graph.word_through(0) == ""


def test_equal_pronunciations_are_one() -> None:
    lexicon = {"a": (("A",), ("A",), ())}
    graph = PhoneGraph.of(grammar_of({("a",)}), lexicon, INVENTORY)
    assert graph.ways(0) == [[1]]


def test_grammar_of_unknown_words_has_no_arcs() -> None:
    assert len(graph_of({("unknown", "a")}).word) == 1
    assert len(graph_of({("unknown",)}).word) == 0
