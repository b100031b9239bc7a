"""The files of a new skill: a whole example that works, to be changed into what one wants."""

from __future__ import annotations

PROGRAM = '''"""What this skill does, in a line."""

from datetime import date, timedelta

from assistant.skill import Call, Reply, SkillError, intent


@intent("@Intent@")
def days_until(call: Call) -> Reply:
    """Count the days until a date."""
    day = call.slots["date"]
    if not isinstance(day, date):
        raise SkillError("that is no date")
    left = day - date.today()
    if left < timedelta(0):
        return Reply("over")
    return Reply(values={"left": left})
'''

INTENTS = """language: en

intents:
  @Intent@:
    sentences:
      - "ask @words@ how many days [there are] until {date}"
    action:
      skill: @name@
      outcomes:
        done: [left]
        over: []
    reply:
      done: "{left} until {date}."
      over: "{date} is over."
    help: "ask @words@ how many days until christmas day"
    tests:
      - say: "ask @words@ how many days there are until may third"
        now: 2026-11-22 14:00
        slots: {date: 2027-05-03}
      - not: "ask @words@ how many days"
"""

TESTS = '''"""Tests of this skill: assistant skill test @name@, or pytest in this folder."""

from datetime import date, timedelta
from pathlib import Path

from assistant.skill import Call, Reply
from assistant.skilltesting import say
from skill import days_until


def test_days_are_counted() -> None:
    week = timedelta(days=7)
    reply = days_until(Call("@Intent@", {"date": date.today() + week}))
    assert reply == Reply(values={"left": week})


def test_a_day_of_the_past_is_over() -> None:
    assert days_until(Call("@Intent@", {"date": date(2000, 1, 1)})).outcome == "over"


def test_a_sentence_is_answered() -> None:
    answer = say(Path(__file__).parent, "ask @words@ how many days until tomorrow")
    assert answer == "24 hours until tomorrow."
'''

SETTINGS = """description: What it does, in a line
# memory_megabytes: 128
"""


def skill_files(name: str) -> dict[str, str]:
    """Return the files of a new skill of this name: their texts by their paths."""
    words = name.replace("_", " ").replace("-", " ").split()
    intent = "".join(word.capitalize() for word in words) + "DaysUntil"
    texts = {
        "skill.py": PROGRAM,
        "intents/en.yaml": INTENTS,
        "test_skill.py": TESTS,
        "skill.yaml": SETTINGS,
    }
    return {
        path: text.replace("@Intent@", intent)
        .replace("@name@", name)
        .replace("@words@", " ".join(words))
        for path, text in texts.items()
    }
