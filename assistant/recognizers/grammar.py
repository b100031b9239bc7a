"""The grammar that recognizers hear, made from the intents, and questions to it.

A grammar is a small automaton (``ports.Grammar``); all questions are walks over its arcs.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import Enum

from assistant.intents.acceptor import Arcs, minimise
from assistant.intents.matcher import IntentGraph
from assistant.ports import ANY_WORDS, Grammar

# States of a grammar that is doubled: larger ones would take long, and be slow to recognise with.
MAXIMUM_DOUBLED = 5_000


class PrefixStatus(Enum):
    """What the words heard so far are in the grammar."""

    COMPLETE_FINAL = "complete_final"  # a sentence, and nothing can follow
    COMPLETE = "complete"  # a sentence that could go on
    BEGINNING = "beginning"  # not yet a sentence
    OUTSIDE = "outside"  # no beginning of any sentence


_WHOLE = (PrefixStatus.COMPLETE, PrefixStatus.COMPLETE_FINAL)


def compile_grammar(graph: IntentGraph, intents: Collection[str] | None = None) -> Grammar:
    """Make the grammar of all intents, or of those named."""
    arcs, final = graph.open_acceptor(ANY_WORDS, intents)
    return replace(
        make_grammar(*graph.acceptor(intents)), open=make_grammar(arcs, final) if final else None
    )


def make_grammar(arcs: Arcs, final: frozenset[int]) -> Grammar:
    """Make a grammar from a minimal acceptor, and find its phrases."""
    return Grammar(arcs, final, _covering_phrases(arcs, final))


def prefix_status(grammar: Grammar, words: Sequence[str]) -> PrefixStatus:
    """Say what ``words`` are: a sentence, the beginning of one, or neither.

    A sentence that takes any words is a beginning for as long as they may go on. Of two sentences
    that are joined, what the second one is. That another one could follow leaves the first one
    final.
    """
    status = closed_status(grammar, words)
    return _open_status(grammar, words) if status is PrefixStatus.OUTSIDE else status


def is_sentence(grammar: Grammar, words: Sequence[str]) -> bool:
    """Tell whether ``words`` are a sentence, or two that are joined; one of the arcs alone."""
    return closed_status(grammar, words) in _WHOLE


def is_whole(grammar: Grammar, words: Sequence[str]) -> bool:
    """Tell whether ``words`` are a sentence, be it of the arcs or one that takes any words."""
    return is_sentence(grammar, words) or fits_open(grammar, words)


def closed_status(grammar: Grammar, words: Sequence[str]) -> PrefixStatus:
    """Say what ``words`` are, sentences that take any words left aside."""
    status = _status(grammar, words)
    if status is not PrefixStatus.OUTSIDE:
        return status
    for begin, end in _joints(words, grammar.joining):
        if _status(grammar, words[:begin]) in _WHOLE:
            second = _status(grammar, words[end:])
            if second is not PrefixStatus.OUTSIDE:
                return second
    return PrefixStatus.OUTSIDE


def _joints(
    words: Sequence[str], joining: Collection[tuple[str, ...]]
) -> Iterator[tuple[int, int]]:
    """Where words that join sentences begin and end."""
    for begin in range(1, len(words)):
        for phrase in joining:
            if tuple(words[begin : begin + len(phrase)]) == phrase:
                yield begin, begin + len(phrase)


def _status(grammar: Grammar, words: Sequence[str]) -> PrefixStatus:
    state = _walk(grammar, words)
    if state is None:
        return PrefixStatus.OUTSIDE
    if state not in grammar.final:
        return PrefixStatus.BEGINNING
    return PrefixStatus.COMPLETE if grammar.arcs[state] else PrefixStatus.COMPLETE_FINAL


def _open_status(grammar: Grammar, words: Sequence[str]) -> PrefixStatus:
    places = _open_walk(grammar, words)
    if not places or grammar.open is None:
        return PrefixStatus.OUTSIDE
    ends = any(state in grammar.open.final and not within for state, within in places)
    return PrefixStatus.COMPLETE if ends else PrefixStatus.BEGINNING


def fits_open(grammar: Grammar, words: Sequence[str]) -> bool:
    """Tell whether ``words`` are a sentence that takes any words."""
    return grammar.open is not None and any(
        state in grammar.open.final for state, _ in _open_walk(grammar, words)
    )


def _open_walk(grammar: Grammar, words: Sequence[str]) -> set[tuple[int, bool]]:
    """The states of the open grammar after ``words``, each with whether it is amid any words."""
    places = {(0, False)} if grammar.open is not None else set()
    for word in words:
        following: set[tuple[int, bool]] = set()
        for state, within in places:
            if within:
                following.add((state, True))
            for label, within_next in ((word, False), (ANY_WORDS, True)):
                target = _step(grammar.open, state, label) if grammar.open is not None else None
                if target is not None:
                    following.add((target, within_next))
        places = following
    return places


def longest_sentence(grammar: Grammar, words: Sequence[str]) -> str:
    """Drop words from the end until the rest is a sentence; '' if none is."""
    state: int | None = 0
    length = 0
    for count, word in enumerate(words, start=1):
        state = _step(grammar, state, word) if state is not None else None
        if state is not None and state in grammar.final:
            length = count
    return " ".join(words[:length])


def sample(grammar: Grammar, pick: Callable[[int], int]) -> str:
    """Make up a sentence. ``pick(n)`` chooses from 0 to n - 1, as random.randrange does."""
    state = 0
    words: list[str] = []
    while True:
        arcs = grammar.arcs[state]
        # One more choice where a sentence may end.
        choice = pick(len(arcs) + (state in grammar.final))
        if choice == len(arcs):
            return " ".join(words)
        word, state = arcs[choice]
        words.append(word)


def count_sentences(grammar: Grammar) -> int:
    """How many sentences there are."""
    counts: dict[int, int] = {}
    for state in _deepest_first(grammar.arcs):
        counts[state] = (state in grammar.final) + sum(
            counts[target] for _, target in grammar.arcs[state]
        )
    return counts[0]


def with_prefix(grammar: Grammar, phrases: Collection[str]) -> Grammar:
    """Let every sentence also begin with one of ``phrases``, such as "hey jarvis"."""
    extra: list[dict[str, list[int]]] = []
    size = len(grammar.arcs)
    starts = [0]
    for phrase in phrases:
        words = phrase.split()
        if not words:
            continue
        starts.append(size + len(extra))
        for index, word in enumerate(words):
            last = index == len(words) - 1
            extra.append({word: [0 if last else size + len(extra) + 1]})

    def arcs_of(state: int) -> Mapping[str, Collection[int]]:
        if state >= size:
            return extra[state - size]
        return {word: (target,) for word, target in grammar.arcs[state]}

    prefixed = make_grammar(*minimise(starts, arcs_of, grammar.final))
    return replace(
        grammar,
        arcs=prefixed.arcs,
        final=prefixed.final,
        phrases=prefixed.phrases,
        prefixes=(*grammar.prefixes, *phrases),
        open=grammar.open and with_prefix(grammar.open, phrases),
    )


def without_words(grammar: Grammar, words: Collection[str]) -> Grammar:
    """Leave out the sentences with one of these words."""

    def arcs_of(state: int) -> Mapping[str, Collection[int]]:
        return {word: (target,) for word, target in grammar.arcs[state] if word not in words}

    rest = make_grammar(*minimise([0], arcs_of, grammar.final))
    return replace(grammar, arcs=rest.arcs, final=rest.final, phrases=rest.phrases)


def doubled(grammar: Grammar) -> Grammar:
    """Let two sentences be said, joined by one of the grammar's ``joining`` phrases."""
    size = len(grammar.arcs)
    if not grammar.joining or size > MAXIMUM_DOUBLED:
        return grammar
    # The first sentence has the states of the grammar, the second those after it; and those after
    # them are within the phrases: a state for each of their beginnings.
    within: dict[tuple[str, ...], int] = {}
    for phrase in grammar.joining:
        for length in range(1, len(phrase)):
            within.setdefault(phrase[:length], 2 * size + len(within))
    after: dict[int, dict[str, list[int]]] = {state: {} for state in within.values()}
    begin: dict[str, list[int]] = {}
    for phrase in grammar.joining:
        for length in range(1, len(phrase) + 1):
            to = size if length == len(phrase) else within[phrase[:length]]
            arcs = begin if length == 1 else after[within[phrase[: length - 1]]]
            targets = arcs.setdefault(phrase[length - 1], [])
            if to not in targets:
                targets.append(to)

    def arcs_of(state: int) -> Mapping[str, Collection[int]]:
        if state >= 2 * size:
            return after[state]
        if state >= size:
            return {word: (target + size,) for word, target in grammar.arcs[state - size]}
        arcs = {word: [target] for word, target in grammar.arcs[state]}
        for word, targets in begin.items() if state in grammar.final else ():
            arcs.setdefault(word, []).extend(targets)
        return arcs

    final = grammar.final | {state + size for state in grammar.final}
    both = make_grammar(*minimise([0], arcs_of, final))
    return replace(grammar, arcs=both.arcs, final=both.final, phrases=both.phrases, joining=())


def either(grammar: Grammar, other: Grammar) -> Grammar:
    """Put the sentences of two grammars together; the rest is as the first one says."""
    size = len(grammar.arcs)

    def arcs_of(state: int) -> Mapping[str, Collection[int]]:
        if state >= size:
            return {word: (target + size,) for word, target in other.arcs[state - size]}
        return {word: (target,) for word, target in grammar.arcs[state]}

    final = grammar.final | {state + size for state in other.final}
    both = make_grammar(*minimise([0, size], arcs_of, final))
    return replace(grammar, arcs=both.arcs, final=both.final, phrases=both.phrases)


def without_prefix(text: str, phrases: Collection[str]) -> str:
    """Take one of ``phrases`` (the longest that fits) off the beginning of a text."""
    words = text.split()
    for phrase in sorted((phrase.split() for phrase in phrases), key=len, reverse=True):
        if phrase and words[: len(phrase)] == phrase:
            return " ".join(words[len(phrase) :])
    return " ".join(words)


def _step(grammar: Grammar, state: int, word: str) -> int | None:
    arcs = grammar.arcs[state]
    index = bisect_left(arcs, (word, -1))
    return arcs[index][1] if index < len(arcs) and arcs[index][0] == word else None


def _walk(grammar: Grammar, words: Sequence[str]) -> int | None:
    state = 0
    for word in words:
        following = _step(grammar, state, word)
        if following is None:
            return None
        state = following
    return state


def _deepest_first(arcs: Arcs) -> list[int]:
    """States so that every arc leads to an earlier one of the result."""
    order: list[int] = []
    done: set[int] = set()
    stack = [0]
    while stack:
        state = stack[-1]
        waiting = [target for _, target in arcs[state] if target not in done]
        if waiting and state not in done:
            stack += waiting
            continue
        stack.pop()
        if state not in done:
            done.add(state)
            order.append(state)
    return order


def _covering_phrases(arcs: Arcs, final: frozenset[int]) -> tuple[str, ...]:
    """Find sentences that use every arc: to an arc by the shortest way, on by unused arcs.

    This is greedy: the fewest possible would take a flow computation and save little.
    """
    way_in = _shortest_ways_in(arcs)
    way_out = _shortest_ways_out(arcs, final)
    unused = [dict.fromkeys(range(len(of_state))) for of_state in arcs]
    phrases = []
    for state in range(len(arcs)):
        while unused[state]:
            words = []
            at = state
            for before, index in way_in[state]:
                unused[before].pop(index, None)
                words.append(arcs[before][index][0])
            while unused[at] or at not in final:
                index = next(iter(unused[at]), way_out[at])
                unused[at].pop(index, None)
                word, at = arcs[at][index]
                words.append(word)
            phrases.append(" ".join(words))
    return tuple(phrases)


def _shortest_ways_in(arcs: Arcs) -> dict[int, tuple[tuple[int, int], ...]]:
    """From the start to each state: (state, index of the arc) one after the other."""
    ways: dict[int, tuple[tuple[int, int], ...]] = {0: ()}
    queue = deque([0])
    while queue:
        state = queue.popleft()
        for index, (_, target) in enumerate(arcs[state]):
            if target not in ways:
                ways[target] = (*ways[state], (state, index))
                queue.append(target)
    return ways


def _shortest_ways_out(arcs: Arcs, final: frozenset[int]) -> dict[int, int]:
    """For each state the index of the arc that is next on the shortest way to an end."""
    distance: dict[int, int] = {}
    way: dict[int, int] = {}
    for state in _deepest_first(arcs):
        if arcs[state]:
            distances = [distance[target] for _, target in arcs[state]]
            way[state] = distances.index(min(distances))
            distance[state] = distances[way[state]] + 1
        if state in final or not arcs[state]:
            distance[state] = 0
    return way
