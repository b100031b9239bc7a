"""What a skill imports: the call that it gets, the reply that it gives, and how it asks for calls.

A skill is a folder with ``skill.py`` and its intents, and runs in a process of its own. Nothing
here reads, writes or starts anything, so a test can call a skill's functions as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from assistant.values import (
    Colour,
    Ordinal,
    Percent,
    Quantity,
    Recurrence,
    SlotValue,
    Temperature,
)

__all__ = [
    "Call",
    "Colour",
    "Ordinal",
    "Percent",
    "Quantity",
    "Recurrence",
    "Reply",
    "SkillError",
    "Temperature",
    "intent",
]

MARK = "assistant_intents"
"""The attribute of a function that ``intent`` sets."""


@dataclass(frozen=True, slots=True)
class Call:
    """What was asked: the intent, its slots as typed values, and the words.

    ``folder`` is where the skill may keep files; nobody else writes there. ``language`` is the one
    in which it was said.
    """

    intent: str
    slots: Mapping[str, SlotValue] = field(default_factory=dict)
    text: str = ""
    language: str = "en"
    folder: Path = Path()


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of it.

    ``outcome`` chooses among the replies of the intent, and ``values`` are put into them: texts,
    numbers, times, durations, the kinds of value of this module, or a list of these. ``speech`` is
    spoken as it is, before the reply.
    """

    outcome: str = "done"
    values: Mapping[str, Any] = field(default_factory=dict)
    speech: str = ""


class SkillError(Exception):
    """It cannot be done, for a reason that the owner should hear: one sentence."""


Function: TypeAlias = Callable[[Call], Reply | str | None]
"""Takes a call; a text is spoken as it is, and None is a Reply with nothing in it."""

AnyFunction = TypeVar("AnyFunction", bound=Function)


def intent(*names: str) -> Callable[[AnyFunction], AnyFunction]:
    """Let a function take the calls of these intents: ``@intent("Weather")``."""

    def mark(function: AnyFunction) -> AnyFunction:
        setattr(function, MARK, (*getattr(function, MARK, ()), *names))
        return function

    return mark
