"""Replies: chooses a text for an outcome, and puts values into it as they are spoken."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from assistant.intents.model import Intent, IntentSet, fill, placeholders
from assistant.speech.spoken import spoken
from assistant.turn import ActionResult, SlotValue

Pick: TypeAlias = Callable[[int], int]
"""Chooses from 0 to n - 1, as random.randrange does."""


def choose_reply(
    intent: Intent,
    result: ActionResult,
    slots: Mapping[str, SlotValue],
    *,
    locale: str = "en",
    pick: Pick,
) -> str:
    """Put the outcome of an action into words; '' for silence.

    What the action says itself comes first. Values of the action come before slots of the same
    name.
    """
    texts = [text.text for text in intent.replies.get(result.outcome, ())]
    reply = _say(texts, {**slots, **result.values}, locale, pick)
    return " ".join(part for part in (result.speech.strip(), reply) if part)


def response(
    intent_set: IntentSet,
    key: str,
    values: Mapping[str, Any] | None = None,
    *,
    locale: str = "en",
    pick: Pick,
) -> str:
    """Say something of the assistant's own, such as ``not_understood``; '' for silence."""
    texts = [text.text for text in intent_set.responses.get(key, ())]
    return _say(texts, values or {}, locale, pick)


def _say(texts: Sequence[str], values: Mapping[str, Any], locale: str, pick: Pick) -> str:
    """Fill one of the texts.

    Texts that lack a value (none, or '') are left out; of the others, those that say the most are
    used, and where this leaves several with different values, those like the first.
    """
    there = {name: value for name, value in values.items() if value not in (None, "")}
    names = [frozenset(name for name, _ in placeholders(text)) for text in texts]
    fillable = [needed for needed in names if needed <= there.keys()]
    if not fillable:
        return ""
    most = max(fillable, key=len)
    candidates = [text for text, needed in zip(texts, names, strict=True) if needed == most]
    text = candidates[pick(len(candidates))]
    return fill(text, {name: spoken(there[name], locale) for name in most})
