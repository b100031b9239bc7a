"""Explaining: which sentence won and why, what slots are, and what was nearly said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.intents.approximate import Proposer
from assistant.intents.circumstances import NO_TIME, Circumstances
from assistant.intents.explanation import Explanation, Meaning, Source, explain
from assistant.intents.gains import Counts
from assistant.intents.matcher import IntentGraph
from assistant.intents.search import Difference
from assistant.values import plain
from tests.intents.files import graph_of, sentences

HERE = Circumstances(NO_TIME)
HOUSE = """
intents:
  Switch:
    sentences: ["turn (on|off) [the] {thing}", "switch {state:on|off} [the] {thing+}"]
    reply: "yes"
  Play:
    sentences: ["play {music}", "play {song} by {artist}"]
    reply: "yes"
  PlayMine: {sentences: [play my music], reply: "yes"}
  Wait:
    sentences: ["wait [for] {length}"]
    slots: {mood: patient}
    reply: "yes"
  Light:
    data:
      - sentences: ["light[s] on"]
        requires_context: {area: {slot: true}}
    reply: "yes"
lists:
  thing: {values: [fan, lamp, radio], remembered: true}
  music: {values: [jazz, my music, anything by anyone]}
  song: {wildcard: true}
  artist: {wildcard: true}
slot_types:
  types:
    length: {kind: duration, sentences: ["{n:minutes} minute[s]"]}
  lists: {n: {range: {from: 1, to: 59}}}
connectives: {joining: [and], articles: [the], pronouns: [it]}
skip_words: [please]
"""


@pytest.fixture(scope="module")
def house() -> IntentGraph:
    return graph_of(HOUSE)


def only(explanation: Explanation) -> Meaning:
    (meaning,) = explanation.meanings
    return meaning


def slots(meaning: Meaning) -> list[list[tuple[str, object, str, str, Source, str]]]:
    return [
        [
            (one.slot.name, plain(one.slot.value), one.slot.text, one.words, one.source, one.origin)
            for one in command
        ]
        for command in meaning.commands
    ]


def test_a_sentence_with_a_list(house: IntentGraph) -> None:
    meaning = only(explain(house, "Turn on the fan!", HERE))
    assert meaning.sentence.intent == "Switch"
    assert str(meaning.sentence.template.source.place) == "a.yaml:4:17"
    assert meaning.words == ("turn", "on", "the", "fan")
    assert slots(meaning) == [[("thing", "fan", "fan", "fan", Source.LIST, "thing")]]
    assert (meaning.beaten, meaning.unfit, meaning.skipped, meaning.lent) == ((), (), (), ())


def test_a_typed_slot_and_a_fixed_one(house: IntentGraph) -> None:
    assert slots(only(explain(house, "wait for five minutes", HERE))) == [
        [
            ("mood", "patient", "", "patient", Source.FIXED, ""),
            ("length", 300, "five minutes", "5 minutes", Source.TYPE, "length"),
        ]
    ]


def test_a_list_in_the_sentence_and_several_values(house: IntentGraph) -> None:
    state = ("state", "on", "on", "on", Source.SENTENCE, "")
    assert slots(only(explain(house, "switch on the fan and the lamp", HERE))) == [
        [state, ("thing", "fan", "fan and the lamp", "fan", Source.LIST, "thing")],
        [state, ("thing", "lamp", "fan and the lamp", "lamp", Source.LIST, "thing")],
    ]


def test_any_words(house: IntentGraph) -> None:
    assert slots(only(explain(house, "play Yesterday by The Beatles", HERE))) == [
        [
            ("song", "Yesterday", "yesterday", "Yesterday", Source.ANYTHING, ""),
            ("artist", "The Beatles", "the beatles", "The Beatles", Source.ANYTHING, ""),
        ]
    ]


def test_what_was_named_before(house: IntentGraph) -> None:
    where = Circumstances(NO_TIME, named={"thing": ("radio",)})
    meaning = only(explain(house, "turn off it", where))
    assert slots(meaning) == [[("thing", "radio", "it", "radio", Source.NAMED, "thing")]]


def test_what_the_context_gives(house: IntentGraph) -> None:
    meaning = only(explain(house, "lights on", Circumstances(NO_TIME, {"area": "kitchen"})))
    assert slots(meaning) == [[("area", "kitchen", "", "kitchen", Source.CONTEXT, "")]]


def test_a_list_as_part_of_a_word() -> None:
    graph = sentences("{room}s light", more="lists: {room: {values: [kitchen]}}\n")
    assert slots(only(explain(graph, "kitchens light", HERE))) == [
        [("room", "kitchen", "kitchens", "kitchen", Source.LIST, "room")]
    ]


def test_skipped_words(house: IntentGraph) -> None:
    meaning = only(explain(house, "turn on please the fan please", HERE))
    assert meaning.skipped == ("please", "please")
    assert only(explain(house, "turn on the fan", HERE)).skipped == ()


def test_several_sentences_each_know_what_the_one_before_named(house: IntentGraph) -> None:
    explanation = explain(house, "wait five minutes and turn on the fan and turn off it", HERE)
    assert [one.words for one in explanation.meanings] == [
        ("wait", "five", "minutes"),
        ("turn", "on", "the", "fan"),
        ("turn", "off", "it"),
    ]
    assert explanation.meanings[2].commands[0][0].slot.value == "fan"


def test_a_sentence_that_begins_as_the_one_before(house: IntentGraph) -> None:
    first, second = explain(house, "turn on the fan and the lamp", HERE).meanings
    assert (first.lent, second.lent) == ((), ("turn", "on"))
    assert second.words == ("turn", "on", "the", "lamp")


def beaten(graph: IntentGraph, text: str) -> list[tuple[str, str]]:
    meaning = only(explain(graph, text, HERE))
    return [(one.sentence.intent, one.reason) for one in meaning.beaten]


@pytest.mark.parametrize(
    ("templates", "reason"),
    [
        (("go {place}", "go {any}"), "fewer slots for any words: 0, not 1"),
        (("{liked}", "go home"), "more words of preferred lists: 2, not 0"),
        (("go home", "go {place}"), "more words of its own: 2, not 1"),
        (("{two}", "{go} {place}"), "fewer values: 1, not 2"),
        (("go home", "go [right] home"), "it is written first"),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_why_one_sentence_beats_another(
    templates: tuple[str, str], reason: str, turned: bool
) -> None:
    graph = sentences(*(templates[::-1] if turned else templates), more=(
        "lists:\n"
        "  place: {values: [home]}\n"
        "  go: {values: [go]}\n"
        "  two: {values: [go home]}\n"
        "  liked: {values: [go home], preferred: true}\n"
        "  any: {wildcard: true}\n"
    ))  # fmt: skip
    assert beaten(graph, "go home") == [("Test", reason)]


def test_why_fewer_free_words() -> None:
    graph = sentences("put {any} {rest}", "put {any}", more=(
        "lists: {any: {wildcard: true}, rest: {values: [on the list]}}\n"
    ))  # fmt: skip
    assert beaten(graph, "put milk on the list") == [
        ("Test", "fewer words in slots for any words: 1, not 4")
    ]


def test_the_others_are_told_best_first(house: IntentGraph) -> None:
    graph = graph_of(
        """
        intents:
          A: {sentences: ["play {any}"], reply: a}
          B: {sentences: ["play {music}"], reply: a}
          C: {sentences: ["play jazz"], reply: a}
        lists: {any: {wildcard: true}, music: {values: [jazz]}}
        """
    )
    assert beaten(graph, "play jazz") == [
        ("B", "more words of its own: 2, not 1"),
        ("A", "fewer slots for any words: 0, not 1"),
    ]


def test_sentences_that_fit_and_cannot_be_meant() -> None:
    graph = graph_of(
        """
        intents:
          Here: {sentences: ["lights on"], reply: a, requires_context: {area: kitchen}}
          Any: {sentences: ["{what} on"], reply: a}
        lists: {what: {values: [lights]}}
        """
    )
    meaning = only(explain(graph, "lights on", HERE))
    assert meaning.sentence.intent == "Any"
    (other,) = meaning.unfit
    assert (other.sentence.intent, other.reason) == (
        "Here",
        "'area' has to be kitchen, and is not known",
    )


def test_a_text_that_only_fits_what_cannot_be_meant(house: IntentGraph) -> None:
    explanation = explain(house, "lights on", HERE)
    assert explanation.meanings == ()
    assert [other.reason for other in explanation.unfit] == [
        "'area' has to be known, and is not known"
    ]


def test_near_sentences_when_it_means_nothing(house: IntentGraph) -> None:
    propose = Proposer(graph_without_wildcards()).propose
    explanation = explain(graph_without_wildcards(), "turn of the fan now", HERE, propose)
    assert explanation.meanings == ()
    assert explanation.unfit == ()
    near = explanation.near[0]
    assert near.sentence.template.source.text == "turn (on|off) [the] {thing}"
    assert near.proposal.text == "turn off the fan"
    assert [(one.difference, one.heard, one.meant) for one in near.proposal.alignment] == [
        (Difference.KEPT, "turn", "turn"),
        (Difference.REPLACED, "of", "off"),
        (Difference.KEPT, "the", "the"),
        (Difference.KEPT, "fan", "fan"),
        (Difference.EXTRA, "now", ""),
    ]


def graph_without_wildcards() -> IntentGraph:
    return sentences("turn (on|off) [the] {thing}", more="lists: {thing: {values: [fan, lamp]}}\n")


def test_the_beginning_is_explained_where_only_the_rest_means_nothing(house: IntentGraph) -> None:
    asked: list[tuple[str, Circumstances]] = []

    def propose(text: str, where: Circumstances) -> tuple[()]:
        asked.append((text, where))
        return ()

    text = "turn on the fan and wait 5 minutes and dance and sing"
    explanation = explain(house, text, HERE, propose)
    assert [one.sentence.intent for one in explanation.meanings] == ["Switch", "Wait"]
    assert explanation.rest == "dance and sing"
    assert asked == [("dance and sing", Circumstances(NO_TIME, named={"thing": ("fan",)}))]


def test_nobody_is_asked_for_near_sentences_when_it_means_something(house: IntentGraph) -> None:
    def propose(_text: str, _where: Circumstances) -> tuple[()]:
        raise AssertionError("asked")

    assert explain(house, "turn on the fan", HERE, propose).near == ()


def test_nothing_is_said(house: IntentGraph) -> None:
    assert explain(house, " ?! ", HERE) == Explanation(" ?! ", (), " ?! ")


AMOUNT = st.integers(0, 1023)


@given(st.builds(Counts, AMOUNT, AMOUNT, AMOUNT, AMOUNT, AMOUNT))
def test_a_gain_can_be_taken_apart(counts: Counts) -> None:
    free_slots, preferred_words, own_words, free_words, values = counts
    minus_gain = (
        (free_slots << 40)
        - (preferred_words << 30)
        - (own_words << 20)
        + (free_words << 10)
        + values
    )
    assert Counts.of(minus_gain) == counts
