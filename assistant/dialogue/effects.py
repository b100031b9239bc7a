"""What the dialogue asks for; the conversation carries it out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.events import Event, TimerDue
from assistant.turn import ActionResult, Match, Outcome, Transcript


class Earcon(StrEnum):
    """The short sounds; each is a file of that name."""

    WAKE = "wake"
    HEARD = "heard"
    NOTHING_HEARD = "nothing_heard"
    NOT_UNDERSTOOD = "not_understood"
    FAILED = "failed"


class Ears(StrEnum):
    """What the microphone is to listen for."""

    WAKE = "wake"
    COMMAND = "command"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Effect:
    """Base of all effects."""


@dataclass(frozen=True, slots=True)
class Listen(Effect):
    """Listen for this from now on."""

    ears: Ears


@dataclass(frozen=True, slots=True)
class Play(Effect):
    """Play an earcon; nothing waits for it."""

    earcon: Earcon


@dataclass(frozen=True, slots=True)
class BeginTurn(Effect):
    """A new turn begins, with this."""

    cause: Event


@dataclass(frozen=True, slots=True)
class EndTurn(Effect):
    """The turn is over."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Understand(Effect):
    """Find what the words mean; answered by Understood or NotUnderstood."""

    transcript: Transcript


@dataclass(frozen=True, slots=True)
class Act(Effect):
    """Do it; answered by ActionFinished or ActionFailed."""

    match: Match


@dataclass(frozen=True, slots=True)
class CancelAction(Effect):
    """Stop the action under way."""


@dataclass(frozen=True, slots=True)
class Reply(Effect):
    """Say what came of the action; answered by SpeechFinished."""

    match: Match
    result: ActionResult


@dataclass(frozen=True, slots=True)
class Respond(Effect):
    """Say one of the assistant's own sentences; answered by SpeechFinished."""

    key: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ring(Effect):
    """Ring for a timer until told otherwise, or for as long as the settings say.

    Answered by SpeechFinished.
    """

    timer: TimerDue


@dataclass(frozen=True, slots=True)
class Announce(Effect):
    """Say one of the assistant's own sentences outside of a turn; answered by SpeechFinished."""

    key: str


@dataclass(frozen=True, slots=True)
class StopSpeech(Effect):
    """Cut what is being said or rung."""
