"""The core: what hears, understands, answers and keeps the timers. It has no network.

Essential parts (the source, the dialogue, the state) end the process when they fail, and systemd
starts it again; optional ones (the loudspeaker, the bridge) are told in ``status`` and in the log.
"""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import signal
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from assistant import __version__, systemd
from assistant.actions import volume
from assistant.actions.bridge import BridgeAction, list_from_bridge, reload_bridge
from assistant.actions.registry import ActionContext, build_builtins
from assistant.audio.speakers import DeviceSpeaker, SilentSpeaker, load_earcon
from assistant.config import Settings
from assistant.conversation import Conversation
from assistant.dialogue.effects import Earcon, Ears
from assistant.dialogue.machine import Phase
from assistant.dialogue.understanding import Understanding
from assistant.engines import (
    answer_grammar,
    build_pipeline,
    build_recognizer,
    spoken_grammar,
    unknown_word_warnings,
)
from assistant.errors import AssistantError
from assistant.events import (
    AnnouncementDue,
    Event,
    ListenRequested,
    PartFailed,
    PartWorks,
    PhaseChanged,
    Ready,
    TimerDue,
)
from assistant.frontends.control import ControlServer
from assistant.intentfiles import IntentFiles
from assistant.intents.model import BuiltinCall, Command, IntentSet
from assistant.listcache import ListCache
from assistant.listening import Listener
from assistant.paths import Paths
from assistant.pipeline import Pipeline
from assistant.ports import AudioSource, Speaker, Synthesizer, UnknownWord
from assistant.sockets import somebody_listens
from assistant.speech.synthesizers import SilentSynthesizer, choose_synthesizer
from assistant.speech.voice import ALARM, Voice
from assistant.state import StateStore
from assistant.timekeeper import Timekeeper
from assistant.timers import Timers
from assistant.turn import ActionResult, Match, TurnRecord
from assistant.upkeep import Upkeep
from assistant.watchers import Watchers

log = logging.getLogger(__name__)


def make_voice(settings: Settings, store: StateStore) -> Voice:
    """Choose speech engine and loudspeaker; 'none' as output is silent."""
    silent, language = settings.audio.output == "none", settings.intents.language
    speaker: Speaker = SilentSpeaker() if silent else DeviceSpeaker(settings.audio.output)
    synthesizer: Synthesizer = (
        SilentSynthesizer() if silent else choose_synthesizer(settings.speech, language)
    )
    if (
        not silent
        and settings.speech.engine == "auto"
        and isinstance(synthesizer, SilentSynthesizer)
    ):
        log.warning("There is no voice: install one with: sudo apt install espeak-ng")
    names = [*(Earcon if settings.speech.earcons else ()), ALARM]
    earcons = {str(name): load_earcon(name) for name in names}
    return Voice(synthesizer, speaker, earcons, lambda: volume.current(store) / 100.0)


class Daemon:
    """The running core. ``run`` returns the exit status."""

    def __init__(
        self,
        settings: Settings,
        paths: Paths,
        files: IntentFiles,
        understanding: Understanding,
        open_source: Callable[[], AudioSource],
    ) -> None:
        self._settings = settings
        self._paths = paths
        self._began = time.monotonic()
        self._parts: dict[str, str] = {}
        self._stop = asyncio.Event()
        self._failure: BaseException | None = None
        self._unknown_words: Sequence[str] = ()
        self._source_is_over = False
        self._store = StateStore.open(paths.database)
        self._timers = Timers(self._store)
        self._timekeeper = Timekeeper(self._timers, self._timer_due)
        self._builtins = build_builtins(
            ActionContext(
                now=lambda: datetime.now().astimezone(),
                timers=self._timers,
                settings=self._store,
                last_reply=lambda: self.conversation.last_reply,
                examples=self._examples,
                timers_changed=self._timekeeper.look_again,
            )
        )
        self.pipeline = self._load_pipeline(understanding)
        self.watchers = Watchers(self._want_levels)
        self.conversation = Conversation(
            understanding,
            self._act,
            make_voice(settings, self._store),
            self._hear,
            self._emit,
            ring_seconds=settings.timers.ring_seconds,
            announced=self._announced,
        )
        self._listener = Listener(open_source, self.pipeline, self._from_audio, self._source_ended)
        self._upkeep = Upkeep(
            settings,
            files,
            self.conversation,
            self._listener,
            self._emit,
            lists=ListCache(paths.lists),
            reload_bridge=self._reload_bridge,
            list_from_bridge=partial(list_from_bridge, paths.bridge_socket),
            note_unknown=self._note_unknown,
        )

    # --- life -------------------------------------------------------------------------------------

    async def run(self) -> int:
        """Serve until told to stop, or until an essential part fails.

        Raises the error that ended it.
        """
        self._loop = asyncio.get_running_loop()
        self._take_signals()
        control = ControlServer(self._paths.control_socket, self, self.watchers)
        serving = asyncio.create_task(control.serve(self._stop, self._listener.start))
        serving.add_done_callback(lambda _: self._stop.set())
        services = [
            asyncio.create_task(self._timekeeper.run()),
            asyncio.create_task(self._feed_watchdog()),
            asyncio.create_task(self._upkeep.run()),
        ]
        for task in services:
            task.add_done_callback(self._service_ended)
        try:
            await self._stop.wait()
        finally:
            systemd.notify("STOPPING=1")
            self._listener.stop()
            for task in services:
                task.cancel()
            await asyncio.gather(*services, return_exceptions=True)
            await self.conversation.close()
            self._store.close()
        await serving
        if self._failure is not None:
            raise self._failure
        return 0

    def stop(self) -> None:
        """Begin to end."""
        self._stop.set()

    def _take_signals(self) -> None:
        def told() -> None:
            if self._stop.is_set():
                log.warning("Told twice to stop: stopping at once")
                os._exit(1)
            self.stop()

        for number in (signal.SIGTERM, signal.SIGINT):
            self._loop.add_signal_handler(number, told)

    def _service_ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failure = error
            self._stop.set()

    # --- ears -------------------------------------------------------------------------------------

    def _load_pipeline(self, understanding: Understanding) -> Pipeline:
        recognizer = build_recognizer(self._settings, self._paths)
        pipeline = build_pipeline(self._settings, recognizer, paths=self._paths)
        self._recognizer_name = recognizer.name
        grammar = spoken_grammar(
            understanding, several_commands=self._settings.recognizer.several_commands
        )
        unknown = pipeline.use(grammar, answer_grammar(understanding))
        self._note_unknown(unknown, understanding.intents)
        return pipeline

    def _note_unknown(self, words: Sequence[UnknownWord], intents: IntentSet) -> None:
        self._unknown_words = [unknown.word for unknown in words if not unknown.guess]
        for warning in unknown_word_warnings(words, intents):
            log.warning("%s", warning)

    def _hear(self, ears: Ears) -> None:
        commands: dict[Ears, Callable[[Pipeline], None]] = {
            Ears.WAKE: Pipeline.wait_for_wake,
            Ears.COMMAND: Pipeline.listen,
            Ears.ANSWER: Pipeline.listen_for_answer,
            Ears.STOP: Pipeline.wait_for_stop,
        }
        self._listener.tell(commands[ears])

    def _want_levels(self, wanted: bool) -> None:
        self._listener.wants_levels = wanted

    def _from_audio(self, event: Event) -> None:
        self._loop.call_soon_threadsafe(self._take, event)

    def _take(self, event: Event) -> None:
        if isinstance(event, Ready):
            systemd.notify("READY=1", "STATUS=listening")
            self._announce_state()
            self._timekeeper.look_again()
            self._emit(event)
        else:
            self.conversation.handle(event)

    def _source_ended(self, error: BaseException | None) -> None:
        """Stop: at once when the source failed, else when the last turn is over."""

        def end() -> None:
            self._failure = error
            self._source_is_over = True
            if error is not None or self.conversation.phase is Phase.WAITING:
                self._stop.set()

        self._loop.call_soon_threadsafe(end)

    # --- actions and timers -----------------------------------------------------------------------

    async def _act(self, match: Match) -> ActionResult:
        match self.conversation.understanding.action_of(match):
            case Command(timeout_seconds=seconds):
                limit = seconds or self._settings.actions.timeout_seconds
                return await BridgeAction(self._paths.bridge_socket, limit)(match)
            case BuiltinCall(name):
                return await self._builtins[name](match)
            case None:
                return ActionResult()

    def _examples(self) -> tuple[str, ...]:
        return self.conversation.understanding.examples()

    def _timer_due(self, due: TimerDue) -> None:
        self.conversation.handle(due)

    def _announced(self, timer_id: int) -> None:
        try:
            self._timers.remove(timer_id)
        except AssistantError as error:
            self._emit(PartFailed("state", str(error)))

    def _announce_state(self) -> None:
        aside = self._store.moved_aside
        if aside is not None:
            message = f"The state database was damaged; it is kept as {aside}, a new one was begun."
            self._emit(PartFailed("state", message))
            self.conversation.handle(AnnouncementDue("state_moved_aside"))

    # --- control ----------------------------------------------------------------------------------

    async def say(self, text: str) -> TurnRecord:
        """Take a command as text."""
        return await self.conversation.say(text)

    def listen(self) -> None:
        """Open the microphone as after a wake word."""
        self.conversation.handle(ListenRequested())

    async def reload(self) -> dict[str, Any]:
        """Read the intent files again; tells how many there are. Raises IntentError."""
        return await self._upkeep.reload()

    def status(self) -> dict[str, Any]:
        """Tell how everything is."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        return {
            "version": __version__,
            "phase": self.conversation.phase.value,
            "source": self._settings.audio.source,
            "wake_word": self._settings.wake.word,
            "recognizer": self._recognizer_name,
            "unknown_words": list(self._unknown_words),
            **self._upkeep.status(),
            "timers": len(self._timers.running(time.time())),
            "bridge": "running" if self._bridge_listens() else "not running",
            "chunks_heard": self._listener.chunks,
            "uptime_seconds": round(time.monotonic() - self._began, 1),
            "cpu_seconds": round(used.ru_utime + used.ru_stime, 2),
            "memory_megabytes": round(used.ru_maxrss / 1024),
            "failed_parts": self._parts,
        }

    async def _reload_bridge(self) -> None:
        if self._bridge_listens():
            await reload_bridge(self._paths.bridge_socket)

    def _bridge_listens(self) -> bool:
        try:
            return somebody_listens(self._paths.bridge_socket)
        except OSError:  # such as a folder that the core may not enter
            return False

    def _emit(self, event: Event) -> None:
        if isinstance(event, PartFailed):
            if self._parts.get(event.part) != event.message:
                log.warning("%s", event.message)
            self._parts[event.part] = event.message
        elif isinstance(event, PartWorks):
            self._parts.pop(event.part, None)
        if self._source_is_over and event == PhaseChanged(Phase.WAITING):
            self._stop.set()
        self.watchers.emit(event)

    async def _feed_watchdog(self) -> None:
        """Tell systemd that all is well, only while chunks come in and this loop turns."""
        interval = systemd.watchdog_interval_seconds()
        if interval is None:
            return
        heard = -1
        while True:
            await asyncio.sleep(interval)
            if self._listener.chunks != heard:
                systemd.notify("WATCHDOG=1")
            heard = self._listener.chunks
