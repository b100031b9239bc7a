"""An assistant without a daemon: ``say`` and ``hear`` at the command line, and dry runs.

It acts in this process, and silently. A timer it sets is kept; the daemon rings it once it runs.
The owner's commands are run here, too, as the owner typed the sentence.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from assistant import clock
from assistant.actions.outside import Said, do_outside
from assistant.actions.registry import ActionContext, build_builtins
from assistant.actions.sequence import SequenceAction
from assistant.agenda import Agenda
from assistant.audio.frames import SAMPLE_RATE
from assistant.audio.mixers import find_mixer
from assistant.audio.speakers import SilentSpeaker
from assistant.conversation import Conversation
from assistant.dialogue.machine import which_of
from assistant.engines import equipment
from assistant.errors import ActionError
from assistant.events import (
    NearlyUnderstood,
    NotUnderstood,
    PartlyUnderstood,
    SpeechEnded,
    Transcribed,
    Understood,
    WakeDetected,
)
from assistant.intents.model import BuiltinCall
from assistant.intents.skillcalls import SkillCall
from assistant.intents.steps import Steps
from assistant.playing import find_player
from assistant.skillhouse import call_here
from assistant.speaking import of_system
from assistant.speech.synthesizers import SilentSynthesizer
from assistant.speech.voice import Voice
from assistant.statekeeping import open_state
from assistant.timers import Timers
from assistant.turn import ActionResult, Outcome, Transcript, TurnRecord

if TYPE_CHECKING:
    from assistant.actions.outside import Equipment
    from assistant.config import Settings
    from assistant.dialogue.understanding import Understanding
    from assistant.events import Event
    from assistant.paths import Paths
    from assistant.pipeline import Pipeline
    from assistant.ports import Action, AudioSource
    from assistant.turn import Match


def understand(understanding: Understanding, transcript: Transcript, record: TurnRecord) -> str:
    """Complete a record with what the words mean, doing nothing about it.

    Returns the text that was understood: the transcript's, or one of its alternatives.
    """
    began = time.perf_counter()
    event = understanding.understand(transcript)
    if isinstance(event, NotUnderstood):
        event = understanding.reconsider(event)
    record.timings_seconds["understanding"] = time.perf_counter() - began
    match event:
        case Understood(text):
            record.outcome = Outcome.UNDERSTOOD
            record.note(event.matches)
            return text
        case NearlyUnderstood(_, sentences):
            question = which_of(sentences)
            record.outcome = Outcome.ASKED
            record.reply = understanding.respond(question.key, question.values)
        case PartlyUnderstood(text, gap):
            record.outcome = Outcome.ASKED
            record.note(gap.commands)
            record.reply = understanding.question_for(gap)
            return text
        case NotUnderstood(_, rejected):
            record.outcome = Outcome.REJECTED if rejected else Outcome.NOT_UNDERSTOOD
    return transcript.text


def say_here(
    settings: Settings, paths: Paths, understanding: Understanding, text: str
) -> TurnRecord:
    """Take a command as text and act on it. Raises StateError when the state cannot be used."""
    return asyncio.run(_say(settings, paths, understanding, text))


async def nothing_to_undo() -> ActionResult:
    """Say that nothing was done before: this is the first command."""
    return ActionResult("none")


async def _say(
    settings: Settings, paths: Paths, understanding: Understanding, text: str
) -> TurnRecord:
    store = open_state(paths.database)
    builtins = build_builtins(
        ActionContext(
            now=clock.now,
            timers=Timers(store),
            settings=store,
            lists=store,
            last_reply=lambda: "",
            last_asked=lambda: "",
            last_heard=lambda: "",
            undo=nothing_to_undo,
            examples=understanding.examples,
            groups=understanding.groups,
            timers_changed=lambda: None,
            agenda=Agenda(store),
            snooze_seconds=settings.alarms.snooze_seconds,
            mixer=find_mixer(settings.volume.mixer) if of_system(settings) else None,
            player=find_player(settings, paths),
        )
    )
    needed = equipment(settings, paths)

    async def act(match: Match) -> ActionResult:
        match understanding.action_of(match):
            case Steps() as steps:
                return await _sequence(steps, needed, builtins)(match)
            case SkillCall() as call:
                return await call_here(call, match, understanding.intents.language, settings, paths)
            case BuiltinCall(name):
                return await builtins[name](match)
            case None:
                return ActionResult()

    voice = Voice(SilentSynthesizer(), SilentSpeaker(), {}, lambda: 0.0)
    conversation = Conversation(understanding, act, voice, lambda *_: None, lambda _: None)
    try:
        return await conversation.say(text)
    finally:
        await conversation.close()
        store.close()


def _sequence(steps: Steps, needed: Equipment, builtins: Mapping[str, Action]) -> SequenceAction:
    """Do all steps in this process. Nothing is taken back: nobody remembers what was done."""

    async def do_part(match: Match, part: int) -> ActionResult:
        said = Said(match.intent, match.plain_values(), match.text)
        return await do_outside(steps.parts()[part], said, needed)

    async def do_undo(_match: Match) -> ActionResult:
        raise ActionError("that cannot be taken back", "No assistant runs.")

    return SequenceAction(steps, None, do_part, do_undo, builtins)


# --- recordings -----------------------------------------------------------------------------------


def hear_recording(
    pipeline: Pipeline, source: AudioSource, *, wake: bool
) -> list[tuple[TurnRecord, Transcript | None]]:
    """Put a recording through the pipeline, as fast as it goes; returns what was said in it.

    A record for each wake word, with the transcript of its command where there was one; without
    ``wake`` the whole recording is one command.
    """
    pipeline.begin()
    if not wake:
        pipeline.listen()
    heard: list[tuple[TurnRecord, Transcript | None]] = []
    if not wake:
        heard.append((TurnRecord(outcome=Outcome.NOTHING_HEARD), None))
    cpu = time.process_time()
    samples = 0
    while (chunk := source.read()) is not None:
        samples += len(chunk)
        _note(pipeline.feed(chunk), heard)
    _note(pipeline.finish(), heard)
    source.close()
    heard = heard or [(TurnRecord(), None)]
    for record, _ in heard:
        record.timings_seconds["audio"] = samples / SAMPLE_RATE
        record.timings_seconds["cpu"] = time.process_time() - cpu
    return heard


def _note(events: Iterable[Event], heard: list[tuple[TurnRecord, Transcript | None]]) -> None:
    for event in events:
        match event:
            case WakeDetected(wake):
                heard.append((TurnRecord(wake=wake, outcome=Outcome.NOTHING_HEARD), None))
            case SpeechEnded(_, waited_seconds, _):
                heard[-1][0].timings_seconds["endpointing"] = waited_seconds
            case Transcribed(transcript, seconds):
                record = heard[-1][0]
                record.transcript = transcript.text
                record.confidence = transcript.confidence
                record.timings_seconds["recognition"] = seconds
                heard[-1] = (record, transcript)
