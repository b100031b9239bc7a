"""The dialogue's table as a diagram, for the documentation."""

from __future__ import annotations

from assistant.dialogue.machine import TRANSITIONS, Phase, State
from assistant.events import (
    ActionFailed,
    ActionFinished,
    AnnouncementDue,
    Event,
    ListenRequested,
    NothingHeard,
    NotUnderstood,
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
from assistant.turn import ActionResult, Match, Transcript, Wake

_MATCH = Match("GetTime", (), "what time is it", "what time is it", "clock.yaml:1:1")

EXAMPLES: tuple[Event, ...] = (
    WakeDetected(Wake("hey_jarvis", 0.9, 1.0)),
    ListenRequested(),
    TextGiven("what time is it"),
    TimerDue(1, "pasta", 600, 0.0),
    AnnouncementDue("state_moved_aside"),
    SpeechEnded(2.0, 0.8, False),
    NothingHeard(),
    Transcribed(Transcript("what time is it", 0.9), 0.1),
    Understood(_MATCH),
    NotUnderstood("mumble"),
    ActionFinished(_MATCH, ActionResult(), 0.0),
    ActionFailed(_MATCH, "the lamp does not answer"),
    SpeechFinished(),
    StopHeard(),
    TimeExpired(),
)
"""One of each event that the table knows."""


def mermaid() -> str:
    """Draw the table as a Mermaid state diagram, an arrow for each pair of phases."""
    arrows: dict[tuple[Phase, Phase], list[str]] = {}
    for phase in Phase:
        for event in EXAMPLES:
            rule = TRANSITIONS.get((phase, type(event)))
            if rule is not None:
                after, _ = rule(State(phase), event)
                arrows.setdefault((phase, after.phase), []).append(event_name(event))
    lines = ["stateDiagram-v2", f"    [*] --> {Phase.WAITING}"]
    lines += [
        f"    {before} --> {after}: {', '.join(names)}" for (before, after), names in arrows.items()
    ]
    return "\n".join(lines)
