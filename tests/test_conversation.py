"""The conversation, with the shipped intents and the real built-in actions."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from assistant.config import Settings
from assistant.dialogue.effects import Ears
from assistant.dialogue.state import Phase
from assistant.engines import make_understanding
from assistant.errors import ActionError
from assistant.events import (
    AnnouncementDue,
    ListenRequested,
    NothingHeard,
    PartFailed,
    PartWorks,
    SpeechEnded,
    StopHeard,
    TimeExpired,
    TimerDue,
    Transcribed,
    TurnEnded,
    WakeDetected,
)
from assistant.intents.builtins import BUILTIN_ACTIONS
from assistant.intents.loader import load_intents
from assistant.intents.model import SourceFile
from assistant.turn import ActionResult, Match, Outcome, Transcript, TurnRecord, Wake
from tests.recordings import shipped
from tests.room import WAKE, Room, in_room


def test_a_question_is_answered(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        record = await room.hear("what time is it")
        assert record.outcome is Outcome.ACTED
        assert record.intent == "GetTime"
        assert record.wake == WAKE.wake
        assert record.transcript == "what time is it"
        assert record.reply == room.voice.said[-1]
        assert "7:30" in record.reply
        assert {"total", "endpointing", "recognition", "action"} <= record.timings_seconds.keys()

    room = in_room(tmp_path, scene)
    assert room.ears == [Ears.WOKEN, Ears.STOP, Ears.WAKE]


def test_a_timer_is_set_and_asked_for(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        record = await room.hear("set a pasta timer for ten minutes")
        assert record.slots == {"name": "pasta", "duration": 600}
        assert [timer.duration_seconds for timer in room.store.timers()] == [600]
        record = await room.hear("how much time is left on the pasta timer")
        assert record.reply == "10 minutes left on the pasta timer."
        record = await room.hear("cancel the pasta timer")
        assert record.reply == "The pasta timer is cancelled."
        assert room.store.timers() == []

    in_room(tmp_path, scene)


def test_nobody_speaks(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        room.conversation.handle(WAKE)
        room.conversation.handle(NothingHeard())
        assert (await room.over()).outcome is Outcome.NOTHING_HEARD
        assert room.voice.said == []

    in_room(tmp_path, scene)


def test_words_that_mean_nothing(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        record = await room.hear("colourless green ideas")
        assert record.outcome is Outcome.NOT_UNDERSTOOD
        assert record.reply in {
            "Sorry, I did not understand that.",
            "Sorry, I don't know that one.",
        }

    in_room(tmp_path, scene)


def test_words_that_were_not_heard_surely_are_not_acted_on(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        record = await room.hear("cancel all timers", confidence=0.1)
        assert record.outcome is Outcome.REJECTED
        assert record.intent is None

    in_room(tmp_path, scene)


def test_an_action_that_fails_says_why(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        async def act(_match: Match) -> ActionResult:
            raise ActionError("the lamp does not answer")

        room.act = act
        record = await room.hear("what time is it")
        assert record.outcome is Outcome.FAILED
        assert record.reply == "That did not work: the lamp does not answer"

    in_room(tmp_path, scene)


def test_a_bug_in_an_action_does_not_end_the_assistant(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        async def act(_match: Match) -> ActionResult:
            raise ZeroDivisionError

        works, room.act = room.act, act
        assert (await room.hear("what time is it")).outcome is Outcome.FAILED
        room.act = works
        assert (await room.hear("what time is it")).outcome is Outcome.ACTED

    in_room(tmp_path, scene)


def test_a_voice_that_fails_does_not_end_the_assistant(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        room.voice.broken = True
        record = await room.hear("what time is it")
        assert record.outcome is Outcome.ACTED
        assert PartFailed("voice", "espeak-ng is not installed. Install it.") in room.events
        room.voice.broken = False
        await room.hear("what time is it")
        assert PartWorks("voice") in room.events

    in_room(tmp_path, scene)


def test_stop_cuts_the_speech(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        room.speaker.hold()
        hearing = asyncio.create_task(room.hear("what time is it"))
        await room.until(lambda: room.conversation.phase is Phase.SPEAKING and room.voice.said)
        room.conversation.handle(StopHeard())
        assert (await hearing).outcome is Outcome.ACTED
        assert room.ears[-1] is Ears.WAKE

    in_room(tmp_path, scene)


def test_a_command_as_text_is_answered_before_it_is_spoken(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        room.speaker.hold()
        record = await room.conversation.say("what time is it")
        assert record.outcome is Outcome.ACTED
        assert record.text == "what time is it"
        assert record.reply
        assert room.conversation.phase is Phase.SPEAKING

    in_room(tmp_path, scene)


def test_two_texts_at_once_are_both_answered(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        first, second = await asyncio.gather(
            room.conversation.say("what time is it"),
            room.conversation.say("set a timer for five minutes"),
        )
        assert (first.intent, second.intent) == ("GetTime", "SetTimer")

    in_room(tmp_path, scene)


def test_a_timer_rings_until_somebody_says_stop(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        room.conversation.handle(TimerDue(3, "pasta", 600, 0.0))
        await room.until(lambda: room.announced)
        assert room.voice.said == ["Your pasta timer is done."]
        room.conversation.handle(StopHeard())
        assert room.conversation.phase is Phase.WAITING

    room = in_room(tmp_path, scene)
    assert set(room.announced) == {3}


def test_a_timer_that_ended_while_it_was_off_is_told_as_late(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        room.conversation.handle(TimerDue(3, "", 600, 7200.0))
        await room.until(lambda: room.announced)
        assert room.voice.said == ["Your timer for 10 minutes ended 2 hours ago, while I was off."]

    in_room(tmp_path, scene)


def test_saying_it_again(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        first = await room.hear("what time is it")
        assert (await room.hear("say that again")).reply == first.reply

    in_room(tmp_path, scene)


def test_the_wake_word_cuts_an_action_that_takes_long(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        begun, cancelled = asyncio.Event(), asyncio.Event()

        async def act(_match: Match) -> ActionResult:
            begun.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                cancelled.set()
                raise
            return ActionResult()

        works, room.act = room.act, act
        hearing = asyncio.create_task(room.hear("what time is it"))
        await begun.wait()
        room.act = works
        room.conversation.handle(WAKE)
        await cancelled.wait()
        assert room.conversation.phase is Phase.LISTENING
        room.conversation.handle(NothingHeard())
        assert (await hearing).outcome is Outcome.NOTHING_HEARD

    in_room(tmp_path, scene)


def test_being_asked_to_listen_opens_the_microphone(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        room.conversation.handle(ListenRequested())
        assert room.ears == [Ears.COMMAND]
        room.conversation.handle(TimeExpired())
        assert room.ears == [Ears.COMMAND, Ears.WAKE]

    in_room(tmp_path, scene)


def test_it_says_what_it_has_to_say_of_itself(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        room.conversation.handle(AnnouncementDue("state_moved_aside"))
        await room.until(lambda: room.conversation.phase is Phase.WAITING)
        (said,) = room.voice.said
        assert said.startswith("My memory could not be read.")

    in_room(tmp_path, scene)


# --- new intents ----------------------------------------------------------------------------------

STRICT = replace(shipped(), act_confidence=0.99, ask_confidence=0.99)
"""Other intents than before: with them nothing is understood that is not heard for certain."""


def test_new_intents_hold_from_the_next_turn_on(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        room.conversation.handle(WAKE)
        room.conversation.use(STRICT)
        room.conversation.handle(SpeechEnded(14.0, 0.4, False))
        room.conversation.handle(Transcribed(Transcript("what time is it", 0.9), 0.1))
        assert (await room.over()).outcome is Outcome.ACTED
        assert (await room.hear("what time is it", 0.9)).outcome is Outcome.REJECTED

    in_room(tmp_path, scene)


def test_new_intents_hold_at_once_between_two_turns(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        room.conversation.use(STRICT)
        assert room.conversation.understanding is STRICT
        assert (await room.hear("what time is it", 0.9)).outcome is Outcome.REJECTED

    in_room(tmp_path, scene)


# --- several microphones --------------------------------------------------------------------------

HERE = """\
intents:
  Here:
    reply: "In the {area}."
    data:
      - sentences: [where am i]
        requires_context: {area: {slot: true}}
"""


def woken_at(microphone: str) -> WakeDetected:
    return WakeDetected(Wake("hey_jarvis", 0.97, 12.0, microphone=microphone))


def test_a_command_means_what_it_means_where_it_is_said(tmp_path: Path) -> None:
    files = [SourceFile("here.yaml", HERE)]
    understanding = make_understanding(Settings(), load_intents(files, BUILTIN_ACTIONS))
    contexts = {"kitchen": {"area": "kitchen"}, "hall": {"area": "hall"}}

    async def said(room: Room, *microphones: str) -> TurnRecord:
        for microphone in microphones:
            room.conversation.handle(woken_at(microphone))
        room.conversation.handle(SpeechEnded(14.0, 0.4, False))
        room.conversation.handle(Transcribed(Transcript("where am i", 0.95), 0.1))
        assert room.conversation.microphone == microphones[-1]
        return await room.over()

    async def scene(room: Room) -> None:
        record = await said(room, "kitchen")
        assert (record.reply, record.microphone) == ("In the kitchen.", "kitchen")
        moved = await said(room, "kitchen", "hall")
        assert (moved.reply, moved.microphone) == ("In the hall.", "hall")
        assert moved.wake == woken_at("hall").wake
        elsewhere = await said(room, "attic")
        assert elsewhere.outcome is Outcome.NOT_UNDERSTOOD
        room.conversation.use(understanding)
        assert (await said(room, "hall")).reply == "In the hall."
        assert (await room.conversation.say("where am i")).outcome is Outcome.NOT_UNDERSTOOD
        await room.over()

    room = in_room(tmp_path, scene, understanding, contexts=contexts)
    assert sum(isinstance(event, TurnEnded) for event in room.events) == 5


# --- announcements of somebody else ---------------------------------------------------------------


def test_an_announcement_is_an_earcon_and_the_text(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        room.conversation.handle(AnnouncementDue("", "dinner is ready"))
        assert room.conversation.phase is Phase.RINGING
        await room.until(lambda: room.conversation.phase is Phase.WAITING)

    room = in_room(tmp_path, scene)
    assert room.voice.said == ["dinner is ready"]
    assert len(room.speaker.played[0].samples) == 1
    assert len(room.speaker.played[1].samples) == len("dinner is ready")
    assert room.ears == [Ears.STOP, Ears.WAKE]


def test_an_announcement_waits_for_the_end_of_a_turn(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        room.conversation.handle(WAKE)
        room.conversation.handle(AnnouncementDue("", "dinner is ready"))
        room.conversation.handle(SpeechEnded(14.0, 0.4, False))
        room.conversation.handle(Transcribed(Transcript("what time is it", 0.95), 0.1))
        await room.until(lambda: "dinner is ready" in room.voice.said)
        await room.over()

    room = in_room(tmp_path, scene)
    answer, announcement = room.voice.said
    assert "7:30" in answer
    assert announcement == "dinner is ready"


def test_an_announcement_is_cut_by_stop(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        room.speaker.hold()
        room.conversation.handle(AnnouncementDue("", "dinner is ready"))
        await asyncio.sleep(0)
        room.conversation.handle(StopHeard())
        await room.until(lambda: room.conversation.phase is Phase.WAITING)

    room = in_room(tmp_path, scene)
    assert room.speaker.played == []
