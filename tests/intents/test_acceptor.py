"""Minimal acceptors: as many states as needed, and the same sentences."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.intents.acceptor import Arcs, minimise


def acceptor_of(sentences: set[tuple[str, ...]]) -> tuple[Arcs, frozenset[int]]:
    """Minimise a source in which each sentence has a chain of states of its own."""
    arcs: list[dict[str, list[int]]] = []
    starts, final = [], set()
    for words in sentences:
        starts.append(len(arcs))
        for word in words:
            arcs.append({word: [len(arcs) + 1]})
        final.add(len(arcs))
        arcs.append({})
    return minimise(starts, arcs.__getitem__, final)


def language(arcs: Arcs, final: frozenset[int], state: int = 0) -> set[tuple[str, ...]]:
    """List all sentences."""
    found: set[tuple[str, ...]] = {()} if state in final else set()
    for word, target in arcs[state]:
        found |= {(word, *rest) for rest in language(arcs, final, target)}
    return found


def test_shared_beginnings_and_ends_are_one() -> None:
    sentences: set[tuple[str, ...]] = {
        ("turn", where, what) for where in ("on", "off") for what in ("it", "that")
    }
    assert acceptor_of(sentences) == (
        ((("turn", 1),), (("off", 2), ("on", 2)), (("it", 3), ("that", 3)), ()),
        frozenset({3}),
    )


def test_no_sentence() -> None:
    assert minimise([], lambda _: {}, set()) == (((),), frozenset())


SENTENCES = st.sets(st.lists(st.sampled_from("abc"), max_size=5).map(tuple), max_size=30)


@given(SENTENCES)
def test_the_sentences_stay_the_same(sentences: set[tuple[str, ...]]) -> None:
    assert language(*acceptor_of(sentences)) == sentences


@given(SENTENCES)
def test_no_two_states_accept_the_same(sentences: set[tuple[str, ...]]) -> None:
    arcs, final = acceptor_of(sentences)
    ends = [frozenset(language(arcs, final, state)) for state in range(len(arcs))]
    assert len(set(ends)) == len(ends)
    assert all(ends) or not sentences


@given(SENTENCES)
def test_arcs_are_sorted_by_word_and_each_word_leads_to_one_state(
    sentences: set[tuple[str, ...]],
) -> None:
    for arcs in acceptor_of(sentences)[0]:
        words = [word for word, _ in arcs]
        assert words == sorted(set(words))
