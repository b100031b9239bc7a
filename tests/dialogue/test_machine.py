"""The table of the dialogue: every pair of phase and event."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dialogue.diagram import EXAMPLES
from assistant.dialogue.effects import (
    Act,
    BeginTurn,
    CancelAction,
    Ears,
    EndTurn,
    Listen,
    Ring,
    StopSpeech,
    Understand,
)
from assistant.dialogue.machine import (
    PHASE_LIMIT_SECONDS,
    STARTS_SOMETHING,
    TRANSITIONS,
    Phase,
    State,
    step,
)
from assistant.events import (
    ActionFinished,
    Event,
    ListenRequested,
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
from assistant.turn import Outcome

BY_TYPE = {type(event): event for event in EXAMPLES}
PAIRS = list(itertools.product(Phase, EXAMPLES))


def names(pair: tuple[Phase, Event]) -> str:
    return f"{pair[0]}-{type(pair[1]).__name__}"


@pytest.mark.parametrize("pair", PAIRS, ids=names)
def test_every_pair_has_an_answer(pair: tuple[Phase, Event]) -> None:
    phase, event = pair
    state = State(phase)
    after, effects = step(state, event)
    if (phase, type(event)) in TRANSITIONS:
        assert effects or after == state
    elif isinstance(event, STARTS_SOMETHING):
        assert after.waiting == (event,)
    else:
        assert (after, effects) == (state, ())


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.WAITING])
def test_no_phase_is_for_ever(phase: Phase) -> None:
    after, effects = step(State(phase), TimeExpired())
    assert after.phase is Phase.WAITING
    assert Listen(Ears.WAKE) in effects
    assert PHASE_LIMIT_SECONDS[phase] > 0


def test_the_usual_turn() -> None:
    heard: list[type[Event]] = [
        WakeDetected,
        SpeechEnded,
        Transcribed,
        Understood,
        ActionFinished,
        SpeechFinished,
    ]
    state = State()
    phases = []
    for kind in heard:
        state, effects = step(state, BY_TYPE[kind])
        phases.append(state.phase)
    assert phases == [
        Phase.LISTENING,
        Phase.RECOGNIZING,
        Phase.UNDERSTANDING,
        Phase.ACTING,
        Phase.SPEAKING,
        Phase.WAITING,
    ]
    assert effects == (Listen(Ears.WAKE), EndTurn(Outcome.ACTED))


def test_a_timer_that_ends_during_a_turn_rings_after_it() -> None:
    due = TimerDue(7, "", 60, 0.0)
    speaking = State(Phase.SPEAKING, Outcome.ACTED)
    waiting, effects = step(speaking, due)
    assert waiting.phase is Phase.SPEAKING
    assert effects == ()
    after, effects = step(waiting, SpeechFinished())
    assert after.phase is Phase.RINGING
    assert effects[-1] == Ring(due)


def test_two_timers_that_end_at_once_ring_one_after_the_other() -> None:
    first, second = TimerDue(1, "tea", 60, 0.0), TimerDue(2, "egg", 60, 0.0)
    state, _ = step(State(), first)
    state, _ = step(state, second)
    state, effects = step(state, StopHeard())
    assert state.phase is Phase.RINGING
    assert StopSpeech() in effects
    assert effects[-1] == Ring(second)


def test_a_text_given_while_the_owner_speaks_waits_its_turn() -> None:
    text = TextGiven("stop")
    state, effects = step(State(Phase.LISTENING), text)
    assert effects == ()
    state, effects = step(state, TimeExpired())
    assert state.phase is Phase.UNDERSTANDING
    assert BeginTurn(text) in effects


def test_the_wake_word_interrupts_an_action() -> None:
    state, effects = step(State(Phase.ACTING), BY_TYPE[WakeDetected])
    assert state.phase is Phase.LISTENING
    assert effects[:2] == (CancelAction(), EndTurn(Outcome.CANCELLED))


def test_being_asked_to_listen_while_speaking_cuts_the_speech() -> None:
    state, effects = step(State(Phase.SPEAKING, Outcome.ACTED), ListenRequested())
    assert state.phase is Phase.LISTENING
    assert effects[:2] == (StopSpeech(), EndTurn(Outcome.ACTED))
    assert Listen(Ears.COMMAND) in effects


def test_an_action_that_ends_after_it_was_cancelled_changes_nothing() -> None:
    late = BY_TYPE[ActionFinished]
    for phase in set(Phase) - {Phase.ACTING}:
        assert step(State(phase), late) == (State(phase), ())


def test_too_unsure_is_another_outcome_than_not_understood() -> None:
    state, _ = step(State(Phase.UNDERSTANDING), NotUnderstood("mumble", rejected=True))
    assert state.outcome is Outcome.REJECTED
    state, _ = step(State(Phase.UNDERSTANDING), NotUnderstood("mumble"))
    assert state.outcome is Outcome.NOT_UNDERSTOOD


@given(st.lists(st.sampled_from(EXAMPLES), max_size=60))
def test_whatever_happens_turns_do_not_overlap_and_nothing_is_lost(events: list[Event]) -> None:
    state, open_turns, acting, begun, rung = State(), 0, 0, 0, 0
    for event in events:
        state, effects = step(state, event)
        for effect in effects:
            match effect:
                case BeginTurn():
                    open_turns += 1
                    begun += isinstance(effect.cause, TextGiven)
                case EndTurn():
                    open_turns -= 1
                case Ring():
                    rung += 1
                case Act() | Understand():
                    acting += 1
                    assert open_turns == 1
            assert open_turns in {0, 1}
    waiting = sum(isinstance(event, TextGiven) for event in state.waiting)
    assert begun + waiting == sum(isinstance(event, TextGiven) for event in events)
    ringing_later = sum(isinstance(event, TimerDue) for event in state.waiting)
    assert rung + ringing_later == sum(isinstance(event, TimerDue) for event in events)
    # From wherever that led, time alone leads back to the wake word.
    for _ in range(2 * len(events) + 2):
        state, _ = step(state, TimeExpired())
    assert state.phase is Phase.WAITING
