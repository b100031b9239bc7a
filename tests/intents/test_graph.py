"""The graph: what it shares, how it grows, and that it reads as a list of all sentences would."""

from __future__ import annotations

import itertools
import json
import random
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import hassil
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.errors import IntentError
from assistant.intents.graph import build_graph
from assistant.intents.matcher import IntentGraph, compile_intents
from assistant.intents.model import IntentSet
from assistant.intents.network import Caller, Network, Node
from assistant.intents.scope import Scope
from assistant.intents.template import (
    AnyOrder,
    Choice,
    InlineList,
    ListReference,
    Part,
    RuleReference,
    Sequence,
    Words,
)
from assistant.intents.words import spell
from assistant.recognizers.grammar import compile_grammar, sample
from assistant.turn import Match
from assistant.values import SlotValue
from tests.intents.files import graph_of, load

# --- the reference: every sentence written out ----------------------------------------------------

MAXIMUM_WRITTEN_OUT = 3_000


@dataclass(frozen=True)
class Value:
    """A list value where it is used: its slot, what it means, and which use of it this is."""

    slot: str
    value: SlotValue | None
    use: int


# A sentence as characters, each with the value it belongs to.
Spelled = tuple[tuple[str, Value | None], ...]


class TooManyError(Exception):
    pass


@dataclass
class Writer:
    """Writes out templates, in the order of their alternatives."""

    scope: Scope
    uses: Iterator[int]

    def all_of(self, part: Part, value: Value | None = None) -> list[Spelled]:
        match part:
            case Words(text):
                return [tuple((character, value) for character in spell(text))]
            case Sequence(parts):
                found: list[Spelled] = [()]
                for one in parts:
                    found = bounded(a + b for a in found for b in self.all_of(one, value))
                return found
            case AnyOrder():
                return bounded(one for each in part.orders() for one in self.all_of(each, value))
            case Choice(options):
                return bounded(one for option in options for one in self.all_of(option, value))
            case RuleReference(name):
                return self.all_of(self.scope.trees[name], value)
            case InlineList():
                raise NotImplementedError
            case ListReference(name, slot):
                return bounded(
                    spelled
                    for one in self.scope.lists[name].values
                    for spelled in self.all_of(one.tree, Value(slot, one.value, next(self.uses)))
                )


def bounded(found: Iterator[Spelled]) -> list[Spelled]:
    first = list(itertools.islice(found, MAXIMUM_WRITTEN_OUT + 1))
    if len(first) > MAXIMUM_WRITTEN_OUT:
        raise TooManyError
    return first


Read = tuple[str, tuple[Value, ...]]


def words_of(spelled: Spelled) -> tuple[Read, ...]:
    """Words with the values that they are part of."""
    found = []
    for is_space, group in itertools.groupby(spelled, key=lambda one: one[0] == " "):
        characters = list(group)
        word = "".join(character for character, _ in characters).strip("'")
        if word and not is_space:
            values = dict.fromkeys(value for _, value in characters if value is not None)
            found.append((word, tuple(values)))
    return tuple(found)


@dataclass(frozen=True)
class Reading:
    """One way to read a sentence."""

    minus_literal: int
    template: int
    intent: str
    slots: tuple[tuple[str, SlotValue], ...]


class Reference:
    """Matches by looking the words up in the list of all sentences."""

    def __init__(self, intent_set: IntentSet) -> None:
        self.skip_words = intent_set.skip_words
        self.readings: dict[tuple[str, ...], list[Reading]] = {}
        outer = Scope(intent_set.lists, intent_set.rules)
        number = 0
        for intent in intent_set.intents.values():
            for block in intent.blocks:
                writer = Writer(outer.within(block.lists, block.rules), itertools.count())
                for template in block.sentences:
                    number += 1
                    for spelled in writer.all_of(template.tree):
                        self.add(words_of(spelled), number, intent.name, dict(block.slots))

    def add(
        self, read: tuple[Read, ...], number: int, intent: str, slots: dict[str, SlotValue]
    ) -> None:
        said: dict[Value, list[str]] = {}
        for word, values in read:
            for value in values:
                said.setdefault(value, []).append(word)
        for value, words in said.items():
            slots[value.slot] = " ".join(words) if value.value is None else value.value
        literal = sum(not values for _, values in read)
        one = Reading(-literal, number, intent, tuple(slots.items()))
        self.readings.setdefault(tuple(word for word, _ in read), []).append(one)

    def best(self, words: tuple[str, ...]) -> list[Reading]:
        """The readings with the most literal words; none when this is no sentence."""
        found = self.readings.get(words, [])
        if not found:
            left = set(self.left(words)) - {words}
            found = [one for rest in left for one in self.readings.get(rest, [])]
        least = min((one.minus_literal for one in found), default=None)
        return [one for one in found if one.minus_literal == least]

    def left(self, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        """What is left when skip words are left out, in every way."""
        if not words:
            yield ()
            return
        for rest in self.left(words[1:]):
            yield (words[0], *rest)
        for phrase in self.skip_words:
            if words[: len(phrase)] == phrase:
                yield from self.left(words[len(phrase) :])


# --- random small sets ----------------------------------------------------------------------------

PIECES = st.recursive(
    st.sampled_from(
        ["a", "b", "a b", " a", "b ", "'", "{n}", "{area}", "{area:room}", "<r>", "<maybe>", "<s>"]
    ),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(" ".join),
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=1, max_size=3).map(lambda many: f"({'|'.join(many)})"),
        st.lists(inner, min_size=1, max_size=2).map(lambda many: f"[{'|'.join(many)}]"),
        st.lists(inner, min_size=1, max_size=2).map(lambda many: f"({';'.join(many)})"),
    ),
    max_leaves=6,
)
SHARED = """
lists:
  n: {range: {from: 1, to: 3}}
  area: {values: [a, b a, "c[d]", {in: "a b", out: 5}, {in: [a, c], out: other}]}
expansion_rules: {r: "(a|<s>)", s: "{n} d", maybe: "[a [b]]"}
skip_words: [d, b a]
"""
OWN = "    lists: {area: {values: [a, d]}}\n    slots: {n: 7, own: 1}\n"
WORDS = ["a", "b", "c", "cd", "d", "one", "two", "ab", "ba"]


def small_set(templates: list[list[str]]) -> IntentSet:
    """One intent for each list of templates; the second has a list of its own."""
    text = "intents:\n"
    for index, of_intent in enumerate(templates):
        text += f"  I{index}:\n    reply: 'yes'\n{OWN if index == 1 else ''}    sentences:\n"
        quoted = [one.replace("'", "''") for one in of_intent]
        text += "".join(f"      - '{one}'\n" for one in quoted)
    try:
        return load(text + SHARED)
    except IntentError:
        assume(False)
        raise


@given(
    st.lists(st.lists(PIECES, min_size=1, max_size=2), min_size=1, max_size=3),
    st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5), max_size=4),
    st.randoms(),
)
def test_it_reads_as_the_list_of_all_sentences_does(
    templates: list[list[str]], others: list[list[str]], chance: random.Random
) -> None:
    intent_set = small_set(templates)
    try:
        reference = Reference(intent_set)
    except TooManyError:
        assume(False)
    graph = compile_intents(intent_set)
    said = [tuple(words) for words in others]
    known = sorted(reference.readings)
    said += [chance.choice(known) for _ in range(5)]
    for words in [*said, *(with_one_more(words, chance) for words in said)]:
        match = graph.match(" ".join(words))
        readings = reference.best(words)
        if match is None:
            assert readings == [], words
            continue
        values = tuple((slot.name, slot.value) for slot in match.slots)
        assert (match.intent, values) in [(one.intent, one.slots) for one in readings], words


def with_one_more(words: tuple[str, ...], chance: random.Random) -> tuple[str, ...]:
    """The words with a skip word in them somewhere."""
    at = chance.randrange(len(words) + 1)
    return (*words[:at], "d", *words[at:])


@given(st.lists(st.lists(PIECES, min_size=1, max_size=2), min_size=1, max_size=2))
def test_the_grammar_says_all_sentences_and_nothing_else(templates: list[list[str]]) -> None:
    intent_set = small_set(templates)
    try:
        expected = set(Reference(intent_set).readings)
    except TooManyError:
        assume(False)
    grammar = compile_grammar(compile_intents(intent_set))
    said = set()
    queue: deque[tuple[int, tuple[str, ...]]] = deque([(0, ())])
    while queue:
        state, words = queue.popleft()
        if state in grammar.final:
            said.add(words)
        queue.extend((target, (*words, word)) for word, target in grammar.arcs[state])
    assert said == expected


# --- what of equals wins, and whose names are meant -----------------------------------------------


def values_of(match: Match | None) -> dict[str, SlotValue] | None:
    return match.values() if match else None


def test_of_equal_readings_the_first_written_wins() -> None:
    graph = graph_of(
        """
        intents:
          Go: {sentences: ["go ({a:x}|{a:y})", "{a} [{a:y}] [{a:z}]"], reply: "yes"}
        lists: {a: {values: [home, home home]}}
        """
    )
    assert values_of(graph.match("go home")) == {"x": "home"}
    assert values_of(graph.match("home home")) == {"a": "home home"}, "one value tells more"
    assert values_of(graph.match("home home home")) == {"a": "home", "y": "home home"}
    assert values_of(graph.match("home home home home")) == {"a": "home home", "y": "home home"}


def test_a_rule_means_the_lists_of_the_block_that_uses_it() -> None:
    graph = graph_of(
        """
        intents:
          Outer: {sentences: ["go <where>"], reply: "yes"}
          Inner:
            sentences: ["drive <where>"]
            reply: "yes"
            lists: {place: {values: [there]}}
        lists: {place: {values: [here]}}
        expansion_rules: {where: "<right> {place}", right: "[right]"}
        """
    )
    said = ["go right here", "go there", "drive here", "drive right there"]
    assert [text for text in said if graph.match(text)] == ["go right here", "drive right there"]


# --- growth ---------------------------------------------------------------------------------------


def nodes_of(network: Network) -> set[Node]:
    """All nodes that stand behind a network."""
    seen: set[Node] = set()
    waiting = list(network.entries)
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        for label, target, *_ in node.arcs:
            waiting.append(target)
            if isinstance(label, Caller):
                waiting += label.network.entries
    return seen


def house(templates: int, names: int) -> IntentSet:
    sentences = [f"[please] turn {word(index)} (on|off) in {{name}}" for index in range(templates)]
    lines = "".join(f"      - '{one}'\n" for one in sentences)
    values = ", ".join(f"{word(index)} room" for index in range(names))
    return load(
        f"intents:\n  Turn:\n    reply: 'yes'\n    sentences:\n{lines}"
        f"lists: {{name: {{values: [{values}]}}}}\n"
    )


def word(index: int) -> str:
    """A word of letters."""
    return "".join("abcdefghij"[int(digit)] for digit in f"{index:03}")


def size(templates: int, names: int) -> int:
    network, _ = build_graph(house(templates, names))
    return len(nodes_of(network))


def test_a_list_is_in_the_graph_once() -> None:
    assert size(40, 100) - size(40, 10) == size(1, 100) - size(1, 10)
    assert size(40, 100) - size(1, 100) == size(40, 10) - size(1, 10)


def states_known(graph: IntentGraph) -> int:
    return sum(state.known for state in graph.network._states.values())


def test_matching_goes_through_as_many_states_however_many_templates_there_are() -> None:
    """Templates that begin alike share their states, so a sentence meets one at each word."""
    few, many = compile_intents(house(5, 5)), compile_intents(house(400, 100))
    for graph in (few, many):
        assert graph.match("please turn aab off in aac room") is not None
    assert states_known(few) == states_known(many) == 6


# --- limits ---------------------------------------------------------------------------------------

TOO_MANY = """
intents:
  A: {sentences: ["a {n} {n}"], reply: "yes"}
  B: {sentences: ["b <big> <big>"], reply: "yes"}
lists:
  n: {range: {from: 1, to: 1000}}
expansion_rules:
  big: "<bigger> <bigger> <bigger> <bigger> <bigger> <bigger>"
  bigger: "{n} {n} {n} {n} {n} {n} {n} {n} {n} {n} {n} {n}"
"""


def test_what_is_too_large_to_listen_for_can_be_matched() -> None:
    graph = graph_of(TOO_MANY)
    match = graph.match(f"b {'12 ' * 144}")
    assert match is not None
    assert match.values() == {"n": 12}
    assert compile_grammar(graph, {"A"}).phrases


def test_error_of_a_grammar_that_is_too_large() -> None:
    with pytest.raises(IntentError) as caught:
        compile_grammar(graph_of(TOO_MANY))
    assert str(caught.value) == (
        "a.yaml:4:19: all sentences together are 1,127,706 words to listen for; at most "
        "1,000,000 are possible, and this one needs the most: 1,112,257\n"
        """      B: {sentences: ["b <big> <big>"], reply: "yes"}\n"""
        "                      ^^^^^^^^^^^^^^^\n"
        "    use fewer or shorter lists"
    )


def test_whatever_a_large_grammar_can_say_matches() -> None:
    graph = compile_intents(house(200, 50))
    grammar = compile_grammar(graph)
    for seed in range(20):
        assert graph.match(sample(grammar, random.Random(seed).randrange)) is not None  # noqa: S311


# --- hassil, where both can do the same -----------------------------------------------------------

HASSIL_PIECES = st.lists(
    st.sampled_from(
        ["turn", "on", "[the]", "(light|lamp)[s]", "{area}", "[in {area:room}]", "<r>", "[please]"]
    ),
    min_size=1,
    max_size=5,
    unique=True,
).map(" ".join)
HASSIL_LISTS = {"area": {"values": ["kitchen", "living room", "hall"]}}
HASSIL_RULES = {"r": "(all|every) (door|window)[s]"}


@given(st.lists(HASSIL_PIECES, min_size=1, max_size=4), st.randoms())
def test_hassil_finds_an_intent_where_we_do(templates: list[str], chance: random.Random) -> None:
    """The sentences of one are those of the other; each template is an intent of its own."""
    by_name = {f"I{index}": template for index, template in enumerate(templates)}
    ours = json.dumps(
        {
            "intents": {n: {"reply": "yes", "sentences": [t]} for n, t in by_name.items()},
            "lists": HASSIL_LISTS,
            "expansion_rules": HASSIL_RULES,
        }
    )
    theirs = hassil.Intents.from_dict(
        {
            "language": "en",
            "intents": {n: {"data": [{"sentences": [t]}]} for n, t in by_name.items()},
            "lists": HASSIL_LISTS,
            "expansion_rules": HASSIL_RULES,
        }
    )
    try:
        graph = graph_of(ours)
    except IntentError:
        assume(False)
    grammar = compile_grammar(graph)
    for _ in range(3):
        text = sample(grammar, chance.randrange)
        match = graph.match(text)
        assert match is not None
        found = {result.intent.name: result for result in hassil.recognize_all(text, theirs)}
        assert match.intent in found
        said = {slot.name: slot.value for slot in match.slots}
        every = [
            {name: entity.value for name, entity in result.entities.items()}
            for result in hassil.recognize_all(text, theirs)
            if result.intent.name == match.intent
        ]
        assert said in every
        some_word = chance.choice(text.split())
        wrong = text.replace(some_word, "xyzzy", 1)
        assert graph.match(wrong) is None
        assert not list(hassil.recognize_all(wrong, theirs))
