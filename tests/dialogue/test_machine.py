"""The table of the dialogue: every pair of phase and event."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dialogue.diagram import EXAMPLES, states
from assistant.dialogue.effects import (
    Act,
    Announce,
    BeginTurn,
    CancelWork,
    Confirm,
    Ears,
    Effect,
    EndTurn,
    Listen,
    MoveTurn,
    Play,
    Reply,
    Respond,
    Ring,
    Say,
    StopSpeech,
    Understand,
)
from assistant.dialogue.machine import STARTS_SOMETHING, TRANSITIONS, step
from assistant.dialogue.state import FollowUp, Phase, State, limit_seconds
from assistant.events import (
    ActionFailed,
    ActionFinished,
    AnnouncementDue,
    Event,
    ListenRequested,
    NearlyUnderstood,
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
from assistant.turn import ActionResult, Match, Outcome, Question, Transcript, Wake

BY_TYPE = {type(event): event for event in EXAMPLES}
PAIRS = [pair for phase in Phase for pair in itertools.product(states(phase), EXAMPLES)]
LIGHT = "turn off the light"
OFF = Match("TurnOff", (), LIGHT, LIGHT, "house.yaml:1:1")
QUESTION = Question((LIGHT,), ((OFF,),))


def names(pair: tuple[State, Event]) -> str:
    return f"{pair[0].phase}-{type(pair[1]).__name__}"


@pytest.mark.parametrize("pair", PAIRS, ids=names)
def test_every_pair_has_an_answer(pair: tuple[State, Event]) -> None:
    state, event = pair
    after, effects = step(state, event)
    if (state.phase, type(event)) in TRANSITIONS:
        assert effects or after == State(follow_up=state.follow_up) or after.waiting
    elif isinstance(event, STARTS_SOMETHING):
        assert after.waiting == (event,)
    else:
        assert (after, effects) == (state, ())


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.WAITING])
def test_no_phase_is_for_ever(phase: Phase) -> None:
    after, effects = step(State(phase), TimeExpired())
    assert after.phase is Phase.WAITING
    assert Listen(Ears.WAKE) in effects
    assert limit_seconds(State(phase))


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


def test_a_text_that_is_confirmed_is_not_asked_for() -> None:
    """What is said over again confirms itself, and so does a command that was put off."""
    _, effects = step(State(), TextGiven("clear the list", confirmed=True))
    assert effects[-1] == Understand(Transcript("clear the list", 1.0), confirmed=True)


def test_the_wake_word_interrupts_an_action() -> None:
    state, effects = step(State(Phase.ACTING), BY_TYPE[WakeDetected])
    assert state.phase is Phase.LISTENING
    assert effects[:2] == (CancelWork(), EndTurn(Outcome.CANCELLED))


def test_a_word_that_is_a_command_is_understood_without_listening() -> None:
    stop = WakeDetected(Wake("stop", 0.9, 1.0, command="stop"))
    for phase in (Phase.WAITING, Phase.ACTING, Phase.SPEAKING, Phase.RINGING):
        state, effects = step(State(phase), stop)
        assert state.phase is Phase.RECOGNIZING
        assert not [effect for effect in effects if isinstance(effect, Listen)]
        state, effects = step(state, Transcribed(Transcript("stop", 1.0), 0.0))
        assert effects == (Understand(Transcript("stop", 1.0)),)


def test_the_wake_word_while_speaking_opens_the_microphone_for_its_domain() -> None:
    alexa = WakeDetected(Wake("alexa", 0.9, 1.0, "de"))
    for phase in (Phase.SPEAKING, Phase.RINGING):
        state, effects = step(State(phase, domain="en: clock"), alexa)
        assert state == State(Phase.LISTENING, by_voice=True, domain="de")
        assert effects[0] == StopSpeech()
        assert effects[-3:-1] == (BeginTurn(alexa, "de"), Listen(Ears.WOKEN, "de"))


def test_a_turn_goes_on_where_the_wake_word_was_heard_better() -> None:
    kitchen = WakeDetected(Wake("alexa", 0.9, 1.0, "de", microphone="kitchen"))
    hall = WakeDetected(Wake("alexa", 0.7, 1.1, "de", microphone="hall"))
    asking = State(asked=QUESTION, domain="de")
    state, effects = step(asking, kitchen)
    assert state.microphone == "kitchen"
    assert effects[:2] == (
        BeginTurn(kitchen, "de", "kitchen"),
        Listen(Ears.WOKEN, "de", "kitchen"),
    )
    moved, effects = step(state, hall)
    assert moved == replace(state, microphone="hall")
    assert effects == (MoveTurn(hall.wake), Listen(Ears.WOKEN, "de", "hall"))


def test_the_answer_is_expected_where_the_question_was_asked() -> None:
    asking = replace(asked(by_voice=True), microphone="hall")
    state, effects = step(asking, SpeechFinished())
    assert state.microphone == "hall"
    assert Listen(Ears.ANSWER, microphone="hall", question=QUESTION) in effects
    state, effects = step(state, NothingHeard())
    assert (state.microphone, effects[0]) == ("", Listen(Ears.WAKE))


def test_a_microphone_can_be_asked_for() -> None:
    state, effects = step(State(), ListenRequested("hall"))
    assert state.microphone == "hall"
    assert Listen(Ears.COMMAND, microphone="hall") in effects
    again, effects = step(state, ListenRequested("kitchen"))
    assert (again, effects) == (state, (Listen(Ears.COMMAND, microphone="hall"),))


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


# --- several commands -----------------------------------------------------------------------------

ONE, TWO, THREE = (Match(name, (), name, name, "house.yaml:1:1") for name in ("A", "B", "C"))
DONE = ActionResult()


def test_commands_are_done_one_after_the_other_and_told_together() -> None:
    state, effects = step(State(Phase.UNDERSTANDING), Understood("a b c", ONE, (TWO, THREE)))
    assert effects == (Act(ONE),)
    state, effects = step(state, ActionFinished(ONE, DONE, 0.1))
    assert (state.phase, effects) == (Phase.ACTING, (Act(TWO),))
    state, effects = step(state, ActionFinished(TWO, DONE, 0.1))
    assert (state.phase, effects) == (Phase.ACTING, (Act(THREE),))
    state, effects = step(state, ActionFinished(THREE, DONE, 0.1))
    assert (state.phase, state.outcome) == (Phase.SPEAKING, Outcome.ACTED)
    assert effects[-1] == Say(tuple(Reply(match, DONE) for match in (ONE, TWO, THREE)))


def test_a_command_that_fails_leaves_the_rest_undone() -> None:
    state, _ = step(State(Phase.UNDERSTANDING), Understood("a b c", ONE, (TWO, THREE)))
    state, _ = step(state, ActionFinished(ONE, DONE, 0.1))
    state, effects = step(state, ActionFailed(TWO, "no"))
    assert (state.phase, state.outcome) == (Phase.SPEAKING, Outcome.FAILED)
    assert effects[-1] == Say(
        (Reply(ONE, DONE), Reply(TWO, ActionResult("failed", {"reason": "no"})))
    )


# --- questions ------------------------------------------------------------------------------------


def asked(*, by_voice: bool) -> State:
    understanding = State(Phase.UNDERSTANDING, by_voice=by_voice)
    state, _ = step(understanding, NearlyUnderstood("turn of the light", (LIGHT,), ((OFF,),)))
    return state


def test_one_sentence_is_asked_for_in_other_words_than_two() -> None:
    understanding = State(Phase.UNDERSTANDING)
    _, effects = step(understanding, NearlyUnderstood("on", ("turn on",)))
    assert effects[-1] == Say((Respond("did_you_mean", {"sentence": "turn on"}),))
    _, effects = step(understanding, NearlyUnderstood("on", ("turn on", "go on")))
    assert effects[-1] == Say((Respond("which_one", {"first": "turn on", "second": "go on"}),))


def test_what_is_to_be_confirmed_is_asked_about_and_nothing_is_done() -> None:
    clear = Understood("clear it and stop", ONE, (TWO,), to_confirm=(ONE,))
    state, effects = step(State(Phase.UNDERSTANDING, by_voice=True), clear)
    assert (state.phase, state.outcome) == (Phase.SPEAKING, Outcome.ASKED)
    assert effects == (Listen(Ears.STOP), Say((Confirm(ONE),)))
    state, effects = step(state, SpeechFinished())
    assert Ears.ANSWER in [one.ears for one in effects if isinstance(one, Listen)]
    state, _ = step(state, BY_TYPE[SpeechEnded])
    state, effects = step(state, Transcribed(Transcript("yes", 0.9), 0.1))
    question = Question(("clear it and stop",), ((ONE, TWO),), confirming=(ONE,))
    assert effects == (Understand(Transcript("yes", 0.9), question),)


def test_a_question_ends_its_turn_and_the_microphone_opens_for_the_answer() -> None:
    state, effects = step(asked(by_voice=True), SpeechFinished())
    assert state == State(Phase.LISTENING, asked=QUESTION, by_voice=True)
    kinds = [type(effect) for effect in effects]
    assert kinds == [EndTurn, BeginTurn, Listen, Play]
    assert effects[0] == EndTurn(Outcome.ASKED)
    assert effects[2] == Listen(Ears.ANSWER, question=QUESTION)


def test_the_answer_is_understood_as_one_and_then_the_question_is_over() -> None:
    state, _ = step(asked(by_voice=True), SpeechFinished())
    state, _ = step(state, BY_TYPE[SpeechEnded])
    state, effects = step(state, Transcribed(Transcript("yes", 0.9), 0.1))
    assert effects == (Understand(Transcript("yes", 0.9), QUESTION),)
    assert state.asked is None


def test_a_question_nobody_answers_ends_without_a_sound() -> None:
    state, _ = step(asked(by_voice=True), SpeechFinished())
    state, effects = step(state, NothingHeard())
    assert effects == (Listen(Ears.WAKE), EndTurn(Outcome.NOTHING_HEARD))
    assert state == State(asked=QUESTION)


def test_a_question_is_answered_in_its_domain_only() -> None:
    asking = replace(asked(by_voice=True), domain="de")
    state, effects = step(asking, SpeechFinished())
    assert state == State(Phase.LISTENING, asked=QUESTION, by_voice=True, domain="de")
    assert Listen(Ears.ANSWER, "de", question=QUESTION) in effects
    open_still, _ = step(state, NothingHeard())
    assert open_still == State(asked=QUESTION, domain="de")
    again, _ = step(open_still, WakeDetected(Wake("alexa", 0.9, 1.0, "de")))
    assert again.asked == QUESTION
    for other in (WakeDetected(Wake("hey_jarvis", 0.9, 1.0)), ListenRequested(), TextGiven("yes")):
        after, effects = step(open_still, other)
        assert (after.asked, after.domain) == (None, "")
        assert not [one for one in effects if isinstance(one, Understand) and one.asked]


def test_a_question_to_a_text_is_open_for_a_while() -> None:
    state, effects = step(asked(by_voice=False), SpeechFinished())
    assert effects == (Listen(Ears.WAKE), EndTurn(Outcome.ASKED))
    assert state == State(asked=QUESTION)
    assert limit_seconds(state) == 60.0
    answered, effects = step(state, TextGiven("yes"))
    assert effects[-1] == Understand(Transcript("yes", 1.0), QUESTION)
    assert answered.asked is None
    forgotten, effects = step(state, TimeExpired())
    assert (forgotten, effects) == (State(), ())
    assert limit_seconds(forgotten) is None


@pytest.mark.parametrize("follow_up", FollowUp)
def test_there_is_a_way_out_of_every_state(follow_up: FollowUp) -> None:
    """All states that events of every kind lead to, as far as the table tells them apart."""
    first = State(follow_up=follow_up)
    seen, waiting = {repr(first): first}, [first]
    while waiting:
        state = waiting.pop()
        for event in EXAMPLES:
            after = replace(step(state, event)[0], waiting=())
            if repr(after) not in seen:
                seen[repr(after)] = after
                waiting.append(after)
    assert {state.phase for state in seen.values()} == set(Phase)
    for state in seen.values():
        rested = state
        for _ in range(2):  # a question that is waited for, and then forgotten
            rested, _ = step(rested, TimeExpired())
        assert rested == first
        if state.phase is not Phase.WAITING:
            assert limit_seconds(state)


def test_a_hundred_thousand_events() -> None:
    """No effect is lost and no two turns are at once, whatever happens when."""
    chosen = random.Random(20261126)  # noqa: S311 - the same each time
    for follow_up in FollowUp:
        check = Checked(State(follow_up=follow_up))
        for _ in range(34_000):
            likely = [one for one in EXAMPLES if (check.state.phase, type(one)) in TRANSITIONS]
            check.take(chosen.choice(likely if chosen.random() < 0.9 else EXAMPLES))
        check.end()


class Checked:
    """Steps, and looks at what every step must hold."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.turns = 0
        self.given: Counter[type[Event]] = Counter()
        self.answered: Counter[type[Event]] = Counter()

    def take(self, event: Event) -> None:
        self.given[type(event)] += isinstance(event, STARTS_SOMETHING)
        self.state, effects = step(self.state, event)
        for effect in effects:
            self._look_at(effect)
        state = self.state
        open_turn = state.phase not in {Phase.WAITING, Phase.RINGING}
        nobody_yet = state.phase is Phase.LISTENING and state.following
        assert self.turns == (open_turn and not nobody_yet)
        assert not (state.asked and state.phase in {Phase.ACTING, Phase.RINGING})
        if state.phase is Phase.WAITING:
            assert state.waiting == ()
            assert (limit_seconds(state) is not None) == bool(state.asked)

    def _look_at(self, effect: Effect) -> None:
        match effect:
            case BeginTurn(cause):
                self.turns += 1
                self.answered[TextGiven] += isinstance(cause, TextGiven)
            case EndTurn():
                self.turns -= 1
            case Ring(due):
                self.answered[type(due)] += 1
            case Announce():
                self.answered[AnnouncementDue] += 1
            case Act() | Understand() | Say():
                assert self.turns == 1
            case Listen(Ears.ANSWER, question=question):
                assert question is not None
        assert self.turns in {0, 1}

    def end(self) -> None:
        """Let time alone pass: everything that waits is begun, and nothing goes on for ever."""
        for _ in range(2 * len(self.state.waiting) + 3):
            self.take(TimeExpired())
        assert self.state == State(follow_up=self.state.follow_up)
        assert self.given == self.answered


@given(st.lists(st.sampled_from(EXAMPLES), max_size=60), st.sampled_from(FollowUp))
def test_whatever_happens_turns_do_not_overlap_and_nothing_is_lost(
    events: list[Event], follow_up: FollowUp
) -> None:
    check = Checked(State(follow_up=follow_up))
    for event in events:
        check.take(event)
    check.end()
