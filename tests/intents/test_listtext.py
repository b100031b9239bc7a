"""Values of lists from files and programs."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.errors import Place
from assistant.intents.listtext import MAXIMUM_VALUES, read_list_text
from assistant.intents.model import ListSource, SlotList
from assistant.intents.template import Words
from assistant.intents.words import normalise
from assistant.values import SlotValue
from assistant.yamlsource import UNPRINTABLE

PLACE = Place("house/calls.yaml", 7, 3)


def a_list(file: str | None = None) -> SlotList:
    """The list 'contact', from a file or from a program."""
    argv = () if file else ("print-contacts", "--all")
    return SlotList("contact", (), PLACE, source=ListSource(file, argv, None, PLACE))


def values_of(text: str, file: str | None = None) -> dict[str, SlotValue | None]:
    """What can be said, and what it means; nothing may be wrong."""
    values, problems = read_list_text(text, a_list(file), "en")
    assert [str(problem) for problem in problems] == []
    return {one.tree.text: one.value for one in values if isinstance(one.tree, Words)}


def problems_of(text: str, file: str | None = None) -> str:
    _, problems = read_list_text(text, a_list(file), "en")
    assert all(problem.warning for problem in problems)
    return "\n".join(str(problem) for problem in problems)


LINES = """\
# People
Bob (work) = +49 0301

  Anne-Marie
Room 5=room:5
"""

READ = {
    "lines": (
        LINES, "contacts.txt",
        {"bob work": "+49 0301", "anne marie": "Anne-Marie", "room five": "room:5"},
    ),
    "lines with other ends": ("\ufeffBob\r\nEve\r\n", None, {"bob": "Bob", "eve": "Eve"}),
    "a telephone number keeps its zeros": ("Bob = 0301", None, {"bob": "0301"}),
    "brackets of a program mean nothing": (
        "[the] lamp\n{name} <rule> (a|b)", "names.txt",
        {"the lamp": "[the] lamp", "name rule a b": "{name} <rule> (a|b)"},
    ),
    "JSON": (
        '["Bob (work)", {"in": "lamp", "out": "light.lamp"}, {"in": ["tv", "telly"], "out": 5}]',
        None, {"bob work": "Bob (work)", "lamp": "light.lamp", "tv": 5, "telly": 5},
    ),
    "a JSON file": ('["[a] lamp"]', "names.json", {"a lamp": "[a] lamp"}),
    "YAML": (
        "- Bob (work)\n- {in: lamp, out: light.lamp}\n- on\n", "names.yaml",
        {"bob work": "Bob (work)", "lamp": "light.lamp", "on": "on"},
    ),
    "the first of two that are said alike": ("Bob = 1\nbob! = 2", None, {"bob": "1"}),
}  # fmt: skip


@pytest.mark.parametrize(("text", "file", "values"), READ.values(), ids=READ)
def test_values(text: str, file: str | None, values: dict[str, SlotValue]) -> None:
    assert values_of(text, file) == values


def test_a_template_of_the_owner_s_is_one() -> None:
    values, problems = read_list_text("- {in: '[big] lamp', out: 1}", a_list("a.yaml"), "en")
    assert problems == []
    assert [one.value for one in values] == [1]
    assert not isinstance(values[0].tree, Words)


PROGRAM = "the output of 'print-contacts --all'"
AN_ITEM = '    write "a name", or {"in": "a name", "out": "a value"}'
MISTAKES = {
    "no word": (
        "contacts.txt",
        "Bob\n???",
        """\
house/contacts.txt:2:1: warning: a value of list 'contact' has no word in it
    ???
    ^^^""",
    ),
    "nothing": (
        None,
        "# nobody\n",
        f"{PROGRAM}:1:1: warning: there are no values for list 'contact'",
    ),
    "not JSON": (
        None,
        '["Bob",\n "Eve"',
        f"{PROGRAM}:2:7: warning: not JSON: Expecting ',' delimiter",
    ),
    "another JSON": (
        None,
        '{"Bob": 1}',
        f"""\
{PROGRAM}:1:1: warning: not a JSON list
    print ["a name", …]""",
    ),
    "a value that is none": (
        None,
        '["Bob", true, {"in": "Eve"}]',
        f"""\
{PROGRAM}:1:1: warning: value 2 of list 'contact' is not one
{AN_ITEM}
{PROGRAM}:1:1: warning: value 3 of list 'contact' is not one
{AN_ITEM}""",
    ),
    "YAML that is no list": (
        "names.yml",
        "Bob: 1",
        """\
house/names.yml:1:1: warning: list 'contact' must be a list, not a mapping
    Bob: 1
    ^""",
    ),
    "a value without its value": (
        "names.yml",
        "- Bob\n- {in: lamp}",
        """\
house/names.yml:2:3: warning: a value of list 'contact' needs both 'in' and 'out'
    - {in: lamp}
      ^""",
    ),
}


@pytest.mark.parametrize(("file", "text", "message"), MISTAKES.values(), ids=MISTAKES)
def test_error_in_a_text(file: str | None, text: str, message: str) -> None:
    assert problems_of(text, file) == message


def test_error_too_many_values() -> None:
    text = "\n".join(f"lamp {number}" for number in range(MAXIMUM_VALUES + 5))
    values, problems = read_list_text(text, a_list(), "en")
    assert len(values) == MAXIMUM_VALUES
    assert [problem.message for problem in problems] == ["10,005 values; the first 10,000 are used"]


def test_error_too_long() -> None:
    values, problems = read_list_text("lamp\n" * 200_001, a_list(), "en")
    assert values == ()
    assert [problem.message for problem in problems] == [
        "1,000,005 characters for list 'contact'; at most 1,000,000 are read"
    ]


def test_error_of_many_mistakes_some_are_told() -> None:
    _, problems = read_list_text("?\n" * 1000, a_list(), "en")
    assert len(problems) == 11
    assert (problems[-1].message, problems[-1].place.line) == ("990 more mistakes", 11)


@given(st.text(max_size=200), st.sampled_from([None, "a.txt", "a.json", "a.yaml"]))
@example("[" * 100_000, None)
@example("[" + "9" * 5000 + "]", None)
@example("- {in: '[', out: 1}", "a.yaml")
def test_whatever_the_text_it_is_read_or_warned_of(text: str, file: str | None) -> None:
    values, problems = read_list_text(text, a_list(file), "en")
    assert values or problems
    assert all(problem.warning for problem in problems)


PRINTABLE = st.characters(
    codec="utf-8", exclude_characters="\n\r=", exclude_categories=["Cc", "Cs", "Cn"]
).filter(lambda one: not UNPRINTABLE.search(one))
NAMES = st.text(PRINTABLE, min_size=1).filter(
    lambda name: bool(normalise(name)) and not name.lstrip().startswith(("#", "[", "{", "\ufeff"))
)


@given(st.lists(NAMES, min_size=1, unique_by=normalise))
def test_names_in_lines_are_said_as_they_are_and_mean_themselves(names: list[str]) -> None:
    assert values_of("\n".join(names)) == {" ".join(normalise(one)): one.strip() for one in names}


@given(st.lists(NAMES, min_size=1, unique_by=normalise))
def test_names_in_json_are_the_same(names: list[str]) -> None:
    assert values_of(json.dumps(names)) == {" ".join(normalise(one)): one.strip() for one in names}
