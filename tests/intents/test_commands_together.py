"""Several commands in one sentence, several values of a slot, and "it"."""

from __future__ import annotations

import pytest

from assistant.intents.circumstances import Circumstances
from assistant.intents.matcher import IntentGraph
from assistant.values import SlotValue
from tests.intents.files import graph_of

HOME = """
intents:
  Switch:
    sentences: ["turn {state:on|off} [the] {lamp+}", "turn [the] {lamp+} {state:on|off}"]
    reply: "yes"
  Dim: {sentences: ["dim [the] {lamp} [to {level} percent]"], reply: "yes"}
  Volume: {sentences: ["volume {level} [percent]"], reply: "yes"}
  Note: {sentences: ["note {text}"], reply: "yes"}
  Room: {sentences: ["heat [the] {room}"], reply: "yes"}
lists:
  lamp:
    values: [desk lamp, hall lamp, {in: "(tall|big) lamp", out: tall_lamp}]
    all: ["all [the] lamps", everything]
    remembered: true
  room: {values: [kitchen, hall], remembered: true}
  level: {range: {from: 0, to: 100}}
connectives:
  joining: [and, and then, then]
  excepting: [except, but not]
  articles: [the, my]
  pronouns: [it, them]
skip_words: [please]
"""


@pytest.fixture(scope="module")
def home() -> IntentGraph:
    return graph_of(HOME)


def hear(graph: IntentGraph, text: str, before: str = "") -> list[dict[str, SlotValue]]:
    """The slots of each command, with its intent as the first of them."""
    where = Circumstances()
    if before:
        where = where.after(graph.understand(before, where))
    return [{"do": match.intent, **match.values()} for match in graph.understand(text, where)]


def on(lamp: str) -> dict[str, SlotValue]:
    return {"do": "Switch", "state": "on", "lamp": lamp}


@pytest.mark.parametrize(
    ("text", "lamps"),
    [
        ("turn on the desk lamp", ["desk lamp"]),
        ("turn on the desk lamp and the hall lamp", ["desk lamp", "hall lamp"]),
        ("turn on desk lamp, hall lamp and my big lamp", ["desk lamp", "hall lamp", "tall_lamp"]),
        ("turn on the tall lamp and the big lamp", ["tall_lamp"]),
        ("turn on all the lamps", ["desk lamp", "hall lamp", "tall_lamp"]),
        ("turn on everything except the big lamp", ["desk lamp", "hall lamp"]),
        ("turn on all lamps but not the hall lamp and the desk lamp", ["tall_lamp"]),
    ],
)
def test_each_value_is_a_command(home: IntentGraph, text: str, lamps: list[str]) -> None:
    assert hear(home, text) == [on(lamp) for lamp in lamps]


def test_all_but_all_is_nothing(home: IntentGraph) -> None:
    text = "turn on all lamps except the desk lamp, the hall lamp and the tall lamp"
    assert hear(home, text) == []
    assert [one.unfit for one in home.candidates(text)] == ["that leaves none"]


def test_commands_are_joined(home: IntentGraph) -> None:
    assert hear(home, "turn the desk lamp off and then please volume 20, then heat the hall") == [
        {"do": "Switch", "lamp": "desk lamp", "state": "off"},
        {"do": "Volume", "level": 20},
        {"do": "Room", "room": "hall"},
    ]


def test_the_second_command_may_begin_as_the_first(home: IntentGraph) -> None:
    assert hear(home, "heat the kitchen and the hall") == [
        {"do": "Room", "room": "kitchen"},
        {"do": "Room", "room": "hall"},
    ]


def test_a_number_is_not_two_commands(home: IntentGraph) -> None:
    assert hear(home, "volume one hundred and one") == []
    assert hear(home, "volume ten and twenty") == []


def test_a_whole_sentence_comes_before_two(home: IntentGraph) -> None:
    assert hear(home, "note milk and volume ten") == [{"do": "Note", "text": "milk and volume ten"}]


@pytest.mark.parametrize("text", ["and", "heat the hall and", "and heat the hall", "then then"])
def test_what_joins_nothing_means_nothing(home: IntentGraph, text: str) -> None:
    assert hear(home, text) == []


def test_five_commands_are_too_many(home: IntentGraph) -> None:
    assert len(hear(home, " and ".join(["heat the hall"] * 4))) == 4
    assert hear(home, " and ".join(["heat the hall"] * 5)) == []


def test_it_is_what_was_last_named_of_that_list(home: IntentGraph) -> None:
    before = "turn on the hall lamp"
    assert hear(home, "dim it", before) == [{"do": "Dim", "lamp": "hall lamp"}]
    assert hear(home, "heat it", before) == []
    both = hear(home, "dim them", before="turn on the hall lamp and the desk lamp")
    assert [one["lamp"] for one in both] == ["hall lamp", "desk lamp"]


def test_it_is_also_what_the_same_sentence_named(home: IntentGraph) -> None:
    assert hear(home, "turn on the desk lamp and dim it to 5 percent") == [
        on("desk lamp"),
        {"do": "Dim", "lamp": "desk lamp", "level": 5},
    ]


def test_without_anything_named_it_means_nothing(home: IntentGraph) -> None:
    assert hear(home, "dim it") == []
    assert [one.unfit for one in home.candidates("dim it")] == [
        "'it' is nothing that was named before"
    ]


def test_any_words_are_as_they_were_written(home: IntentGraph) -> None:
    assert hear(home, "Note: call Bob at 7:30, in the O'Neill pub!") == [
        {"do": "Note", "text": "call Bob at 7:30, in the O'Neill pub"}
    ]
