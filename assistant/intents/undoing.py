"""What takes an intent back, and the checks of that: its own steps, or those of another intent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from assistant.errors import Problem
from assistant.intents.model import Intent, placeholders
from assistant.intents.skillcalls import SkillCall
from assistant.intents.steps import Steps
from assistant.values import SlotValue
from assistant.yamlsource import did_you_mean


@dataclass(frozen=True, slots=True)
class Undoing:
    """Steps that take an intent back, done with its slots and over them those ``fixed``."""

    steps: Steps
    fixed: Mapping[str, SlotValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SkillUndoing:
    """Another intent, done by a skill, that takes one back; slots as in ``Undoing``."""

    intent: str
    call: SkillCall
    fixed: Mapping[str, SlotValue] = field(default_factory=dict)


def undoing(intent: Intent, intents: Mapping[str, Intent]) -> Undoing | SkillUndoing | None:
    """Find what takes it back; None where nothing does."""
    match intent.undo:
        case None:
            return None
        case Steps() as steps:
            return Undoing(steps)
    other = intents.get(intent.undo.text)
    if other is not None and isinstance(other.action, Steps):
        return Undoing(other.action, fixed_slots(other))
    if other is not None and isinstance(other.action, SkillCall):
        return SkillUndoing(other.name, other.action, fixed_slots(other))
    return None


def fixed_slots(intent: Intent) -> dict[str, SlotValue]:
    """Slots that have the same fixed value in each of its blocks."""
    if not intent.blocks:
        return {}
    first, *others = (block.slots for block in intent.blocks)
    return {
        name: value
        for name, value in first.items()
        if all(other.get(name) == value for other in others)
    }


def used_slots(steps: Steps) -> set[str]:
    """Names of the slots that steps look at."""
    return {
        name
        for step in steps.steps
        for name in (
            *(name for source in step.sources for name, _ in placeholders(source.text)),
            *(condition.slot.text for condition in step.conditions),
        )
    }


def undo_problems(
    intents: Mapping[str, Intent], slots_of: Callable[[Intent], frozenset[str] | None]
) -> Iterator[Problem]:
    """Find what cannot take an intent back.

    ``slots_of`` are the slots that an intent may have, None where that is not known.
    """
    for intent in intents.values():
        if intent.undo is None:
            continue
        place = intent.undo.place
        action = intent.action
        if isinstance(action, SkillCall):
            # What came to anything else was not done, so it is not taken back.
            if "done" not in action.outcomes:
                message = f"intent '{intent.name}' has no outcome 'done' that could be taken back"
                yield Problem(message, place, "write it at 'outcomes'")
        elif not isinstance(action, Steps) or not action.has_outside:
            message = f"intent '{intent.name}' has no steps that 'undo' could take back"
            yield Problem(message, place)
            continue
        if isinstance(intent.undo, Steps):
            continue  # its slots are checked with those of the action
        name = intent.undo.text
        other = intents.get(name)
        if other is None:
            hint = did_you_mean(name, intents) or "write the steps themselves, or an intent's name"
            yield Problem(f"there is no intent '{name}'", place, hint)
        elif isinstance(other.action, SkillCall):
            continue  # which slots it needs, only its program knows
        elif not isinstance(other.action, Steps) or other.action.builtin:
            message = f"intent '{name}' cannot take another one back: it has a built-in action"
            hint = "an 'undo' is done by the bridge"
            if other.action is None:
                message = f"intent '{name}' cannot take another one back: it does nothing"
            yield Problem(message, place, hint)
        elif (possible := slots_of(intent)) is not None:
            missing = used_slots(other.action) - possible - fixed_slots(other).keys()
            if missing:
                slots = ", ".join(f"'{one}'" for one in sorted(missing))
                message = f"intent '{name}' cannot take this one back: it needs the slot {slots}"
                yield Problem(message, place)
