"""The intents that come with the assistant."""

from __future__ import annotations

import datetime as dt
import random
from importlib.util import find_spec
from pathlib import Path

import pytest

from assistant.intents.builtins import BUILTIN_ACTIONS, RESPONSES
from assistant.intents.model import BuiltinCall
from assistant.intents.overlaps import find_overlaps
from assistant.intents.selftest import run_tests
from assistant.recognizers.grammar import PrefixStatus, prefix_status, sample
from assistant.speech.responses import choose_reply, response
from assistant.turn import ActionResult
from tests.intents.files import shipped

INTENTS, GRAPH, GRAMMAR = shipped()


def test_their_own_tests_hold() -> None:
    assert [str(problem) for problem in run_tests(INTENTS, GRAPH)] == []


def test_nothing_looks_like_a_mistake() -> None:
    assert [str(problem) for problem in INTENTS.warnings] == []
    assert [str(problem) for problem in find_overlaps(GRAPH)] == []


def test_every_intent_has_tests_of_both_kinds_and_help_that_means_it() -> None:
    for intent in INTENTS.intents.values():
        assert {test.negative for test in intent.tests} == {True, False}, intent.name
        match = GRAPH.match(intent.help)
        assert match is not None
        assert match.intent == intent.name


def test_every_builtin_action_has_an_intent() -> None:
    actions = [intent.action for intent in INTENTS.intents.values()]
    named = {action.name for action in actions if isinstance(action, BuiltinCall)}
    assert named == BUILTIN_ACTIONS.keys()


def test_every_word_is_in_the_recognizers_dictionary() -> None:
    spec = find_spec("pocketsphinx")
    assert spec is not None
    assert spec.origin is not None
    path = Path(spec.origin).parent / "model" / "en-us" / "cmudict-en-us.dict"
    known = {line.split(maxsplit=1)[0] for line in path.read_text().splitlines()}
    assert set(GRAMMAR.words()) - known == set()


def test_the_grammar_stays_small_enough_for_a_raspberry_pi() -> None:
    assert len(GRAMMAR.arcs) < 500
    assert sum(map(len, GRAMMAR.arcs)) < 6000
    assert len(GRAMMAR.words()) < 300


def test_samples_mean_something() -> None:
    chance = random.Random(1)  # noqa: S311
    for _ in range(500):
        text = sample(GRAMMAR, chance.randrange)
        assert GRAPH.match(text) is not None, text


@pytest.mark.parametrize("text", ["stop", "what time is it", "volume up", "never mind", "louder"])
def test_short_commands_are_whole(text: str) -> None:
    status = prefix_status(GRAMMAR, text.split())
    assert status in {PrefixStatus.COMPLETE, PrefixStatus.COMPLETE_FINAL}


VALUES = {
    "time": dt.time(19, 30),
    "date": dt.date(2026, 11, 22),
    "duration": dt.timedelta(minutes=5),
    "left": dt.timedelta(minutes=4, seconds=1),
    "late": dt.timedelta(hours=2),
    "name": "pasta",
    "names": ["pasta", dt.timedelta(minutes=5)],
    "timers": ["pasta", dt.timedelta(minutes=5)],
    "lefts": [dt.timedelta(minutes=1), dt.timedelta(minutes=5)],
    "count": 2,
    "volume": 50,
    "text": "It is late.",
    "examples": ["stop", "louder"],
    "reason": "the light did not answer",
}


def test_replies() -> None:
    """Each outcome with all its values; the first of the texts."""
    said = {}
    for intent in INTENTS.intents.values():
        assert isinstance(intent.action, BuiltinCall)
        for outcome, delivered in BUILTIN_ACTIONS[intent.action.name].items():
            result = ActionResult(outcome, {name: VALUES[name] for name in delivered.always})
            reply = choose_reply(intent, result, {}, pick=lambda _: 0)
            said[f"{intent.action.name} {outcome}"] = reply
    assert said == {
        "clock.time done": "It is 7:30 PM.",
        "clock.date done": "It is Sunday, November 22.",
        "assistant.stop done": "",
        "assistant.never_mind done": "",
        "assistant.repeat done": "It is late.",
        "assistant.repeat none": "I have not said anything yet.",
        "assistant.help done": "You can say: stop and louder.",
        "timers.set done": "Timer set for 5 minutes.",
        "timers.set named": "pasta timer set for 5 minutes.",
        "timers.left none": "There is no timer.",
        "timers.left one": "4 minutes and 1 second left.",
        "timers.left named": "4 minutes and 1 second left on the pasta timer.",
        "timers.left many": "There are 2 timers: pasta and 5 minutes. "
        "The first has 4 minutes and 1 second left.",
        "timers.list none": "There is no timer.",
        "timers.list one": "4 minutes and 1 second left.",
        "timers.list named": "4 minutes and 1 second left on the pasta timer.",
        "timers.list many": "There are 2 timers: pasta and 5 minutes. "
        "The first has 4 minutes and 1 second left.",
        "timers.cancel none": "There is no timer.",
        "timers.cancel done": "The timer for 5 minutes is cancelled.",
        "timers.cancel named": "The pasta timer is cancelled.",
        "timers.cancel which": "Say which one to cancel. Running now: pasta and 5 minutes.",
        "timers.cancel_all none": "There is no timer.",
        "timers.cancel_all done": "All timers are cancelled.",
        "volume.set done": "Volume 50 percent.",
        "volume.up done": "Volume 50 percent.",
        "volume.up loudest": "This is as loud as it gets.",
        "volume.down done": "Volume 50 percent.",
        "volume.down quietest": "This is as quiet as it gets.",
    }


def test_responses() -> None:
    said = {
        key: response(
            INTENTS, key, {name: VALUES[name] for name in delivered.always}, pick=lambda _: 0
        )
        for key, delivered in RESPONSES.items()
    }
    assert said == {
        "not_understood": "Sorry, I did not understand that.",
        "rejected": "Sorry, I did not hear that well.",
        "nothing_heard": "",
        "failed": "That did not work: the light did not answer",
        "timer_done": "Your timer for 5 minutes is done.",
        "timer_late": "Your timer for 5 minutes ended 2 hours ago, while I was off.",
        "state_moved_aside": "My memory could not be read. "
        "I put it aside and started anew; timers are gone.",
    }
    named = {"name": "pasta", "duration": dt.timedelta(minutes=5), "late": dt.timedelta(hours=2)}
    assert response(INTENTS, "timer_done", named, pick=lambda _: 0) == "Your pasta timer is done."
    assert response(INTENTS, "timer_late", named, pick=lambda _: 0) == (
        "Your pasta timer for 5 minutes ended 2 hours ago, while I was off."
    )
