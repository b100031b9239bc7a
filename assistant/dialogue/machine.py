"""The states of a turn, in one table.

Rule 1: everything that decides what follows what is in this file.
Rule 2: ``step`` is pure: it returns the next state and the effects, and carries nothing out.

Every pair of phase and event has an answer: one in the table, or one of two defaults. Events that
start something while a turn is under way (a timer, a command as text, an announcement) wait in
``State.waiting`` until the turn is over; any other event that is not in the table belongs to a
turn that is gone (an action that finished after it was cancelled, say) and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeAlias

from assistant.dialogue.effects import (
    Act,
    Announce,
    BeginTurn,
    CancelAction,
    Earcon,
    Ears,
    Effect,
    EndTurn,
    Listen,
    Play,
    Reply,
    Respond,
    Ring,
    StopSpeech,
    Understand,
)
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
)
from assistant.turn import Outcome, Transcript


class Phase(StrEnum):
    """Where a turn is."""

    WAITING = "waiting"
    LISTENING = "listening"
    RECOGNIZING = "recognizing"
    UNDERSTANDING = "understanding"
    ACTING = "acting"
    SPEAKING = "speaking"
    RINGING = "ringing"


@dataclass(frozen=True, slots=True)
class State:
    """The phase, how the turn will have ended, and what waits for its end."""

    phase: Phase = Phase.WAITING
    outcome: Outcome = Outcome.CANCELLED
    waiting: tuple[Event, ...] = ()


Step: TypeAlias = tuple[State, tuple[Effect, ...]]
Rule: TypeAlias = Callable[[State, Any], Step]


def step(state: State, event: Event) -> Step:
    """Return the state after ``event``, and the effects to carry out, in order."""
    rule = TRANSITIONS.get((state.phase, type(event)))
    if rule is None:
        if isinstance(event, STARTS_SOMETHING):
            return replace(state, waiting=(*state.waiting, event)), ()
        return state, ()
    after, effects = rule(state, event)
    if after.phase is Phase.WAITING and after.waiting:
        event, *rest = after.waiting
        after, more = step(replace(after, waiting=tuple(rest)), event)
        effects += more
    return after, effects


STARTS_SOMETHING = (TextGiven, TimerDue, AnnouncementDue)


# --- the answers, by what they do -----------------------------------------------------------------


def _go(phase: Phase, *effects: Effect, outcome: Outcome | None = None) -> Rule:
    """Answer with a phase and effects that do not depend on the event."""

    def rule(state: State, _event: Event) -> Step:
        return replace(state, phase=phase, outcome=outcome or state.outcome), effects

    return rule


def _finish(*effects: Effect, outcome: Outcome | None = None) -> Rule:
    """End the turn and wait for the wake word."""

    def rule(state: State, _event: Event) -> Step:
        end = EndTurn(outcome or state.outcome)
        return (
            State(Phase.WAITING, waiting=state.waiting),
            (*effects, Listen(Ears.WAKE), end),
        )

    return rule


def _begin_by_voice(*effects: Effect) -> Rule:
    """Begin a turn: from here on the owner is listened to."""

    def rule(state: State, event: Event) -> Step:
        return State(Phase.LISTENING, waiting=state.waiting), (BeginTurn(event), *effects)

    return rule


def _begin_by_text(state: State, event: TextGiven) -> Step:
    effects = (BeginTurn(event), Understand(Transcript(event.text, 1.0)))
    return State(Phase.UNDERSTANDING, waiting=state.waiting), effects


def _after(stop: Effect, begin: Rule, *, in_turn: bool = True) -> Rule:
    """Cut what is going on, whatever it has come to, and begin a new turn."""

    def rule(state: State, event: Event) -> Step:
        after, effects = begin(state, event)
        end = (EndTurn(state.outcome),) if in_turn else ()
        return after, (stop, *end, *effects)

    return rule


def _understand(state: State, event: Transcribed) -> Step:
    return replace(state, phase=Phase.UNDERSTANDING), (Understand(event.transcript),)


def _act(state: State, event: Understood) -> Step:
    return replace(state, phase=Phase.ACTING), (Act(event.match),)


def _do_not_understand(state: State, event: NotUnderstood) -> Step:
    outcome = Outcome.REJECTED if event.rejected else Outcome.NOT_UNDERSTOOD
    key = "rejected" if event.rejected else "not_understood"
    effects = (Play(Earcon.NOT_UNDERSTOOD), Listen(Ears.STOP), Respond(key))
    return replace(state, phase=Phase.SPEAKING, outcome=outcome), effects


def _reply(state: State, event: ActionFinished) -> Step:
    effects = (Listen(Ears.STOP), Reply(event.match, event.result))
    return replace(state, phase=Phase.SPEAKING, outcome=Outcome.ACTED), effects


def _fail(state: State, event: ActionFailed) -> Step:
    effects = (Play(Earcon.FAILED), Listen(Ears.STOP), Respond("failed", event.reason))
    return replace(state, phase=Phase.SPEAKING, outcome=Outcome.FAILED), effects


def _ring(state: State, event: TimerDue) -> Step:
    return replace(state, phase=Phase.RINGING), (Listen(Ears.STOP), Ring(event))


def _announce(state: State, event: AnnouncementDue) -> Step:
    return replace(state, phase=Phase.RINGING), (Listen(Ears.STOP), Announce(event.key))


def _stop_ringing(state: State, _event: Event) -> Step:
    return replace(state, phase=Phase.WAITING), (StopSpeech(), Listen(Ears.WAKE))


# --- the table ------------------------------------------------------------------------------------

_open_microphone = _begin_by_voice(Listen(Ears.COMMAND), Play(Earcon.WAKE))
# The pipeline listens to a command by itself once it has heard the wake word.
_follow_wake_word = _begin_by_voice(Play(Earcon.WAKE))
_nothing_heard = _finish(Play(Earcon.NOTHING_HEARD), outcome=Outcome.NOTHING_HEARD)
_give_up = _finish(Play(Earcon.FAILED), outcome=Outcome.FAILED)

TRANSITIONS: dict[tuple[Phase, type[Event]], Rule] = {
    (Phase.WAITING, WakeDetected): _follow_wake_word,
    (Phase.WAITING, ListenRequested): _open_microphone,
    (Phase.WAITING, TextGiven): _begin_by_text,
    (Phase.WAITING, TimerDue): _ring,
    (Phase.WAITING, AnnouncementDue): _announce,
    (Phase.LISTENING, SpeechEnded): _go(Phase.RECOGNIZING, Play(Earcon.HEARD)),
    (Phase.LISTENING, NothingHeard): _nothing_heard,
    (Phase.LISTENING, ListenRequested): _go(Phase.LISTENING, Listen(Ears.COMMAND)),
    (Phase.LISTENING, TimeExpired): _nothing_heard,
    (Phase.RECOGNIZING, Transcribed): _understand,
    (Phase.RECOGNIZING, TimeExpired): _give_up,
    (Phase.UNDERSTANDING, Understood): _act,
    (Phase.UNDERSTANDING, NotUnderstood): _do_not_understand,
    (Phase.UNDERSTANDING, TimeExpired): _give_up,
    (Phase.ACTING, ActionFinished): _reply,
    (Phase.ACTING, ActionFailed): _fail,
    (Phase.ACTING, WakeDetected): _after(CancelAction(), _follow_wake_word),
    (Phase.ACTING, ListenRequested): _after(CancelAction(), _open_microphone),
    (Phase.ACTING, TimeExpired): _finish(
        CancelAction(), Play(Earcon.FAILED), outcome=Outcome.FAILED
    ),
    (Phase.SPEAKING, SpeechFinished): _finish(),
    (Phase.SPEAKING, StopHeard): _finish(StopSpeech()),
    (Phase.SPEAKING, ListenRequested): _after(StopSpeech(), _open_microphone),
    (Phase.SPEAKING, TextGiven): _after(StopSpeech(), _begin_by_text),
    (Phase.SPEAKING, TimeExpired): _finish(StopSpeech()),
    (Phase.RINGING, SpeechFinished): _stop_ringing,
    (Phase.RINGING, StopHeard): _stop_ringing,
    (Phase.RINGING, ListenRequested): _after(StopSpeech(), _open_microphone, in_turn=False),
    (Phase.RINGING, TextGiven): _after(StopSpeech(), _begin_by_text, in_turn=False),
    (Phase.RINGING, TimeExpired): _stop_ringing,
}

PHASE_LIMIT_SECONDS: dict[Phase, float] = {
    # Far beyond what each phase takes by itself: they end a phase whose part has hung.
    Phase.LISTENING: 60.0,
    Phase.RECOGNIZING: 20.0,
    Phase.UNDERSTANDING: 10.0,
    Phase.ACTING: 300.0,
    Phase.SPEAKING: 180.0,
    Phase.RINGING: 3700.0,
}
