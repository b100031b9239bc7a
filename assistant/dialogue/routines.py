"""Routines: intents that are other sentences, understood and done in order.

They are understood when they are said, as "tomorrow" is another day then; that each can be
understood at all is checked when the files are loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from assistant.errors import Problem
from assistant.events import NearlyUnderstood, NotUnderstood
from assistant.intents.model import Intent
from assistant.turn import Match

if TYPE_CHECKING:
    from assistant.dialogue.understanding import Understanding

Understand = Callable[[str], Sequence[Match]]
"""Finds the commands of a sentence; none where it means nothing."""


def with_routines(
    matches: Sequence[Match], intents: Mapping[str, Intent], understand: Understand
) -> tuple[Match, ...]:
    """Put after each routine what its sentences mean; none where one of them means nothing now."""
    commands: list[Match] = []
    for match in matches:
        commands.append(match)
        for sentence in intents[match.intent].routine:
            meant = understand(sentence.text)
            if not meant:
                return ()
            commands += meant
    return tuple(commands)


def routine_problems(understanding: Understanding) -> Iterator[Problem]:
    """Find sentences of routines that mean nothing, a routine in their turn, or an answer."""
    intents, answers = understanding.intents.intents, understanding.answers()
    for name in dict.fromkeys(sentence.intent for sentence in understanding.graph.sentences):
        for sentence in intents[name].routine:
            matches = understanding.meaning_of(sentence.text)
            nested = [match.intent for match in matches if intents[match.intent].routine]
            if not matches:
                hint = _near(understanding, sentence.text)
                message = f"no intent understands '{sentence.text}'"
                yield Problem(message, sentence.place, hint)
            elif nested:
                message = f"'{sentence.text}' is a routine itself ('{nested[0]}')"
                yield Problem(message, sentence.place, "write its sentences instead")
            elif not answers.keys().isdisjoint(match.intent for match in matches):
                message = f"'{sentence.text}' answers a question, and there is none in a routine"
                yield Problem(message, sentence.place)


def _near(understanding: Understanding, sentence: str) -> str:
    event = understanding.reconsider(NotUnderstood(sentence))
    if isinstance(event, NearlyUnderstood):
        return f"did you mean '{event.sentences[0]}'?"
    return "write a sentence of one of your intents, or of a shipped one"
