"""Values as they are spoken; test_responses has those of replies."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from assistant.speech.spoken import spoken
from assistant.values import Colour, NamedDay, Ordinal, Percent, Recurrence, Temperature

BERLIN = ZoneInfo("Europe/Berlin")
NOW = dt.datetime(2026, 11, 22, 14, 0, tzinfo=BERLIN)


def later(**length: float) -> dt.datetime:
    return NOW + dt.timedelta(**length)


@pytest.mark.parametrize(
    ("value", "english", "german"),
    [
        (Ordinal(3), "third", "dritte"),
        (Ordinal(21), "twenty first", "einundzwanzigste"),
        (Ordinal(-1), "last", "letzte"),
        (Percent(50), "50 percent", "50 Prozent"),
        (Percent(33.3), "33.3 percent", "33,3 Prozent"),
        (Temperature(21.5), "21.5 degrees", "21,5 Grad"),
        (Temperature(1), "1 degree", "1 Grad"),
        (Temperature(-5, "celsius"), "-5 degrees Celsius", "-5 Grad Celsius"),
        (Temperature(70, "fahrenheit"), "70 degrees Fahrenheit", "70 Grad Fahrenheit"),
        (Colour("#add8e6", "light blue"), "light blue", "light blue"),
        (Colour("#add8e6"), "#add8e6", "#add8e6"),
        (dt.time(7, 30), "7:30 AM", "7:30 Uhr"),
        (dt.time(19, 0), "7:00 PM", "19 Uhr"),
        (dt.timedelta(days=1, hours=1), "25 hours", "25 Stunden"),
        (dt.timedelta(days=3, hours=1), "3 days and 1 hour", "3 Tage und 1 Stunde"),
        (later(hours=2), "4:00 PM", "16 Uhr"),
        (later(hours=17.5), "tomorrow at 7:30 AM", "morgen um 7:30 Uhr"),
        (later(days=2), "Tuesday, November 24 at 2:00 PM", "übermorgen um 14 Uhr"),
        (later(days=-1), "yesterday at 2:00 PM", "gestern um 14 Uhr"),
        (
            dt.datetime(2027, 5, 3, 5, 0, tzinfo=dt.UTC),
            "Monday, May 3, 2027 at 7:00 AM",
            "Montag, 3. Mai 2027 um 7 Uhr",
        ),
        (dt.date(2026, 11, 22), "today", "heute"),
        (NamedDay(2026, 11, 22), "Sunday, November 22", "Sonntag, 22. November"),
        (dt.date(2026, 12, 24), "Thursday, December 24", "Donnerstag, 24. Dezember"),
        (
            [dt.date(2026, 11, 23), dt.date(2026, 11, 21)],
            "tomorrow and yesterday",
            "morgen und gestern",
        ),
    ],
)
def test_values(value: Any, english: str, german: str) -> None:
    assert spoken(value, "en", NOW) == english
    assert spoken(value, "de", NOW) == german


AT_SIX = "BYHOUR=18;BYMINUTE=0;BYSECOND=0"


@pytest.mark.parametrize(
    ("rule", "english", "german"),
    [
        (f"FREQ=DAILY;{AT_SIX}", "every day at 6:00 PM", "jeden Tag um 18 Uhr"),
        ("FREQ=DAILY;INTERVAL=2", "every other day", "jeden zweiten Tag"),
        ("FREQ=DAILY;INTERVAL=3", "every 3 days", "alle 3 Tage"),
        ("FREQ=HOURLY", "every hour", "jede Stunde"),
        ("FREQ=HOURLY;INTERVAL=2", "every 2 hours", "alle 2 Stunden"),
        ("FREQ=MINUTELY;INTERVAL=30", "every 30 minutes", "alle 30 Minuten"),
        ("FREQ=WEEKLY", "every week", "jede Woche"),
        (
            f"FREQ=WEEKLY;BYDAY=MO,TH;{AT_SIX}",
            "every Monday and Thursday at 6:00 PM",
            "jeden Montag und Donnerstag um 18 Uhr",
        ),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "every other Monday", "jeden zweiten Montag"),
        ("FREQ=WEEKLY;INTERVAL=3;BYDAY=MO", "every 3 weeks on Monday", "alle 3 Wochen am Montag"),
        (f"FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;{AT_SIX}", "every weekday at 6:00 PM",
         "werktags um 18 Uhr"),
        ("FREQ=WEEKLY;BYDAY=SA,SU", "on weekends", "am Wochenende"),
        ("FREQ=MONTHLY;BYMONTHDAY=1", "on the first of every month", "am ersten jedes Monats"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "on the last day of every month",
         "am letzten Tag jedes Monats"),
        ("FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=1", "every other month on the first",
         "jeden zweiten Monat am ersten"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", "on the first and on the fifteenth of every month",
         "am ersten und am fünfzehnten jedes Monats"),
        ("FREQ=MONTHLY;BYDAY=1MO", "on the first Monday of every month",
         "am ersten Montag jedes Monats"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "on the last Friday of every month",
         "am letzten Freitag jedes Monats"),
        ("FREQ=YEARLY;BYMONTHDAY=3;BYMONTH=5", "every year on May 3", "jedes Jahr am 3. Mai"),
    ],
)  # fmt: skip
def test_recurrences(rule: str, english: str, german: str) -> None:
    assert spoken(Recurrence(rule, NOW), "en") == english
    assert spoken(Recurrence(rule, NOW), "de") == german


def test_a_language_without_words_of_its_own_here_has_its_dates_and_numbers() -> None:
    assert spoken(Percent(33.3), "fr") == "33,3 pour cent"
    assert spoken(dt.time(19, 0), "fr") == "19:00"
