"""What happens, as values: each event is a fact about a turn, or about the assistant itself.

Stages return events, the dialogue's state table steps on them, and watchers (log, terminal view,
control socket) get every one of them. An event's name on the wire is its class name in kebab-case.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from assistant.turn import ActionResult, Gap, Match, Slot, Transcript, TurnRecord, Wake
from assistant.values import is_value, plain


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events."""


# --- what the pipeline hears ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChunkHeard(Event):
    """A chunk went by: its level (dBFS), and the best wake score (0..1) while waiting for one.

    ``scores`` are those of each wake word, none while nobody seems to speak. They are told for half
    a second after a detection, too. ``microphone`` is '' where there is only one.
    """

    level_dbfs: float
    wake_score: float
    scores: Mapping[str, float] = field(default_factory=dict)
    microphone: str = ""


@dataclass(frozen=True, slots=True)
class WakeDetected(Event):
    """The wake word was heard; the command is listened to from here on.

    Where the word is itself a command, Transcribed follows at once.
    """

    wake: Wake


@dataclass(frozen=True, slots=True)
class WakeRefused(Event):
    """The wake word was heard, in a voice that is not like the owner's: ``voice_score`` 0..1.

    Nothing is done about it.
    """

    wake: Wake
    voice_score: float


@dataclass(frozen=True, slots=True)
class WakeDropped(Event):
    """The wake word was heard by a microphone that does not get the turn.

    Another one has it already, or heard the same word better. Nothing is done about it.
    """

    wake: Wake


@dataclass(frozen=True, slots=True)
class SpeechStarted(Event):
    """Somebody began to speak the command."""

    time_seconds: float


@dataclass(frozen=True, slots=True)
class PartialTranscript(Event):
    """The words so far."""

    text: str


@dataclass(frozen=True, slots=True)
class SpeechEnded(Event):
    """The end of the command was decided on ``waited_seconds`` after the last speech."""

    time_seconds: float
    waited_seconds: float
    cut_off: bool


@dataclass(frozen=True, slots=True)
class Transcribed(Event):
    """The recognizer's final word, ``seconds`` after the end was decided on."""

    transcript: Transcript
    seconds: float


@dataclass(frozen=True, slots=True)
class NothingHeard(Event):
    """The microphone was open and nobody spoke."""


OF_A_COMMAND = (SpeechStarted, PartialTranscript, SpeechEnded, Transcribed, NothingHeard)
"""What is said in a turn, and so only of interest from the microphone that has it."""


@dataclass(frozen=True, slots=True)
class StopHeard(Event):
    """Somebody said "stop" while the assistant was speaking or ringing."""

    microphone: str = ""


# --- what comes from elsewhere -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ListenRequested(Event):
    """Open the microphone as if the wake word had been said; of several, this one."""

    microphone: str = ""


@dataclass(frozen=True, slots=True)
class TextGiven(Event):
    """A command came as text, as if spoken after a wake word of its ``domain``.

    What is ``confirmed`` already is not asked for again.
    """

    text: str
    domain: str = ""
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class AnnouncementDue(Event):
    """The assistant has something to say of itself: one of its ``responses``, by key.

    Or it is to say a ``text`` of somebody else, who wants everybody to hear it.
    """

    key: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Due(Event):
    """Base of what the assistant rings for, or tells, by itself."""


@dataclass(frozen=True, slots=True)
class TimerDue(Due):
    """A timer has ended; ``late_seconds`` is how long ago, when nothing was running then."""

    timer_id: int
    name: str
    duration_seconds: int
    late_seconds: float


@dataclass(frozen=True, slots=True)
class AlarmDue(Due):
    """It is time for an alarm; or it rang, nobody stopped it, and it is told as ``missed``.

    ``late_seconds`` is how long ago the ``time`` was, when nothing was running then.
    """

    alarm_id: int
    time: datetime
    late_seconds: float = 0.0
    missed: bool = False


@dataclass(frozen=True, slots=True)
class ReminderDue(Due):
    """It is time for a reminder, ``text``; the rest is as that of an alarm."""

    reminder_id: int
    text: str
    time: datetime
    late_seconds: float = 0.0
    missed: bool = False


@dataclass(frozen=True, slots=True)
class CommandMissed(Due):
    """A command was to be given at a ``time`` when nothing was running, and is not given late."""

    command_id: int
    text: str
    time: datetime


# --- what the dialogue does about it --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Understood(Event):
    """The words of ``text`` mean this; ``then`` are further commands, in order.

    ``to_confirm`` are those of them that are asked about before anything is done, ``by_pin`` with
    the owner's number. ``instead`` tells that they were meant by the command before.
    """

    text: str
    match: Match
    then: tuple[Match, ...] = ()
    to_confirm: tuple[Match, ...] = ()
    by_pin: bool = False
    instead: bool = False

    @property
    def matches(self) -> tuple[Match, ...]:
        """All commands."""
        return (self.match, *self.then)


@dataclass(frozen=True, slots=True)
class NearlyUnderstood(Event):
    """The words mean nothing known, but this sentence is near, or these two are about as near.

    ``sentences`` are what the assistant asks for: whether it was meant, or which one; ``commands``
    are what each of them means.
    """

    text: str
    sentences: tuple[str, ...]
    commands: tuple[tuple[Match, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class PartlyUnderstood(Event):
    """The words of ``text`` mean a command, and leave open what the assistant asks for now."""

    text: str
    gap: Gap


@dataclass(frozen=True, slots=True)
class PinWrong(Event):
    """The number that was said, or nothing like one, is not the owner's.

    ``final`` when it is not asked for again: it was wrong too often.
    """

    final: bool = False


@dataclass(frozen=True, slots=True)
class NotUnderstood(Event):
    """The words mean nothing known; ``rejected`` when the recognizer was too unsure of them."""

    text: str
    rejected: bool = False


@dataclass(frozen=True, slots=True)
class ActionFinished(Event):
    """The action has been done."""

    match: Match
    result: ActionResult
    seconds: float


@dataclass(frozen=True, slots=True)
class ActionFailed(Event):
    """The action could not be done; ``reason`` is fit to be spoken."""

    match: Match
    reason: str


@dataclass(frozen=True, slots=True)
class ActionLasts(Event):
    """An action is not finished at once: the owner may want to know, and to stop it."""


@dataclass(frozen=True, slots=True)
class SpeechFinished(Event):
    """The assistant has finished speaking, or ringing."""


@dataclass(frozen=True, slots=True)
class TimeExpired(Event):
    """A phase lasted longer than it may."""


# --- for watchers only ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PhaseChanged(Event):
    """The dialogue is in another phase."""

    phase: str


@dataclass(frozen=True, slots=True)
class Replying(Event):
    """The assistant says this."""

    text: str


@dataclass(frozen=True, slots=True)
class TurnEnded(Event):
    """A turn is over; the record says all about it."""

    record: TurnRecord


@dataclass(frozen=True, slots=True)
class Ready(Event):
    """The first chunk has been heard from this source; of several, it is this microphone's."""

    source: str
    microphone: str = ""


@dataclass(frozen=True, slots=True)
class PartFailed(Event):
    """A part of the assistant does not work; the others do. ``message`` says what to do."""

    part: str
    message: str


@dataclass(frozen=True, slots=True)
class PartWorks(Event):
    """A part that had failed works again."""

    part: str


@dataclass(frozen=True, slots=True)
class TriggerPressed(Event):
    """A key or a button was pressed that does this: listen, mute, stop, or a sentence."""

    trigger: str
    does: str


@dataclass(frozen=True, slots=True)
class Muted(Event):
    """The microphones are off: for so many seconds, or, with None, until somebody unmutes them."""

    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Unmuted(Event):
    """The microphones hear again."""


@dataclass(frozen=True, slots=True)
class IntentsReloaded(Event):
    """The intent files were read again, in ``seconds``, and hold from the next turn on."""

    intents: int
    seconds: float


@dataclass(frozen=True, slots=True)
class IntentsRejected(Event):
    """The intent files were read again and are wrong; those in force go on.

    ``message`` draws the mistakes as ``check`` does, as many of them as fit.
    """

    message: str
    mistakes: int


def event_name(event: Event) -> str:
    """Name on the wire: ``wake-detected`` for WakeDetected."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", type(event).__name__).lower()


def to_plain(value: Any) -> Any:
    """Turn an event, or a part of one, into what JSON can hold."""
    if isinstance(value, Enum):
        return value.value
    if is_value(value):
        return plain(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
        return {name: to_plain(one) for name, one in fields.items() if not callable(one)}
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, Match | Slot | Gap):  # named tuples
        return to_plain(value._asdict())
    if isinstance(value, list | tuple):
        return [to_plain(item) for item in value]
    if value is None or isinstance(value, bool):
        return value
    return str(value)


def to_wire(event: Event) -> dict[str, Any]:
    """One JSON object for an event: its name under ``event``, and its fields."""
    fields: dict[str, Any] = to_plain(event)
    return {"event": event_name(event)} | fields
