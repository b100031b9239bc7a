"""A skill in a running assistant, amid what intents can do: asking, routines, taking back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import Running, home

pytestmark = pytest.mark.engines

PROGRAM = """
from assistant.skill import Call, Reply, SkillError, intent


@intent("BlindDown", "BlindUp")
def move(call: Call) -> Reply:
    if call.slots["room"] == "attic":
        raise SkillError("the attic has no blind")
    file = call.folder / str(call.slots["room"])
    before = file.read_text() if file.exists() else "up"
    way = str(call.slots["way"])
    if before == way:
        return Reply("there")
    file.write_text(way)
    return Reply(values={"before": before})


@intent("BlindBroken")
def refuse(call: Call) -> Reply:
    return Reply("no")


@intent("BlindTold")
def tell(call: Call) -> Reply:
    file = call.folder / str(call.slots["room"])
    return Reply(values={"now": file.read_text() if file.exists() else "up"})
"""
INTENTS = """
intents:
  BlindDown:
    sentences: ["blind [in the {room}] down"]
    slots: {way: down}
    ask: {room: "In which room?"}
    action: {skill: blinds, outcomes: {done: [before], there: []}}
    undo: BlindUp
    reply: {done: "Down, it was {before}.", there: "It was.", failed: "No: {reason}."}
  BlindUp:
    sentences: ["blind in the {room} up"]
    slots: {way: up}
    action: {skill: blinds, outcomes: {done: [before], there: []}}
    undo: BlindBroken
    reply: {done: "Up.", there: "It was."}
  BlindBroken:
    sentences: [break the blind]
    action: {skill: blinds, outcomes: {no: []}}
    reply: {no: "No."}
  BlindTold:
    sentences: ["how is the blind in the {room}"]
    action: {skill: blinds, outcomes: {done: [now]}}
    undo: {command: [touch, "NOTE-{room}"]}
    reply: "It is {now}."
  BlindSignal:
    sentences: ["signal in the {room}"]
    action: {command: [touch, "NOTE-signal"]}
    undo: BlindUp
    reply: "Sent."
  Evening:
    sentences: [good evening]
    routine: ["blind in the hall down", "how is the blind in the hall"]
    reply: "Good evening."
lists:
  room: {values: [kitchen, hall, bath, cellar, attic]}
"""


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("notes")


@pytest.fixture(scope="module")
def running(notes: Path) -> Iterator[Running]:
    with home() as place:
        folder = place.paths.skills[0] / "blinds"
        (folder / "intents").mkdir(parents=True)
        (folder / "skill.py").write_text(PROGRAM)
        (folder / "intents" / "en.yaml").write_text(INTENTS.replace("NOTE-", f"{notes}/"))
        with Running(place) as assistant:
            yield assistant


def replies(running: Running, *texts: str) -> list[str]:
    return [running.say(text)["reply"] for text in texts]


def take_back(running: Running) -> None:
    assert replies(running, "undo that")[0] in {"I took it back.", "It is undone."}


def test_what_is_missing_is_asked_for_and_values_are_told(running: Running) -> None:
    assert replies(running, "blind down", "the kitchen", "how is the blind in the kitchen") == [
        "In which room?",
        "Down, it was up.",
        "It is down.",
    ]


def test_it_fails_in_the_owner_s_words(running: Running) -> None:
    turn = running.say("blind in the attic down")
    assert turn["outcome"] == "failed"
    assert turn["reply"] == "No: the attic has no blind."


def test_a_routine_has_it_done_in_order(running: Running) -> None:
    assert replies(running, "good evening") == ["Good evening. Down, it was up. It is down."]


def test_another_intent_of_a_skill_takes_it_back_with_slots_of_its_own(running: Running) -> None:
    assert replies(running, "blind in the bath down") == ["Down, it was up."]
    take_back(running)
    assert replies(running, "how is the blind in the bath") == ["It is up."]


def test_what_came_to_anything_but_done_is_not_taken_back(running: Running) -> None:
    replies(running, "how is the blind in the bath")
    take_back(running)
    assert replies(running, "blind in the cellar up", "undo that") == [
        "It was.",
        "There is nothing I can take back.",
    ]


def test_error_when_the_skill_does_not_take_it_back(running: Running) -> None:
    replies(running, "blind in the cellar down")
    assert replies(running, "blind in the cellar up", "undo that") == [
        "Up.",
        "That did not work: the skill did not take it back: 'no'",
    ]


def test_steps_take_a_skill_back(running: Running, notes: Path) -> None:
    assert replies(running, "how is the blind in the cellar") == ["It is up."]
    take_back(running)
    assert (notes / "cellar").exists()


def test_a_skill_takes_steps_back(running: Running, notes: Path) -> None:
    assert replies(running, "blind in the cellar down", "signal in the cellar")[1] == "Sent."
    assert (notes / "signal").exists()
    take_back(running)
    assert replies(running, "how is the blind in the cellar") == ["It is up."]
