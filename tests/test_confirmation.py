"""What an intent wants confirmed is asked about, and done only after "yes"."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from assistant.config import load_settings
from assistant.dialogue.effects import Ears
from assistant.dialogue.understanding import Understanding
from assistant.engines import make_understanding
from assistant.events import NothingHeard, TimeExpired
from assistant.intents.builtins import BUILTIN_ACTIONS
from assistant.intents.loader import load_intents
from assistant.intents.model import SourceFile
from assistant.turn import Outcome
from tests.intents.files import errors_of, load, shipped_files
from tests.room import NOW, Room, in_room

DOORS = """
    intents:
      Unlock:
        sentences: ["unlock [the] {door} door"]
        confirm: "Shall I unlock the {door} door?"
        reply: "The {door} door is open."
      Leave:
        sentences: ["we are leaving"]
        confirm: true
        reply: "Goodbye."
      Lock:
        sentences: ["lock [the] {door} door"]
        confirm: false
        reply: "The {door} door is locked."
    lists:
      door: {values: [front, back]}
"""


@cache
def doors() -> Understanding:
    """The shipped intents, and doors that are not unlocked by mistake."""
    mine = SourceFile("doors.yaml", textwrap.dedent(DOORS), 1)
    intents = load_intents([*shipped_files(), mine], BUILTIN_ACTIONS)
    chosen = load_settings("", "config.yaml")
    return replace(make_understanding(chosen, intents), pick=lambda _: 0, now=lambda: NOW)


def done(room: Room) -> list[str]:
    return [match.text for match in room.done]


async def ask(room: Room) -> None:
    record = await room.hear("unlock the front door")
    assert record.outcome is Outcome.ASKED
    assert record.reply == "Shall I unlock the front door?"
    assert record.intent == "Unlock"
    assert done(room) == []


def test_yes_does_it(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        await ask(room)
        assert room.is_asking
        record = await room.hear("yes")
        assert record.outcome is Outcome.ACTED
        assert record.reply == "The front door is open."
        assert done(room) == ["unlock the front door"]

    room = in_room(tmp_path, scene, doors())
    assert room.ears == [Ears.WOKEN, Ears.STOP, Ears.ANSWER, Ears.STOP, Ears.WAKE]


def test_no_does_not(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        await ask(room)
        assert (await room.hear("no")).reply == "All right."
        assert (await room.hear("yes")).reply == "There is nothing to confirm."
        assert "unlock the front door" not in done(room)

    in_room(tmp_path, scene, doors())


def test_anything_else_does_not(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        await ask(room)
        assert (await room.hear("lock the back door")).reply == "The back door is locked."
        await room.hear("yes")
        assert "unlock the front door" not in done(room)

    in_room(tmp_path, scene, doors())


def test_saying_it_again_is_a_yes(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        await ask(room)
        assert (await room.hear("unlock the front door")).outcome is Outcome.ACTED
        assert (await room.hear("unlock the front door")).outcome is Outcome.ASKED

    in_room(tmp_path, scene, doors())


def test_another_one_is_asked_about_in_its_turn(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        await ask(room)
        assert (await room.hear("unlock the back door")).reply == "Shall I unlock the back door?"
        await room.hear("yes")
        assert done(room) == ["unlock the back door"]

    in_room(tmp_path, scene, doors())


def test_silence_leaves_it_open_for_a_minute(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        await ask(room)
        room.conversation.handle(NothingHeard())
        await room.over()
        room.conversation.handle(TimeExpired())
        assert (await room.conversation.say("yes")).reply == "There is nothing to confirm."
        assert "unlock the front door" not in done(room)

    in_room(tmp_path, scene, doors())


def test_of_several_commands_none_is_done_before_the_answer(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        text = "set a timer for ten minutes and unlock the front door"
        assert (await room.hear(text)).reply == "Shall I unlock the front door?"
        assert room.store.timers() == []
        await room.hear("yes")
        assert [timer.duration_seconds for timer in room.store.timers()] == [600]
        assert [match.intent for match in room.done] == ["SetTimer", "Unlock"]

    in_room(tmp_path, scene, doors())


def test_what_was_not_heard_surely_is_asked_about_once(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        record = await room.hear("unlock the front door", confidence=0.3)
        assert record.reply == "Did you mean: unlock the front door?"
        assert (await room.hear("yes")).reply == "The front door is open."

    in_room(tmp_path, scene, doors())


def test_an_intent_without_a_question_of_its_own(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        question = "Shall I really do that: we are leaving?"
        assert (await room.hear("we are leaving")).reply == question
        assert (await room.hear("yes")).reply == "Goodbye."

    in_room(tmp_path, scene, doors())


@pytest.mark.parametrize("written", ["true", "yes", "On"])
def test_yaml_has_several_words_for_true(written: str) -> None:
    text = f"intents: {{A: {{sentences: [go], confirm: {written}, reply: gone}}}}"
    assert load(text).intents["A"].confirm == ()


def test_error_of_a_question_that_cannot_be_filled() -> None:
    text = """
        intents:
          Unlock:
            sentences: ["unlock [the {door} door]"]
            confirm: "Shall I unlock the {door} door?"
            reply: "Done."
        lists: {door: {values: [front]}}
    """
    assert "'{door}' is not always there" in errors_of(text)
    assert "there is no slot 'dor'" in errors_of(text.replace("I unlock the {door}", "I {dor}"))


def test_error_of_a_question_that_is_a_list_of_lists() -> None:
    text = "intents: {A: {sentences: [go], confirm: {a: b}, reply: gone}}"
    assert "unknown key 'a' in 'confirm'" in errors_of(text)
