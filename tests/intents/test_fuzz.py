"""Made-up intent files and texts: whatever they are, they mean something, nothing, or are mistakes.

The files are made of what schema.py reads, with odd words and then with damage. ``scripts/fuzz``
feeds the same targets with bytes.
"""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.intents.approximate import Proposer
from assistant.intents.builtins import BUILTIN_ACTIONS, RESPONSES
from assistant.intents.kinds import KINDS
from assistant.intents.schema import BLOCK_KEYS, FILE_KEYS, INTENT_KEYS
from scripts.fuzzing import targets
from tests.intents.files import graph_of, load, shipped_files
from tests.intents.test_jsonschema import mistakes_in

pytestmark = pytest.mark.slow

# --- words and templates --------------------------------------------------------------------------

# A combining mark, right to left, a soft hyphen, an emoji, the Turkish i's, sharp s, half, a
# ligature, a lone surrogate, NUL, line separators.
ODD = [
    "e\u0301", "\u05d0", "li\u00adght", "\U0001f600", "İı", "ßẞ", "½", "ﬁ", "\ud800", "\x00",
    "\u2028", "\x85", "\u200f", "'", "''", "\\", "%", "°C", "7:30", "3rd", "1.5", "1,000", "9" * 30,
]  # fmt: skip
WORDS = ["a", "b", "the", "kitchen", "and", "it", "please", "all", "ten", "s"]
NAMES = ["area", "n", "any", "half", "text", "duration", "date", "own", "none"]
word = st.one_of(st.sampled_from(WORDS), st.sampled_from(ODD))
reference = st.one_of(
    st.sampled_from([f"{{{name}}}" for name in NAMES]),
    st.sampled_from(["{area+}", "{n+}", "{area:to}", "{duration+}", "{any:rest}", "{own+}"]),
    st.sampled_from(["<r>", "<maybe>", "<s>", "{on:a|b}", "{x:1|[a] b|(a;b)}"]),
)


def templates(words: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.recursive(
        st.one_of(words, words, reference),
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(" ".join),
            st.lists(inner, min_size=1, max_size=3).map("".join),
            st.lists(inner, min_size=1, max_size=3).map(lambda many: f"({'|'.join(many)})"),
            st.lists(inner, min_size=1, max_size=3).map(lambda many: f"({';'.join(many)})"),
            st.lists(inner, min_size=1, max_size=2).map(lambda many: f"[{'|'.join(many)}]"),
        ),
        max_leaves=6,
    )


template = templates(word)

# --- files ----------------------------------------------------------------------------------------


def some(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A mapping with some of these keys; ``_`` at the end of one is for Python's own words."""
    return st.fixed_dictionaries({}, optional={key.rstrip("_"): one for key, one in keys.items()})


number = st.one_of(st.integers(-5, 40), st.integers(), st.floats(), st.sampled_from(["1e9", ""]))
scalar = st.one_of(word, number, st.booleans(), st.none())
texts = st.one_of(template, st.lists(template, max_size=3))
data = st.recursive(scalar, lambda inner: st.lists(inner, max_size=2) | some(area=inner))


value = st.one_of(
    word,
    template,
    some(in_=texts, out=scalar, context=some(area=scalar, domain=scalar), metadata=data),
)
ranges = some(
    from_=st.integers(-3, 5), to=st.integers(3, 40), step=st.integers(0, 3),
    fractions=st.sampled_from(["halves", "tenths", "thirds"]), multiplier=number,
    words=st.sampled_from(["ordinals", True, "x"]),
)  # fmt: skip
slot_list = st.one_of(
    some(values=st.lists(value, min_size=1, max_size=4), all_=texts, remembered=st.booleans(),
         preferred=st.booleans(), metadata=data),
    some(range_=ranges, remembered=st.booleans()),
    some(calendar=st.sampled_from(["weekdays", "months", "moons"])),
    st.just({"wildcard": True}),
    some(file=word, command=st.lists(word, max_size=2), refresh_seconds=number),
)  # fmt: skip
lists = st.dictionaries(st.sampled_from(NAMES), slot_list, max_size=3)
rules = st.dictionaries(st.sampled_from(["r", "s", "maybe"]), template, max_size=3)
condition = st.one_of(scalar, st.lists(scalar, max_size=2), some(slot=scalar, value=scalar))
conditions = some(area=condition, domain=condition)
say = st.one_of(word, st.sampled_from(["{{ area }}", "{{ 1 // 0 }}", "{% if n %}{n}{% endif %}"]))
reply = st.one_of(say, st.lists(say, max_size=2), some(done=say, none=say, one=say))
test = some(
    say=texts, not_=texts, slots=some(area=scalar, n=scalar) | st.lists(some(n=scalar), max_size=2),
    now=st.sampled_from(["2026-11-22 14:00", "9999-12-31 23:59", "0001-01-01 00:00 Asia/Tokyo",
                         "2026-02-31 14:00", "2026-11-22 14:00 ../etc"]),
    context=some(area=scalar),
)  # fmt: skip
shared = {
    "sentences": texts, "slots": some(n=scalar, own=scalar), "lists": lists,
    "expansion_rules": rules, "requires_context": conditions, "excludes_context": conditions,
    "metadata": data, "reply": reply,
}  # fmt: skip
block = some(response=word, name_domains=texts, inferred_domain=word, **shared)
intent = some(
    data=st.lists(block, max_size=2), help=word, tests=st.lists(test, max_size=2),
    action=st.one_of(
        st.sampled_from([*BUILTIN_ACTIONS, "none"]),
        some(command=st.lists(st.one_of(word, reference), max_size=3), timeout_seconds=number,
             speak_output=scalar),
    ),
    enabled=scalar, **shared,
)  # fmt: skip
slot_type = some(kind=st.sampled_from([*KINDS, "none"]), sentences=texts)
content = some(
    language=st.sampled_from(["en", "en", "en", "de"]),
    intents=st.dictionaries(st.sampled_from(["A", "B", "C.d", "é"]), intent, max_size=3),
    lists=lists, expansion_rules=rules, skip_words=st.lists(word, max_size=3),
    responses=st.dictionaries(st.sampled_from([*RESPONSES, "intents", "errors"]), say, max_size=2),
    slot_types=some(
        lists=lists, expansion_rules=rules,
        types=st.dictionaries(st.sampled_from(["duration", "own"]), slot_type, max_size=2),
    ),
    connectives=some(joining=texts, excepting=texts, articles=texts, pronouns=texts),
    pronunciations=st.dictionaries(word, texts, max_size=2),
    data=st.lists(block, max_size=1), settings=data,
)  # fmt: skip

# Every name is there, and every sentence has a word, so there is hardly anything to be wrong.
WHOLE = {
    "lists": {
        "area": {"values": ["kitchen", "the hall", {"in": "(a|b)[s]", "out": 5}], "all": "all"},
        "n": {"range": {"from": 1, "to": 12}},
        "half": {"range": {"from": 0, "to": 3, "fractions": "tenths", "words": True}},
        "any": {"wildcard": True},
        "none": {"values": [{"in": "a", "context": {"area": "kitchen"}}], "remembered": True},
        "days": {"calendar": "weekdays"},
    },
    "expansion_rules": {"r": "{n} <s>", "s": "(a|b c)", "maybe": "[a [b]]"},
    "skip_words": ["please", "for me", "a a"],
    "connectives": {"joining": ["and"], "excepting": "but", "articles": "the", "pronouns": "it"},
    "slot_types": {
        "lists": {"few": {"range": {"from": 1, "to": 9}}},
        "types": {
            "duration": {"kind": "duration", "sentences": ["{few:minutes} s", "{few:weeks}"]},
            "date": {"kind": "date", "sentences": ["{few:years} and {few:days}"]},
            "own": {"kind": "number", "sentences": ["{few:number} [b {few:digit}]"]},
        },
    },
}
whole_word = word.filter(lambda one: one not in {"\\", "\ud800", "\x00", "\x85", "\u2028"})
fitting = st.lists(templates(whole_word).map(lambda rest: f"go {rest}"), min_size=1, max_size=3)
spoken = st.lists(
    whole_word | st.sampled_from(["go", "b", "c", "one", "two"]), min_size=1, max_size=8
)
sound = st.fixed_dictionaries(
    {"sentences": fitting, "reply": st.just("yes")},
    optional={
        "requires_context": some(area=st.sampled_from(["kitchen", None, ["hall", "kitchen"]])),
        "tests": st.lists(
            st.fixed_dictionaries({"say": spoken.map(" ".join).map(lambda rest: f"go {rest}")}),
            min_size=1,
        ),
        "data": st.lists(
            st.fixed_dictionaries(
                {"sentences": fitting, "slots": some(n=st.integers(), own=whole_word)}
            ),
            min_size=1,
        ),
    },
).map(lambda intent: {**WHOLE, "intents": {"A": intent}})
# What takes the place of a part of a file: another type, something deep, something large.
JUNK: list[Any] = [
    None, "", "x", 10**30, -1, [], {}, [[]], {"a": {}}, True, ["a"] * 50, {"": ""},
    *({key: "a"} for key in {*FILE_KEYS, *INTENT_KEYS, *BLOCK_KEYS}),
]  # fmt: skip
DAMAGE = [
    "&a ", "*a ", "!x ", "- ", "? ", ": ", "#", "|", ">", "\t", "\n", "\r\n", "\u2028", "\x85",
    "\x00", "\ufeff", "---\n", "%YAML 1.2\n", "{", "}", "[", "]", '"', "\\", "\\ud800", "<<: ",
]  # fmt: skip


def deep(levels: int) -> Any:
    found: Any = "a"
    for level in range(levels):
        found = [found] if level % 2 else {"values": found}
    return found


def places(node: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) within a file."""
    pairs = list(node.items()) if isinstance(node, dict) else []
    pairs = list(enumerate(node)) if isinstance(node, list) else pairs
    found = [(node, key) for key, _ in pairs]
    return found + [place for _, inner in pairs for place in places(inner)]


def changed(file: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The file with other things in some places."""
    file = copy.deepcopy(file)
    for _ in range(chance.randrange(3)):
        if found := places(file):
            container, key = chance.choice(found)
            container[key] = copy.deepcopy(chance.choice([*JUNK, deep(chance.randrange(40))]))
    return file


def written(file: dict[str, Any], chance: random.Random) -> str:
    """The file as YAML; what cannot be there as it is stands as an escape, or is left out."""
    text = json.dumps(file, indent=chance.choice([None, 1]))
    if chance.random() < 0.5:
        text = json.dumps(file, ensure_ascii=False, indent=1).encode("utf-8", "replace").decode()
    return text


@settings(max_examples=200)
@given(content, st.randoms(use_true_random=False))
def test_a_file_works_or_has_problems(file: dict[str, Any], chance: random.Random) -> None:
    targets.file(written(changed(file, chance), chance))


@settings(max_examples=100)
@given(content, st.randoms(use_true_random=False), st.lists(st.sampled_from(DAMAGE), max_size=4))
def test_a_damaged_file_works_or_has_problems(
    file: dict[str, Any], chance: random.Random, damage: list[str]
) -> None:
    text = written(file, chance)
    for piece in damage:
        at = chance.randrange(len(text) + 1)
        text = text[:at] + piece + text[at + chance.randrange(3) :]
    targets.file(text)
    targets.yaml(text)


@given(template)
def test_a_template_works_or_has_problems(text: str) -> None:
    targets.template(text)


@given(sound)
def test_a_file_without_mistakes_works(file: dict[str, Any]) -> None:
    text = json.dumps(file, ensure_ascii=False)
    intents = load(text)
    assert mistakes_in(text) == [], "the schema for editors takes what the reader takes"
    said = [one.say for one in intents.intents["A"].tests]
    targets.file(text, said)


# --- what is said ---------------------------------------------------------------------------------

HOUSEHOLD = """
intents:
  Turn:
    sentences: ["(turn|switch) {state:on|off} [the] {lamp+}", "[the] {lamp+} [to] {level} percent"]
    reply: "yes"
  Note: {sentences: ["note {text}", "note {text} and {other}", "{text} for {other} now"], reply: a}
  At: {sentences: ["wake me {datetime}", "remind me {recurrence} to {text}"], reply: "yes"}
  Wait: {sentences: ["(wait [for] {duration};now)", "{number+} times"], reply: "yes"}
  Here: {sentences: ["lights", "lights {lamp}"], requires_context: {area: {slot: true}}, reply: a}
lists:
  lamp:
    values: [kitchen, hall lamp, {in: "[big] lamp[s]", out: lamps, context: {area: hall}}]
    all: ["all [lamps]"]
    remembered: true
  level: {range: {from: 0, to: 100, fractions: halves}}
  other: {wildcard: true}
skip_words: [please, and, "for me", the the]
connectives:
  joining: [and, then, and then]
  excepting: [except]
  articles: [the]
  pronouns: [it, them]
"""
SAID = (
    *("turn", "switch", "on", "off", "the", "kitchen", "hall", "lamp", "lamps", "all", "and"),
    *("then", "except", "it", "them", "please", "for", "me", "note", "wake", "remind", "to", "at"),
    *("in", "ten", "wait", "now", "times", "lights", "every", "day", "percent", "%", "7:30"),
    *("999999", "weeks", "years", "31st", "february", "half", "past", "minus", "point", "1/2", "-"),
    *ODD,
)


@pytest.fixture(scope="module")
def household() -> Proposer:
    types = next(one.text for one in shipped_files() if one.path.endswith("types.yaml"))
    return Proposer(graph_of(HOUSEHOLD, types))


@given(st.lists(st.sampled_from(SAID), max_size=30).map(" ".join))
def test_words_in_any_order_mean_something_or_nothing(household: Proposer, said: str) -> None:
    targets.understood(household, said)


@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_any_text_means_something_or_nothing(household: Proposer, said: str) -> None:
    targets.understood(household, said)


@pytest.mark.parametrize("times", [1, 60, 1_000, 50_000])
def test_a_piece_again_and_again_means_something_or_nothing(
    household: Proposer, times: int
) -> None:
    for piece in (*SAID, "turn on the", "note a and", "in 999999 weeks", "every day and"):
        targets.understood(household, f"{piece} " * times)


@settings(max_examples=50)
@given(st.lists(st.sampled_from(SAID), max_size=12).map(" ".join))
def test_what_is_said_to_the_shipped_sentences(said: str) -> None:
    targets.text(said)
