"""Replies in words: chooses a text for an outcome, and puts values into it as they are spoken."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit

from assistant.intents.model import Intent, IntentSet, fill, placeholders
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


def spoken(value: Any, locale: str = "en") -> str:
    """Put a value into words by its type."""
    locale = locale.replace("-", "_")
    match value:
        case str():
            return value
        case dt.timedelta():
            return _duration(value, locale)
        case dt.datetime():
            return _clock(value.time(), locale)
        case dt.time():
            return _clock(value, locale)
        case dt.date():
            return _date(value, locale)
        case float():
            return format_decimal(value, locale=locale, group_separator=False)
        case list() | tuple():
            return format_list([spoken(item, locale) for item in value], locale=locale)
        case _:
            return str(value)


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


def _duration(value: dt.timedelta, locale: str) -> str:
    """Hours, minutes and seconds, without those that are 0: "1 hour and 30 minutes"."""
    seconds = round(abs(value.total_seconds()))
    hours, minutes = seconds // 3600, seconds // 60 % 60
    counted = (hours, "hour"), (minutes, "minute"), (seconds % 60, "second")
    return format_list(
        [
            format_unit(number, f"duration-{unit}", length="long", locale=locale)
            for number, unit in counted
            if number or (unit == "second" and not seconds)
        ],
        locale=locale,
    )


def _clock(value: dt.time, locale: str) -> str:
    # CLDR puts a narrow no-break space before PM, which engines may read out.
    return format_time(value, format="short", locale=locale).replace("\u202f", " ")


def _date(value: dt.date, locale: str) -> str:
    """Weekday, day and month in full. CLDR has the order with short names; they are widened."""
    pattern = str(Locale.parse(locale).datetime_skeletons["MMMEd"])
    pattern = re.sub("E+", "EEEE", re.sub("M+", "MMMM", pattern))
    return format_date(value, format=pattern, locale=locale)
