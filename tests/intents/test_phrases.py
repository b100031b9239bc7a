"""Networks of words only as tables of phrases: what is in them, and when there is none."""

from __future__ import annotations

from assistant.intents.network import Network
from tests.intents.files import sentences


def called(template: str, more: str) -> Network:
    """The network that a sentence calls after "go"."""
    graph = sentences(f"go {template}", more=more)
    assert graph.match("go nowhere") is None
    [network] = [one for state in graph.network._states.values() for one, *_ in state.calls]
    return network


def test_a_list_is_a_table_of_what_can_be_said() -> None:
    phrases = called("{it}", "lists: {it: {values: ['[big] lamp', fan, lamp]}}").phrases
    assert phrases is not None
    assert {words: owner for words, (_, owner) in phrases.ways.items()} == {
        ("big", "lamp"): 0,
        ("lamp",): 0,
        ("fan",): 1,
    }
    assert phrases.lengths == {"big": (2,), "lamp": (1,), "fan": (1,)}


def test_what_goes_on_in_too_many_ways_is_none_and_is_matched_all_the_same() -> None:
    many = "(a|b) (a|b) (a|b) (a|b) (a|b) (a|b) (a|b) (a|b)"
    more = f"expansion_rules: {{it: '{many}'}}"
    assert called("<it>", more).phrases is None
    graph = sentences("go <it> now", more=more)
    assert graph.match("go a b b a a b a b now") is not None
    assert graph.match("go a b b a a b a now") is None


def test_a_text_that_ends_within_a_phrase_is_not_that_phrase() -> None:
    graph = sentences("go {it} [now]", more="lists: {it: {values: [big lamp, big, big lamp two]}}")
    for text in ("go big", "go big lamp", "go big lamp two now"):
        match = graph.match(text)
        assert match is not None
        assert match.values() == {"it": text.removeprefix("go ").removesuffix(" now")}
    assert graph.match("go lamp") is None
