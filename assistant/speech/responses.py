"""Replies: chooses a text for an outcome, and puts values into it as they are spoken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

from assistant.intents.model import Intent, IntentSet, fill
from assistant.speech.spoken import spoken
from assistant.speech.templates import Failure, is_template, needs, render
from assistant.turn import ActionResult
from assistant.values import SlotValue
from assistant.yamlsource import Text

Pick: TypeAlias = Callable[[int], int]
"""Chooses from 0 to n - 1, as random.randrange does."""

Report: TypeAlias = Callable[[str], None]
"""Takes a sentence for the log: why a template of a reply could not be rendered."""


def choose_reply(
    intent: Intent,
    result: ActionResult,
    slots: Mapping[str, SlotValue],
    *,
    locale: str = "en",
    pick: Pick,
    now: dt.datetime | None = None,
    report: Report | None = None,
) -> str:
    """Put the outcome of an action into words; '' for silence.

    What the action says itself comes first. Values of the action come before slots of the same
    name. With ``now``, dates are said as they are seen from there: "tomorrow".
    """
    texts = intent.replies.get(result.outcome, ())
    speak = partial(spoken, locale=locale, now=now)
    reply = _say(texts, {**slots, **result.values}, speak, pick, report)
    return " ".join(part for part in (result.speech.strip(), _capitalised(reply)) if part)


def _capitalised(text: str) -> str:
    """Begin with a capital letter, also where a value came first: "Pasta timer set"."""
    return text[:1].upper() + text[1:]


def response(
    intent_set: IntentSet,
    key: str,
    values: Mapping[str, Any] | None = None,
    *,
    locale: str = "en",
    pick: Pick,
    now: dt.datetime | None = None,
    report: Report | None = None,
) -> str:
    """Say something of the assistant's own, such as ``not_understood``; '' for silence."""
    texts = intent_set.responses.get(key, ())
    return fill_one(texts, values or {}, locale=locale, pick=pick, now=now, report=report)


def fill_one(
    texts: Sequence[Text],
    values: Mapping[str, Any],
    *,
    locale: str = "en",
    pick: Pick,
    now: dt.datetime | None = None,
    report: Report | None = None,
) -> str:
    """Say one of these texts; '' when each of them lacks a value."""
    return _say(texts, values, partial(spoken, locale=locale, now=now), pick, report)


def _say(
    texts: Sequence[Text],
    values: Mapping[str, Any],
    speak: Callable[[Any], str],
    pick: Pick,
    report: Report | None,
) -> str:
    """Fill one of the texts.

    Texts that lack a value (none, or '') are left out; of the others, those that say the most are
    used, and where this leaves several with different values, those like the first. A template
    says what it mentions of the values that are there; one that fails is left out too.
    """
    there = {name: value for name, value in values.items() if value not in (None, "")}
    names = [(text, needs(text.text)) for text in texts]
    left = [(text, n.names & there.keys()) for text, n in names if n.always <= there.keys()]
    failed = []
    while left:
        most = max((said for _, said in left), key=len)
        candidates = [text for text, said in left if said == most]
        text = candidates[pick(len(candidates))]
        if not is_template(text.text):
            return fill(text.text, {name: speak(there[name]) for name in most})
        reply = render(text.text, there, speak)
        if not isinstance(reply, Failure):
            return reply
        failed.append((text, reply))
        left = [one for one in left if one[0] is not text]
        if report and not reply.hole:
            report(_sentence(text, reply))
    if report:
        for text, failure in failed:
            if failure.hole:
                report(_sentence(text, failure))
    return ""


def _sentence(text: Text, failure: Failure) -> str:
    return f"{text.place}: this reply could not be spoken: {failure.reason}"
