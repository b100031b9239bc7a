"""Runs the tests that stand in the intent files."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.errors import Problem
from assistant.intents.matcher import IntentGraph
from assistant.intents.model import Intent, IntentSet, IntentTest
from assistant.turn import Match, SlotValue


def run_tests(intent_set: IntentSet, graph: IntentGraph) -> list[Problem]:
    """Return a problem for each test that fails, at the place of its sentence."""
    return [
        Problem(failure, test.place)
        for intent in intent_set.intents.values()
        for test in intent.tests
        if (failure := _failure(intent, test, graph.match(test.say)))
    ]


def _failure(intent: Intent, test: IntentTest, match: Match | None) -> str:
    said = f"'{test.say}'"
    if test.negative:
        if match is None or match.intent != intent.name:
            return ""
        return f"{said} means {intent.name}, by '{match.template}' at {match.place}"
    if match is None:
        return f"{said} means nothing"
    if match.intent != intent.name:
        means = f"means {match.intent}, by '{match.template}' at {match.place}"
        return f"{said} {means}, not {intent.name}"
    if test.slots is None or match.values() == test.slots:
        return ""
    return f"{said} has {_shown(match.values())}, not {_shown(test.slots)}"


def _shown(slots: Mapping[str, SlotValue]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in slots.items()) or "no slots"
