"""The conversation: carries out what the dialogue's table asks for, one turn at a time.

Lives in one asyncio loop. Events come in by ``handle``; those that its own work brings about (an
action finished, speech ended) come in the same way, so the table sees everything.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from assistant.dialogue import effects as do
from assistant.dialogue.machine import step
from assistant.dialogue.state import FollowUp, Phase, State, limit_seconds
from assistant.errors import ActionError, AssistantError
from assistant.events import (
    ActionFailed,
    ActionFinished,
    ActionLasts,
    Event,
    NotUnderstood,
    PartFailed,
    PartialTranscript,
    PartlyUnderstood,
    PartWorks,
    PhaseChanged,
    Replying,
    SpeechEnded,
    SpeechFinished,
    TextGiven,
    TimeExpired,
    Transcribed,
    TurnEnded,
    Understood,
    WakeDetected,
)
from assistant.intents.circumstances import Circumstances
from assistant.turn import ActionResult, Outcome, Transcript, TurnRecord
from assistant.wakewords import DEFAULT

if TYPE_CHECKING:
    from assistant.dialogue.understanding import Named, Understanding
    from assistant.events import Due
    from assistant.intents.model import Data
    from assistant.ports import Emit
    from assistant.ringing import Rings
    from assistant.speech.voice import Voice
    from assistant.turn import Match, Undo, Wake

log = logging.getLogger(__name__)

Act = Callable[["Match"], Awaitable["ActionResult"]]

LASTING_SECONDS = 1.0
"""After so long it is made heard that an action is not finished yet."""

CORRECTION_SECONDS = 60.0
"""For so long "no, I meant ..." takes back what was done."""

SECRET = "…"  # noqa: S105 - it stands for one
"""Stands for the owner's number in events and records."""


class Conversation:
    """One assistant's dialogue.

    ``act`` does what a match asks for; ``listen`` tells the ears what to listen for, and where;
    ``rings`` tells how to ring, and is told when that is over. ``others`` are what is understood in
    domains beside the default one, by name, and ``contexts`` the circumstances of
    what is said to a microphone, by its name.
    """

    def __init__(
        self,
        understanding: Understanding,
        act: Act,
        voice: Voice,
        listen: Callable[[do.Listen], None],
        emit: Emit,
        *,
        others: Mapping[str, Understanding] | None = None,
        contexts: Mapping[str, Mapping[str, Data]] | None = None,
        follow_up: FollowUp = FollowUp.QUESTIONS,
        rings: Rings | None = None,
    ) -> None:
        self.understanding = understanding
        self._domains = {DEFAULT: understanding, **(others or {})}
        self._contexts = contexts or {}
        self._act = act
        self._voice = voice
        self._listen = listen
        self._emit = emit
        self._rings = rings
        self._ringing: Due | None = None
        self._state = State(follow_up=follow_up)
        self._inbox: deque[Event] = deque()
        self._working = False
        self._record = TurnRecord()
        self._began = 0.0
        self._work: asyncio.Task[None] | None = None
        self._speech: asyncio.Task[None] | None = None
        self._earcons: set[asyncio.Task[None]] = set()
        self._limit: asyncio.TimerHandle | None = None
        self._asked: dict[int, asyncio.Future[TurnRecord]] = {}
        self._asker: asyncio.Future[TurnRecord] | None = None
        self._voice_failed = False
        self._named: Named = {}
        self._undos: list[Undo] = []
        self._done_before: list[Undo] = []
        self._just_done = False
        self._ended = 0.0
        self.last_reply = ""
        self.last_asked = ""
        self.last_heard = ""

    @property
    def phase(self) -> Phase:
        """Where the turn is."""
        return self._state.phase

    @property
    def domain(self) -> str:
        """The one that the turn is of."""
        return self._state.domain

    @property
    def microphone(self) -> str:
        """The one that the turn is spoken to, '' for the only one and for none."""
        return self._state.microphone

    @property
    def is_secret(self) -> bool:
        """Whether what is said now may be the owner's number."""
        asked = self._state.asked or self._state.answering
        return asked is not None and asked.by_pin

    def handle(self, event: Event) -> None:
        """Take an event; what it brings about at once is done when this returns."""
        self._inbox.append(event)
        if self._working:
            return
        self._working = True
        try:
            while self._inbox:
                self._take(self._inbox.popleft())
        finally:
            self._working = False

    def use(
        self, understanding: Understanding, others: Mapping[str, Understanding] | None = None
    ) -> None:
        """Understand and answer by these from the next turn on."""
        self._domains = {DEFAULT: understanding, **(others or {})}
        if self._state.phase is Phase.WAITING:
            self.understanding = understanding
        # The commands of an open question are sentences of the intents of before.
        self._state = replace(self._state, asked=None, answering=None)

    async def say(self, text: str, domain: str = DEFAULT, *, confirmed: bool = False) -> TurnRecord:
        """Give a command as text; returns as soon as the reply is known, before it is spoken.

        What is ``confirmed`` is done without asking first.
        """
        event = TextGiven(text, domain, confirmed)
        asker: asyncio.Future[TurnRecord] = asyncio.get_running_loop().create_future()
        self._asked[id(event)] = asker
        try:
            self.handle(event)
            return await asker
        finally:
            self._asked.pop(id(event), None)

    async def close(self) -> None:
        """Stop what is going on; the turn under way is cancelled."""
        if self._limit is not None:
            self._limit.cancel()
        tasks = [task for task in (self._work, self._speech, *self._earcons) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _take(self, event: Event) -> None:
        self._emit(self._fit_to_tell(event))
        self._note(event)
        before = self._state.phase
        self._state, effects = step(self._state, event)
        for effect in effects:
            self._carry_out(effect, event)
        if self._state.phase is not before:
            self._emit(PhaseChanged(self._state.phase))
            self._set_limit()

    def _carry_out(self, effect: do.Effect, event: Event) -> None:
        match effect:
            case do.Listen():
                self._listen(effect)
            case do.Play(earcon):
                self._play(earcon)
            case do.BeginTurn():
                self._begin_turn(effect)
            case do.MoveTurn(wake):
                self._move_turn(wake)
            case do.EndTurn(outcome):
                self._ended = time.monotonic()
                self._answer(outcome)
                self._emit(TurnEnded(self._record))
            case do.Understand():
                self._understand(effect)
            case do.Act(match, instead):
                self._work = asyncio.ensure_future(self._do(match, instead=instead))
            case do.CancelWork():
                self._cancel(self._work)
            case do.StopSpeech():
                self._stop_speech()
            case do.Say(parts):
                self._say(" ".join(dict.fromkeys(filter(None, map(self._words, parts)))))
            case do.Announce() | do.Ring():
                self._make_known(effect)
            case _:
                raise AssertionError(f"no way to carry out {effect} after {event}")

    def _make_known(self, effect: do.Announce | do.Ring) -> None:
        """Say what is of no turn, in the default domain's language."""
        self._use_domain(DEFAULT)
        if isinstance(effect, do.Ring):
            self._ring(effect.due, self.understanding.announce(effect.due))
            return
        before = str(do.Earcon.ANNOUNCEMENT) if effect.text else ""
        text = effect.text or self.understanding.respond(effect.key)
        self._emit(Replying(text))
        language = self.understanding.intents.language
        self._start_speech(partial(self._voice.announce, text, language, before))

    def _fit_to_tell(self, event: Event) -> Event:
        """Leave out of an event what nobody else is to know: the owner's number."""
        match event:
            case Transcribed(_, seconds) if self.is_secret:
                return Transcribed(Transcript(SECRET, 1.0), seconds)
            case PartialTranscript() if self.is_secret:
                return PartialTranscript(SECRET)
            case TextGiven(_, domain) if self.is_secret:
                return TextGiven(SECRET, domain)
        return event

    def _words(self, part: do.Utterance) -> str:
        match part:
            case do.Reply(match, result):
                return self.understanding.reply(match, result)
            case do.Respond(key, values):
                return self.understanding.respond(key, values)
            case do.Confirm(match):
                return self.understanding.question(match)
            case do.AskFor(gap):
                return self.understanding.question_for(gap)

    def _note(self, event: Event) -> None:
        """Gather what the record of the turn tells."""
        record = self._record
        match event:
            case SpeechEnded(_, waited_seconds, _):
                record.timings_seconds["endpointing"] = waited_seconds
            case Transcribed(transcript, seconds):
                record.transcript = SECRET if self.is_secret else transcript.text
                record.confidence = transcript.confidence
                record.timings_seconds["recognition"] = seconds
            case Understood():
                record.note(event.matches)
                self._named = Circumstances(named=self._named).after(event.matches).named
            case PartlyUnderstood(_, gap):
                record.note(gap.commands)
            case ActionFinished(_, result, seconds):
                if result.undo is not None:
                    self._undos.append(result.undo)
                took = record.timings_seconds
                took["action"] = took.get("action", 0.0) + seconds

    def _understand(self, wanted: do.Understand) -> None:
        began = time.perf_counter()
        event = self.understanding.understand(
            wanted.transcript, wanted.asked, self._named, confirmed=wanted.confirmed
        )

        def understood(event: Event) -> None:
            self._record.timings_seconds["understanding"] = time.perf_counter() - began
            self.handle(event)

        async def reconsider(event: NotUnderstood) -> None:
            reconsider = self.understanding.reconsider
            understood(await asyncio.to_thread(reconsider, event, self._named))

        if isinstance(event, NotUnderstood):
            self._work = asyncio.ensure_future(reconsider(event))
        else:
            understood(event)

    async def undo_last(self) -> ActionResult:
        """Take back what the last turn did that can be taken back, the last thing first.

        'none' where there is nothing. Raises ActionError.
        """
        undos, self._done_before = self._done_before, []
        for undo in reversed(undos):
            await undo()
        return ActionResult() if undos else ActionResult("none")

    async def _do(self, match: Match, *, instead: bool) -> None:
        loop = asyncio.get_running_loop()
        began = time.perf_counter()
        lasting = loop.call_later(LASTING_SECONDS, self.handle, ActionLasts())
        try:
            if instead and self._just_done:
                await self.undo_last()
            result = await self._act(match)
        except ActionError as error:
            self.handle(ActionFailed(match, error.message))
        except Exception:  # a bug of one action must not end the assistant
            log.exception("The action of %s failed", match.intent)
            self.handle(ActionFailed(match, self.understanding.respond("broken")))
        else:
            self.handle(ActionFinished(match, result, time.perf_counter() - began))
        finally:
            lasting.cancel()

    def _use_domain(self, name: str, microphone: str = "") -> None:
        """Understand and answer as in a domain, and as where a microphone stands."""
        self.understanding = self._domains[name]
        context = self._contexts.get(microphone)
        if context is not None:
            self.understanding = replace(self.understanding, context=context)

    def _begin_turn(self, begin: do.BeginTurn) -> None:
        self._use_domain(begin.domain, begin.microphone)
        if self._record.commands:  # in memory only
            self.last_asked = self._record.transcript or self._record.text or ""
        self.last_heard = self._record.transcript or self._record.text or ""
        self._just_done = bool(self._undos) and self._since_end() < CORRECTION_SECONDS
        if self._undos:
            self._done_before, self._undos = self._undos, []
        self._record = TurnRecord(microphone=begin.microphone)
        self._began = time.perf_counter()
        cause = begin.cause
        if isinstance(cause, WakeDetected):
            self._record.wake = cause.wake
        elif isinstance(cause, TextGiven):
            self._record.text = SECRET if self.is_secret else cause.text
        self._asker = self._asked.pop(id(cause), None)

    def _since_end(self) -> float:
        return time.monotonic() - self._ended

    def _move_turn(self, wake: Wake) -> None:
        self._use_domain(wake.domain, wake.microphone)
        self._record.wake, self._record.microphone = wake, wake.microphone

    def _answer(self, outcome: Outcome) -> None:
        """Let whoever gave the text know what came of it."""
        self._record.outcome = outcome
        self._record.timings_seconds.setdefault("total", time.perf_counter() - self._began)
        if self._asker is not None and not self._asker.done():
            self._asker.set_result(replace(self._record))

    def _say(self, text: str) -> None:
        self._record.reply = text
        self._answer(self._state.outcome)
        if text:
            self.last_reply = text
            self._emit(Replying(text))
        elif self._state.outcome is Outcome.ACTED and not self._state.is_closing:
            self._play(do.Earcon.DONE)  # else nothing would tell that it was done
        # What is asked has to be heard, else nobody can answer it.
        instead = None if self._state.outcome is Outcome.ASKED else self._instead()
        language = self.understanding.intents.language
        self._start_speech(partial(self._voice.answer, text, language, instead))

    def _instead(self) -> str:
        """What is heard where no answer is to be spoken; a failure has been heard already."""
        return do.Earcon.DONE if self._state.outcome is Outcome.ACTED else ""

    def _play(self, earcon: do.Earcon) -> None:
        task = asyncio.ensure_future(self._with_voice(partial(self._voice.signal, earcon)))
        self._earcons.add(task)
        task.add_done_callback(self._earcons.discard)

    def _ring(self, due: Due, text: str) -> None:
        """Ring; ``rings`` is told that it is over also where it is cut before its first step."""
        rings = self._rings
        assert rings is not None  # noqa: S101 - nothing is due where nothing can ring
        ring = partial(self._voice.ring, text, language=self.understanding.intents.language)
        self._emit(Replying(text))
        self._ringing = due
        self._start_speech(lambda: rings.ring(due, ring))

    def _start_speech(self, speech: Callable[[], Awaitable[None]]) -> None:
        self._speech = asyncio.ensure_future(self._speak(speech))

    async def _speak(self, speech: Callable[[], Awaitable[None]]) -> None:
        """Speak; a voice that fails ends the turn as one that has finished does."""
        await self._with_voice(speech)
        self.handle(SpeechFinished())

    async def _with_voice(self, use: Callable[[], Awaitable[None]]) -> None:
        """Use the voice, an optional part: tell when it fails, and when it works again."""
        try:
            await use()
        except AssistantError as error:
            self._voice_failed = True
            self._emit(PartFailed("voice", str(error)))
        else:
            if self._voice_failed:
                self._voice_failed = False
                self._emit(PartWorks("voice"))

    def _stop_speech(self) -> None:
        """Stop speech; then what rang is over."""
        self._cancel(self._speech)
        due, self._ringing = self._ringing, None
        if due is not None and self._rings is not None:
            self._rings.over(due, self._state.phase)

    def _cancel(self, task: asyncio.Task[None] | None) -> None:
        if task is not None and task is not asyncio.current_task():
            task.cancel()

    def _set_limit(self) -> None:
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None
        seconds = limit_seconds(self._state)
        if seconds is not None:
            loop = asyncio.get_running_loop()
            self._limit = loop.call_later(seconds, self.handle, TimeExpired())
