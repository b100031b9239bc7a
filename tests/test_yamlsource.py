"""YAML with positions."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.errors import LONGEST_LINE, Problem
from assistant.yamlsource import (
    MAXIMUM_CHARACTERS,
    MAXIMUM_DEPTH,
    MAXIMUM_NODES,
    Items,
    Mapping,
    Node,
    Text,
    did_you_mean,
    parse,
)


def read(text: str) -> Mapping:
    problems: list[Problem] = []
    top = parse(text, "a.yaml", problems)
    assert problems == []
    assert top is not None
    return top


def problems_of(text: str) -> str:
    problems: list[Problem] = []
    parse(text, "a.yaml", problems)
    return "\n".join(map(str, problems))


def text_with_bracket(node: Node) -> Text:
    """Find the text that holds '('."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Text):
            if "(" in node.text:
                return node
        else:
            waiting += node if isinstance(node, Items) else [value for _, value in node]
    raise AssertionError


@pytest.mark.parametrize("word", ["on", "yes", "no", "12:30", "5", "1e3", "true", "~x", "0x1f"])
def test_scalars_stay_as_written(word: str) -> None:
    assert read(f"{word}: {word}").get(word) == Text(
        word, read(f"{word}: {word}").entries[word][1].place
    )


def test_every_value_knows_its_place() -> None:
    top = read("intents:\n  Stop:\n    - halt\n")
    stop = top.get("intents")
    assert isinstance(stop, Mapping)
    items = stop.get("Stop")
    assert isinstance(items, Items)
    (halt,) = items
    assert str(halt.place) == "a.yaml:3:7"
    assert halt.place.source_line == "    - halt"
    assert halt.place.length == 4


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("a: turn on (x", 12),
        ("a: 'turn on (x'", 13),
        ('a: "turn on (x"', 13),
        ('"a": {b: [c, "turn on (x"]}', 23),
        # With escapes only the start is known.
        ('a: "t\\x75rn on (x"', 4),
        ("a: 'it''s on (x'", 4),
    ],
)
def test_a_part_of_a_text_has_its_column(line: str, column: int) -> None:
    node = text_with_bracket(read(line))
    assert node.at(node.text.index("(")).column == column


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: turn\n   on\n\n     (x y)\n", "a.yaml:4:6"),
        ("a: 'turn on\n  (x y) z'\n", "a.yaml:2:3"),
        ('a: "turn (\n  off (x y) z"\n', "a.yaml:2:7"),
        ("a: |\n  turn\n\n    (\n     (x y)\n", "a.yaml:5:6"),
        ("a: >-\n  turn\n  on (x y)\n\n  now\n", "a.yaml:3:6"),
        # With escapes in that line only the start is known.
        ('a: "turn on\n  (x y) \\x75"\n', "a.yaml:1:4"),
    ],
)
def test_a_part_of_a_text_of_several_lines_has_its_line(text: str, place: str) -> None:
    node = text_with_bracket(read(text))
    found = node.at(node.text.index("(x"), 3)
    assert str(found) == place
    assert found.line == 1 or found.source_line[found.column - 1 :].startswith("(x y")


def test_nothing_written_is_none() -> None:
    top = read("a:\nb: ~\nc: null\nd: ''\ne: 'null'\n")
    assert [top.get(key) is None for key in "abcdef"] == [True, True, True, False, False, True]


def test_an_alias_is_what_it_names() -> None:
    top = read("a: &x [1, 2]\nb: *x\n")
    assert top.get("a") is top.get("b")


ERRORS = {
    "tab": (
        "a:\n\t- b\n",
        "a.yaml:2:1: a tab cannot indent YAML\n    \t- b\n    ^\n    indent with spaces",
    ),
    "colon in a text": (
        "a: b: c",
        (
            "a.yaml:1:5: a ':' does not fit here\n"
            "    a: b: c\n"
            "        ^\n"
            "    indent keys of one block alike, and put quotes around text that holds ': '"
        ),
    ),
    "list beside its key": (
        "a: - b",
        (
            "a.yaml:1:4: a '-' item does not fit here\n"
            "    a: - b\n"
            "       ^\n"
            "    begin the list on a line of its own"
        ),
    ),
    "key without a colon": (
        "a\nb\nc: d\ne\n",
        (
            "a.yaml:3:2: a ':' does not fit here\n"
            "    c: d\n"
            "     ^\n"
            "    indent keys of one block alike, and put quotes around text that holds ': '"
        ),
    ),
    "last key without a colon": (
        "c: d\ne\n",
        (
            "a.yaml:2:1: a key without ':'\n    e\n    ^\n"
            "    write 'key: value', or put quotes around the text"
        ),
    ),
    "text that begins with a bracket": (
        "a:\n  - [please] turn on\n",
        (
            "a.yaml:2:5: a text cannot begin with '[' unless it is in quotes\n"
            "      - [please] turn on\n"
            "        ^\n"
            "    put quotes around it"
        ),
    ),
    "text that begins with a brace": (
        "a:\n  b: {area} lights\n",
        (
            "a.yaml:2:6: a text cannot begin with '{' unless it is in quotes\n"
            "      b: {area} lights\n"
            "         ^\n"
            "    put quotes around it"
        ),
    ),
    "text that begins with a percent sign": (
        "a: %x",
        (
            "a.yaml:1:4: a text cannot begin with '%' unless it is in quotes\n"
            "    a: %x\n"
            "       ^\n"
            "    put quotes around it"
        ),
    ),
    "unclosed quote": (
        "a: 'x\nb: c",
        (
            "a.yaml:1:4: unclosed quote opened here\n"
            "    a: 'x\n"
            "       ^\n"
            "    close it with the same quote"
        ),
    ),
    "unclosed list": (
        "a: [b, c\n",
        "a.yaml:1:4: unclosed '[' opened here\n    a: [b, c\n       ^",
    ),
    "unclosed mapping": (
        "a: {b: c\n",
        "a.yaml:1:4: unclosed '{' opened here\n    a: {b: c\n       ^",
    ),
    "unknown escape": (
        'a: "\\("',
        (
            "a.yaml:1:6: unknown escape\n"
            '    a: "\\("\n'
            "         ^\n"
            "    use 'single quotes', or write \\\\"
        ),
    ),
    "wrong indentation": (
        "a:\n  - b\n c: d\n",
        (
            "a.yaml:3:2: this does not fit the lines before it\n"
            "     c: d\n"
            "     ^\n"
            "    indent it as the other keys or '-' items of its block"
        ),
    ),
    "control character": (
        "a: b\nc: \x07d",
        "a.yaml:2:4: the character U+0007 is not allowed in YAML\n    c: \x07d\n       ^",
    ),
    "duplicate key": (
        "stop: 1\ngo: 2\nstop: 3\n",
        "a.yaml:3:1: duplicate key 'stop'\n    stop: 3\n    ^^^^\n    the first is at a.yaml:1:1",
    ),
    "list as a key": ("[a]: b", "a.yaml:1:1: a key must be a text\n    [a]: b\n    ^"),
    "tag": (
        "a: !secret b",
        (
            "a.yaml:1:4: the tag '!secret' is not understood here\n"
            "    a: !secret b\n"
            "       ^\n"
            "    write the value itself"
        ),
    ),
    "alias of nothing": (
        "a: *b",
        (
            "a.yaml:1:4: nothing is named '&b' before this\n"
            "    a: *b\n"
            "       ^\n"
            "    put quotes around text that begins with '*'"
        ),
    ),
    "alias of itself": (
        "a: &a [*a]",
        (
            "a.yaml:1:8: nothing is named '&a' before this\n"
            "    a: &a [*a]\n"
            "           ^\n"
            "    put quotes around text that begins with '*'"
        ),
    ),
    "second document": (
        "a: b\n---\nc: d\n",
        "a.yaml:2:1: a second document begins here\n    ---\n    ^\n    remove the '---' line",
    ),
    "nothing": ("", "a.yaml:1:1: the file is empty"),
    "only a comment": (
        "# nothing\n",
        "a.yaml:1:1: the file is empty\n    # nothing\n    ^",
    ),
    "a list": (
        "- a\n",
        "a.yaml:1:1: the top of the file must be a mapping: 'key: value' lines\n    - a\n    ^",
    ),
    "too deep": (
        "a: " + "[" * 1000,
        (
            f"a.yaml:1:{MAXIMUM_DEPTH + 4}: nested deeper than {MAXIMUM_DEPTH} levels\n"
            f"    a: {'[' * (LONGEST_LINE - 3)}\n"
            f"    {' ' * (MAXIMUM_DEPTH + 3)}^"
        ),
    ),
    "too large": (
        "# " + "x" * MAXIMUM_CHARACTERS,
        "a.yaml:1:1: the file has 1,000,002 characters; at most 1,000,000 are read\n"
        "    # " + "x" * (LONGEST_LINE - 2) + "\n    ^",
    ),
}


@pytest.mark.parametrize("name", ERRORS)
def test_error(name: str) -> None:
    text, expected = ERRORS[name]
    assert problems_of(text) == expected


def test_error_of_a_billion_laughs() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    assert problems_of("\n".join(lines)).startswith(
        f"a.yaml:6:10: the file holds more than {MAXIMUM_NODES:,} values\n"
    )


def test_all_duplicate_keys_are_reported() -> None:
    assert problems_of("a: 1\na: 2\na: 3\n").count("duplicate key 'a'") == 2


def test_a_byte_order_mark_is_no_column() -> None:
    assert str(read("\ufeffa: b").entries["a"][0].place) == "a.yaml:1:1"


def test_did_you_mean() -> None:
    assert did_you_mean("treshold", ["threshold", "word"]) == "did you mean 'threshold'?"
    assert did_you_mean("xyz", ["threshold", "word"]) == ""


@given(st.text(alphabet=st.sampled_from("ab:-[]{}'\"\n\t #&*!|>%?,\\\x85\u2028\x00é"), max_size=60))
@example("\x85\u2028a: [")
def test_any_text_is_read_or_has_a_problem(text: str) -> None:
    problems: list[Problem] = []
    top = parse(text, "a.yaml", problems)
    assert top is not None or problems
    for problem in problems:
        assert problem.place.line >= 1
        assert problem.place.column >= 1
        assert str(problem)
