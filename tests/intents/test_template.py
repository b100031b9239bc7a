"""Sentence templates: the tree they are read into, and where a mistake is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import Place, Problem
from assistant.intents.template import (
    NOTHING,
    AnyOrder,
    Choice,
    ListReference,
    Part,
    RuleReference,
    Sequence,
    Words,
    parse_template,
    references,
)
from assistant.yamlsource import Text


def tree(template: str) -> Part:
    problems: list[Problem] = []
    part = parse_template(Text(template, Place("a.yaml", 1, 1, template)), problems)
    assert problems == []
    assert part is not None
    return part


TREES = {
    "words": ("turn on", Words("turn on")),
    "nothing": ("", NOTHING),
    "optional": ("[a]", Choice((Words("a"), NOTHING))),
    "optional alternatives": ("[a|b]", Choice((Words("a"), Words("b"), NOTHING))),
    "alternatives": ("(a|b c)", Choice((Words("a"), Words("b c")))),
    "brackets around one thing": ("(a)", Words("a")),
    "part of a word": ("light[s]", Sequence((Words("light"), Choice((Words("s"), NOTHING))))),
    "list": ("{area}", ListReference("area", "area", 0)),
    "list for another slot": (
        "in {area:room}",
        Sequence((Words("in "), ListReference("area", "room", 3))),
    ),
    "rule": ("<name>", RuleReference("name", 0)),
    "any order": ("(a;b)", AnyOrder((Words("a"), Words("b")))),
    "escapes": (r"\(a\) \\ \{b\}", Words(r"(a) \ {b}")),
    "space that may be left out": (
        "dish[ ]washer",
        Sequence((Words("dish"), Choice((Words(" "), NOTHING)), Words("washer"))),
    ),
}


@pytest.mark.parametrize("name", TREES)
def test_tree(name: str) -> None:
    template, expected = TREES[name]
    assert tree(template) == expected


ERRORS = {
    "unclosed group": ("turn (on|off the {area}", 6, "unclosed '(' opened here", ""),
    "unclosed inner group": ("a (b [c) d", 6, "unclosed '[' opened here", ""),
    "group closed as an optional": ("(a]", 1, "unclosed '(' opened here", ""),
    "unclosed list": ("the {area lights", 5, "unclosed '{' opened here", ""),
    "unclosed rule": ("<name", 1, "unclosed '<' opened here", ""),
    "closed, not opened": ("a b) c", 4, "')' closes nothing", ""),
    "closed twice": ("[a]] b", 4, "']' closes nothing", ""),
    "brace closed, not opened": ("a} b", 2, "'}' closes nothing", ""),
    "alternatives without brackets": (
        "on|off",
        3,
        "'|' outside of brackets",
        "put the alternatives in brackets: (a|b)",
    ),
    "empty alternative": (
        "(on|)",
        5,
        "empty alternative",
        "use [a] for something that may be left out",
    ),
    "empty first alternative": (
        "(|on)",
        2,
        "empty alternative",
        "use [a] for something that may be left out",
    ),
    "empty group": ("a () b", 4, "empty alternative", "use [a] for something that may be left out"),
    "empty optional": ("[]", 2, "empty alternative", "use [a] for something that may be left out"),
    "both separators": (
        "(a|b;c)",
        5,
        "'|' and ';' in the same brackets",
        "put one of them in brackets of its own",
    ),
    "too many orders": (
        "(a;b;c;d;e;f)",
        1,
        "more than 5 parts in any order",
        "split the sentence into several",
    ),
    "list without a name": ("{}", 1, "a list without a name", ""),
    "slot without a name": ("{area:}", 1, "a slot without a name", ""),
    "rule without a name": ("a <> b", 3, "a rule without a name", ""),
    "backslash at the end": (
        "a \\",
        3,
        "a '\\' with nothing after it",
        "write \\\\ for a backslash",
    ),
    "too deep": ("(" * 1000, 11, "brackets nested deeper than 10", ""),
}


@pytest.mark.parametrize("name", ERRORS)
def test_error(name: str) -> None:
    template, column, message, hint = ERRORS[name]
    problems: list[Problem] = []
    source = Text(template, Place("a.yaml", 1, 1, template))
    assert parse_template(source, problems) is None
    assert problems == [Problem(message, Place("a.yaml", 1, column, template), hint)]


def test_every_order_is_written_out_with_spaces() -> None:
    a, b, space = Words("a"), Words("b"), Words(" ")
    assert list(AnyOrder((a, b)).orders()) == [Sequence((a, space, b)), Sequence((b, space, a))]


def test_references_in_order() -> None:
    part = tree("[{a}] (<b>|{c:d})")
    assert references(part) == [
        ListReference("a", "a", 1),
        RuleReference("b", 7),
        ListReference("c", "d", 11),
    ]


@given(st.text(alphabet=st.sampled_from("ab ()[]{}<>|;:\\'"), max_size=40))
def test_any_text_is_a_template_or_has_one_problem(text: str) -> None:
    problems: list[Problem] = []
    part = parse_template(Text(text, Place("a.yaml", 1, 1, text)), problems)
    assert (part is None) == (len(problems) == 1)
    for problem in problems:
        assert 1 <= problem.place.column <= len(text)
