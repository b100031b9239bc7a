"""Scripted conversations, as text or as sound: what is said, and what is to be answered.

A script is YAML: conversations with a ``name`` and ``turns``; each turn has what ``you`` say, or
how many seconds ``later`` it is, and what ``it`` says to that: '' for nothing, '*' for anything.
All but the voice and the clock is real: intents, dialogue, actions, state; and with sound the wake
word, endpointing and the recognizers, too.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

import numpy as np
import yaml

from assistant.actions.registry import ActionContext, build_builtins
from assistant.agenda import Agenda
from assistant.audio.frames import CHUNK_SAMPLES, SAMPLE_RATE, Samples
from assistant.audio.speakers import SilentSpeaker
from assistant.config import AlarmsSettings, TimersSettings, load_settings
from assistant.conversation import Conversation
from assistant.dialogue.effects import Ears, Listen
from assistant.dialogue.pin import Pin
from assistant.dialogue.state import Phase
from assistant.dialogue.understanding import Understanding
from assistant.engines import answer_grammar, make_understanding, question_grammar, spoken_grammar
from assistant.errors import AssistantError
from assistant.events import (
    ChunkHeard,
    Event,
    Replying,
    SpeechEnded,
    Transcribed,
    TurnEnded,
    WakeDetected,
)
from assistant.intentfiles import shipped_intents
from assistant.intents.builtins import BUILTIN_ACTIONS
from assistant.intents.loader import load_intents
from assistant.intents.model import BuiltinCall, SourceFile
from assistant.pipeline import Pipeline
from assistant.ringing import Rings
from assistant.speech.synthesizers import SilentSynthesizer
from assistant.speech.voice import Voice
from assistant.state import StateStore
from assistant.timers import Timers
from assistant.turn import ActionResult, Match, Transcript, Wake
from scripts.benchmarks.voices import compose

NOW = datetime(2026, 3, 1, 7, 30, tzinfo=UTC)
NUMBER = "2704"
WAKE = "hey jarvis"
ANYTHING = "*"
GIVE_UP_SECONDS = 8.0
"""Of silence after what was said: a command that did not end by then is not heard."""


@dataclass(frozen=True)
class Turn:
    """What is said, or how much later it is, and what the assistant says to it."""

    you: str = ""
    it: str = ""
    later: float = 0.0


@dataclass(frozen=True)
class Script:
    """One conversation."""

    name: str
    turns: tuple[Turn, ...]


@dataclass(frozen=True)
class Result:
    """What came of a turn: what was heard, and what was answered."""

    script: Script
    turn: Turn
    heard: str
    said: str

    @property
    def is_right(self) -> bool:
        """Whether the answer was the expected one."""
        return self.turn.it in {ANYTHING, self.said}


def read_scripts(folder: Path) -> list[Script]:
    """Read all conversations of a folder."""
    return [
        Script(one["name"], tuple(Turn(**turn) for turn in one["turns"]))
        for path in sorted(folder.glob("*.yaml"))
        if not path.name.endswith(".intents.yaml")
        for one in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def understanding_of(folder: Path) -> Understanding:
    """Compile the shipped intents, and those of the folder."""
    paths = [*sorted(shipped_intents("en").glob("*.yaml")), *sorted(folder.glob("*.intents.yaml"))]
    files = [
        SourceFile(str(path), path.read_text(encoding="utf-8"), int(path.parent == folder))
        for path in paths
    ]
    settings = load_settings(f"dialogue: {{pin: '{NUMBER}'}}", "config.yaml")
    made = make_understanding(settings, load_intents(files, BUILTIN_ACTIONS))
    return replace(made, pick=lambda _: 0)


Say: TypeAlias = Callable[["Home", str], str]
"""How something is said to an assistant; returns what was heard."""


def play(script: Script, understanding: Understanding, say: Say) -> list[Result]:
    """Play a conversation with a new assistant."""
    return asyncio.run(_play(script, understanding, say))


async def _play(script: Script, understanding: Understanding, say: Say) -> list[Result]:
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder), understanding)
        try:
            return [await home.take(script, turn, say) for turn in script.turns]
        finally:
            await home.close()


@dataclass
class Home:
    """An assistant with a clock that only ``later`` moves, and whose voice is not heard."""

    folder: Path
    understanding: Understanding
    now: datetime = NOW
    said: list[str] = field(default_factory=list)
    failures: list[AssistantError] = field(default_factory=list)
    ears: Listen = field(default_factory=lambda: Listen(Ears.WAKE))

    def __post_init__(self) -> None:
        pin = Pin(NUMBER, self._seconds)
        understanding = replace(self.understanding, pin=pin, now=lambda: self.now)
        self.store = StateStore.open(self.folder / "state.sqlite3")
        self.timers = Timers(self.store)
        self.agenda = Agenda(self.store)
        self.rings = Rings(
            self.timers,
            self.agenda,
            settings=(TimersSettings(ring_seconds=0.01), AlarmsSettings(ring_seconds=0.01)),
            now=lambda: self.now,
            handle=lambda event: self.conversation.handle(event),  # noqa: PLW0108 - made later
            changed=lambda: None,
            failed=self.failures.append,
        )
        self.builtins = build_builtins(
            ActionContext(
                now=lambda: self.now,
                timers=self.timers,
                settings=self.store,
                lists=self.store,
                last_reply=lambda: self.conversation.last_reply,
                last_asked=lambda: self.conversation.last_asked,
                last_heard=lambda: self.conversation.last_heard,
                undo=self._undo,
                examples=understanding.examples,
                groups=understanding.groups,
                timers_changed=lambda: None,
                agenda=self.agenda,
                last_rung=self.rings.last,
                interrupted=lambda: self.rings.interrupted,
                chance=lambda _: 0,
            )
        )
        self.conversation = Conversation(
            understanding,
            self._act,
            Voice(SilentSynthesizer(), SilentSpeaker(), {}, lambda: 0.0),
            self._listen,
            self._emit,
            rings=self.rings,
        )

    @property
    def is_listening(self) -> bool:
        """Whether the microphone is open: no wake word is needed."""
        return self.conversation.phase is Phase.LISTENING

    async def take(self, script: Script, turn: Turn, say: Say) -> Result:
        """Take a turn of the script."""
        self.said.clear()
        heard = ""
        if turn.later:
            self.now += timedelta(seconds=turn.later)
            for due in self.timers.due(self.now.timestamp()):
                self.conversation.handle(due)
            for entry in self.agenda.due(self.now):
                self.rings.entry_due(entry)
        else:
            heard = say(self, turn.you)
        async with asyncio.timeout(20):
            while not (  # noqa: ASYNC110 - whatever happens happens in this loop
                self.is_listening or self.conversation.phase is Phase.WAITING
            ):
                await asyncio.sleep(0.001)
        return Result(script, turn, heard, " ".join(self.said))

    async def close(self) -> None:
        """End it."""
        await self.conversation.close()
        self.store.close()

    def _listen(self, wanted: Listen) -> None:
        self.ears = wanted

    def _emit(self, event: Event) -> None:
        if isinstance(event, Replying):
            self.said.append(event.text)
        elif isinstance(event, TurnEnded):
            self.rings.turn_ended(event)

    def _seconds(self) -> float:
        return (self.now - NOW).total_seconds()

    async def _undo(self) -> ActionResult:
        return await self.conversation.undo_last()

    async def _act(self, match: Match) -> ActionResult:
        action = self.conversation.understanding.action_of(match)
        if isinstance(action, BuiltinCall):
            return await self.builtins[action.name](match)
        return ActionResult()


def say_text(home: Home, text: str) -> str:
    """Have it hear exactly this."""
    if not home.is_listening:
        home.conversation.handle(WakeDetected(Wake("hey_jarvis", 1.0, 0.0)))
    home.conversation.handle(SpeechEnded(1.0, 0.5, False))
    home.conversation.handle(Transcribed(Transcript(text, 1.0), 0.0))
    return text


class Speaker:
    """Says it aloud in a voice, to a pipeline that hears the intents."""

    def __init__(self, pipeline: Pipeline, understanding: Understanding, voice: str) -> None:
        self._pipeline = pipeline
        self._voice = voice
        pipeline.use(spoken_grammar(understanding), answer_grammar(understanding))

    def __call__(self, home: Home, text: str) -> str:
        """Say it, after the wake word where one is needed; returns what was heard."""
        pipeline = self._pipeline
        if home.is_listening:
            question = home.ears.question
            grammar = question and question_grammar(home.conversation.understanding, question)
            pipeline.listen_for_answer(grammar=grammar)
            parts = [text]
        else:
            pipeline.begin()
            parts = [WAKE, 0.6, text]
        seed = sum(map(ord, text))
        heard = ""
        for chunk in _chunks(compose(self._voice, parts, "room", seed), seed):
            for event in pipeline.feed(chunk):
                if isinstance(event, Transcribed):
                    heard = event.transcript.text
                if not isinstance(event, ChunkHeard):
                    home.conversation.handle(event)
            if heard or home.conversation.phase not in {Phase.WAITING, Phase.LISTENING}:
                break
        return heard


def _chunks(samples: Samples, seed: int) -> Iterator[Samples]:
    """What is said, and then the room."""
    after = compose_silence(GIVE_UP_SECONDS, seed)
    whole = np.concatenate([samples, after])
    for begin in range(0, len(whole) - CHUNK_SAMPLES, CHUNK_SAMPLES):
        yield whole[begin : begin + CHUNK_SAMPLES]


def compose_silence(seconds: float, seed: int) -> Samples:
    """The room alone."""
    random = np.random.default_rng(seed)
    samples: Samples = np.rint(random.standard_normal(round(seconds * SAMPLE_RATE)) * 18).astype(
        np.int16
    )
    return samples
