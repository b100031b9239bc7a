"""The shipped slot types, through the whole way from a sentence to a value."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.intents.builtins import BUILTIN_ACTIONS
from assistant.intents.circumstances import Circumstances
from assistant.intents.kinds import KINDS
from assistant.intents.kinds.times import at
from assistant.intents.loader import load_intents
from assistant.intents.matcher import IntentGraph, compile_intents
from assistant.intents.model import IntentSet, SourceFile
from assistant.intents.scope import Scope
from assistant.intents.template import ListReference, Part, RuleReference, references
from assistant.intents.words import number_words
from assistant.speech.spoken import spoken
from assistant.values import Plain, SlotValue, is_value, plain
from tests.intents.kinds.english import ENGLISH
from tests.intents.kinds.german import GERMAN

ROOT = Path(__file__).parent.parent.parent.parent
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 22, 14, 0, tzinfo=BERLIN)
PHRASES = [
    (language, kind, phrase, expected)
    for language, kinds in (("en", ENGLISH), ("de", GERMAN))
    for kind, phrases in kinds.items()
    for phrase, expected in phrases.items()
]


@cache
def types(language: str) -> tuple[IntentSet, IntentGraph]:
    """The slot types of a language, with an intent for each that says nothing else."""
    path = f"intents/{language}/types.yaml"
    sentences = "".join(
        f"  {kind.title()}: {{sentences: ['{kind} {{{kind}}}'], reply: 'ok'}}\n" for kind in ENGLISH
    )
    files = [
        SourceFile(path, (ROOT / path).read_text()),
        SourceFile("test.yaml", f"language: {language}\nintents:\n{sentences}"),
    ]
    intent_set = load_intents(files, BUILTIN_ACTIONS, language)
    return intent_set, compile_intents(intent_set)


def value_of(kind: str, phrase: str, language: str = "en", now: datetime = NOW) -> SlotValue | None:
    match = types(language)[1].match(f"{kind} {phrase}", Circumstances(now))
    return match.values()[kind] if match else None


def said(kind: str, phrase: str, language: str = "en", now: datetime = NOW) -> Plain | None:
    value = value_of(kind, phrase, language, now)
    return None if value is None else plain(value)


@pytest.mark.parametrize(("language", "kind", "phrase", "expected"), PHRASES)
def test_a_phrase_has_its_value(
    language: str, kind: str, phrase: str, expected: Plain | None
) -> None:
    assert said(kind, phrase, language) == expected
    value = value_of(kind, phrase, language)
    assert value is None or (is_value(value) and spoken(value, language, NOW) != "")


OTHER_TIMES = [
    # In the small hours, tonight is still this night.
    ("en", "datetime", "2026-11-23T00:30", "tonight at two", "2026-11-23T02:00:00+01:00"),
    ("de", "datetime", "2026-11-23T00:30", "heute nacht um zwei", "2026-11-23T02:00:00+01:00"),
    ("en", "datetime", "2026-11-23T00:30", "tonight at nine", "2026-11-23T21:00:00+01:00"),
    ("en", "datetime", "2026-11-23T23:00", "tonight at nine", "2026-11-23T21:00:00+01:00"),
    ("en", "recurrence", "2026-11-23T14:00", "every friday night at one",
     "FREQ=WEEKLY;BYDAY=SA;BYHOUR=1;BYMINUTE=0;BYSECOND=0"),
    ("en", "recurrence", "2026-11-23T14:00", "every sunday at midnight",
     "FREQ=WEEKLY;BYDAY=MO;BYHOUR=0;BYMINUTE=0;BYSECOND=0"),
    # The next seven o'clock, and of today's the last one when both are over.
    ("en", "datetime", "2026-11-23T06:59", "at seven", "2026-11-23T07:00:00+01:00"),
    ("en", "datetime", "2026-11-23T07:00", "at seven", "2026-11-23T19:00:00+01:00"),
    ("en", "datetime", "2026-11-23T19:00", "at seven", "2026-11-24T07:00:00+01:00"),
    ("en", "datetime", "2026-11-23T20:00", "today at seven", "2026-11-23T19:00:00+01:00"),
    ("en", "datetime", "2026-11-23T20:00", "today at twelve", "2026-11-24T00:00:00+01:00"),
    ("en", "time", "2026-11-23T06:59", "seven", "07:00"),
    ("en", "time", "2026-11-23T19:00", "seven", "07:00"),
    ("en", "time", "2026-11-23T23:55", "in ten minutes", "00:05"),
    # A Monday and a Friday: this one, the next one.
    ("en", "date", "2026-11-23T14:00", "friday", "2026-11-27"),
    ("en", "date", "2026-11-23T14:00", "this friday", "2026-11-27"),
    ("en", "date", "2026-11-23T14:00", "next friday", "2026-12-04"),
    ("en", "date", "2026-11-27T14:00", "friday", "2026-12-04"),
    ("en", "date", "2026-11-27T14:00", "this friday", "2026-11-27"),
    ("de", "date", "2026-11-23T14:00", "nächsten Freitag", "2026-11-27"),
    ("de", "date", "2026-11-23T14:00", "Freitag nächster Woche", "2026-12-04"),
    # Ends of months and years.
    ("en", "date", "2026-01-31T14:00", "in a month", "2026-02-28"),
    ("en", "date", "2026-12-31T14:00", "tomorrow", "2027-01-01"),
    ("en", "date", "2026-04-15T14:00", "the 31st", "2026-05-31"),
    ("en", "date", "2026-04-15T14:00", "friday the 13th", "2026-11-13"),
    # On the 29th of March 2026 the clocks go from two to three, on the 25th of October back.
    ("en", "datetime", "2026-03-28T20:00", "tomorrow at 2:30", "2026-03-29T03:30:00+02:00"),
    ("en", "datetime", "2026-03-29T01:30", "in an hour", "2026-03-29T03:30:00+02:00"),
    ("en", "datetime", "2026-03-28T14:00", "in a week at seven", "2026-04-04T07:00:00+02:00"),
    ("en", "datetime", "2026-03-28T14:00", "in two days", "2026-03-30T14:00:00+02:00"),
    ("en", "datetime", "2026-03-28T14:00", "in forty eight hours", "2026-03-30T15:00:00+02:00"),
    ("en", "datetime", "2026-10-24T20:00", "tomorrow at 2:30", "2026-10-25T02:30:00+02:00"),
    ("en", "datetime", "2026-10-25T01:30", "in two hours", "2026-10-25T02:30:00+01:00"),
    ("de", "datetime", "2026-10-24T14:00", "morgen um acht", "2026-10-25T08:00:00+01:00"),
    ("en", "time", "2026-03-29T01:55", "in ten minutes", "03:05"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "kind", "now", "phrase", "expected"), OTHER_TIMES)
def test_what_is_said_depends_on_the_time(
    language: str, kind: str, now: str, phrase: str, expected: Plain
) -> None:
    when = datetime.fromisoformat(now).replace(tzinfo=BERLIN)
    assert said(kind, phrase, language, when) == expected


@pytest.mark.parametrize("language", ["en", "de"])
def test_types_fill_only_fields_of_their_kind_and_use_all_they_define(language: str) -> None:
    shipped = types(language)[0].types
    scope = Scope(shipped.lists, shipped.rules)

    def fields(tree: Part) -> set[str]:
        named = references(tree)
        inner = [fields(scope.trees[one.name]) for one in named if isinstance(one, RuleReference)]
        return {one.slot for one in named if isinstance(one, ListReference)}.union(*inner)

    for slot_type in shipped.types.values():
        for template in slot_type.sentences:
            assert fields(template.tree) <= KINDS[slot_type.kind].fields
    trees = [one.template.tree for one in shipped.rules.values()]
    trees += [template.tree for one in shipped.types.values() for template in one.sentences]
    named = [one for tree in trees for one in references(tree)]
    lists = {one.name for one in named if isinstance(one, ListReference)}
    assert lists == shipped.lists.keys()
    assert {one.name for one in named if isinstance(one, RuleReference)} == shipped.rules.keys()


@pytest.mark.parametrize("language", ["en", "de"])
def test_types_are_small_enough_to_listen_for(language: str) -> None:
    arcs, _ = types(language)[1].acceptor()
    assert len(arcs) < 2_000
    assert sum(map(len, arcs)) < 25_000


@given(st.integers(0, 999_999), st.sampled_from(["en", "de"]))
@example(100_000, "de")
@example(1_001, "en")
def test_every_whole_number_is_understood_however_it_is_said(number: int, language: str) -> None:
    assert said("number", str(number), language) == number
    for words in number_words(number, language)[:2]:
        assert said("number", words, language) == number


@given(st.integers(1, 24 * 3600), st.sampled_from(["en", "en_GB", "de"]))
@example(3600, "de")
@example(90, "en")
def test_a_duration_is_understood_as_it_is_spoken(seconds: int, locale: str) -> None:
    length = timedelta(seconds=seconds)
    assert value_of("duration", spoken(length, locale), locale[:2]) == length


@given(st.datetimes(datetime(2026, 1, 1), datetime(2029, 12, 31)), st.sampled_from(["en", "de"]))  # noqa: DTZ001
@example(datetime(2026, 11, 22, 19, 0), "en")  # noqa: DTZ001
@example(datetime(2028, 2, 29, 12, 30), "de")  # noqa: DTZ001
def test_a_point_in_time_is_understood_as_it_is_spoken(local: datetime, language: str) -> None:
    point = at(local.date(), local.time().replace(second=0, microsecond=0), NOW)
    # Of the clock, German says the hours up to twelve as a clock of 24 hours, and hears both.
    open_today = language == "de" and point.date() == NOW.date() and point.hour <= 12
    if point <= NOW or open_today:
        return
    assert value_of("datetime", spoken(point, language, NOW), language) == point
