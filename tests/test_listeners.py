"""Several microphones: real audio threads and engines, one floor."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

import pytest

from assistant.audio.frames import Samples
from assistant.config import Settings, load_settings
from assistant.dialogue.effects import Ears, Listen
from assistant.domains import DomainFiles, spoken_grammars
from assistant.engines import run_list_program
from assistant.events import (
    ChunkHeard,
    Event,
    NothingHeard,
    PartFailed,
    PartWorks,
    Ready,
    StopHeard,
    Transcribed,
    WakeDetected,
    WakeDropped,
)
from assistant.floor import Floor
from assistant.hearing import Hearing
from assistant.listeners import Listeners
from assistant.pipeline import Pipeline
from assistant.pipelines import build_pipelines
from assistant.recognizers.pocketsphinx import PocketSphinxRecognizer
from assistant.wakewords import DEFAULT, wake_words
from tests.microphones import InStep, from_afar, of_equal_length
from tests.recognizers.synthesised import say
from tests.recordings import NO_FOLDERS, chunks_of, in_chunks, said_after, silence

pytestmark = pytest.mark.engines

CLOCK = "en: clock"
SETTINGS: Settings = load_settings(
    """\
audio:
  microphones:
    kitchen:
    hall: {source: USB, words: [hey_jarvis, hey_marvin]}
wake:
  words:
    hey_jarvis:
    alexa: {intents: [clock]}
    hey_marvin: {command: stop}
""",
    "config.yaml",
)
WHAT_TIME = chunks_of("what-time", tail_seconds=2.0)
FIVE_MINUTES = chunks_of("timer-five-minutes", tail_seconds=2.0)


class House:
    """A kitchen and a hall, and what is heard there."""

    def __init__(self) -> None:
        self._before = 0.0
        domains = DomainFiles(SETTINGS, NO_FOLDERS).load(run_list_program)
        recognizer = PocketSphinxRecognizer(kept_grammars=3)
        hearing = Hearing(dict.fromkeys(domains, recognizer), wake_words(SETTINGS))
        self._floor = Floor(hearing, self._now)
        self._floor.use(spoken_grammars(SETTINGS, domains))
        self._pipelines: Mapping[str, Pipeline] = build_pipelines(SETTINGS, self._floor)

    def _now(self) -> float:
        return self._before + self._time.now()

    def hear(
        self,
        sounds: Mapping[str, Sequence[Samples]],
        *wanted: Listen,
        lost: Sequence[str] = (),
        levels: bool = False,
    ) -> list[Event]:
        """Hear these sounds to their end; tells what happened, and where."""
        self._before += 1000.0
        self._time = InStep(sounds if lost else of_equal_length(sounds), lost)
        self.events: list[tuple[str, Event]] = []
        self.ended: dict[str, BaseException | None] = {}
        over = threading.Event()

        def note(name: str, event: Event) -> None:
            self.events.append((name, event))

        def end(name: str, error: BaseException | None) -> None:
            self.ended[name] = error
            self.listeners.note_end(name, error)
            if len(self.ended) == len(self._pipelines):
                over.set()

        for pipeline in self._pipelines.values():
            pipeline.begin()
        sources = self._time.sources
        self.listeners = Listeners(
            self._pipelines,
            {name: lambda name=name: sources[name] for name in self._pipelines},  # type: ignore[misc]
            self._floor,
            emit=note,
            ended=end,
        )
        self.listeners.want_levels(levels)
        for one in wanted:
            self.listeners.listen(one)
        self.listeners.start()
        assert over.wait(120)
        return [event for _, event in self.events]

    def at(self, *kinds: type[Event]) -> list[str]:
        """Where events of these kinds happened, in their order."""
        return [name for name, event in self.events if isinstance(event, kinds)]


@pytest.fixture(scope="module")
def house() -> House:
    return House()


def transcripts(events: Sequence[Event]) -> list[str]:
    return [event.transcript.text for event in events if isinstance(event, Transcribed)]


def dropped(events: Sequence[Event]) -> list[str]:
    return [event.wake.microphone for event in events if isinstance(event, WakeDropped)]


# --- whose turn it is -----------------------------------------------------------------------------


@pytest.mark.parametrize(("near", "far"), [("kitchen", "hall"), ("hall", "kitchen")])
def test_where_a_call_is_heard_better_the_turn_is(house: House, near: str, far: str) -> None:
    events = house.hear({near: WHAT_TIME, far: from_afar(WHAT_TIME)})
    assert dropped(events) == [far]
    assert house.at(WakeDetected)[-1] == near
    assert house.at(Transcribed) == [near]
    assert transcripts(events) == ["what time is it"]


def test_in_the_turn_of_one_microphone_a_call_at_another_is_dropped(house: House) -> None:
    events = house.hear(
        {"kitchen": FIVE_MINUTES, "hall": [*silence(1.2), *chunks_of("wake-only", 3.0)]}
    )
    assert house.at(WakeDetected) == ["kitchen"]
    assert dropped(events) == ["hall"]
    assert transcripts(events) == ["set a timer for five minutes"]


def test_microphones_take_turns_with_one_recognizer(house: House) -> None:
    pause = silence(len(WHAT_TIME) * 0.08 + 0.5)
    events = house.hear({"kitchen": WHAT_TIME, "hall": [*pause, *FIVE_MINUTES]})
    assert house.at(Transcribed) == ["kitchen", "hall"]
    assert transcripts(events) == ["what time is it", "set a timer for five minutes"]
    assert dropped(events) == []


def test_a_word_that_is_a_command_is_done_once(house: House) -> None:
    marvin = [*silence(1.0), *in_chunks(say("hey marvin", "en-gb")), *silence(1.0)]
    events = house.hear({"kitchen": marvin, "hall": marvin})
    assert transcripts(events) == ["stop"]
    assert len(dropped(events)) == 1


def test_each_listens_for_its_own_words(house: House) -> None:
    alexa = said_after(say("alexa", "en-gb"), "what-time")
    events = house.hear({"kitchen": from_afar(silence(1.0)), "hall": alexa})
    assert house.at(WakeDetected, WakeDropped) == []
    events = house.hear({"kitchen": alexa, "hall": alexa})
    (wake,) = [event.wake for event in events if isinstance(event, WakeDetected)]
    assert (wake.name, wake.domain, wake.microphone) == ("alexa", CLOCK, "kitchen")
    assert (transcripts(events), dropped(events)) == (["what time is it"], [])


# --- what the dialogue wants ----------------------------------------------------------------------

COMMAND = [*silence(0.4), *chunks_of("command-without-wake-word", 2.0)]


def test_a_command_is_expected_at_one_of_them(house: House) -> None:
    wanted = Listen(Ears.COMMAND, microphone="hall")
    events = house.hear({"kitchen": COMMAND, "hall": COMMAND}, wanted)
    assert house.at(Transcribed) == ["hall"]
    assert transcripts(events) == ["set a timer for five minutes"]


def test_what_was_open_is_shut_when_a_command_is_expected_elsewhere(house: House) -> None:
    wanted = Listen(Ears.COMMAND, microphone="kitchen"), Listen(Ears.ANSWER, microphone="hall")
    events = house.hear({"kitchen": COMMAND, "hall": COMMAND}, *wanted)
    assert house.at(Transcribed, NothingHeard) == ["hall"]
    assert transcripts(events) == ["set a timer for five minutes"]


@pytest.mark.parametrize("where", ["kitchen", "hall"])
def test_stop_is_heard_everywhere_while_it_speaks(house: House, where: str) -> None:
    sounds = {"kitchen": silence(0.1), "hall": silence(0.1)}
    stop = chunks_of("stop")[round(2.0 / 0.08) :]
    events = house.hear(sounds | {where: stop}, Listen(Ears.STOP))
    assert StopHeard(where) in events
    assert house.at(StopHeard) == [where]


@pytest.mark.parametrize("where", ["kitchen", "hall"])
def test_the_wake_word_is_heard_everywhere_while_it_speaks(house: House, where: str) -> None:
    sounds = {"kitchen": silence(0.1), "hall": silence(0.1)}
    events = house.hear(sounds | {where: WHAT_TIME}, Listen(Ears.STOP))
    assert house.at(WakeDetected) == [where]
    assert transcripts(events) == ["what time is it"]


def test_when_it_speaks_no_more_stop_is_no_word(house: House) -> None:
    stop = chunks_of("stop")[round(2.0 / 0.08) :]
    wanted = Listen(Ears.STOP), Listen(Ears.COMMAND, microphone="hall")
    house.hear({"kitchen": stop, "hall": silence(0.1)}, *wanted)
    assert house.at(StopHeard) == []


# --- how they are ---------------------------------------------------------------------------------


def test_levels_and_what_is_ready_tell_where(house: House) -> None:
    events = house.hear({"kitchen": WHAT_TIME, "hall": silence(0.4)}, levels=True)
    ready = {event for event in events if isinstance(event, Ready)}
    assert ready == {
        Ready("the microphone of the kitchen", "kitchen"),
        Ready("the microphone of the hall", "hall"),
    }
    loudest = {
        name: max(
            event.level_dbfs
            for event in events
            if isinstance(event, ChunkHeard) and event.microphone == name
        )
        for name in house.listeners.names
    }
    assert loudest["kitchen"] > -40.0
    assert loudest["hall"] == -96.0


def test_one_that_is_lost_leaves_the_floor_to_the_others(house: House) -> None:
    woken = chunks_of("wake-only")[: round(2.2 / 0.08)]
    later = [*silence(3.0), *WHAT_TIME]
    events = house.hear({"kitchen": woken, "hall": later}, lost=["kitchen"])
    assert str(house.ended["kitchen"]) == "the microphone of the kitchen is gone."
    assert house.ended["hall"] is None
    assert house.at(WakeDetected) == ["kitchen", "hall"]
    assert transcripts(events) == ["what time is it"]
    status = house.listeners.status()
    assert (status["kitchen"]["state"], status["hall"]["state"]) == ("failed", "ended")
    assert status["hall"]["chunks_heard"] == len(later)


def test_instead_of_one_that_is_lost_another_is_opened(house: House) -> None:
    assert house.hear({"kitchen": silence(0.1), "hall": silence(0.1)})
    nobody = house.listeners.one_that_works("hall")
    assert nobody == "kitchen"  # both have ended
    listeners = Listeners(
        house._pipelines,
        dict.fromkeys(house._pipelines, lambda: pytest.fail("it is not started")),
        house._floor,
        emit=lambda *_: None,
        ended=lambda *_: None,
    )
    assert listeners.one_that_works("hall") == "hall"
    assert listeners.note_end("hall", None)
    assert listeners.one_that_works("hall") == listeners.one_that_works() == "kitchen"
    assert not listeners.note_end("kitchen", None)


def test_one_that_gives_no_sound_is_told_until_it_does(house: House) -> None:
    house.hear({"kitchen": silence(0.4), "hall": silence(0.4)})
    listeners = house.listeners
    listeners._over.clear()  # as if their sources had hung, with nothing more to give
    assert list(listeners.look()) == []
    failed = dict(listeners.look())
    part = failed["kitchen"]
    assert isinstance(part, PartFailed)
    assert part.part == "microphone kitchen"
    assert part.message.startswith("The microphone 'kitchen' gives no sound.")
    assert list(listeners.look()) == []
    assert listeners.status()["hall"]["state"] == "failed"
    listeners._listeners["hall"].chunks += 1
    assert list(listeners.look()) == [("hall", PartWorks("microphone hall"))]


def test_one_alone_has_no_status_and_is_not_looked_at(house: House) -> None:
    pipeline = house._pipelines["hall"]
    listeners = Listeners(
        {DEFAULT: pipeline},
        {DEFAULT: lambda: pytest.fail("it is not started")},
        house._floor,
        emit=lambda *_: None,
        ended=lambda *_: None,
    )
    assert listeners.status() == {}
    assert [*listeners.look(), *listeners.look()] == []
