"""Intent files for tests: written in the test, or the shipped ones."""

from __future__ import annotations

import textwrap
from functools import cache
from pathlib import Path

import pytest

from assistant.errors import IntentError
from assistant.intents.builtins import BUILTIN_ACTIONS
from assistant.intents.loader import load_intents
from assistant.intents.matcher import IntentGraph, compile_intents
from assistant.intents.model import IntentSet, SourceFile
from assistant.ports import Grammar
from assistant.recognizers.grammar import compile_grammar

ROOT = Path(__file__).parent.parent.parent


def load(*texts: str, language: str = "en") -> IntentSet:
    """Load texts as the files ``a.yaml``, ``b.yaml`` … of one layer."""
    files = [
        SourceFile(f"{name}.yaml", textwrap.dedent(text))
        for name, text in zip("abcdef", texts, strict=False)
    ]
    return load_intents(files, BUILTIN_ACTIONS, language)


def graph_of(*texts: str, language: str = "en") -> IntentGraph:
    """Compile texts."""
    return compile_intents(load(*texts, language=language))


def sentences(*templates: str, more: str = "") -> IntentGraph:
    """Compile one intent ``Test`` with these templates; ``more`` is added to the file."""
    quoted = [template.replace("'", "''") for template in templates]
    lines = "".join(f"      - '{template}'\n" for template in quoted)
    return graph_of(f"intents:\n  Test:\n    reply: 'yes'\n    sentences:\n{lines}{more}")


def errors_of(*texts: str) -> str:
    """Load texts that are wrong, and return what is said about them."""
    with pytest.raises(IntentError) as caught:
        load(*texts)
    return str(caught.value)


LANGUAGES = tuple(sorted(folder.name for folder in (ROOT / "intents").iterdir()))


@cache
def shipped_files(language: str = "en") -> tuple[SourceFile, ...]:
    """The intent files of the project."""
    paths = sorted((ROOT / "intents" / language).glob("*.yaml"))
    return tuple(SourceFile(str(path.relative_to(ROOT)), path.read_text("utf-8")) for path in paths)


@cache
def shipped(language: str = "en") -> tuple[IntentSet, IntentGraph, Grammar]:
    """The shipped intents, compiled once."""
    intent_set = load_intents(shipped_files(language), BUILTIN_ACTIONS, language)
    graph = compile_intents(intent_set)
    return intent_set, graph, compile_grammar(graph)
