"""Several wake words: what each of them opens, at the microphone and in the conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import pytest

from assistant.audio.frames import Samples
from assistant.config import Settings, load_settings
from assistant.dialogue.effects import Ears
from assistant.dialogue.state import Phase
from assistant.domains import DomainFiles, Domains, separated, spoken_grammars
from assistant.engines import run_list_program
from assistant.events import (
    Event,
    ListenRequested,
    NothingHeard,
    SpeechEnded,
    TimerDue,
    Transcribed,
    WakeDetected,
)
from assistant.pipeline import Mode, Pipeline
from assistant.pipelines import build_pipeline
from assistant.ports import Grammar, StopListener, UnknownWord
from assistant.recognizers.grammar import sample
from assistant.recognizers.pocketsphinx import PocketSphinxRecognizer
from assistant.turn import ActionResult, Match, Outcome, Transcript, Wake
from assistant.wakewords import DEFAULT
from tests.recognizers.synthesised import say
from tests.recordings import NO_FOLDERS, chunks_of, feed, in_chunks, said_after, silence
from tests.room import Room, in_room

CLOCK = "en: clock"
SETTINGS: Settings = load_settings(
    """\
wake:
  words:
    hey_jarvis:
    alexa: {intents: [clock]}
    hey_marvin: {command: stop}
""",
    "config.yaml",
)
GERMAN = load_settings("wake: {words: {hey_jarvis: , alexa: {language: de}}}", "config.yaml")


@cache
def domains(settings: str = "") -> Domains:
    return DomainFiles(GERMAN if settings else SETTINGS, NO_FOLDERS).load(run_list_program)


def transcripts(events: Sequence[Event]) -> list[tuple[str, bool]]:
    """What was heard, and whether it was believed."""
    heard = [event.transcript for event in events if isinstance(event, Transcribed)]
    return [(one.text, one.confidence >= 0.4) for one in heard]


# --- at the microphone ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def loaded() -> Pipeline:
    pipeline = build_pipeline(SETTINGS, recognizer := PocketSphinxRecognizer(kept_grammars=3),
                              recognizers={CLOCK: recognizer})  # fmt: skip
    grammars, others = separated(spoken_grammars(SETTINGS, domains()))
    assert pipeline.use(*grammars, others) == []
    return pipeline


@pytest.fixture
def pipeline(loaded: Pipeline) -> Pipeline:
    loaded.begin()
    return loaded


@pytest.mark.engines
class TestThePipeline:
    def test_a_word_opens_the_microphone_for_its_own_domain(self, pipeline: Pipeline) -> None:
        events = feed(pipeline, said_after(say("alexa", "en-gb"), "what-time"))
        (wake,) = (event.wake for event in events if isinstance(event, WakeDetected))
        assert (wake.name, wake.domain, wake.command) == ("alexa", CLOCK, "")
        assert transcripts(events) == [("what time is it", True)]

    def test_what_is_of_no_intent_of_the_word_is_not_heard(self, pipeline: Pipeline) -> None:
        alexa = said_after(say("alexa", "en-gb"), "timer-five-minutes")
        ((text, _),) = transcripts(feed(pipeline, alexa))
        assert "timer" not in text
        jarvis = chunks_of("timer-five-minutes", tail_seconds=2.0)
        assert transcripts(feed(pipeline, jarvis)) == [("set a timer for five minutes", True)]

    def test_words_take_turns(self, pipeline: Pipeline) -> None:
        """Each is heard with its own grammar, and changing costs nothing after the first time."""
        alexa = said_after(say("alexa", "en-gb"), "what-time")
        jarvis = chunks_of("timer-five-minutes", tail_seconds=2.0)
        heard = transcripts(feed(pipeline, [*alexa, *jarvis, *alexa]))
        assert [text for text, _ in heard] == [
            "what time is it",
            "set a timer for five minutes",
            "what time is it",
        ]

    def test_a_word_that_is_a_command_opens_no_microphone(self, pipeline: Pipeline) -> None:
        events = feed(pipeline, [*silence(1.0), *in_chunks(say("hey marvin", "en-gb"))])
        events += feed(pipeline, silence(6.0))
        assert [type(event) for event in events] == [WakeDetected, Transcribed]
        assert transcripts(events) == [("stop", True)]
        assert pipeline.mode is Mode.WAKE

    def test_the_microphone_is_opened_for_a_domain_without_a_word(self, pipeline: Pipeline) -> None:
        command = [*silence(0.4), *chunks_of("command-without-wake-word", 2.0)]
        pipeline.listen(CLOCK)
        ((text, _),) = transcripts(feed(pipeline, command))
        assert "timer" not in text
        pipeline.listen()
        assert transcripts(feed(pipeline, command)) == [("set a timer for five minutes", True)]

    def test_yes_is_heard_after_a_question_of_any_domain(self, pipeline: Pipeline) -> None:
        pipeline.listen_for_answer(CLOCK)
        yes = [*silence(0.4), *in_chunks(say("yes", "en-us+f3")), *silence(2.0)]
        assert [text for text, _ in transcripts(feed(pipeline, yes))] == ["yes"]


class NeverStopped:
    def hears(self, samples: Samples) -> bool:
        return False


@dataclass(eq=False)
class Listener:
    """A recognizer that hears the first sentence of its grammar; it takes note of what it hears."""

    name: str
    grammars: list[Grammar] = field(default_factory=list)
    listening_for: list[str] = field(default_factory=list)

    def use(self, grammar: Grammar) -> Sequence[UnknownWord]:
        self.grammars.append(grammar)
        return [UnknownWord(self.name)]

    def drop(self, grammar: Grammar) -> None:
        """Have nothing to let go of."""

    def start(self, before: Samples | None = None) -> None:
        self.listening_for.append("command")

    def feed(self, samples: Samples) -> str:
        return ""

    def prepare(self, utterance: Samples) -> Transcript:
        return self.finish(utterance)

    def finish(self, utterance: Samples) -> Transcript:
        return Transcript(sample(self.grammars[-1], lambda _: 0), 1.0)

    def listen_for_stop(self, grammar: Grammar, *, sure: bool = True) -> StopListener:
        self.listening_for.append(grammar.stop_phrase)
        return NeverStopped()


@pytest.mark.engines
class TestTwoLanguages:
    @pytest.fixture
    def english(self) -> Listener:
        return Listener("english")

    @pytest.fixture
    def german(self) -> Listener:
        return Listener("german")

    @pytest.fixture
    def pipeline(self, english: Listener, german: Listener) -> Pipeline:
        pipeline = build_pipeline(GERMAN, english, recognizers={"de": german})
        grammars, others = separated(spoken_grammars(GERMAN, domains("german")))
        assert set(pipeline.use(*grammars, others)) == {
            UnknownWord("english"),
            UnknownWord("german"),
        }
        return pipeline

    def test_another_language_is_heard_by_its_own_recognizer(
        self, pipeline: Pipeline, english: Listener, german: Listener
    ) -> None:
        feed(pipeline, said_after(say("alexa", "en-gb"), "what-time"))
        assert (german.listening_for, english.listening_for) == (["command"], [])
        feed(pipeline, chunks_of("what-time", tail_seconds=2.0))
        assert (german.listening_for, english.listening_for) == (["command"], ["command"])

    def test_a_reply_is_cut_short_by_the_word_of_its_language(
        self, pipeline: Pipeline, english: Listener, german: Listener
    ) -> None:
        pipeline.wait_for_stop("de")
        pipeline.wait_for_stop()
        assert (german.listening_for, english.listening_for) == (["stopp"], ["stop"])

    def test_a_recognizer_is_told_a_grammar_only_when_it_is_another_one(
        self, pipeline: Pipeline, english: Listener, german: Listener
    ) -> None:
        feed(pipeline, [*said_after(say("alexa", "en-gb"), "what-time"), *silence(1.0)])
        feed(pipeline, [*said_after(say("alexa", "en-gb"), "what-time"), *silence(1.0)])
        assert (len(english.grammars), len(german.grammars)) == (1, 1)
        pipeline.listen_for_answer("de")
        assert (len(english.grammars), len(german.grammars)) == (1, 2)

    def test_new_grammars_are_taken_for_all_languages_together(
        self, pipeline: Pipeline, english: Listener, german: Listener
    ) -> None:
        taken: list[object] = []
        pipeline.wait_for_stop()
        pipeline.floor.use_next(spoken_grammars(GERMAN, domains("german")), taken.append)
        feed(pipeline, silence(0.4))
        assert (len(english.grammars), len(german.grammars), taken) == (1, 1, [])
        pipeline.wait_for_wake()
        feed(pipeline, silence(0.4))
        assert (len(english.grammars), len(german.grammars), len(taken)) == (2, 2, 1)


# --- in the conversation --------------------------------------------------------------------------

JARVIS = WakeDetected(Wake("hey_jarvis", 0.97, 12.0))
ALEXA = WakeDetected(Wake("alexa", 0.97, 12.0, CLOCK))
GERMAN_ALEXA = WakeDetected(Wake("alexa", 0.97, 12.0, "de"))
STOP = WakeDetected(Wake("hey_marvin", 0.97, 12.0, command="stop"))


def heard(room: Room, wake: WakeDetected | None, text: str) -> None:
    """Say a wake word, unless the microphone is open, and a command."""
    if wake is not None:
        room.conversation.handle(wake)
    room.conversation.handle(SpeechEnded(14.0, 0.4, False))
    room.conversation.handle(Transcribed(Transcript(text, 0.95), 0.1))


def told_to_stop(room: Room) -> None:
    """Say the word that is a command, as the pipeline tells it."""
    room.conversation.handle(STOP)
    room.conversation.handle(Transcribed(Transcript("stop", 1.0), 0.0))


class TestTheConversation:
    def test_a_word_s_command_is_understood_in_its_domain(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            heard(room, ALEXA, "set a timer for five minutes")
            assert (await room.over()).outcome is Outcome.NOT_UNDERSTOOD
            heard(room, ALEXA, "what time is it")
            assert (await room.over()).outcome is Outcome.ACTED
            heard(room, JARVIS, "set a timer for five minutes")
            assert (await room.over()).outcome is Outcome.ACTED

        room = in_room(tmp_path, scene, domains=domains())
        stops = [one.domain for one in room.listened if one.ears is Ears.STOP]
        assert stops == [CLOCK, CLOCK, DEFAULT]

    def test_it_answers_in_the_language_of_the_word(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            heard(room, GERMAN_ALEXA, "wie spät ist es")
            record = await room.over()
            assert (record.outcome, record.intent) == (Outcome.ACTED, "GetTime")
            assert room.german.said == [record.reply]
            heard(room, JARVIS, "what time is it")
            record = await room.over()
            assert room.voice.said == [record.reply]
            assert len(room.german.said) == 1

        in_room(tmp_path, scene, domains=domains("german"))

    def test_a_question_is_answered_in_the_domain_it_was_asked_in(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            heard(room, ALEXA, "what thyme is it")
            assert (await room.over()).reply == "Did you mean: what time is it?"
            assert (room.ears[-1], room.listened[-1].domain) == (Ears.ANSWER, CLOCK)
            heard(room, None, "yes")
            record = await room.over()
            assert (record.outcome, record.intent) == (Outcome.ACTED, "GetTime")

        in_room(tmp_path, scene, domains=domains())

    @pytest.mark.parametrize("other", [JARVIS, ListenRequested()], ids=["word", "button"])
    def test_yes_in_another_domain_is_no_answer(self, tmp_path: Path, other: Event) -> None:
        async def scene(room: Room) -> None:
            heard(room, ALEXA, "what thyme is it")
            await room.over()
            room.conversation.handle(NothingHeard())
            room.conversation.handle(other)
            heard(room, None, "yes")
            await room.over()
            assert [match.intent for match in room.done] == ["Yes"]

        in_room(tmp_path, scene, domains=domains())

    def test_a_text_is_of_the_default_domain_unless_it_says_another(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            text = "wie spät ist es"
            outcomes = [(await room.conversation.say(text, one)).outcome for one in ("", "de")]
            assert outcomes == [Outcome.NOT_UNDERSTOOD, Outcome.ACTED]

        in_room(tmp_path, scene, domains=domains("german"))

    def test_a_timer_rings_in_the_default_language(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            heard(room, GERMAN_ALEXA, "Timer zehn Minuten")
            assert (await room.over()).outcome is Outcome.ACTED
            room.conversation.handle(TimerDue(3, "pasta", 600, 0.0))
            await room.until(lambda: room.announced)
            assert room.voice.said == ["Your pasta timer is done."]

        in_room(tmp_path, scene, domains=domains("german"))

    def test_new_intents_hold_in_every_domain(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            strict = {
                name: replace(one, act_confidence=0.99, ask_confidence=0.99)
                for name, one in domains().items()
            }
            room.conversation.use(*separated(strict))
            for wake in (JARVIS, ALEXA):
                heard(room, wake, "what time is it")
                assert (await room.over()).outcome is Outcome.REJECTED

        in_room(tmp_path, scene, domains=domains())


class TestAWordThatIsACommand:
    def test_it_is_done_as_if_it_had_been_said(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            told_to_stop(room)
            record = await room.over()
            assert (record.outcome, record.intent) == (Outcome.ACTED, "Stop")
            assert (record.wake, record.transcript) == (STOP.wake, "stop")

        room = in_room(tmp_path, scene, domains=domains())
        assert Ears.COMMAND not in room.ears

    def test_it_cuts_a_timer_that_rings(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            room.conversation.handle(TimerDue(3, "pasta", 600, 0.0))
            await room.until(lambda: room.announced)
            assert room.conversation.phase is Phase.RINGING
            told_to_stop(room)
            assert (await room.over()).intent == "Stop"
            assert room.voice.said == ["Your pasta timer is done."]

        in_room(tmp_path, scene, domains=domains())

    def test_it_cuts_an_action_that_takes_long(self, tmp_path: Path) -> None:
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
            heard(room, JARVIS, "what time is it")
            await begun.wait()
            room.act = works
            told_to_stop(room)
            await cancelled.wait()
            assert (await room.over()).intent == "Stop"

        in_room(tmp_path, scene, domains=domains())

    def test_it_cuts_what_is_being_said(self, tmp_path: Path) -> None:
        async def scene(room: Room) -> None:
            room.speaker.hold()
            heard(room, JARVIS, "what time is it")
            await room.until(lambda: room.voice.said)
            told_to_stop(room)
            assert (await room.over()).intent == "Stop"

        in_room(tmp_path, scene, domains=domains())
