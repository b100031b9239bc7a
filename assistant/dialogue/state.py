"""Where a turn is: what the dialogue's table steps on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.dialogue.effects import Reply
from assistant.events import Event
from assistant.turn import Match, Outcome, Question


class Phase(StrEnum):
    """Where a turn is."""

    WAITING = "waiting"
    LISTENING = "listening"
    RECOGNIZING = "recognizing"
    UNDERSTANDING = "understanding"
    ACTING = "acting"
    SPEAKING = "speaking"
    RINGING = "ringing"


class FollowUp(StrEnum):
    """When the microphone opens without the wake word: never, after questions, or answers too."""

    OFF = "off"
    QUESTIONS = "questions"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class State:
    """The phase, how the turn will have ended, and what waits for its end.

    ``left`` are commands still to be done, ``said`` what is to be said of those that are done.
    ``asked`` is what the assistant has asked, ``answering`` what the turn may answer, and
    ``by_voice`` tells that the turn began at the ``microphone``, where the answer is expected then.
    ``domain`` is that of the turn, and of what it asked. ``following`` is a turn that nobody has
    begun yet: the microphone is open in case somebody does. ``follow_up`` is the owner's wish, and
    never changes.
    """

    phase: Phase = Phase.WAITING
    outcome: Outcome = Outcome.CANCELLED
    waiting: tuple[Event, ...] = ()
    left: tuple[Match, ...] = ()
    said: tuple[Reply, ...] = ()
    asked: Question | None = None
    answering: Question | None = None
    by_voice: bool = False
    domain: str = ""
    microphone: str = ""
    following: bool = False
    follow_up: FollowUp = FollowUp.QUESTIONS

    @property
    def is_closing(self) -> bool:
        """Whether the owner has said that this is all."""
        return any(reply.result.closing for reply in self.said)


PHASE_LIMIT_SECONDS: dict[Phase, float] = {
    # Far beyond what each phase takes by itself: they end a phase whose part has hung.
    Phase.LISTENING: 60.0,
    Phase.RECOGNIZING: 20.0,
    Phase.UNDERSTANDING: 10.0,
    Phase.ACTING: 300.0,
    Phase.SPEAKING: 180.0,
    Phase.RINGING: 3700.0,
}

QUESTION_SECONDS = 60.0
"""How long a question can still be answered while nothing else happens."""


def limit_seconds(state: State) -> float | None:
    """How long this may last until TimeExpired; None for as long as it likes."""
    if state.phase is Phase.WAITING:
        return QUESTION_SECONDS if state.asked else None
    return PHASE_LIMIT_SECONDS[state.phase]


def resting(state: State, asked: Question | None = None) -> State:
    """Wait for the wake word; what waits for the turn's end still does, and an open question."""
    return State(
        waiting=state.waiting,
        asked=asked,
        domain=state.domain if asked else "",
        follow_up=state.follow_up,
    )
