"""Replies in words."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from assistant.errors import Place, Problem
from assistant.intents.model import Intent
from assistant.intents.reading import Reader
from assistant.intents.schema import FileReader
from assistant.speech.responses import choose_reply, response
from assistant.speech.spoken import spoken
from assistant.turn import ActionResult
from assistant.yamlsource import Mapping, Text, parse
from tests.intents.files import load

PLACE = Place("a.yaml", 1, 1)


def seconds(number: float) -> dt.timedelta:
    return dt.timedelta(seconds=number)


@pytest.mark.parametrize(
    ("value", "locale", "expected"),
    [
        ("pasta", "en", "pasta"),
        (5, "en", "5"),
        (1500, "en", "1500"),
        (2.5, "en", "2.5"),
        (2.5, "de", "2,5"),
        (2.0, "en", "2"),
        (seconds(0), "en", "0 seconds"),
        (seconds(0.4), "en", "0 seconds"),
        (seconds(1), "en", "1 second"),
        (seconds(300), "en", "5 minutes"),
        (seconds(3600), "en", "1 hour"),
        (seconds(5400), "en", "1 hour and 30 minutes"),
        (seconds(-90), "en", "1 minute and 30 seconds"),
        (seconds(3665.6), "en", "1 hour, 1 minute, and 6 seconds"),
        (seconds(3665.6), "en_GB", "1 hour, 1 minute and 6 seconds"),
        (seconds(5400), "de", "1 Stunde und 30 Minuten"),
        (seconds(90000), "en", "25 hours"),
        (dt.time(19, 30), "en", "7:30 PM"),
        (dt.time(19, 30), "en_GB", "19:30"),
        (dt.time(19, 30), "en-GB", "19:30"),
        (dt.time(0, 5), "en", "12:05 AM"),
        (dt.datetime(2026, 11, 22, 19, 30, tzinfo=dt.UTC), "en", "7:30 PM"),
        (dt.date(2026, 11, 22), "en", "Sunday, November 22"),
        (dt.date(2026, 11, 22), "en_GB", "Sunday 22 November"),
        (dt.date(2026, 11, 22), "de", "Sonntag, 22. November"),
        ([], "en", ""),
        (["a"], "en", "a"),
        (["a", "b"], "en", "a and b"),
        (("a", seconds(60), 3), "en", "a, 1 minute, and 3"),
    ],
)
def test_values_are_spoken_by_their_type(value: Any, locale: str, expected: str) -> None:
    assert spoken(value, locale) == expected


def test_a_list_in_the_language_of_speech_has_no_comma_before_and() -> None:
    assert spoken(["a", "b", "c"], "en_GB") == "a, b and c"


SET = load(
    """
    intents:
      Left:
        sentences: ["time left [on {name}]"]
        action: timers.left
        reply:
          none: ["Nothing.", "Nothing at all."]
          one: "{left} left."
          named: ["{left} left.", "{left} left on {name}.", "On {name}: {left}."]
          many: ""
      Say:
        sentences: ["say {name}"]
        action: {command: [say, "{name}"]}
      Echo:
        sentences: ["echo {name}"]
        action: {command: [say, "{name}"]}
        reply: "I said {name}."
    lists: {name: {values: [pasta]}}
    responses:
      nothing_heard: ""
      rejected: ["What?", "Pardon?"]
      timer_done: ["Your {name} timer is done.", "A timer is done."]
    """
)


def intent(name: str) -> Intent:
    return SET.intents[name]


def test_the_outcome_chooses_the_reply() -> None:
    left = ActionResult("one", {"left": seconds(60)})
    assert choose_reply(intent("Left"), left, {}, pick=lambda _: 0) == "1 minute left."
    assert choose_reply(intent("Left"), ActionResult("many"), {}, pick=lambda _: 0) == ""
    assert choose_reply(intent("Left"), ActionResult("unknown"), {}, pick=lambda _: 0) == ""


def test_one_of_the_texts_is_picked() -> None:
    none = ActionResult("none")
    said = [choose_reply(intent("Left"), none, {}, pick=lambda n, i=i: i % n) for i in range(3)]  # type: ignore[misc]
    assert said == ["Nothing.", "Nothing at all.", "Nothing."]


def test_texts_that_say_the_most_are_picked_from() -> None:
    named = ActionResult("named", {"left": seconds(60), "name": "pasta"})
    counts = []

    def pick(count: int) -> int:
        counts.append(count)
        return count - 1

    assert choose_reply(intent("Left"), named, {}, pick=pick) == "On pasta: 1 minute."
    assert counts == [2]


@pytest.mark.parametrize("missing", [None, ""])
def test_a_text_with_a_hole_is_not_spoken(missing: str | None) -> None:
    named = ActionResult("named", {"left": seconds(60), "name": missing})
    assert choose_reply(intent("Left"), named, {}, pick=lambda _: 0) == "1 minute left."


def test_slots_fill_and_values_of_the_action_come_first() -> None:
    reply = intent("Echo")
    assert choose_reply(reply, ActionResult(), {"name": "pasta"}, pick=lambda _: 0) == (
        "I said pasta."
    )
    result = ActionResult(values={"name": "tea"})
    assert choose_reply(reply, result, {"name": "pasta"}, pick=lambda _: 0) == "I said tea."


def test_a_value_is_not_filled_again() -> None:
    result = ActionResult(values={"name": "{name}"})
    assert choose_reply(intent("Echo"), result, {}, pick=lambda _: 0) == "I said {name}."


def test_an_action_speaks_for_itself() -> None:
    result = ActionResult(speech=" Twenty degrees.\n")
    slots = {"name": "pasta"}
    assert choose_reply(intent("Say"), result, slots, pick=lambda _: 0) == "Twenty degrees."
    assert choose_reply(intent("Echo"), result, slots, pick=lambda _: 0) == (
        "Twenty degrees. I said pasta."
    )


def test_responses() -> None:
    assert response(SET, "rejected", pick=lambda n: n - 1) == "Pardon?"
    assert response(SET, "nothing_heard", pick=lambda _: 0) == ""
    assert response(SET, "not_understood", pick=lambda _: 0) == ""
    for name, said in {"pasta": "Your pasta timer is done.", "": "A timer is done."}.items():
        values = {"duration": seconds(60), "name": name}
        assert response(SET, "timer_done", values, pick=lambda _: 0) == said


def reply_of(text: str, **values: Any) -> tuple[str, list[str]]:
    """What an intent with this ``reply:`` says with these slots, and what is reported."""
    yaml = f"intents:\n  A:\n    sentences: [a]\n    reply: {text}\n"
    problems: list[Problem] = []
    top = parse(yaml, "a.yaml", problems)
    assert isinstance(top, Mapping)
    reader = FileReader(Reader(problems), "en", ())
    ((_, read),) = reader.content(top).intents
    assert read is not None
    assert problems == []
    reported: list[str] = []
    said = choose_reply(
        read, ActionResult(values=values), {}, pick=lambda n: n - 1, report=reported.append
    )
    return said, reported


def test_a_reply_may_be_a_template() -> None:
    text = '"{{ slots.left }}{% if name %} on {{ name }}{% endif %}, {% if n == 1 %}one{% endif %}"'
    assert reply_of(text, left=seconds(60), name="tea", n=1) == ("1 minute on tea, one", [])
    assert reply_of(text, left=seconds(60), name="", n=2) == ("1 minute,", [])


def test_a_template_says_what_it_mentions() -> None:
    texts = """["{a}.", "{{ a }}{% if b %} {{ b }}{% endif %}!", "{c} and {a}"]"""
    assert reply_of(texts, a="x") == ("X!", [])
    assert reply_of(texts, a="x", b="y") == ("X y!", [])
    assert reply_of(texts, a="x", c="z") == ("Z and x", [])
    assert reply_of(texts, b="y") == ("", [])


def test_a_template_that_fails_leaves_the_others() -> None:
    texts = """["{a}.", "{{ a * 10 ** 9 }}"]"""
    sentence = "it takes more than 100,000 characters and items of work"
    assert reply_of(texts, a="x") == (
        "X.",
        [f"a.yaml:4:21: this reply could not be spoken: {sentence}"],
    )


def test_a_template_with_a_hole_leaves_the_others() -> None:
    texts = """["{a}.", "{{ a.b }}"]"""
    assert reply_of(texts, a="x") == ("X.", [])


def test_where_no_template_can_be_spoken_that_is_reported() -> None:
    assert reply_of('"{{ a.b }}"', a="x") == (
        "",
        ["a.yaml:4:12: this reply could not be spoken: 'str object' has no attribute 'b'"],
    )
    assert reply_of('"{{ a }}"') == ("", [])


def test_a_template_may_be_silent() -> None:
    assert reply_of('["a", "{% if a %}{% endif %}"]', a="x") == ("", [])


def test_a_template_is_forgotten_without_a_report() -> None:
    read = Intent("A", (), None, {"done": (Text("{{ 1 / 0 }}", Place("a", 1, 1)),)}, "", (), PLACE)
    assert choose_reply(read, ActionResult(), {}, pick=lambda _: 0) == ""


@pytest.mark.parametrize("text", ["On {day}.", "On {{ day }}."])
def test_dates_are_seen_from_now(text: str) -> None:
    read = Intent("A", (), None, {"done": (Text(text, PLACE),)}, "", (), PLACE)
    result = ActionResult(values={"day": dt.date(2026, 11, 23)})
    now = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
    assert choose_reply(read, result, {}, pick=lambda _: 0, now=now) == "On tomorrow."
    assert choose_reply(read, result, {}, pick=lambda _: 0) == "On Monday, November 23."
