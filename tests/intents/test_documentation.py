"""Everything that docs/intents.md shows is true."""

from __future__ import annotations

import re

import pytest

from assistant.intents.builtins import BUILTIN_ACTIONS, RESPONSES, Delivered
from assistant.intents.loader import load_intents
from assistant.intents.matcher import compile_intents
from assistant.intents.model import IntentSet, ListSource, SourceFile
from assistant.intents.selftest import run_tests
from assistant.units import UNITS
from tests.intents.files import ROOT, errors_of

PAGE = (ROOT / "docs" / "intents.md").read_text()
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
WRONG = re.findall(
    r"^```yaml wrong\n(.*?)^```\n\n```text\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE
)


SHIPPED = [
    SourceFile(name, (ROOT / "intents" / "en" / name).read_text())
    for name in ("types.yaml", "connectives.yaml")
]
CONTACTS = re.findall(r"^```text\n(# said = value.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)[0]
DEVICES = '["Desk lamp", {"in": ["tv", "telly"], "out": "tv.living_room"}]'


class Lists(dict[ListSource, str]):
    """What the file and the program of the examples give."""

    def get(self, source: ListSource, _default: object = None) -> str:
        return CONTACTS if source.file else DEVICES


def load_example(text: str) -> IntentSet:
    files = [*SHIPPED, SourceFile("example.yaml", text, layer=1)]
    return load_intents(files, BUILTIN_ACTIONS, list_texts=Lists())


@pytest.mark.parametrize("text", EXAMPLES)
def test_example_loads_and_its_tests_hold(text: str) -> None:
    intent_set = load_example(text)
    assert any(intent.tests for intent in intent_set.intents.values())
    assert list(map(str, run_tests(intent_set, compile_intents(intent_set)))) == []
    assert list(map(str, intent_set.warnings)) == []


@pytest.mark.parametrize(("text", "expected"), WRONG)
def test_mistake_is_reported_as_shown(text: str, expected: str) -> None:
    assert errors_of(text).replace("a.yaml", "example.yaml") + "\n" == expected


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 8
    assert WRONG


def shown(delivered: Delivered) -> str:
    names = [f"`{{{name}}}`" for name in sorted(delivered.always)]
    names += [f"`{{{name}}}` if known" for name in sorted(delivered.sometimes)]
    return f" ({', '.join(names)})" if names else ""


def test_the_table_of_builtin_actions() -> None:
    rows = [
        f"| `{action}` | {'; '.join(f'`{name}`{shown(d)}' for name, d in outcomes.items())} |"
        for action, outcomes in BUILTIN_ACTIONS.items()
    ]
    assert section("builtin actions") == ["| action | outcomes (and values) |", "|---|---|", *rows]


def test_the_list_of_responses() -> None:
    assert section("responses") == [f"- `{key}`{shown(d)}" for key, d in RESPONSES.items()]


def test_the_names_of_units() -> None:
    assert section("units") == [", ".join(f"`{unit}`" for unit in UNITS)]


def section(name: str) -> list[str]:
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- end -->", PAGE, re.DOTALL)
    assert found is not None
    return found[1].strip().splitlines()
