"""Files and texts that would take for ever if nothing kept them from it: what is said of them.

Time is not looked at, only what comes out and how much work was counted.
"""

from __future__ import annotations

import json

import pytest

from assistant.errors import IntentError
from assistant.intents import approximate, overlaps
from assistant.intents.approximate import Proposer
from assistant.intents.chart import MAXIMUM_EFFORT, Effort
from assistant.intents.circumstances import Circumstances
from assistant.intents.explanation import explain
from assistant.intents.flat import FlatGraph
from assistant.intents.listtext import read_list_text
from assistant.intents.matcher import IntentGraph, compile_intents
from assistant.intents.network import TooLargeError
from assistant.intents.overlaps import find_overlaps
from assistant.intents.reading import MAXIMUM_MISTAKES
from assistant.intents.said import MAXIMUM_CHARACTERS, said
from assistant.intents.selftest import run_tests
from assistant.intents.vocabulary import word_places
from tests.intents.files import graph_of, load, sentences, shipped_files


def problem_of(text: str) -> str:
    """Load, compile and flatten what is wrong, and return the first line of what is said."""
    with pytest.raises(IntentError) as caught:
        compile_intents(load(text)).acceptor()
    return str(caught.value).splitlines()[0]


def one_sentence(template: str, more: str = "") -> str:
    return f"intents: {{A: {{sentences: [{json.dumps(template)}], reply: y}}}}\n{more}"


def rules(template: str, last: str) -> str:
    """Ten rules, each of which is ``template`` with the next one at its *."""
    names = [f"  r{n}: {json.dumps(template.replace('*', f'<r{n + 1}>'))}\n" for n in range(9)]
    return f"expansion_rules:\n{''.join(names)}  r9: {json.dumps(last)}\n"


def name(number: int) -> str:
    return "".join("abcdefghij"[int(digit)] for digit in str(number))


pytestmark = pytest.mark.slow

# --- templates ------------------------------------------------------------------------------------


def in_any_order(depth: int) -> str:
    return f"({';'.join([in_any_order(depth - 1)] * 5)})" if depth else "a"


TOO_LARGE = {
    "orders of orders of orders": (one_sentence(f"x {in_any_order(3)}"), 30),
    "orders ten deep": (one_sentence(f"x {'(' * 10}a{';b;c;d;e)' * 10}"), 30),
    "letters that may be left out": (one_sentence(f"x {'[a]' * 8}{'(b|c|d|e)' * 12}"), 30),
    "lists within a word": (
        one_sentence(
            "x {l}{l}{l}", f"lists: {{l: {{values: [{', '.join(map(name, range(100)))}]}}}}"
        ),
        30,
    ),
    "rules within a word": (one_sentence("x <r0>", rules("*s*", "(a|b|c)")), 30),
    "words that may be left out": (one_sentence("x " + "[a] " * 1_000), 30),
}


@pytest.mark.parametrize("what", TOO_LARGE)
def test_error_a_sentence_that_is_too_large(what: str) -> None:
    text, column = TOO_LARGE[what]
    assert problem_of(text) == (
        f"a.yaml:1:{column - 3}: the word graph grows beyond 200,000 words with this sentence"
    )


def test_error_more_sentences_than_can_be_listened_for() -> None:
    text = one_sentence("x <r0>", rules("(* a|* b|* c|* d|* e|* f|* g|* h|* i|* j)", "a b"))
    assert problem_of(text) == (
        "a.yaml:1:27: all sentences together are 3,111,111,111 words to listen for; at most "
        "1,000,000 are possible, and this one needs the most: 3,111,111,111"
    )


def test_error_more_ways_to_go_on_than_can_be_listened_for() -> None:
    """Which word it is depends on the twentieth before the end: 2 to the 20th states."""
    good = "      - hello\n"
    bad = f"      - {json.dumps('x ' + '[(a|b)] ' * 20 + 'a ' + '(a|b) ' * 20)}\n"
    text = f"intents:\n  A:\n    reply: y\n    sentences:\n{good}{bad}"
    assert problem_of(text) == (
        "a.yaml:6:9: the sentences to listen for can go on in too many ways, this one in most"
    )
    assert graph_of(text).match("x a" + " b" * 20), "what is typed is understood all the same"


def test_rules_that_may_all_be_left_out() -> None:
    """Each has two that may be left out, ten deep: 512 ways that are one after the other."""
    graph = graph_of(one_sentence("x <r0>", rules("[*] [*]", "[a] [b] [c]")))
    arcs, _ = graph.acceptor()
    assert len(arcs) == 3 * 512 + 2
    assert graph.match("x a b c a b c")
    assert Proposer(graph).propose("x a d")


def test_a_graph_that_is_too_large_to_search_proposes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    graph = sentences("turn on [the] {lamp}", more="lists: {lamp: {values: [a, b, c, d]}}\n")
    assert Proposer(graph).propose("turn on lamp a")
    with pytest.raises(TooLargeError):
        FlatGraph(graph.network, 0)
    monkeypatch.setattr(approximate, "MAXIMUM_GRAPH", 3)
    assert Proposer(graph).propose("turn on lamp a") == ()


def test_a_long_text_is_not_compared_with_very_many_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    proposer = Proposer(sentences("turn on [the] lamp"))
    monkeypatch.setattr(approximate, "MAXIMUM_COMPARED", 4 * 4)
    assert proposer.propose("turn on a lamp")
    assert proposer.propose("please turn on a lamp") == ()


def test_of_many_overlaps_the_first_are_told() -> None:
    graph = graph_of(
        "intents:\n" + "".join(f"  A{n}: {{sentences: [hello], reply: y}}\n" for n in range(300))
    )
    assert len(find_overlaps(graph)) == overlaps.MAXIMUM_TOLD


# --- texts ----------------------------------------------------------------------------------------


def effort_of(graph: IntentGraph, text: str) -> int:
    """What understanding a text took."""
    effort = Effort()
    graph.understand(text, None, effort)
    return MAXIMUM_EFFORT - effort.left


def test_slots_for_any_words_cost_the_square_of_the_words() -> None:
    slots = [f"{{s{n}}}" for n in "abcdefg"]
    lists = "".join(f"  s{n}: {{wildcard: true}}\n" for n in "abcdefg")
    graph = sentences(" and ".join(["x", *slots]), more=f"lists:\n{lists}")
    # x, the words between and a word for each slot leave so many words free to be in any slot.
    costs = [effort_of(graph, "x" + " and" * (13 + free)) for free in (40, 80, 160)]
    assert all(cost for cost in costs)
    assert costs[1] < 4.5 * costs[0]
    assert costs[2] < 4.5 * costs[1]


@pytest.mark.parametrize(
    ("templates", "text"),
    [
        (["a {text} b", "{text} b"], " and ".join(["a b"] * 50) + " c"),
        (["x <r0>"], "x" + " a c" * 80),
    ],
    ids=["joined", "rules"],
)
def test_what_takes_too_long_to_understand_is_not_understood(
    templates: list[str], text: str
) -> None:
    joining = "connectives: {joining: [and, and then]}\nskip_words: [a, a b, d]\n"
    graph = sentences(*templates, more=joining + rules("[*] [*]", "[a] [b] [c]"))
    effort = Effort(100_000)
    assert graph.understand(text, None, effort) == ()
    assert effort.left < 0
    assert graph.candidates(text, None, Effort(10)) == []
    assert explain(graph, text, Circumstances()).text == text


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("x " + "[a] " * 200, "x " + "a " * 199),
        ("x " + "[(a|a b|b a|b)] " * 100, "x " + "a b " * 99),
    ],
    ids=["left out", "alike"],
)
def test_words_that_can_stand_in_many_places_are_no_effort(template: str, text: str) -> None:
    graph = sentences(template)
    assert graph.match(text)
    assert effort_of(graph, text) < 1_000


def test_of_many_ways_that_are_as_good_one_is_taken() -> None:
    """Each of the lists can be left out, and reads one word, two or three."""
    graph = sentences("x " + "[{a}] " * 60, more="lists: {a: {values: [k, k k, k k k]}}\n")
    assert graph.match("x" + " k" * 60)
    assert effort_of(graph, "x" + " k" * 60) < 10_000


def test_commands_joined_fifty_times() -> None:
    graph = sentences("turn on", "and", more="connectives: {joining: [and, then]}\n")
    assert graph.understand(" and ".join(["turn on"] * 50)) == ()
    assert len(graph.understand(" and ".join(["turn on"] * 4))) == 4
    assert effort_of(graph, "and " * 200) < 100_000


def test_a_text_longer_than_anybody_speaks_has_no_words() -> None:
    assert said("a" * MAXIMUM_CHARACTERS, "en").words == ("a" * MAXIMUM_CHARACTERS,)
    for piece in ("a", "9", "7:30 ", "1,000", "½", "\u0301", "9."):
        assert said(piece * 10_000, "en").words == ()


def test_a_character_that_cannot_be_written_is_a_space() -> None:
    match = sentences("say {text}").match("say a\x00b \ud800c")
    assert match is not None
    assert match.values() == {"text": "a b c"}


def test_ten_thousand_skip_words() -> None:
    words = ", ".join(name(number) for number in range(10_000))
    graph = sentences("x y", more=f"skip_words: [{words}]\n")
    text = "x " + " ".join(name(number) for number in range(198)) + " y"
    assert graph.match(text)
    assert effort_of(graph, text) < 20_000


def test_any_words_beside_skip_words() -> None:
    graph = sentences("note {text}", more="skip_words: [please]\n")
    match = graph.match("please note buy milk please")
    assert match is not None
    assert match.values() == {"text": "buy milk"}


def test_a_word_of_two_lists_of_the_only_sentence_can_be_weighed() -> None:
    graph = sentences(
        "go {a} {b}", more="lists: {a: {values: [home]}, b: {values: [home, away]}}\n"
    )
    assert [one.text for one in Proposer(graph).propose("go home hoam")] == ["go home home"]


# --- numbers and times ----------------------------------------------------------------------------

ABSURD = [
    "in 999999 weeks", "in 999999999 hours", "every 999999 days", "on the 31st of february",
    "999999 weeks and 999999 days", "december 31st 9999", "the 99th of may",
    "december 31st 9999 at midnight", "9" * 3_000, "every 0 days", "in 0 days", "minus 999999",
]  # fmt: skip
TYPES = ("number", "ordinal", "duration", "time", "date", "datetime", "recurrence")


def test_absurd_times_are_no_values_or_are_values() -> None:
    graph = graph_of(
        "intents:\n"
        + "".join(
            f"  {one.title()}: {{sentences: ['{one} {{{one}}}'], reply: y}}\n" for one in TYPES
        ),
        next(one.text for one in shipped_files() if one.path.endswith("types.yaml")),
    )
    for kind in TYPES:
        for text in ABSURD:
            for one in graph.candidates(f"{kind} {text}"):
                assert one.matches or one.unfit


LAST_DAY = """
slot_types:
  lists:
    year: {range: {from: 1, to: 9999, step: 9998}}
    noon: {values: [{in: noon, out: "12:00"}, {in: midnight, out: "24:00"}]}
    day: {values: [{in: first, out: 1}, {in: last, out: -1}]}
    month: {calendar: months}
  types:
    when: {kind: datetime, sentences: ["{day:day} of {month:month} {year:year} at {noon:at}"]}
intents:
  At: {sentences: ["at {when}"], reply: "yes"}
"""


def test_the_day_after_the_last_one_is_no_day() -> None:
    graph = graph_of(LAST_DAY)
    year = "nine thousand nine hundred ninety-nine"
    (found,) = graph.candidates(f"at last of december {year} at midnight")
    assert found.unfit.endswith("That is more than a hundred years away.")
    assert graph.match("at last of december one at noon")


def test_error_a_test_said_at_the_end_of_time() -> None:
    text = one_sentence("a").replace(
        "reply: y", "reply: y, tests: [{say: a, now: 9999-12-31 23:59}]"
    )
    assert problem_of(text).endswith("'9999-12-31 23:59' is no date and time")
    soon = text.replace("9999", "8999")
    assert run_tests(load(soon), graph_of(soon)) == []


# --- files ----------------------------------------------------------------------------------------


def problems_of(text: str) -> list[str]:
    with pytest.raises(IntentError) as caught:
        load(text)
    assert len(str(caught.value)) < 500_000
    return [str(problem).splitlines()[0] for problem in caught.value.problems]


MANY_MISTAKES = {
    "intents on one line": "intents: {" + ", ".join(f"a{n}: x" for n in range(3_000)) + "}",
    "unknown keys": "intents:\n" + "".join(f"  A{n}: {{repli: y}}\n" for n in range(500)),
    "unknown lists": (
        "intents:\n  A:\n    reply: y\n    sentences:\n"
        + "".join(f"      - 'turn {{lisst{n}}}'\n" for n in range(3_000))
        + "lists:\n"
        + "".join(f"  list{n}: {{values: [a]}}\n" for n in range(3_000))
    ),
    "duplicates": "intents:\n" + "  A: {sentences: [a], reply: y}\n" * 1_000,
    "rules that use themselves": (
        one_sentence("a") + "expansion_rules:\n" + "".join(f"  r{n}: <r{n}>\n" for n in range(900))
    ),
    "templates": "lists: {l: {values: [" + "'(', " * 1_000 + "a]}}\n" + one_sentence("{l}"),
}


@pytest.mark.parametrize("what", MANY_MISTAKES)
def test_of_very_many_mistakes_the_first_are_told(what: str) -> None:
    problems = problems_of(MANY_MISTAKES[what])
    assert len(problems) == MAXIMUM_MISTAKES + 1
    assert problems[-1].endswith(": there are more than 200 mistakes")


def test_a_mistyped_name_is_compared_with_many() -> None:
    names = "".join(f"  room{n}: {{values: [a]}}\n" for n in range(1_000))
    text = one_sentence("{kichen}", f"lists:\n  kitchen: {{values: [a]}}\n{names}")
    with pytest.raises(IntentError) as caught:
        load(text)
    assert str(caught.value).endswith("\n    did you mean 'kitchen'?")


def test_error_ranges_of_very_many_numbers_together() -> None:
    lists = "".join(f"  r{n}: {{range: {{from: 1, to: 1999}}}}\n" for n in range(6))
    assert problem_of(one_sentence("a", f"lists:\n{lists}")) == (
        "a.yaml:8:22: all ranges together have more than 10,000 numbers with this one"
    )


def test_error_very_many_blocks_with_names_of_their_own() -> None:
    block = "      - {sentences: [a <r>], expansion_rules: {r: b}}\n"
    shared = "".join(f"  r{n}: b\n" for n in range(1_100))
    text = f"intents:\n  A:\n    reply: y\n    data:\n{block * 1_000}expansion_rules:\n{shared}"
    assert problem_of(text) == (
        "a.yaml:2:3: too many blocks have lists or rules of their own beside 1,100 others"
    )


def test_one_sentence_with_very_many_slots() -> None:
    slots = " ".join(f"{{s{name(n)}:a|b}}" for n in range(3_000))
    assert len(load(one_sentence(f"x {slots}")).intents["A"].blocks[0].sentences) == 1


def test_words_in_pieces_are_found_among_many() -> None:
    lines = "".join(f"      - '(turn|switch) {name(n)}[s] on'\n" for n in range(2_000))
    intents = load(f"intents:\n  A:\n    reply: y\n    sentences:\n{lines}")
    words = [f"{name(n)}s" for n in range(2_000)] + ["lacking"]
    found = word_places(intents, words)
    assert [found[word].line for word in words[:-1]] == list(range(5, 2_005))
    assert "lacking" not in found


@pytest.mark.parametrize("escape", ["\\0", "\\ud800", "\\x07"])
def test_error_an_escape_for_what_cannot_be_written(escape: str) -> None:
    text = one_sentence("a").replace("reply: y", f'reply: "b{escape}"')
    code = {"\\0": "0000", "\\ud800": "D800", "\\x07": "0007"}[escape]
    assert problem_of(text) == f"a.yaml:1:40: the character U+{code} is no part of a text"


def test_error_a_list_from_a_program_with_what_cannot_be_written() -> None:
    text = one_sentence("{l}", "lists: {l: {command: [names]}}")
    unread = load(text).lists["l"]
    values, problems = read_list_text(r'["a", "b\u0000", "\ud800"]', unread, "en")
    assert [value.value for value in values] == ["a"]
    assert [problem.message for problem in problems] == [
        "a value of list 'l' holds the character U+0000",
        "a value of list 'l' holds the character U+D800",
    ]
