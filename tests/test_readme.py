"""What the README shows is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.errors import IntentError
from assistant.intents.builtins import BUILTIN_ACTIONS
from assistant.intents.loader import load_intents
from assistant.intents.matcher import compile_intents
from assistant.intents.model import SourceFile
from assistant.intents.selftest import run_tests

README = (Path(__file__).parents[1] / "README.md").read_text()
INTENTS = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)[0]


def test_the_intent_file_works() -> None:
    intents = load_intents([SourceFile("light.yaml", INTENTS)], BUILTIN_ACTIONS)
    graph = compile_intents(intents)
    assert intents.warnings == ()
    assert run_tests(intents, graph) == []
    match = graph.match("turn off the hallway lamps")
    assert match is not None
    assert match.values() == {"room": "hall", "state": "off"}


def test_error_of_the_typo_is_as_shown() -> None:
    shown = re.findall(r"```\n(light\.yaml.*?)\n```", README, re.DOTALL)[0]
    with pytest.raises(IntentError) as caught:
        load_intents(
            [SourceFile("light.yaml", INTENTS.replace("{room} (", "{rom} ("))], BUILTIN_ACTIONS
        )
    assert shown in caught.value.message


def test_it_is_short() -> None:
    assert len(README.splitlines()) < 120


@pytest.mark.parametrize("link", re.findall(r"\]\((?!https)([^)]+)\)", README))
def test_its_links_lead_somewhere(link: str) -> None:
    assert (Path(__file__).parents[1] / link).exists()
