"""Several commands in a sentence, and "did you mean …?": the conversation in a house with lamps."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.frames import SAMPLE_RATE
from assistant.config import load_settings
from assistant.dialogue.effects import Ears
from assistant.dialogue.state import Phase
from assistant.dialogue.understanding import Understanding
from assistant.engines import make_understanding
from assistant.errors import ActionError
from assistant.events import (
    Event,
    ListenRequested,
    NearlyUnderstood,
    NothingHeard,
    SpeechEnded,
    StopHeard,
    TimeExpired,
    TimerDue,
    Transcribed,
)
from assistant.intents.builtins import BUILTIN_ACTIONS
from assistant.intents.loader import load_intents
from assistant.intents.model import SourceFile
from assistant.turn import ActionResult, CommandRecord, Match, Outcome, Transcript
from tests.intents.files import shipped_files
from tests.recognizers.synthesised import say
from tests.recordings import samples_of, shipped, silence
from tests.room import NOW, WAKE, Room, in_room
from tests.running import Running, home

HOUSE = """
    intents:
      Turn:
        data:
          - sentences: ["turn on [the] {lamp}", "turn [the] {lamp} on"]
            slots: {state: "on"}
          - sentences: ["turn off [the] {lamp}", "turn [the] {lamp} off"]
            slots: {state: "off"}
            reply: "Now the {lamp} is dark."
        reply: "Let there be light."
      Cinema:
        sentences: ["cinema in here"]
        requires_context: {area: {value: kitchen, slot: true}}
        reply: "The {area} is a cinema."
    lists:
      lamp:
        remembered: true
        values: [kitchen light, hall light, reading lamp, heating lamp]
"""


@cache
def house(settings: str = "{area: kitchen}") -> Understanding:
    """The shipped intents and the lamps, always with the first of several replies."""
    mine = SourceFile("house.yaml", textwrap.dedent(HOUSE), 1)
    intents = load_intents([*shipped_files(), mine], BUILTIN_ACTIONS)
    chosen = load_settings(f"intents: {{context: {settings}}}", "config.yaml")
    return replace(make_understanding(chosen, intents), pick=lambda _: 0, now=lambda: NOW)


def lamps(room: Room) -> list[tuple[object, ...]]:
    """What was switched."""
    return [tuple(match.values().values()) for match in room.done if match.intent == "Turn"]


# --- several commands -----------------------------------------------------------------------------


def test_two_commands_are_done_and_answered_in_order(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        record = await room.hear("turn off the hall light and set a timer for ten minutes")
        assert record.outcome is Outcome.ACTED
        assert (record.intent, record.slots) == ("Turn", {"state": "off", "lamp": "hall light"})
        assert record.commands == [
            CommandRecord("Turn", {"state": "off", "lamp": "hall light"}),
            CommandRecord("SetTimer", {"duration": 600}),
        ]
        assert record.reply is not None
        assert record.reply.startswith("Now the hall light is dark. ")
        assert "10 minutes" in record.reply
        assert room.voice.said == [record.reply]
        assert [timer.duration_seconds for timer in room.store.timers()] == [600]

    in_room(tmp_path, scene, house())


def test_the_same_answer_is_given_once(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        record = await room.hear("turn on the hall light and the kitchen light")
        assert lamps(room) == [("on", "hall light"), ("on", "kitchen light")]
        assert record.reply == "Let there be light."

    in_room(tmp_path, scene, house())


def test_what_was_done_is_told_before_what_failed_and_the_rest_is_left(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        works = room.act

        async def act(match: Match) -> ActionResult:
            if match.values().get("lamp") == "kitchen light":
                raise ActionError("the bulb is broken")
            return await works(match)

        room.act = act
        record = await room.hear(
            "turn on the hall light and turn on the kitchen light and set a timer for ten minutes"
        )
        assert record.outcome is Outcome.FAILED
        assert record.reply == "Let there be light. That did not work: the bulb is broken"
        assert lamps(room) == [("on", "hall light")]
        assert len(record.commands) == 3
        assert room.store.timers() == []

    in_room(tmp_path, scene, house())


def test_it_is_what_was_named_in_the_turn_before(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        assert (await room.hear("turn it off")).outcome is Outcome.NOT_UNDERSTOOD
        await room.hear("turn on the hall light and the reading lamp")
        await room.hear("what time is it")
        await room.hear("turn them off")
        assert lamps(room)[2:] == [("off", "hall light"), ("off", "reading lamp")]

    in_room(tmp_path, scene, replace(house(), propose=lambda *_: ()))


# --- what is understood ---------------------------------------------------------------------------


def test_the_settings_tell_where_it_is(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        assert (await room.hear("cinema in here")).reply == "The kitchen is a cinema."

    in_room(tmp_path, scene, house())


def test_an_alternative_that_is_a_sentence_here_wins_over_better_words_that_are_none(
    tmp_path: Path,
) -> None:
    async def scene(room: Room) -> None:
        alternatives = ("cinema in there", "cinema in here", "turn on the hall light")
        record = await room.hear("cinema and hear", alternatives=alternatives)
        assert record.intent == "Cinema"
        record = await room.hear("turn it on", alternatives=alternatives)
        assert record.intent == "Cinema", "nothing was named that 'it' could be"
        assert lamps(room) == []

    in_room(tmp_path, scene, house())


# --- did you mean …? ------------------------------------------------------------------------------

QUESTION = "Did you mean: turn off the kitchen light?"


async def ask(room: Room) -> None:
    record = await room.hear("turn of the kitchen like")
    assert record.outcome is Outcome.ASKED
    assert record.reply == QUESTION
    assert record.intent is None
    assert lamps(room) == []


@pytest.mark.parametrize("answer", ["yes", "Yes, please!", "that's right", "the first one"])
def test_yes_does_what_was_asked_for(tmp_path: Path, answer: str) -> None:
    async def scene(room: Room) -> None:
        await ask(room)
        assert room.is_asking
        record = await room.hear(answer)
        assert record.wake is None
        assert record.intent == "Turn"
        assert record.reply == "Now the kitchen light is dark."
        assert lamps(room) == [("off", "kitchen light")]

    room = in_room(tmp_path, scene, house())
    assert room.ears == [Ears.WOKEN, Ears.STOP, Ears.ANSWER, Ears.STOP, Ears.WAKE]


def test_no_lets_it_be(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        await ask(room)
        assert (await room.hear("no")).reply == "All right."
        assert (await room.hear("yes")).reply == "There is nothing to confirm."
        assert lamps(room) == []

    in_room(tmp_path, scene, house())


def test_another_command_is_done_instead(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        await ask(room)
        await room.hear("turn on the hall light")
        await room.hear("yes")
        assert lamps(room) == [("on", "hall light")]

    in_room(tmp_path, scene, house())


def test_silence_closes_the_microphone_without_a_sound(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        await ask(room)
        room.conversation.handle(NothingHeard())
        assert (await room.over()).outcome is Outcome.NOTHING_HEARD
        assert room.voice.said == [QUESTION]
        assert (await room.conversation.say("yes")).intent == "Turn", "it can still be answered"

    in_room(tmp_path, scene, house())


def test_the_answer_may_come_while_the_question_is_spoken(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        room.speaker.hold()
        assert (await room.conversation.say("turn of the kitchen like")).reply == QUESTION
        assert room.conversation.phase is Phase.SPEAKING
        await room.conversation.say("yes")
        assert lamps(room) == [("off", "kitchen light")]

    in_room(tmp_path, scene, house())


def test_a_question_to_a_text_opens_no_microphone_and_waits_a_while(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        record = await room.conversation.say("turn of the kitchen like")
        assert (record.outcome, record.reply) == (Outcome.ASKED, QUESTION)
        await room.over()
        assert Ears.ANSWER not in room.ears
        room.conversation.handle(TimeExpired())
        assert (await room.conversation.say("yes")).reply == "There is nothing to confirm."
        assert lamps(room) == []

    in_room(tmp_path, scene, house())


def test_being_asked_to_listen_after_a_question_hears_its_answer(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        await room.conversation.say("turn of the kitchen like")
        await room.over()
        room.conversation.handle(ListenRequested())
        await room.hear("yes")
        assert lamps(room) == [("off", "kitchen light")]

    in_room(tmp_path, scene, house())


@pytest.mark.parametrize("event", [StopHeard(), TimeExpired()])
def test_a_question_that_is_cut_short_is_taken_back(tmp_path: Path, event: Event) -> None:
    async def scene(room: Room) -> None:
        room.speaker.hold()
        await room.conversation.say("turn of the kitchen like")
        room.conversation.handle(event)
        assert (await room.conversation.say("yes")).reply == "There is nothing to confirm."

    in_room(tmp_path, scene, house())


def test_a_timer_that_rings_takes_the_question_back(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        await room.conversation.say("turn of the kitchen like")
        await room.over()
        room.conversation.handle(TimerDue(1, "", 60, 0.0))
        room.conversation.handle(StopHeard())
        assert (await room.conversation.say("yes")).reply == "There is nothing to confirm."

    in_room(tmp_path, scene, house())


@pytest.mark.parametrize(
    ("answer", "lamp"),
    [
        ("the first one", "heating lamp"),
        ("the second", "reading lamp"),
        ("turn on the reading lamp", "reading lamp"),
    ],
)
def test_two_sentences_that_are_as_near_are_both_asked_for(
    tmp_path: Path, answer: str, lamp: str
) -> None:
    async def scene(room: Room) -> None:
        record = await room.hear("turn on the eating lamp")
        assert record.outcome is Outcome.ASKED
        assert record.reply == (
            "Did you mean: turn on the heating lamp, or: turn on the reading lamp?"
        )
        await room.hear(answer)
        assert lamps(room) == [("on", lamp)]

    in_room(tmp_path, scene, house())


@pytest.mark.parametrize("answer", ["yes", "the other one and yes"])
def test_yes_to_two_sentences_asks_again(tmp_path: Path, answer: str) -> None:
    async def scene(room: Room) -> None:
        question = (await room.hear("turn on the eating lamp")).reply
        record = await room.hear(answer)
        assert (record.outcome, record.reply) == (Outcome.ASKED, question)
        assert (await room.hear("neither of them")).reply == "All right."
        assert lamps(room) == []

    in_room(tmp_path, scene, house())


def test_words_that_are_near_nothing_are_not_asked_about(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        record = await room.hear("colourless green ideas sleep furiously")
        assert record.outcome is Outcome.NOT_UNDERSTOOD

    in_room(tmp_path, scene, house())


def test_an_answer_is_never_proposed(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        record = await room.hear("neither of the those")
        assert record.outcome is Outcome.NOT_UNDERSTOOD

    in_room(tmp_path, scene, house())


def test_words_that_were_not_heard_surely_are_not_asked_about(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        record = await room.hear("turn of the kitchen like", confidence=0.1)
        assert record.outcome is Outcome.REJECTED

    in_room(tmp_path, scene, house())


UNSURE = 0.3
"""Between what is not believed and what is acted on."""


def test_a_command_that_was_not_heard_surely_is_asked_for(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        record = await room.hear("turn off the kitchen light", UNSURE)
        assert (record.outcome, record.reply) == (Outcome.ASKED, QUESTION)
        assert lamps(room) == []
        await room.hear("yes")
        assert lamps(room) == [("off", "kitchen light")]

    in_room(tmp_path, scene, house())


def test_two_that_were_heard_alike_are_both_asked_for(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        others = ("turn the heating lamp on", "turn on the reading lamp", "turn on the hall light")
        record = await room.hear("turn on the heating lamp", UNSURE, others)
        assert record.reply == (
            "Did you mean: turn on the heating lamp, or: turn on the reading lamp?"
        )
        await room.hear("the second one")
        assert lamps(room) == [("on", "reading lamp")]

    in_room(tmp_path, scene, house())


def test_what_was_asked_for_and_is_said_over_again_is_done(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        await room.hear("turn off the kitchen light", UNSURE)
        await room.hear("turn off the kitchen light", UNSURE)
        assert lamps(room) == [("off", "kitchen light")]

    in_room(tmp_path, scene, house())


def test_an_unsure_yes_is_none(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        await ask(room)
        assert (await room.hear("yes", UNSURE)).outcome is Outcome.REJECTED
        assert lamps(room) == []

    in_room(tmp_path, scene, house())


def test_with_the_setting_off_what_is_unsure_is_not_believed(tmp_path: Path) -> None:
    settings = load_settings("intents: {did_you_mean: false}", "config.yaml")

    async def scene(room: Room) -> None:
        record = await room.hear("turn off the kitchen light", UNSURE)
        assert record.outcome is Outcome.REJECTED

    in_room(tmp_path, scene, make_understanding(settings, house().intents))


def test_with_the_setting_off_nothing_is_asked(tmp_path: Path) -> None:
    settings = load_settings("intents: {did_you_mean: false}", "config.yaml")
    silent = make_understanding(settings, house().intents)

    async def scene(room: Room) -> None:
        assert (await room.hear("turn of the kitchen like")).outcome is Outcome.NOT_UNDERSTOOD

    in_room(tmp_path, scene, silent)


def test_a_question_is_over_when_the_intents_change(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        await ask(room)
        room.conversation.handle(NothingHeard())
        room.conversation.use(shipped())  # the lamps are sold
        record = await room.conversation.say("yes")
        assert record.reply == "There is nothing to confirm."

    in_room(tmp_path, scene, house())


def test_a_search_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        events: list[Event] = [
            WAKE,
            SpeechEnded(14.0, 0.4, False),
            Transcribed(Transcript("turn of the kitchen like", 0.9), 0.1),
        ]
        for event in (*events, TimeExpired()):
            room.conversation.handle(event)
        assert (await room.over()).outcome is Outcome.FAILED
        assert (await room.hear("turn on the hall light")).outcome is Outcome.ACTED
        assert not any(isinstance(event, NearlyUnderstood) for event in room.events)

    in_room(tmp_path, scene, house())


# --- with real engines ----------------------------------------------------------------------------

NEARLY = """
intents:
  GetTime:
    sentences: ["what time is it"]
    requires_context: {area: kitchen}
    reply: "Dinner time."
  Age:
    sentences: ["what time it is"]
    reply: "The Middle Ages."
"""


@pytest.mark.engines
def test_asked_at_the_microphone_it_hears_the_answer_without_the_wake_word() -> None:
    with home() as place:
        place.intents("nearly.yaml", NEARLY)
        # With a second opinion the nearest sentence may be what the other one heard.
        place.config("recognizer: {second_opinion: none}\n")
        with Running(place) as assistant:
            assistant.hear(samples_of("what-time").tobytes())
            assistant.hear(bytes(2 * SAMPLE_RATE * 2))
            record = assistant.wait_for("turn-ended")["record"]
            assert record["transcript"] == "what time is it"
            assert record["reply"] == "Did you mean: what time it is?"
            assistant.wait_for("phase-changed", lambda event: event["phase"] == "listening")
            assistant.hear(np.concatenate([*silence(0.4), say("yes", "en-us+f3")]).tobytes())
            assistant.hear(bytes(2 * SAMPLE_RATE * 2))
            record = assistant.wait_for("turn-ended")["record"]
            assert record["transcript"] == "yes"
            assert (record["intent"], record["reply"]) == ("Age", "The Middle Ages.")
