"""What is missing is asked for, what was meant otherwise is taken back, numbers stay secret."""

from __future__ import annotations

import asyncio
import textwrap
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from assistant.config import load_settings
from assistant.dialogue.effects import Earcon, Ears
from assistant.dialogue.pin import LOCKED_SECONDS, Pin
from assistant.dialogue.state import FollowUp, Phase
from assistant.dialogue.understanding import Understanding
from assistant.engines import make_understanding, question_grammar
from assistant.errors import ActionError, ConfigError, IntentError
from assistant.events import (
    NothingHeard,
    PartialTranscript,
    SpeechEnded,
    StopHeard,
    TextGiven,
    Transcribed,
    to_wire,
)
from assistant.intents.builtins import BUILTIN_ACTIONS
from assistant.intents.loader import load_intents
from assistant.intents.model import SourceFile
from assistant.recognizers.grammar import is_sentence
from assistant.turn import ActionResult, Match, Outcome, Transcript
from tests.intents.files import errors_of, load, shipped_files
from tests.room import NOW, Room, in_room

HOUSE = """
    intents:
      LampOn:
        sentences: ["turn on [the] {lamp}"]
        reply: "The {lamp} is on."
      Heat:
        sentences: ["heat [the] {room} [to {degrees} degrees]", "turn on the heating"]
        ask:
          room: "Which room?"
          degrees:
            question: "How warm shall the {room} be?"
            answers: ["[to] {degrees} [degrees]"]
        confirm: "Shall I heat the {room} to {degrees} degrees?"
        reply: "Heating the {room} to {degrees} degrees."
      Unlock:
        sentences: ["unlock [the] {door} door"]
        confirm: {question: "Shall I unlock the {door} door?", pin: true}
        reply: "The {door} door is open."
    lists:
      lamp:
        values:
          - {in: "[kitchen] lamp", out: kitchen lamp, context: {area: kitchen}}
          - {in: "[bedroom] lamp", out: bedroom lamp, context: {area: bedroom}}
          - {in: "[red] bedroom light", out: red light}
      room: {values: [kitchen, bath]}
      degrees: {range: {from: 15, to: 25}}
      door: {values: [front, back]}
"""
NUMBER = "dialogue: {pin: '2704'}"


@cache
def compiled() -> Understanding:
    mine = SourceFile("house.yaml", textwrap.dedent(HOUSE), 1)
    intents = load_intents([*shipped_files(), mine], BUILTIN_ACTIONS)
    return make_understanding(load_settings(NUMBER, "config.yaml"), intents)


def house() -> Understanding:
    """The shipped intents, and a house; nobody has said a wrong number yet."""
    pin = Pin("2704", lambda: 0.0)
    return replace(compiled(), pin=pin, pick=lambda _: 0, now=lambda: NOW)


def done(room: Room) -> list[str]:
    return [match.text for match in room.done]


class TestAskingForWhatIsMissing:
    def test_a_timer_without_a_duration(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            assert (await room.hear("set a pasta timer")).reply == "For how long?"
            assert room.is_asking
            record = await room.hear("for ten minutes")
            assert record.reply == "Pasta timer set for 10 minutes."
            assert [timer.duration_seconds for timer in room.timers.running(0)] == [600]

        in_room(tmp_path, scene, house())

    def test_the_answer_may_be_the_whole_command(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            await room.hear("set a timer")
            record = await room.hear("set a timer for five minutes")
            assert record.reply == "Timer set for 5 minutes."

        in_room(tmp_path, scene, house())

    def test_or_that_it_does_not_matter(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            await room.hear("set a timer")
            assert (await room.hear("never mind")).reply == ""
            assert not room.is_asking
            assert room.timers.running(0) == []

        in_room(tmp_path, scene, house())

    def test_one_thing_after_the_other_and_then_whether_to_do_it(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            assert (await room.hear("turn on the heating")).reply == "Which room?"
            assert (await room.hear("the bath")).reply == "How warm shall the bath be?"
            record = await room.hear("twenty")
            assert record.reply == "Shall I heat the bath to 20 degrees?"
            assert done(room) == []
            assert (await room.hear("yes")).reply == "Heating the bath to 20 degrees."
            assert room.done[-1].plain_values() == {"room": "bath", "degrees": 20}

        in_room(tmp_path, scene, house())

    def test_before_anything_of_the_sentence_is_done(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            record = await room.hear("what time is it and set a timer")
            assert record.reply == "For how long?"
            assert [one.intent for one in record.commands] == ["GetTime", "SetTimer"]
            record = await room.hear("one minute")
            assert record.reply == "It is 7:30 AM. Timer set for 1 minute."

        in_room(tmp_path, scene, house())

    def test_an_answer_that_is_none_is_asked_for_once_more(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            await room.hear("set a timer")
            assert (await room.hear("mumble")).reply == (
                "Sorry, I did not understand that. For how long?"
            )
            assert (await room.hear("mumble")).outcome is Outcome.NOT_UNDERSTOOD
            assert not room.is_asking

        in_room(tmp_path, scene, house())

    def test_an_answer_heard_unsurely_is_asked_about(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            await room.hear("set a timer")
            record = await room.hear("ten minutes", confidence=0.3)
            assert record.reply == "Did you mean: set a timer ten minutes?"
            assert (await room.hear("yes")).reply == "Timer set for 10 minutes."

        in_room(tmp_path, scene, house())

    def test_what_was_heard_comes_before_what_else_it_may_have_been(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            await room.hear("set a timer")
            record = await room.hear("nope", alternatives=("one hour",))
            assert record.reply == "All right."
            await room.hear("set a timer")
            record = await room.hear("noon", alternatives=("one hour",))
            assert record.reply == "Timer set for 1 hour."

        in_room(tmp_path, scene, house())

    def test_as_text_too(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            assert (await room.conversation.say("set a timer")).reply == "For how long?"
            record = await room.conversation.say("10 minutes")
            assert record.reply == "Timer set for 10 minutes."

        in_room(tmp_path, scene, house())

    def test_a_command_of_its_own_is_an_answer_too(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            await room.conversation.say("set a timer")
            assert (await room.conversation.say("what time is it")).reply == "It is 7:30 AM."
            await room.conversation.say("ten minutes")
            assert room.timers.running(0) == []

        in_room(tmp_path, scene, house())

    def test_only_answers_are_listened_for(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            await room.hear("set a timer")
            question = room.listened[-1].question
            assert question is not None
            grammar = question_grammar(room.conversation.understanding, question)
            assert grammar is not None
            for said in ("for ten minutes", "never mind", "no", "set a timer for one hour"):
                assert is_sentence(grammar, said.split())
            for said in ("what time is it", "yes", "louder", "the second one"):
                assert not is_sentence(grammar, said.split())

        in_room(tmp_path, scene, house())


class TestWhichOne:
    def test_of_things_that_are_called_alike(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            record = await room.hear("turn on the lamp")
            assert record.reply == "Which one: kitchen lamp or bedroom lamp?"
            assert (await room.hear("the bedroom one")).reply == "The bedroom lamp is on."

        in_room(tmp_path, scene, house())

    @pytest.mark.parametrize(
        ("answer", "reply"),
        [
            ("kitchen lamp", "The kitchen lamp is on."),
            ("the kitchen", "The kitchen lamp is on."),
            ("the second one", "The bedroom lamp is on."),
            ("turn on the kitchen lamp", "The kitchen lamp is on."),
        ],
    )
    def test_by_name_by_what_only_it_has_or_by_number(
        self, tmp_path: Path, answer: str, reply: str
    ) -> None:
        async def scene(room: Room) -> None:
            await room.hear("turn on the lamp")
            assert (await room.hear(answer)).reply == reply

        in_room(tmp_path, scene, house())

    def test_the_one_that_is_here(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            assert (await room.hear("turn on the lamp")).reply == "The bedroom lamp is on."

        in_room(tmp_path, scene, replace(house(), context={"area": "bedroom"}))

    def test_a_name_of_its_own_is_not_asked_about(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            assert (await room.hear("turn on the kitchen lamp")).reply == "The kitchen lamp is on."
            assert (await room.hear("turn on the bedroom light")).reply == "The red light is on."

        in_room(tmp_path, scene, house())


class TestTakingBack:
    def test_what_was_put_on_a_list(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            await room.hear("add milk and eggs to the shopping list")
            assert (await room.hear("undo that")).reply == "I took it back."
            assert room.store.list_items("shopping") == []
            assert (await room.hear("undo")).reply == "There is nothing I can take back."

        in_room(tmp_path, scene, house())

    def test_what_was_taken_off(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            room.store.add_list_items("shopping", ["milk", "eggs"])
            await room.hear("remove milk from the shopping list")
            await room.hear("undo that")
            assert sorted(room.store.list_items("shopping")) == ["eggs", "milk"]
            await room.hear("clear the shopping list")
            await room.hear("yes")
            assert room.store.list_items("shopping") == []
            await room.hear("take that back")
            assert sorted(room.store.list_items("shopping")) == ["eggs", "milk"]

        in_room(tmp_path, scene, house())

    def test_no_i_meant_something_else(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            await room.hear("add milk to the shopping list")
            record = await room.hear("no I meant add eggs to the shopping list")
            assert record.reply == "Added eggs to the shopping list."
            assert room.store.list_items("shopping") == ["eggs"]

        in_room(tmp_path, scene, house())

    def test_only_what_the_command_before_did(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            await room.hear("add milk to the shopping list")
            await room.hear("what time is it")
            await room.hear("no, add eggs to the shopping list")
            assert room.store.list_items("shopping") == ["milk", "eggs"]

        in_room(tmp_path, scene, house())

    def test_error_what_cannot_be_taken_back(self, tmp_path: Path) -> None:
        async def stuck() -> None:
            raise ActionError("the valve is stuck", "Turn it by hand.")

        async def act(match: Match) -> ActionResult:
            if match.intent == "LampOn":
                return ActionResult(undo=stuck)
            return await built_in[0](match)

        built_in: list[Callable[[Match], Awaitable[ActionResult]]] = []

        async def scene(room: Room) -> None:
            built_in.append(room.act)
            room.act = act
            await room.hear("turn on the kitchen lamp")
            record = await room.hear("undo that")
            assert record.outcome is Outcome.FAILED
            assert record.reply == "That did not work: the valve is stuck"

        in_room(tmp_path, scene, house())


class TestTheOwnersNumber:
    async def ask(self, room: Room) -> None:
        record = await room.hear("unlock the front door")
        assert record.reply == "Shall I unlock the front door? Please say your number."
        assert room.is_asking

    @pytest.mark.parametrize("said", ["two seven zero four", "2704", "2 7 0 4"])
    def test_opens(self, tmp_path: Path, said: str) -> None:
        async def scene(room: Room) -> None:
            await self.ask(room)
            assert (await room.hear(said)).reply == "The front door is open."

        in_room(tmp_path, scene, house())

    def test_a_yes_is_not_enough_nor_the_command_again(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            await self.ask(room)
            record = await room.hear("yes")
            assert record.reply == (
                "That is not the number. Shall I unlock the front door? Please say your number."
            )
            await self.ask(room)
            assert (await room.hear("no")).reply == "All right."
            assert done(room) == ["no"]

        in_room(tmp_path, scene, house())

    def test_three_wrong_ones_are_enough(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            await self.ask(room)
            await room.hear("one two three four")
            await room.hear("one two three five")
            record = await room.hear("one two three six")
            assert record.outcome is Outcome.FAILED
            assert record.reply is not None
            assert "wrong too often" in record.reply
            await self.ask(room)
            record = await room.hear("two seven zero four")
            assert record.outcome is Outcome.FAILED
            assert done(room) == []

        in_room(tmp_path, scene, house())

    def test_and_later_there_are_others(self) -> None:
        now = 0.0
        pin = Pin("2704", lambda: now)
        assert [pin.accepts("1111") for _ in range(3)] == [False] * 3
        assert not pin.accepts("2704")
        now = LOCKED_SECONDS
        assert pin.accepts("2704")

    def test_nobody_is_told_it(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            await self.ask(room)
            room.conversation.handle(PartialTranscript("two seven"))
            record = await room.hear("two seven zero four")
            assert record.transcript == "…"
            await room.hear("unlock the front door")
            room.conversation.handle(NothingHeard())
            record = await room.conversation.say("2704")
            assert (record.text, record.reply) == ("…", "The front door is open.")
            told = str([to_wire(event) for event in room.events])
            assert "seven" not in told
            assert "2704" not in told
            assert "…" in told

        in_room(tmp_path, scene, house())

    def test_only_digits_are_listened_for(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            await self.ask(room)
            question = room.listened[-1].question
            assert question is not None
            grammar = question_grammar(room.conversation.understanding, question)
            assert grammar is not None
            assert is_sentence(grammar, ["one", "one", "one", "one"])
            assert is_sentence(grammar, ["no"])
            assert not is_sentence(grammar, ["one", "one", "one"])
            assert not is_sentence(grammar, ["what", "time", "is", "it"])

        in_room(tmp_path, scene, house())

    def test_error_there_is_none(self) -> None:
        intents = load(textwrap.dedent(HOUSE))
        with pytest.raises(IntentError, match="wants the owner's number, and there is none"):
            make_understanding(load_settings("", "config.yaml"), intents)

    def test_error_no_number(self) -> None:
        with pytest.raises(ConfigError, match="must be a number of 3 to 8 digits"):
            load_settings("dialogue: {pin: abc}", "config.yaml")


class TestFollowingUp:
    def follow(self, room: Room, follow_up: FollowUp) -> None:
        room.conversation._state = replace(room.conversation._state, follow_up=follow_up)

    def test_more_can_be_said_without_the_wake_word(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            self.follow(room, FollowUp.ALWAYS)
            await room.hear("what time is it")
            await room.until(lambda: room.conversation.phase is Phase.LISTENING)
            assert room.ears[-1] is Ears.FOLLOW_UP
            room.conversation.handle(SpeechEnded(14.0, 0.4, False))
            room.conversation.handle(Transcribed(Transcript("louder", 0.9), 0.1))
            await room.until(lambda: room.conversation.phase is Phase.LISTENING)
            assert [match.intent for match in room.done] == ["GetTime", "VolumeUp"]
            room.conversation.handle(NothingHeard())
            assert room.conversation.phase is Phase.WAITING
            assert len([one for one in room.events if to_wire(one)["event"] == "turn-ended"]) == 2

        in_room(tmp_path, scene, house())

    def test_what_nobody_said_to_it_is_passed_over(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            self.follow(room, FollowUp.ALWAYS)
            await room.hear("what time is it")
            await room.until(lambda: room.conversation.phase is Phase.LISTENING)
            spoken = list(room.voice.said)
            room.conversation.handle(SpeechEnded(14.0, 0.4, False))
            room.conversation.handle(Transcribed(Transcript("mumble", 0.1), 0.1))
            assert room.conversation.phase is Phase.WAITING or await room.over()
            assert room.voice.said == spoken

        in_room(tmp_path, scene, house())

    def test_after_never_mind_nothing_is_expected(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            self.follow(room, FollowUp.ALWAYS)
            await room.hear("never mind")
            assert room.conversation.phase is Phase.WAITING

        in_room(tmp_path, scene, house())

    def test_a_text_is_taken_while_it_waits_for_more(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            self.follow(room, FollowUp.ALWAYS)
            await room.hear("what time is it")
            await room.until(lambda: room.conversation.phase is Phase.LISTENING)
            assert (await room.conversation.say("louder")).outcome is Outcome.ACTED

        in_room(tmp_path, scene, house())

    def test_off_is_off_after_questions_too(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            self.follow(room, FollowUp.OFF)
            await room.hear("set a timer")
            assert room.conversation.phase is Phase.WAITING
            assert (await room.hear("ten minutes")).reply == "Timer set for 10 minutes."

        in_room(tmp_path, scene, house())


class TestWhatIsHeardOfIt:
    def test_an_action_that_lasts_is_made_heard_and_can_be_stopped(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            async def act(_match: Match) -> ActionResult:
                await asyncio.Event().wait()
                raise AssertionError

            room.act = act
            room.conversation.handle(TextGiven("turn on the kitchen lamp"))
            await room.until(lambda: room.ears[-1:] == [Ears.STOP])
            assert room.conversation.phase is Phase.ACTING
            await room.until(lambda: room.sounds[Earcon.WORKING] in room.speaker.played)
            room.conversation.handle(StopHeard())
            assert (await room.over()).outcome is Outcome.CANCELLED

        in_room(tmp_path, scene, house())

    def test_what_it_heard_can_be_asked(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            assert (await room.hear("what did you hear")).reply == "I have not heard anything yet."
            await room.hear("fuzzy wuzzy was a bear")
            assert (await room.hear("what did you hear")).reply == "I heard: fuzzy wuzzy was a bear"

        in_room(tmp_path, scene, house())


class TestMistakes:
    @pytest.mark.parametrize(
        ("ask", "told"),
        [
            ("{rom: 'Which?'}", "no sentence has a slot 'rom'\n"),
            ("{room: {answers: ['{room}']}}", "the question for 'room' is empty"),
            ("{room: {question: 'Which?', answers: ['so']}}", "does not fill the slot 'room'"),
            ("{room: 'Which {rom}?'}", "there is no slot 'rom'"),
            ("{room: {quest: 'Which?'}}", "unknown key 'quest' in the question for 'room'"),
            ("{door: 'Which?'}", "every sentence has 'door': it is never asked for"),
        ],
    )
    def test_error_of_a_question(self, ask: str, told: str) -> None:
        text = f"""
            intents:
              A:
                sentences: ["go [to the {{room}}] by the {{door}}"]
                ask: {ask}
                reply: gone
            lists: {{room: {{values: [bath]}}, door: {{values: [front]}}}}
        """
        assert told in errors_of(text)
