"""The core: what hears, understands, answers and keeps the timers. It has no network.

Essential parts (the dialogue, the state) end the process when they fail, and systemd starts it
again; others (a microphone, the loudspeaker, the bridge) are told in ``status`` and in the log, and
tried again. Timers ring and reminders are told also while there is no microphone.
"""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import signal
import time
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from assistant import __version__, clock, systemd
from assistant.acting import Acting
from assistant.actions.bridge import list_from_bridge, reload_bridge
from assistant.actions.registry import ActionContext, build_builtins
from assistant.agenda import Agenda, Kind
from assistant.audio.mixers import find_mixer
from assistant.config import Settings
from assistant.conversation import Conversation
from assistant.dialogue.effects import Ears, Listen
from assistant.dialogue.state import FollowUp, Phase
from assistant.domains import (
    DomainFiles,
    Domains,
    build_recognizers,
    language_sets,
    separated,
    spoken_grammars,
)
from assistant.ducking import Ducking
from assistant.earkeeping import EarKeeper
from assistant.engines import question_grammar, unknown_word_warnings
from assistant.errors import AssistantError
from assistant.events import (
    OF_A_COMMAND,
    AnnouncementDue,
    Event,
    NothingHeard,
    PartFailed,
    PartWorks,
    PhaseChanged,
    Ready,
    TimerDue,
    TurnEnded,
)
from assistant.floor import Floor
from assistant.frontends.control import ControlServer
from assistant.latercommands import LaterCommands
from assistant.listcache import ListCache
from assistant.listeners import Listeners, Open
from assistant.microphones import contexts
from assistant.missedkeeping import MissedKeeper
from assistant.muting import Muting
from assistant.paths import Paths
from assistant.pipelines import build_floor, build_pipelines
from assistant.playing import find_player
from assistant.ports import UnknownWord
from assistant.requests import Requests
from assistant.ringing import Rings
from assistant.schedule import keep_schedule, read_schedule
from assistant.scorekeeping import PART as WAKE_LOG
from assistant.scorekeeping import ScoreKeeper
from assistant.scorelog import ScoreLog
from assistant.sockets import somebody_listens
from assistant.speaking import make_voice, of_system
from assistant.statekeeping import StateKeeper, open_state, told_of
from assistant.timekeeper import IsDue, Timekeeper
from assistant.timers import Timers
from assistant.triggering import Triggering
from assistant.turn import ActionResult
from assistant.upkeep import Upkeep
from assistant.vitals import Vitals
from assistant.wake.moments import ScoreNotes
from assistant.wakewords import DEFAULT, wake_words
from assistant.watchers import Watchers
from assistant.wiring import build_triggers

log = logging.getLogger(__name__)


class Daemon:
    """The running core. ``run`` returns the exit status.

    ``sources`` open what each microphone hears, by its name; ``patient``, it waits for one that is
    not there at the start.
    """

    conversation: Conversation

    def __init__(
        self,
        settings: Settings,
        paths: Paths,
        files: DomainFiles,
        domains: Domains,
        sources: Mapping[str, Open],
        *,
        patient: bool = False,
    ) -> None:
        self._settings = settings
        self._paths = paths
        self._began = time.monotonic()
        self._parts: dict[str, str] = {}
        self._stop = asyncio.Event()
        self._failure: BaseException | None = None
        self._unknown_words: Sequence[str] = ()
        self._is_ready = False
        self._source_is_over = False
        self._store = open_state(paths.database)
        self._vitals = Vitals(self._store, clock.now)
        audio = settings.audio
        self._ducking = Ducking(audio.duck_to, self._store, self._emit) if audio.duck else None
        self._timers = Timers(self._store)
        self._agenda = Agenda(self._store)
        self._timekeeper = Timekeeper(self._timers, self._agenda, self._is_due)
        self._rings = Rings(
            self._timers,
            self._agenda,
            settings=(settings.timers, settings.alarms),
            now=clock.now,
            handle=self._handle,
            changed=self._timekeeper.look_again,
            failed=self._state_failed,
        )
        self._later = LaterCommands(
            self._agenda,
            now=clock.now,
            give=lambda text, domain, *, confirmed: self.conversation.say(
                text, domain, confirmed=confirmed
            ),
            missed=self._rings.command_missed,
            failed=self._state_failed,
            phase=lambda: self.conversation.phase,
            changed=self._timekeeper.look_again,
        )
        understanding, others = separated(domains)
        schedule = read_schedule(settings.schedule.commands, understanding, [])
        keep_schedule(self._agenda, schedule, clock.now())
        self._floor = self._load_recognizers(domains)
        pipelines = build_pipelines(settings, self._floor, paths)
        self._thresholds = {name: one.wake_thresholds for name, one in pipelines.items()}
        self._scores = self._score_keeper()
        self._listeners = Listeners(
            pipelines,
            sources,
            self._floor,
            emit=self._from_audio,
            ended=self._source_ended,
            heard=self._scores.take if self._scores is not None else lambda _: None,
            follow_up_seconds=settings.dialogue.follow_up_seconds,
            patient=patient,
        )
        self._earkeeper = EarKeeper(
            self._listeners, self._handle, self._emit, lambda: self.conversation.microphone
        )
        self.watchers = Watchers(self._listeners.want_levels)
        self._muting = Muting(self._store, self._listeners.mute, self._emit, self._hear_again)
        builtins = build_builtins(
            ActionContext(
                now=clock.now,
                timers=self._timers,
                settings=self._store,
                lists=self._store,
                last_reply=lambda: self.conversation.last_reply,
                last_asked=lambda: self.conversation.last_asked,
                last_heard=lambda: self.conversation.last_heard,
                undo=self._undo,
                examples=self._examples,
                groups=self._groups,
                timers_changed=self._timekeeper.look_again,
                agenda=self._agenda,
                last_rung=self._rings.last,
                interrupted=lambda: self._rings.interrupted,
                domain=lambda: self.conversation.domain,
                snooze_seconds=settings.alarms.snooze_seconds,
                microphones=self._muting,
                mixer=find_mixer(settings.volume.mixer) if of_system(settings) else None,
                player=find_player(settings, paths),
            )
        )
        self.conversation = Conversation(
            understanding,
            Acting(settings, paths, builtins, lambda: self.conversation.understanding),
            make_voice(settings, self._store),
            self._listen,
            self._emit,
            others=others,
            contexts=contexts(settings),
            follow_up=FollowUp(settings.dialogue.follow_up),
            rings=self._rings,
        )
        self._missed = MissedKeeper(
            self._store, settings.dialogue.keep_missed, clock.now, self._emit
        )
        self._upkeep = Upkeep(
            files,
            domains,
            self.conversation,
            self._floor,
            self._emit,
            lists=ListCache(paths.lists),
            reload_bridge=self._reload_bridge,
            list_from_bridge=partial(list_from_bridge, paths.bridge_socket),
            note_unknown=self._note_unknown,
        )
        self._requests = Requests(
            self.conversation,
            settings=settings,
            listeners=self._listeners,
            muting=self._muting,
            upkeep=self._upkeep,
            emit=self._emit,
            statuses=(self._status, self._muting.status, self._upkeep.status, self._vitals.status),
        )
        wired = build_triggers(settings)
        self._triggering = Triggering(wired, self._requests.press, self._emit) if wired else None

    # --- life -------------------------------------------------------------------------------------

    async def run(self) -> int:
        """Serve until told to stop, or until an essential part fails.

        Raises the error that ended it.
        """
        self._loop = asyncio.get_running_loop()
        self._take_signals()
        self._vitals.begin()
        control = ControlServer(self._paths.control_socket, self._requests, self.watchers)
        serving = asyncio.create_task(control.serve(self._stop, self._start_listening))
        serving.add_done_callback(lambda _: self._stop.set())
        services = [
            asyncio.create_task(self._timekeeper.run()),
            asyncio.create_task(self._earkeeper.feed_watchdog(lambda: self._muting.is_muted)),
            asyncio.create_task(self._upkeep.run()),
            asyncio.create_task(self._earkeeper.watch()),
            asyncio.create_task(StateKeeper(self._paths.database, self._emit).run()),
            asyncio.create_task(self._muting.run()),
        ]
        if self._scores is not None:
            services.append(asyncio.create_task(self._scores.run()))
        if self._triggering is not None:
            services.append(asyncio.create_task(self._triggering.run()))
        if self._ducking is not None:
            services.append(asyncio.create_task(self._ducking.run()))
        for task in services:
            task.add_done_callback(self._service_ended)
        try:
            await self._stop.wait()
        finally:
            systemd.notify("STOPPING=1")
            self._listeners.stop()
            for task in services:
                task.cancel()
            await asyncio.gather(*services, return_exceptions=True)
            if self._scores is not None:
                await self._scores.close()
            self._rings.close()
            await self._later.close()
            await self.conversation.close()
            if self._failure is None:
                self._vitals.end()
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

    def _load_recognizers(self, domains: Domains) -> Floor:
        grammars = spoken_grammars(self._settings, domains)
        recognizers = build_recognizers(self._settings, self._paths, domains)
        self._recognizer_name = recognizers[DEFAULT].name
        floor = build_floor(recognizers, wake_words(self._settings))
        self._note_unknown(floor.use(grammars), domains)
        return floor

    def _score_keeper(self) -> ScoreKeeper | None:
        """Keep the log of wake scores, or erase it where none is wanted."""
        scores = ScoreLog(self._paths.score_log)
        if not self._settings.wake.log:
            try:
                scores.erase()
            except AssistantError as error:
                self._emit(PartFailed(WAKE_LOG, str(error)))
            return None
        notes = {name: ScoreNotes(one) for name, one in self._thresholds.items()}
        return ScoreKeeper(notes, scores, self._emit)

    def _note_unknown(self, words: Sequence[UnknownWord], domains: Domains) -> None:
        self._unknown_words = [unknown.word for unknown in words if not unknown.guess]
        for warning in unknown_word_warnings(words, *language_sets(domains).values()):
            log.warning("%s", warning)

    def _from_audio(self, microphone: str, event: Event) -> None:
        self._loop.call_soon_threadsafe(self._take, microphone, event)

    def _take(self, microphone: str, event: Event) -> None:
        if isinstance(event, Ready):
            self._become_ready()
            self._emit(event)
        elif isinstance(event, PartFailed | PartWorks):
            self._earkeeper.take(microphone, event)
            self._become_ready()
        elif microphone == self.conversation.microphone or not isinstance(event, OF_A_COMMAND):
            self.conversation.handle(event)

    def _become_ready(self) -> None:
        """After the first sound; or at once, where none is to be heard, or can be."""
        if not self._is_ready:
            self._is_ready = True
            systemd.notify("READY=1", "STATUS=listening")
            self._announce_state()
            self._timekeeper.look_again()

    def _start_listening(self) -> None:
        self._listeners.start()
        if self._muting.is_muted:
            self._become_ready()

    def _source_ended(self, microphone: str, error: BaseException | None) -> None:
        self._loop.call_soon_threadsafe(self._end_microphone, microphone, error)

    def _end_microphone(self, microphone: str, error: BaseException | None) -> None:
        """Go on with the others. After the last one, stop: at once, or when the turn is over."""
        if self._earkeeper.goes_on_without(microphone, error):
            return
        self._failure = error
        self._source_is_over = True
        if error is not None or self.conversation.phase is Phase.WAITING:
            self._stop.set()

    def _listen(self, wanted: Listen) -> None:
        """Listen for this; after a question, for what answers it."""
        if self._muting.is_muted and wanted.ears not in {Ears.WAKE, Ears.STOP}:
            self._loop.call_soon(self.conversation.handle, NothingHeard())
            return
        grammar = None
        if wanted.question is not None:
            grammar = question_grammar(self.conversation.understanding, wanted.question)
        self._listeners.listen(wanted, grammar)

    # --- actions and timers -----------------------------------------------------------------------

    def _examples(self, group: str) -> tuple[str, ...]:
        return self.conversation.understanding.examples(group)

    def _groups(self) -> tuple[str, ...]:
        return self.conversation.understanding.groups()

    async def _undo(self) -> ActionResult:
        return await self.conversation.undo_last()

    def _is_due(self, due: IsDue) -> None:
        if isinstance(due, TimerDue):
            self.conversation.handle(due)
        elif due.kind in {Kind.COMMAND, Kind.SCHEDULE}:
            self._later.due(due)
        else:
            self._rings.entry_due(due)

    def _handle(self, event: Event) -> None:
        self.conversation.handle(event)

    def _hear_again(self) -> None:
        self.conversation.handle(AnnouncementDue("unmuted"))

    def _state_failed(self, error: AssistantError) -> None:
        self._emit(PartFailed("state", str(error)))

    def _announce_state(self) -> None:
        if told := told_of(self._store):
            response, message = told
            self._emit(PartFailed("state", message))
            self.conversation.handle(AnnouncementDue(response))

    # --- what happens -----------------------------------------------------------------------------

    def _status(self) -> dict[str, Any]:
        used = resource.getrusage(resource.RUSAGE_SELF)
        return {
            "version": __version__,
            "phase": self.conversation.phase.value,
            "source": "" if self._settings.audio.microphones else self._settings.audio.source,
            "microphones": self._listeners.status(),
            "wake_words": {word.name: word.opens for word in wake_words(self._settings)},
            "wake_thresholds": {k: v for one in self._thresholds.values() for k, v in one.items()},
            "recognizer": self._recognizer_name,
            "unknown_words": list(self._unknown_words),
            "timers": len(self._timers.running(time.time())),
            "alarms": len(self._agenda.upcoming(Kind.ALARM)),
            "reminders": len(self._agenda.upcoming(Kind.REMINDER)),
            "later_commands": len(self._agenda.upcoming(Kind.COMMAND)),
            "bridge": "running" if self._bridge_listens() else "not running",
            "chunks_heard": self._listeners.chunks,
            "overruns": self._listeners.overruns,
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
        elif isinstance(event, TurnEnded):
            self._rings.turn_ended(event)
        elif event == PhaseChanged(Phase.WAITING):
            self._later.go_on()
            if self._source_is_over:
                self._stop.set()
        self._missed.take(event)
        self._vitals.note(event)
        if self._ducking is not None and isinstance(event, PhaseChanged):
            self._ducking.take(event.phase)
        self.watchers.emit(event)
