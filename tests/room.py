"""An assistant in a room, for tests: what it hears, says and does. All but its engines is real."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from assistant.actions.registry import ActionContext, build_builtins
from assistant.agenda import Agenda
from assistant.conversation import Conversation
from assistant.dialogue.effects import Earcon, Ears, Listen
from assistant.dialogue.state import Phase
from assistant.dialogue.understanding import Understanding
from assistant.domains import Domains, separated
from assistant.errors import AssistantError, EngineError
from assistant.events import Event, SpeechEnded, Transcribed, TurnEnded, WakeDetected
from assistant.intents.model import BuiltinCall, Data
from assistant.ports import Sound
from assistant.ringing import Rings
from assistant.speech.voice import ALARM, Voice
from assistant.state import StateStore
from assistant.timers import Timers
from assistant.turn import ActionResult, Match, Transcript, TurnRecord, Wake
from assistant.wakewords import DEFAULT
from tests.audio.speaker_contract import RecordingSpeaker
from tests.recordings import shipped

NOW = datetime(2026, 3, 1, 7, 30, tzinfo=UTC)
WAKE = WakeDetected(Wake("hey_jarvis", 0.97, 12.0))


class SpokenText:
    """A synthesizer whose sounds are as long as their text, so that a test can tell them apart."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.broken = False

    async def synthesize(self, text: str) -> Sound:
        if self.broken:
            raise EngineError("espeak-ng is not installed.", "Install it.")
        self.said.append(text)
        return Sound(np.ones(len(text), dtype=np.int16), 22_050)


class NotedTimers(Timers):
    """``forgotten`` are the ids of those that were made known, or cancelled."""

    def __init__(self, store: StateStore) -> None:
        super().__init__(store)
        self.forgotten: list[int] = []

    def remove(self, timer_id: int) -> None:
        super().remove(timer_id)
        self.forgotten.append(timer_id)


class Room:
    """An assistant in a room: what it hears, says and does.

    ``act`` does what a match asks for, in place of the built-in actions; ``done`` is what was done.
    ``others`` are domains beside the default one; ``german`` speaks in place of ``voice`` there.
    ``contexts`` are the circumstances of what is said to a microphone.
    """

    def __init__(
        self,
        folder: Path,
        understanding: Understanding,
        others: Mapping[str, Understanding] | None = None,
        contexts: Mapping[str, Mapping[str, Data]] | None = None,
    ) -> None:
        self.store = StateStore.open(folder / "state.sqlite3")
        self.timers = NotedTimers(self.store)
        self.voice = SpokenText()
        self.german = SpokenText()
        self.speaker = RecordingSpeaker()
        self.events: list[Event] = []
        self.failures: list[AssistantError] = []
        self.listened: list[Listen] = []
        self.agenda = Agenda(self.store)
        self.rings = Rings(
            self.timers,
            self.agenda,
            now=lambda: NOW,
            handle=self._handle,
            changed=lambda: None,
            failed=self.failures.append,
        )
        self.builtins = build_builtins(
            ActionContext(
                now=lambda: NOW,
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
                domain=lambda: self.conversation.domain,
            )
        )
        self.act: Callable[[Match], Awaitable[ActionResult]] = self._built_in
        sounds = {name: Sound(np.ones(1, dtype=np.int16), 22_050) for name in (*Earcon, ALARM)}
        self.sounds = {str(name): sound for name, sound in sounds.items()}
        self.done: list[Match] = []
        self.conversation = Conversation(
            understanding,
            self._do,
            Voice(self.voice, self.speaker, self.sounds, lambda: 0.5, {"de": self.german}),
            self.listened.append,
            self._note,
            others=others,
            contexts=contexts,
            rings=self.rings,
        )

    def _handle(self, event: Event) -> None:
        self.conversation.handle(event)

    def _note(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, TurnEnded):
            self.rings.turn_ended(event)

    @property
    def announced(self) -> list[int]:
        """Timers that have been made known."""
        return self.timers.forgotten

    async def _do(self, match: Match) -> ActionResult:
        result = await self.act(match)
        self.done.append(match)
        return result

    async def _built_in(self, match: Match) -> ActionResult:
        action = self.conversation.understanding.action_of(match)
        if action is None:
            return ActionResult()
        assert isinstance(action, BuiltinCall)
        return await self.builtins[action.name](match)

    async def _undo(self) -> ActionResult:
        return await self.conversation.undo_last()

    async def hear(
        self, text: str, confidence: float = 0.95, alternatives: tuple[str, ...] = ()
    ) -> TurnRecord:
        """Hear a command, and before it the wake word unless the microphone is open.

        Returns the record of the turn, once the wake word or an answer is waited for.
        """
        if not self.is_asking:
            self.conversation.handle(WAKE)
        self.conversation.handle(SpeechEnded(14.0, 0.4, False))
        self.conversation.handle(Transcribed(Transcript(text, confidence, alternatives), 0.1))
        return await self.over()

    @property
    def ears(self) -> list[Ears]:
        """What was listened for, in any domain."""
        return [listen.ears for listen in self.listened]

    @property
    def is_asking(self) -> bool:
        """Whether the microphone is open for an answer, or for what may follow."""
        is_open = self.conversation.phase is Phase.LISTENING
        return is_open and self.ears[-1] in {Ears.ANSWER, Ears.FOLLOW_UP}

    async def over(self) -> TurnRecord:
        """Wait until the turn is over."""
        await self.until(lambda: self.conversation.phase is Phase.WAITING or self.is_asking)
        return [event.record for event in self.events if isinstance(event, TurnEnded)][-1]

    async def until(self, happened: Callable[[], Any]) -> None:
        """Give way until something has happened."""
        async with asyncio.timeout(10):
            while not happened():  # noqa: ASYNC110 - whatever happens happens in this loop
                await asyncio.sleep(0)


def in_room(
    folder: Path,
    scene: Callable[[Room], Awaitable[None]],
    understanding: Understanding | None = None,
    *,
    domains: Domains | None = None,
    contexts: Mapping[str, Mapping[str, Data]] | None = None,
) -> Room:
    """Play a scene, by default with the shipped intents; returns the room as it was left."""
    default, others = separated(domains or {DEFAULT: understanding or shipped()})

    async def play() -> Room:
        room = Room(folder, default, others, contexts)
        try:
            await scene(room)
        finally:
            room.speaker.close()
            await room.conversation.close()
            room.store.close()
        return room

    return asyncio.run(play())
