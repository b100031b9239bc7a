"""Routines: one phrase, several intents in order."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from assistant.dialogue.routines import routine_problems
from assistant.dialogue.understanding import Understanding
from assistant.events import NearlyUnderstood, NotUnderstood, Understood
from assistant.intents.approximate import Proposal
from assistant.intents.matcher import compile_intents
from assistant.turn import Question, Transcript
from tests.intents.files import load

HOUSE = """
intents:
  GoodNight:
    sentences: [good night]
    routine: [turn off all lights, "set the alarm for seven and lock the door"]
    reply: Sleep well.
  LightsOff: {sentences: ["turn off all lights"], action: {command: [lights]}, reply: Dark.}
  Alarm: {sentences: ["set the alarm for {hour}"], action: {command: [alarm]}, reply: "{hour}."}
  Lock: {sentences: ["lock the door"], action: {command: [lock]}, confirm: true, reply: Locked.}
  Yes: {sentences: ["yes"], action: assistant.yes, reply: Good.}
  Party: {sentences: [party], routine: [good night], reply: ""}
lists: {hour: {range: {from: 1, to: 12}}}
connectives: {joining: [and]}
"""


def understanding_of(text: str) -> Understanding:
    intents = load(text)
    return Understanding(
        intents, compile_intents(intents), 0.5, 0.2, lambda _: 0, lambda: datetime.now(UTC)
    )


def meant(text: str, house: str = HOUSE) -> list[str]:
    event = understanding_of(house).understand(Transcript(text, 1.0))
    assert isinstance(event, Understood)
    return [match.intent for match in event.matches]


def problems(routine: str) -> str:
    text = textwrap.dedent(HOUSE).replace("routine: [good night]", f"routine: [{routine}]")
    return "\n".join(map(str, routine_problems(understanding_of(text))))


def test_its_sentences_are_done_after_itself() -> None:
    assert meant("good night") == ["GoodNight", "LightsOff", "Alarm", "Lock"]


def test_with_the_slots_that_they_have() -> None:
    event = understanding_of(HOUSE).understand(Transcript("good night", 1.0))
    assert isinstance(event, Understood)
    assert event.matches[2].values() == {"hour": 7}


def test_beside_another_command() -> None:
    assert meant("lock the door and good night") == [
        "Lock", "GoodNight", "LightsOff", "Alarm", "Lock",
    ]  # fmt: skip


def test_what_asks_first_asks_in_a_routine_too() -> None:
    event = understanding_of(HOUSE).understand(Transcript("good night", 1.0))
    assert isinstance(event, Understood)
    assert [match.intent for match in event.to_confirm] == ["Lock"]


def test_yes_to_a_routine_means_all_of_it() -> None:
    understanding = understanding_of(HOUSE)
    asked = understanding.understand(Transcript("good night", 1.0))
    assert isinstance(asked, Understood)
    question = Question(("good night",), (asked.matches,), confirming=asked.to_confirm)
    event = understanding.understand(Transcript("yes", 1.0), question)
    assert isinstance(event, Understood)
    assert [match.intent for match in event.matches] == ["GoodNight", "LightsOff", "Alarm", "Lock"]


def test_did_you_mean_a_routine_is_all_of_it() -> None:
    understanding = understanding_of(HOUSE)
    meant = understanding.meaning_of("good night")
    near = Proposal("good night", meant, 0.9, ())
    understanding = replace(understanding, propose=lambda _text, _where: (near,))
    event = understanding.reconsider(NotUnderstood("good knight"))
    assert isinstance(event, NearlyUnderstood)
    assert [match.intent for match in event.commands[0]] == [
        "GoodNight", "LightsOff", "Alarm", "Lock",
    ]  # fmt: skip


def test_nothing_is_done_where_a_sentence_means_nothing_now() -> None:
    house = HOUSE.replace("for seven and", "for thirteen and")
    event = understanding_of(house).understand(Transcript("good night", 1.0))
    assert event == NotUnderstood("good night")


def test_a_right_routine_is_no_mistake() -> None:
    assert problems("lock the door") == ""


@pytest.mark.parametrize(
    ("routine", "column", "message"),
    [
        ("open the window", 41, "no intent understands 'open the window'"),
        ("lock the door, good night", 56, "'good night' is a routine itself ('GoodNight')"),
        ("'yes'", 41, "'yes' answers a question, and there is none in a routine"),
    ],
)
def test_error_of_a_sentence_and_where(routine: str, column: int, message: str) -> None:
    assert problems(routine).startswith(f"a.yaml:11:{column}: {message}\n")


LATER = """
intents:
  Later:
    sentences: ["in an hour {text:command}"]
    action: later.add
    reply: {done: Then., after: Later., repeated: Again., past: Past.}
"""


def test_a_routine_for_later_asks_now_for_what_asks_first() -> None:
    intents = load(HOUSE, LATER, language="en")
    understanding = replace(
        understanding_of(HOUSE), intents=intents, graph=compile_intents(intents)
    )
    event = understanding.understand(Transcript("in an hour good night", 1.0))
    assert isinstance(event, Understood)
    assert [match.intent for match in event.to_confirm] == ["Lock"]
