"""How a sentence reads words: by the steps of the chart, or by its arcs where those do not tell."""

from __future__ import annotations

import pytest

from assistant.intents import parts
from assistant.intents.chart import Chart
from assistant.intents.matcher import IntentGraph
from assistant.intents.parts import Called, Part, Spoken, parts_of
from tests.intents.files import sentences

LISTS = "lists: {room: {values: [hall, hall way, way]}, any: {wildcard: true}}\n"


def read(graph: IntentGraph, text: str, *skip: str) -> tuple[Part, ...]:
    words = tuple(text.split())
    chart = Chart(words, tuple(tuple(one.split()) for one in skip))
    _, owner = chart.whole(graph.network)[0]
    return parts_of(chart, graph.network, owner, 0, len(words))


def slots(found: tuple[Part, ...]) -> list[tuple[str | None, int, int]]:
    return [(one.slot, one.begin, one.end) for one in found if isinstance(one, Called)]


@pytest.fixture
def no_arcs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking at the arcs of an entry is a failure."""
    monkeypatch.setattr(parts, "_first_written", lambda *_: pytest.fail("looked at the arcs"))


@pytest.mark.usefixtures("no_arcs")
def test_the_steps_tell_which_words_fill_the_slots() -> None:
    graph = sentences("go [to] {room} [and say {any}]", more=LISTS)
    assert slots(read(graph, "go to hall way and say it is late")) == [
        ("room", 2, 4),
        ("any", 6, 9),
    ]


@pytest.mark.usefixtures("no_arcs")
def test_the_steps_tell_which_words_were_skipped() -> None:
    found = read(sentences("go to {room}", more=LISTS), "please go please to hall", "please")
    assert [one.position for one in found if isinstance(one, Spoken)] == [1, 3]
    assert slots(found) == [("room", 4, 5)]


def test_one_list_in_two_slots_is_told_by_the_arcs() -> None:
    graph = sentences("from {room:start} [to {room:end}]", more=LISTS)
    assert slots(read(graph, "from hall to way")) == [("start", 1, 2), ("end", 3, 4)]


def test_a_word_that_is_a_value_is_told_by_the_arcs() -> None:
    (found,) = read(sentences("turn {state:on|off} it"), "turn on it")
    assert isinstance(found, Spoken)
    assert [(one.slot, one.value.value) for one in found.readings] == [("state", "on")]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("go [{room:first}] [{room:second}]", ("first", 1, 2)),
        ("go ({room:second}|{room:first})", ("second", 1, 2)),
    ],
)
def test_of_ways_that_are_as_good_the_first_written_is_taken(
    template: str, expected: tuple[str, int, int]
) -> None:
    assert slots(read(sentences(template, more=LISTS), "go hall")) == [expected]


def test_of_two_ends_of_a_list_the_value_that_is_written_first_is_taken() -> None:
    """hall + way way and hall way + way are as good; hall is before hall way in the list."""
    lists = LISTS.replace("way]", "way, way way]")
    graph = sentences("go {room:first} {room:second}", more=lists)
    assert slots(read(graph, "go hall way way")) == [("first", 1, 2), ("second", 2, 4)]
