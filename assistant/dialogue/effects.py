"""What the dialogue asks for; the conversation carries it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from assistant.events import Due, Event
from assistant.turn import ActionResult, Gap, Match, Outcome, Question, Transcript, Wake


class Earcon(StrEnum):
    """The short sounds; each is a file of that name."""

    WAKE = "wake"
    HEARD = "heard"
    NOTHING_HEARD = "nothing_heard"
    NOT_UNDERSTOOD = "not_understood"
    FAILED = "failed"
    DONE = "done"
    WORKING = "working"
    FOLLOW_UP = "follow_up"
    ANNOUNCEMENT = "announcement"


class Ears(StrEnum):
    """What is to be listened for: the wake word and "stop" at all microphones, the rest at one.

    WOKEN is a command, too, which the microphone is open for already, by itself after a wake word.
    FOLLOW_UP is one that may come, for some seconds.
    """

    WAKE = "wake"
    COMMAND = "command"
    WOKEN = "woken"
    ANSWER = "answer"
    FOLLOW_UP = "follow_up"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Effect:
    """Base of all effects."""


@dataclass(frozen=True, slots=True)
class Listen(Effect):
    """Listen for this from now on, in a domain; to the wake word they are all the same.

    ``microphone`` is where a command is expected, '' where there is only one. ``question`` is what
    an answer is expected to.
    """

    ears: Ears
    domain: str = ""
    microphone: str = ""
    question: Question | None = None


@dataclass(frozen=True, slots=True)
class Play(Effect):
    """Play an earcon; nothing waits for it."""

    earcon: Earcon


@dataclass(frozen=True, slots=True)
class BeginTurn(Effect):
    """A new turn begins, with this; what is said is of the domain, and said to the microphone."""

    cause: Event
    domain: str = ""
    microphone: str = ""


@dataclass(frozen=True, slots=True)
class MoveTurn(Effect):
    """The turn is said to the microphone of this wake word, and not to the one that it began at."""

    wake: Wake


@dataclass(frozen=True, slots=True)
class EndTurn(Effect):
    """The turn is over."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Understand(Effect):
    """Find what the words mean, as an answer to what was ``asked``, or else.

    What is ``confirmed`` is not asked about. Answered by Understood, NearlyUnderstood,
    PartlyUnderstood, PinWrong or NotUnderstood.
    """

    transcript: Transcript
    asked: Question | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Act(Effect):
    """Do it; answered by ActionFinished or ActionFailed, and first by ActionLasts if it lasts.

    ``instead`` of what the turn before did, which is taken back as far as it can be.
    """

    match: Match
    instead: bool = False


@dataclass(frozen=True, slots=True)
class CancelWork(Effect):
    """Stop what is under way: understanding, or an action."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Something to say: what came of an action."""

    match: Match
    result: ActionResult


@dataclass(frozen=True, slots=True)
class Respond:
    """Something to say: one of the assistant's own sentences."""

    key: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Confirm:
    """Something to say: the question whether this is to be done."""

    match: Match


@dataclass(frozen=True, slots=True)
class AskFor:
    """Something to say: the question for a slot."""

    gap: Gap


Utterance: TypeAlias = Reply | Respond | Confirm | AskFor


@dataclass(frozen=True, slots=True)
class Say(Effect):
    """Say these one after the other, the same text only once; answered by SpeechFinished."""

    parts: tuple[Utterance, ...]


@dataclass(frozen=True, slots=True)
class Ring(Effect):
    """Ring for a timer or an alarm until told otherwise, or for as long as the settings say.

    Answered by SpeechFinished.
    """

    due: Due


@dataclass(frozen=True, slots=True)
class Announce(Effect):
    """Say one of the assistant's own sentences outside of a turn; answered by SpeechFinished.

    Or, after an earcon, the ``text`` of somebody who wants everybody to hear it.
    """

    key: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class StopSpeech(Effect):
    """Cut what is being said or rung."""
