"""The words of a language that CLDR does not have: for near days, and for what happens again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.intents.words import base_language


@dataclass(frozen=True, slots=True)
class Phrases:
    """Words of a language. ``{…}`` is filled in.

    ``days`` are near days by their distance from today. ``whole_hour`` and ``hour_and_minute`` are
    patterns of CLDR, '' for the usual one. ``each``, ``every_other`` and ``every`` have the
    frequencies of RFC 5545; ``ordinal_form`` says which of ``ordinal_words`` follows "on the".
    """

    days: Mapping[int, str]
    at: str
    whole_hour: str
    hour_and_minute: str
    last: str
    on_the_last: str
    each: Mapping[str, str]
    every_other: Mapping[str, str]
    every: str
    each_weekday: str
    every_other_weekday: str
    on_weekdays: str
    groups: Mapping[str, str]
    on_day: str
    on_last_day: str
    on_nth: str
    of_each_month: str
    on_date: str
    ordinal_form: int = 0


_PHRASES = {
    "en": Phrases(
        days={-1: "yesterday", 0: "today", 1: "tomorrow"},
        at="{day} at {clock}",
        whole_hour="",
        hour_and_minute="",
        last="last",
        on_the_last="last",
        each={
            "SECONDLY": "every second",
            "MINUTELY": "every minute",
            "HOURLY": "every hour",
            "DAILY": "every day",
            "WEEKLY": "every week",
            "MONTHLY": "every month",
            "YEARLY": "every year",
        },
        every_other={
            "DAILY": "every other day",
            "WEEKLY": "every other week",
            "MONTHLY": "every other month",
            "YEARLY": "every other year",
        },
        every="every {count}",
        each_weekday="every {weekdays}",
        every_other_weekday="every other {weekdays}",
        on_weekdays="on {weekdays}",
        groups={"MO,TU,WE,TH,FR": "every weekday", "SA,SU": "on weekends"},
        on_day="on the {day}",
        on_last_day="on the last day",
        on_nth="on the {nth} {weekday}",
        of_each_month="of every month",
        on_date="on {date}",
    ),
    "de": Phrases(
        days={-1: "gestern", 0: "heute", 1: "morgen", 2: "übermorgen"},
        at="{day} um {clock}",
        whole_hour="H 'Uhr'",
        hour_and_minute="H:mm 'Uhr'",
        last="letzte",
        on_the_last="letzten",
        each={
            "SECONDLY": "jede Sekunde",
            "MINUTELY": "jede Minute",
            "HOURLY": "jede Stunde",
            "DAILY": "jeden Tag",
            "WEEKLY": "jede Woche",
            "MONTHLY": "jeden Monat",
            "YEARLY": "jedes Jahr",
        },
        every_other={
            "DAILY": "jeden zweiten Tag",
            "WEEKLY": "jede zweite Woche",
            "MONTHLY": "jeden zweiten Monat",
            "YEARLY": "jedes zweite Jahr",
        },
        every="alle {count}",
        each_weekday="jeden {weekdays}",
        every_other_weekday="jeden zweiten {weekdays}",
        on_weekdays="am {weekdays}",
        groups={"MO,TU,WE,TH,FR": "werktags", "SA,SU": "am Wochenende"},
        on_day="am {day}",
        on_last_day="am letzten Tag",
        on_nth="am {nth} {weekday}",
        of_each_month="jedes Monats",
        on_date="am {date}",
        ordinal_form=1,  # am dritten
    ),
}


def phrases_of(locale: str) -> Phrases:
    """Words of a locale's language; English ones where it has none here yet."""
    return _PHRASES.get(base_language(locale), _PHRASES["en"])
