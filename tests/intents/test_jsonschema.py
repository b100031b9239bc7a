"""The schema for editors says what the reader says."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from assistant.errors import IntentError
from assistant.intents.builtins import BUILTIN_ACTIONS, RESPONSES
from assistant.intents.expectations import TEST_KEYS
from assistant.intents.jsonschema import intent_file_schema
from assistant.intents.kinds import KINDS
from assistant.intents.lists import LIST_KEYS, VALUE_KEYS
from assistant.intents.loader import load_intents
from assistant.intents.messages import MQTT_KEYS
from assistant.intents.model import SourceFile
from assistant.intents.ranges import CALENDARS, FRACTIONS, RANGE_KEYS
from assistant.intents.requests import CREDENTIAL_KEYS, HTTP_KEYS
from assistant.intents.schema import (
    ASK_KEYS,
    BLOCK_KEYS,
    CONFIRM_KEYS,
    CONNECTIVES,
    FILE_KEYS,
    INTENT_KEYS,
    TYPE_KEYS,
)
from assistant.intents.sequences import STEP_KEYS
from assistant.intents.skillcalls import SKILL_KEYS
from tests.intents.files import ROOT
from tests.intents.test_documentation import EXAMPLES, WRONG
from tests.intents.test_loader import MISTAKES

SCHEMA = intent_file_schema()
DEFINITIONS: Mapping[str, Any] = SCHEMA["$defs"]
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
SHIPPED = sorted((ROOT / "intents").glob("*/*.yaml"))
INSTALLED = sorted((ROOT / "docs" / "examples" / "intents").glob("*.yaml"))


class EditorLoader(yaml.SafeLoader):
    """Reads YAML as editors do, by the core schema of YAML 1.2: ``on`` is a text, ``5`` is not."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - so it is in PyYAML


for tag, pattern, first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+.0123456789")),
):
    EditorLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{tag}", re.compile(f"^({pattern})$"), first
    )


def mistakes_in(text: str) -> list[str]:
    content = yaml.load(text, EditorLoader)  # noqa: S506 - a safe loader
    return [error.json_path for error in VALIDATOR.iter_errors(content)]


def test_it_is_a_schema_and_json() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA


def keys_of(schema: Mapping[str, Any]) -> list[str]:
    assert schema["additionalProperties"] is False
    return sorted(schema["properties"])


KEYS = {
    "action_step": STEP_KEYS,
    "ask": ASK_KEYS,
    "block": BLOCK_KEYS,
    "confirm": CONFIRM_KEYS,
    "connectives": CONNECTIVES,
    "http": HTTP_KEYS,
    "intent": INTENT_KEYS,
    "list": LIST_KEYS,
    "mqtt": MQTT_KEYS,
    "range": RANGE_KEYS,
    "skill": SKILL_KEYS,
    "responses": (*RESPONSES, "intents", "errors"),
    "slot_type": ("kind", "sentences"),
    "slot_types": TYPE_KEYS,
    "test": TEST_KEYS,
}


def test_its_keys_are_those_that_are_read() -> None:
    assert keys_of(SCHEMA) == sorted(FILE_KEYS)
    assert keys_of(DEFINITIONS["value"]["anyOf"][1]) == sorted(VALUE_KEYS)
    assert keys_of(DEFINITIONS["credential"]["anyOf"][1]) == sorted(CREDENTIAL_KEYS)
    found = {
        name: tuple(keys_of(definition))
        for name, definition in DEFINITIONS.items()
        if "properties" in definition
    }
    assert found == {name: tuple(sorted(keys)) for name, keys in KEYS.items()}


def test_every_key_is_explained_in_one_line() -> None:
    with_keys = [SCHEMA, DEFINITIONS["value"]["anyOf"][1], *DEFINITIONS.values()]
    told = [key["description"] for one in with_keys for key in one.get("properties", {}).values()]
    assert len(told) > 80
    assert [text for text in told if not text or len(text) > 100 or "\n" in text] == []


def test_names_are_offered() -> None:
    assert DEFINITIONS["action"]["anyOf"][0]["enum"] == list(BUILTIN_ACTIONS)
    assert DEFINITIONS["slot_type"]["properties"]["kind"]["enum"] == list(KINDS)
    assert DEFINITIONS["list"]["properties"]["calendar"]["enum"] == list(CALENDARS)
    assert DEFINITIONS["range"]["properties"]["fractions"]["enum"] == list(FRACTIONS)


def test_every_definition_is_used() -> None:
    used = set(re.findall(r"#/\$defs/(\w+)", json.dumps(SCHEMA)))
    assert used == DEFINITIONS.keys()


@pytest.mark.parametrize("path", [*SHIPPED, *INSTALLED], ids=lambda path: path.stem)
def test_a_shipped_file_fits(path: Path) -> None:
    assert mistakes_in(path.read_text()) == []


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_of_the_documentation_fits(text: str) -> None:
    assert mistakes_in(text) == []


@pytest.mark.parametrize(("text", "_expected"), WRONG)
def test_a_wrong_example_of_the_documentation_does_not(text: str, _expected: str) -> None:
    assert mistakes_in(text) != []


# What only the templates themselves, other files, or the names in a file can tell.
NOT_BY_FORM = {
    "braces-that-hold-no-name",
    "duplicate-intent-in-one-file",  # an editor's YAML parser refuses it
    "list-value-that-can-be-empty",
    "list-written-as-a-rule",
    "one-reply-for-several-outcomes",
    "range-upside-down",
    "reply-with-a-slot-that-is-sometimes-there",
    "reply-with-an-unknown-slot",
    "rules-nested-too-deeply",
    "rules-that-use-each-other",
    "sentence-that-can-be-empty",
    "sentences-that-match-everything",
    "several-of-anything",
    "unclosed-bracket",
    "unclosed-bracket-after-an-escape",
    "unknown-list",
    "unknown-rule",
}


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_a_file_that_is_wrong_by_its_form_is_refused(path: Path) -> None:
    assert (path.stem in NOT_BY_FORM) == (not mistakes_in(path.read_text()))


def reader_takes(text: str) -> bool:
    try:
        load_intents([SourceFile("a.yaml", text)], BUILTIN_ACTIONS)
    except IntentError:
        return False
    return True


@pytest.mark.parametrize(
    "value",
    [
        "true", "yes", "Off", "NO", "'on'", "1", "maybe", "[true]",
    ],
)  # fmt: skip
def test_true_and_false_as_the_reader(value: str) -> None:
    text = f"intents: {{A: {{sentences: [a], reply: b, enabled: {value}}}}}"
    assert reader_takes(text) == (not mistakes_in(text))


@pytest.mark.parametrize(
    "value", ["1", "0.5", "'2'", "0", "0.0", "-1", "'0'", "long", "1234567", "[1]"]
)
def test_seconds_as_the_reader(value: str) -> None:
    text = f"intents: {{A: {{sentences: [a], action: {{command: [x], timeout_seconds: {value}}}}}}}"
    assert reader_takes(text) == (not mistakes_in(text))


@pytest.mark.parametrize(
    "range_",
    [
        "{from: 1, to: 2}", "{from: '1', to: +2}", "{from: -3, to: 3, step: 2}",
        "{from: 1, to: 2, step: '2'}", "{from: 1, to: 2, step: 0}", "{from: 1, to: 2, step: '0'}",
        "{from: 1.5, to: 2}", "{from: 1, to: 2, multiplier: 0.5, words: ordinals}",
        "{from: 1, to: 2, multiplier: '0.5', words: no}", "{from: 1, to: 2, fractions: halves}",
        "{from: 1, to: 2, fractions: thirds}", "{from: 1, to: 2, words: some}", "{to: 2}",
    ],
)  # fmt: skip
def test_ranges_as_the_reader(range_: str) -> None:
    text = (
        f"intents: {{A: {{sentences: ['a {{n}}'], reply: b}}}}\nlists: {{n: {{range: {range_}}}}}"
    )
    assert reader_takes(text) == (not mistakes_in(text))


@pytest.mark.parametrize("name", ["Küche", "A.b-c_9", "a b", "9a", "_a", "a/b", "a!", "A[", "Ä"])
def test_names_as_the_reader(name: str) -> None:
    text = f"intents: {{'{name}': {{sentences: [a], reply: b}}}}"
    assert reader_takes(text) == (not mistakes_in(text))


@pytest.mark.parametrize(
    "test",
    [
        "{say: a}", "{say: [a, 5]}", "{say: a, slots: {}}", "{say: a, slots: [{}, {}]}",
        "{say: a, now: 2026-11-22 14:00}", "{say: a, now: 2026-11-22 14:00 Europe/Berlin}",
        "{say: a, now: tomorrow}", "{say: a, context: {area: kitchen}}",
        "{say: a, context: {area: }}", "{not: b}", "{not: b, slots: {}}", "{say: a, not: b}",
        "{slots: {}}", "{say: ''}", "{say: a, at: home}",
    ],
)  # fmt: skip
def test_tests_as_the_reader(test: str) -> None:
    text = f"intents: {{A: {{sentences: [a], reply: b, tests: [{test}]}}}}"
    assert reader_takes(text) == (not mistakes_in(text))


@pytest.mark.parametrize(
    "list_",
    [
        "{values: [a, 5, on]}", "{values: [{in: a, out: 5}]}", "{values: [{in: [a, b], out: 5}]}",
        "{values: [{in: a, context: {b: c}}]}", "{values: [{in: a}]}", "{wildcard: yes}",
        "{calendar: months}", "{calendar: moons}", "{file: names.txt}",
        "{command: [names]}", "{command: names}", "{command: [names], refresh_seconds: 60}",
        "{file: names.txt, refresh_seconds: 60}", "{values: [a], all: everything, preferred: on}",
        "{values: [a], range: {from: 1, to: 2}}", "{remembered: true}", "{values: a}", "{}",
        "{wildcard: true, values: [a]}", "{wildcard: false, values: [a]}", "{wildcard: false}",
        "{wildcard: true, file: names.txt}", "{wildcard: true, file: a.txt, values: [a]}",
    ],
)  # fmt: skip
def test_lists_as_the_reader(list_: str) -> None:
    text = f"intents: {{A: {{sentences: ['a {{n}}'], reply: b}}}}\nlists: {{n: {list_}}}"
    assert reader_takes(text) == (not mistakes_in(text))
