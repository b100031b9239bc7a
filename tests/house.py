"""Actions of the owner's, made as the intent files make them."""

from __future__ import annotations

from assistant.errors import Place
from assistant.intents.builtins import BUILTIN_ACTIONS
from assistant.intents.loader import load_intents
from assistant.intents.model import Command, Intent, SourceFile
from assistant.intents.steps import Step, Steps

NOWHERE = Place("house.yaml", 1, 1)


def program(*argv: str, timeout_seconds: float | None = None, speak_output: bool = False) -> Steps:
    """An action that is a program."""
    command = Command(argv, (), NOWHERE, speak_output)
    return Steps((Step(command, NOWHERE, timeout_seconds=timeout_seconds),), NOWHERE)


def intents_of(text: str) -> dict[str, Intent]:
    """The intents of a file."""
    return dict(load_intents([SourceFile("house.yaml", text)], BUILTIN_ACTIONS).intents)


def steps_of(action: str, slots: str = "a, b", lists: str = "") -> Steps:
    """The steps of an action, written as YAML in one line; a and b can be any words."""
    sentence = " ".join(f"{{{slot.strip()}}}" for slot in slots.split(","))
    names = ", ".join(f"{slot.strip()}: {{wildcard: true}}" for slot in slots.split(","))
    text = (
        f"intents: {{Do: {{sentences: ['do {sentence}', 'do it'], action: {action}}}}}\n"
        f"lists: {{{lists or names}}}\n"
    )
    steps = intents_of(text)["Do"].action
    assert isinstance(steps, Steps)
    return steps
