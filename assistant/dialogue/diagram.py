"""The dialogue's table as a diagram, for the documentation."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

from assistant.dialogue.machine import TRANSITIONS
from assistant.dialogue.state import FollowUp, Phase, State
from assistant.events import (
    ActionFailed,
    ActionFinished,
    ActionLasts,
    AlarmDue,
    AnnouncementDue,
    CommandMissed,
    Event,
    ListenRequested,
    NearlyUnderstood,
    NothingHeard,
    NotUnderstood,
    PartlyUnderstood,
    PinWrong,
    ReminderDue,
    SpeechEnded,
    SpeechFinished,
    StopHeard,
    TextGiven,
    TimeExpired,
    TimerDue,
    Transcribed,
    Understood,
    WakeDetected,
    event_name,
)
from assistant.turn import ActionResult, Gap, Match, Outcome, Question, Transcript, Wake

_SEVEN = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
_MATCH = Match("GetTime", (), "what time is it", "what time is it", "clock.yaml:1:1")
_GAP = Gap((_MATCH,), 0, "place")
_QUESTION = Question((_MATCH.text,), ((_MATCH,),))

EXAMPLES: tuple[Event, ...] = (
    WakeDetected(Wake("stop", 0.9, 1.0, command="stop")),
    WakeDetected(Wake("hey_jarvis", 0.9, 1.0)),
    ListenRequested(),
    TextGiven("what time is it"),
    TimerDue(1, "pasta", 600, 0.0),
    AlarmDue(1, _SEVEN),
    ReminderDue(2, "call mum", _SEVEN),
    CommandMissed(3, "turn off the lamp", _SEVEN),
    AnnouncementDue("state_moved_aside"),
    SpeechEnded(2.0, 0.8, False),
    NothingHeard(),
    Transcribed(Transcript("what time is it", 0.9), 0.1),
    Understood("what time is it", _MATCH, to_confirm=(_MATCH,)),
    Understood("what time is it", _MATCH),
    NearlyUnderstood("what time is this", ("what time is it",), ((_MATCH,),)),
    PartlyUnderstood("what time is it", _GAP),
    PinWrong(),
    NotUnderstood("mumble"),
    ActionLasts(),
    ActionFinished(_MATCH, ActionResult(), 0.0),
    ActionFailed(_MATCH, "the lamp does not answer"),
    SpeechFinished(),
    StopHeard(),
    TimeExpired(),
)
"""One of each event that the table knows."""


def states(phase: Phase) -> tuple[State, ...]:
    """States of a phase that answer some event in ways of their own: the plain one comes first."""
    return (
        State(phase),
        State(phase, left=(_MATCH,)),
        State(phase, asked=_QUESTION),
        State(phase, asked=_QUESTION, by_voice=True),
        State(phase, answering=Question(gap=_GAP), by_voice=True),
        State(phase, following=True, by_voice=True),
        State(phase, by_voice=True, outcome=Outcome.ACTED, follow_up=FollowUp.ALWAYS),
    )


def mermaid() -> str:
    """Draw the table as a Mermaid state diagram, an arrow for each pair of phases."""
    arrows: dict[tuple[Phase, Phase], dict[str, None]] = {}
    for phase in Phase:
        for state, event in itertools.product(states(phase), EXAMPLES):
            rule = TRANSITIONS.get((phase, type(event)))
            if rule is not None:
                after, _ = rule(state, event)
                arrows.setdefault((phase, after.phase), {})[event_name(event)] = None
    lines = ["stateDiagram-v2", f"    [*] --> {Phase.WAITING}"]
    lines += [
        f"    {before} --> {after}: {', '.join(names)}" for (before, after), names in arrows.items()
    ]
    return "\n".join(lines)
