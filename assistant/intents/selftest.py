"""Runs the tests that stand in the intent files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assistant.errors import Problem
from assistant.intents.circumstances import NO_TIME, Circumstances
from assistant.intents.matcher import IntentGraph
from assistant.intents.model import Intent, IntentSet, IntentTest
from assistant.turn import Match
from assistant.values import SlotValue, plain


def run_tests(intent_set: IntentSet, graph: IntentGraph) -> list[Problem]:
    """Return a problem for each test that fails, at the place of its sentence."""
    return [
        Problem(failure, test.place)
        for intent in intent_set.intents.values()
        for test in intent.tests
        if (failure := _failure(intent, test, graph))
    ]


def _failure(intent: Intent, test: IntentTest, graph: IntentGraph) -> str:
    said = f"'{test.say}'"
    matches = graph.understand(test.say, Circumstances(test.now or NO_TIME, test.context))
    meant = [match for match in matches if match.intent == intent.name]
    if test.negative:
        return f"{said} means {_source(meant[0])}" if meant else ""
    if not matches:
        return f"{said} means nothing"
    if not meant:
        return f"{said} means {_source(matches[0])}, not {intent.name}"
    found = [_written(match.values()) for match in meant]
    if test.slots is None or found == [_written(slots) for slots in test.slots]:
        return ""
    return f"{said} has {_shown(found)}, not {_shown(test.slots)}"


def _source(match: Match) -> str:
    return f"{match.intent}, by '{match.template}' at {match.place}"


def _written(slots: Mapping[str, SlotValue]) -> dict[str, SlotValue]:
    return {name: plain(value) for name, value in slots.items()}


def _shown(commands: Iterable[Mapping[str, SlotValue]]) -> str:
    each = [
        ", ".join(f"{name}: {value}" for name, value in slots.items()) or "no slots"
        for slots in commands
    ]
    return "; ".join(each)
