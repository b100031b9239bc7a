"""Sentences that the owner says otherwise, written into an intent file of their own."""

from __future__ import annotations

import json
from pathlib import Path

import click
import yaml

from assistant.dialogue.understanding import Understanding
from assistant.events import NearlyUnderstood, NotUnderstood, Understood
from assistant.intents.words import normalise
from assistant.turn import Transcript

FILE = "said-otherwise.yaml"
HEADER = """\
# What was said, and what was meant by it: `assistant missed NUMBER --means SENTENCE` adds to this
# file. It is an intent file like all others, and yours to change.
language: {language}

intents:
"""


def add_alias(path: Path, text: str, meaning: str, understand: Understanding) -> str:
    """Let a text mean what a sentence of an intent means; returns the name of the new intent.

    ``understand`` is what is understood now. Raises click.UsageError where the text means something
    already, or the sentence nothing; OSError where the file cannot be written.
    """
    language = understand.intents.language
    words = " ".join(normalise(text, language))
    known = understand.understand(Transcript(words, 1.0))
    if isinstance(known, Understood):
        raise click.UsageError(f"'{words}' means something already: {known.match.intent}.")
    _see_that_it_means_something(meaning, understand)
    before = path.read_text(encoding="utf-8") if path.exists() else HEADER.format(language=language)
    name = _free_name(before)
    entry = (
        f"  {name}:\n    sentences: [{json.dumps(words, ensure_ascii=False)}]\n"
        f"    routine: [{json.dumps(meaning, ensure_ascii=False)}]\n"
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{before.rstrip()}\n{entry}", encoding="utf-8")
    return name


def _see_that_it_means_something(meaning: str, understand: Understanding) -> None:
    event = understand.understand(Transcript(meaning, 1.0))
    if isinstance(event, Understood):
        return
    near = understand.reconsider(event) if isinstance(event, NotUnderstood) else event
    hint = f" Did you mean '{near.sentences[0]}'?" if isinstance(near, NearlyUnderstood) else ""
    raise click.UsageError(f"No intent understands '{meaning}'.{hint}")


def _free_name(text: str) -> str:
    """The first name of a new intent that the file does not have."""
    intents = (yaml.safe_load(text) or {}).get("intents") or {}
    number = len(intents) + 1
    while f"SaidOtherwise{number}" in intents:
        number += 1
    return f"SaidOtherwise{number}"
