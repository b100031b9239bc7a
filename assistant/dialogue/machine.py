"""The states of a turn, in one table.

Rule 1: everything that decides what follows what is in this file.
Rule 2: ``step`` is pure: it returns the next state and the effects, and carries nothing out.

Every pair of phase and event has an answer: one in the table, or one of two defaults. Events that
start something while a turn is under way (a timer, an alarm, a command as text) wait in
``State.waiting`` until the turn is over; any other event that is not in the table belongs to a
turn that is gone (an action that finished after it was cancelled, say) and changes nothing.

A question ("did you mean …?", "for how long?", "shall I clear the list?") ends its turn, and stays
in ``State.asked``. The next turn that understands something answers it; a turn that ends in another
way, or is of another domain, or WAITING for too long, drops it. Where it asked for a slot or for a
confirmation, and the answer was not understood, it is asked once more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from assistant.dialogue.effects import (
    Act,
    Announce,
    AskFor,
    BeginTurn,
    CancelWork,
    Confirm,
    Earcon,
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
    Utterance,
)
from assistant.dialogue.state import FollowUp, Phase, State, resting
from assistant.events import (
    ActionFailed,
    ActionFinished,
    ActionLasts,
    AlarmDue,
    AnnouncementDue,
    CommandMissed,
    Due,
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
)
from assistant.turn import ActionResult, Outcome, Question, Transcript, Wake

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


STARTS_SOMETHING = (TextGiven, Due, AnnouncementDue)


# --- the answers, by what they do -----------------------------------------------------------------


def _finish(*effects: Effect, outcome: Outcome | None = None) -> Rule:
    """End the turn and wait for the wake word; whatever was asked is of no more interest."""

    def rule(state: State, _event: Event) -> Step:
        end = EndTurn(outcome or state.outcome)
        return resting(state), (*effects, Listen(Ears.WAKE), end)

    return rule


def _begin(phase: Phase, state: State, domain: str, microphone: str | None) -> State:
    """Begin a turn of a domain, which may answer what was asked in the same one.

    It is said to the microphone, or to none.
    """
    return replace(
        resting(state),
        phase=phase,
        asked=state.asked if domain == state.domain else None,
        by_voice=microphone is not None,
        domain=domain,
        microphone=microphone or "",
    )


def _hear_wake_word(state: State, event: WakeDetected) -> Step:
    """Listen to the owner, which the pipeline does by itself; or a command came with the word.

    It may have been told to listen for something else at that very moment.
    """
    after, effects = _wake(state, event.wake)
    earcon = Play(Earcon.HEARD if event.wake.command else Earcon.WAKE)
    return after, (_turn(after, event), *effects, earcon)


def _hear_wake_word_again(state: State, event: WakeDetected) -> Step:
    """Go on with the turn at another microphone, which heard the same word better."""
    if state.following:
        return _hear_wake_word(state, event)
    after, effects = _wake(state, event.wake)
    return after, (MoveTurn(event.wake), *effects)


def _wake(state: State, wake: Wake) -> Step:
    if wake.command:
        return _begin(Phase.RECOGNIZING, state, wake.domain, wake.microphone), ()
    after = _begin(Phase.LISTENING, state, wake.domain, wake.microphone)
    return after, (Listen(Ears.WOKEN, after.domain, after.microphone),)


def _listen_as_asked(state: State, event: ListenRequested) -> Step:
    return _open_microphone(state, event, "", event.microphone)


def _listen_again(state: State, event: ListenRequested) -> Step:
    return _listen_as_asked(state, event) if state.following else (state, (_listen(state),))


def _open_microphone(state: State, event: Event, domain: str, microphone: str) -> Step:
    after = _begin(Phase.LISTENING, state, domain, microphone)
    return after, (_turn(after, event), _listen(after), Play(Earcon.WAKE))


def _turn(state: State, cause: Event) -> BeginTurn:
    return BeginTurn(cause, state.domain, state.microphone)


def _listen(state: State) -> Listen:
    ears = Ears.ANSWER if state.asked else Ears.COMMAND
    return Listen(ears, state.domain, state.microphone, state.asked)


def _begin_by_text(state: State, event: TextGiven) -> Step:
    after = _begin(Phase.UNDERSTANDING, state, event.domain, None)
    understand = Understand(Transcript(event.text, 1.0), after.asked, event.confirmed)
    after = replace(after, asked=None, answering=after.asked)
    return after, (_turn(after, event), understand)


def _take_text(state: State, event: TextGiven) -> Step:
    """Take a command as text where nobody has begun to speak; else it waits."""
    if not state.following:
        return replace(state, waiting=(*state.waiting, event)), ()
    after, effects = _begin_by_text(state, event)
    return after, (Listen(Ears.WAKE), *effects)


def _after(stop: Effect, begin: Rule, *, in_turn: bool = True) -> Rule:
    """Cut what is going on, whatever it has come to, and begin a new turn."""

    def rule(state: State, event: Event) -> Step:
        after, effects = begin(state, event)
        end = (EndTurn(state.outcome),) if in_turn else ()
        return after, (stop, *end, *effects)

    return rule


def _hear_end(state: State, event: SpeechEnded) -> Step:
    begin = (_turn(state, event),) if state.following else ()
    return replace(state, phase=Phase.RECOGNIZING), (*begin, Play(Earcon.HEARD))


def _hear_nothing(state: State, _event: Event) -> Step:
    """Wait for the wake word. A question that nobody answers is no failure, and stays open."""
    after = resting(state, state.asked)
    if state.following:
        return after, (Listen(Ears.WAKE),)
    sounds = () if state.asked else (Play(Earcon.NOTHING_HEARD),)
    return after, (*sounds, Listen(Ears.WAKE), EndTurn(Outcome.NOTHING_HEARD))


def _understand(state: State, event: Transcribed) -> Step:
    effects = (Understand(event.transcript, state.asked),)
    return replace(state, phase=Phase.UNDERSTANDING, asked=None, answering=state.asked), effects


def _act(state: State, event: Understood) -> Step:
    """Do the first command; or ask, where one of them is to be confirmed."""
    if event.to_confirm:
        question = Question(
            (event.text,), (event.matches,), confirming=event.to_confirm, by_pin=event.by_pin
        )
        return _ask(state, question)
    after = replace(state, phase=Phase.ACTING, left=event.then)
    return after, (Act(event.match, event.instead),)


def _do_not_understand(state: State, event: NotUnderstood) -> Step:
    """Say so, and ask again what was asked, once. What nobody called for is passed over."""
    outcome = Outcome.REJECTED if event.rejected else Outcome.NOT_UNDERSTOOD
    if state.following:
        return _finish(outcome=outcome)(state, event)
    apology = Respond("rejected" if event.rejected else "not_understood")
    asked = state.answering
    if state.by_voice and asked and not asked.again and (asked.gap or asked.confirming):
        after, effects = _ask(state, asked.once_more(), apology)
        return after, (Play(Earcon.NOT_UNDERSTOOD), *effects)
    listen = Listen(Ears.STOP, state.domain)
    effects = (Play(Earcon.NOT_UNDERSTOOD), listen, Say((apology,)))
    return replace(state, phase=Phase.SPEAKING, outcome=outcome), effects


def _ask_what_was_meant(state: State, event: NearlyUnderstood) -> Step:
    return _ask(state, Question(event.sentences, event.commands))


def _ask_for_slot(state: State, event: PartlyUnderstood) -> Step:
    return _ask(state, Question(gap=event.gap))


def _refuse_pin(state: State, event: PinWrong) -> Step:
    """Ask for the owner's number again; in the end, do without."""
    if state.answering and not event.final:
        return _ask(state, state.answering, Respond("pin_wrong"))
    effects = (Play(Earcon.FAILED), Listen(Ears.STOP, state.domain), Say((Respond("pin_locked"),)))
    return replace(state, phase=Phase.SPEAKING, outcome=Outcome.FAILED), effects


def _ask(state: State, question: Question, *before: Respond) -> Step:
    after = replace(state, phase=Phase.SPEAKING, outcome=Outcome.ASKED, asked=question)
    return after, (Listen(Ears.STOP, state.domain), Say((*before, *question_of(question))))


def question_of(question: Question) -> tuple[Utterance, ...]:
    """Put a question: for a slot, whether something is to be done, or what was meant."""
    if question.gap is not None:
        return (AskFor(question.gap),)
    if question.confirming:
        pin = (Respond("pin"),) if question.by_pin else ()
        return (*(Confirm(match) for match in question.confirming), *pin)
    return (which_of(question.sentences),)


def which_of(sentences: Sequence[str]) -> Respond:
    """Ask whether this sentence was meant, or which of two."""
    if len(sentences) == 1:
        return Respond("did_you_mean", {"sentence": sentences[0]})
    return Respond("which_one", {"first": sentences[0], "second": sentences[1]})


def _tell_that_it_lasts(state: State, _event: Event) -> Step:
    """Let an action that takes its time be heard, and be stopped."""
    return state, (Listen(Ears.STOP, state.domain), Play(Earcon.WORKING))


def _go_on(state: State, event: ActionFinished) -> Step:
    """Do the next command; after the last one, say what came of all of them."""
    said = (*state.said, Reply(event.match, event.result))
    if state.left:
        following, *left = state.left
        return replace(state, left=tuple(left), said=said), (Act(following),)
    after = replace(state, phase=Phase.SPEAKING, outcome=Outcome.ACTED, said=said)
    return after, (Listen(Ears.STOP, state.domain), Say(said))


def _fail(state: State, event: ActionFailed) -> Step:
    """Say what was done before, and why the rest is not."""
    failed = Reply(event.match, ActionResult("failed", {"reason": event.reason}))
    listen = Listen(Ears.STOP, state.domain)
    effects = (Play(Earcon.FAILED), listen, Say((*state.said, failed)))
    return replace(state, phase=Phase.SPEAKING, outcome=Outcome.FAILED), effects


def _end_speech(state: State, event: SpeechFinished) -> Step:
    """End the turn; listen to the answer where the turn was spoken, or to what may follow."""
    end = EndTurn(state.outcome)
    if state.by_voice and state.asked and state.follow_up is not FollowUp.OFF:
        after, effects = _open_microphone(state, event, state.domain, state.microphone)
        return after, (end, *effects)
    if state.by_voice and not state.asked and _may_follow(state):
        after = replace(
            _begin(Phase.LISTENING, state, state.domain, state.microphone), following=True
        )
        listen = Listen(Ears.FOLLOW_UP, after.domain, after.microphone)
        return after, (end, listen, Play(Earcon.FOLLOW_UP))
    return resting(state, state.asked), (Listen(Ears.WAKE), end)


def _may_follow(state: State) -> bool:
    return state.follow_up is FollowUp.ALWAYS and not state.is_closing


def _forget_question(state: State, _event: Event) -> Step:
    return resting(state), ()


def _ring(state: State, event: Due) -> Step:
    return _ringing(state), (Listen(Ears.STOP), Ring(event))


def _announce(state: State, event: AnnouncementDue) -> Step:
    return _ringing(state), (Listen(Ears.STOP), Announce(event.key, event.text))


def _ringing(state: State) -> State:
    return replace(resting(state), phase=Phase.RINGING)


def _stop_ringing(state: State, _event: Event) -> Step:
    return resting(state), (StopSpeech(), Listen(Ears.WAKE))


# --- the table ------------------------------------------------------------------------------------

_give_up = _finish(CancelWork(), Play(Earcon.FAILED), outcome=Outcome.FAILED)

TRANSITIONS: dict[tuple[Phase, type[Event]], Rule] = {
    (Phase.WAITING, WakeDetected): _hear_wake_word,
    (Phase.WAITING, ListenRequested): _listen_as_asked,
    (Phase.WAITING, TextGiven): _begin_by_text,
    (Phase.WAITING, TimerDue): _ring,
    (Phase.WAITING, AlarmDue): _ring,
    (Phase.WAITING, ReminderDue): _ring,
    (Phase.WAITING, CommandMissed): _ring,
    (Phase.WAITING, AnnouncementDue): _announce,
    (Phase.WAITING, TimeExpired): _forget_question,
    (Phase.LISTENING, WakeDetected): _hear_wake_word_again,
    (Phase.LISTENING, SpeechEnded): _hear_end,
    (Phase.LISTENING, TextGiven): _take_text,
    (Phase.LISTENING, NothingHeard): _hear_nothing,
    (Phase.LISTENING, ListenRequested): _listen_again,
    (Phase.LISTENING, TimeExpired): _hear_nothing,
    (Phase.RECOGNIZING, Transcribed): _understand,
    (Phase.RECOGNIZING, TimeExpired): _give_up,
    (Phase.UNDERSTANDING, Understood): _act,
    (Phase.UNDERSTANDING, NearlyUnderstood): _ask_what_was_meant,
    (Phase.UNDERSTANDING, PartlyUnderstood): _ask_for_slot,
    (Phase.UNDERSTANDING, NotUnderstood): _do_not_understand,
    (Phase.UNDERSTANDING, PinWrong): _refuse_pin,
    (Phase.UNDERSTANDING, TimeExpired): _give_up,
    (Phase.ACTING, ActionFinished): _go_on,
    (Phase.ACTING, ActionFailed): _fail,
    (Phase.ACTING, ActionLasts): _tell_that_it_lasts,
    (Phase.ACTING, StopHeard): _finish(CancelWork(), outcome=Outcome.CANCELLED),
    (Phase.ACTING, WakeDetected): _after(CancelWork(), _hear_wake_word),
    (Phase.ACTING, ListenRequested): _after(CancelWork(), _listen_as_asked),
    (Phase.ACTING, TimeExpired): _give_up,
    (Phase.SPEAKING, SpeechFinished): _end_speech,
    (Phase.SPEAKING, StopHeard): _finish(StopSpeech()),
    (Phase.SPEAKING, WakeDetected): _after(StopSpeech(), _hear_wake_word),
    (Phase.SPEAKING, ListenRequested): _after(StopSpeech(), _listen_as_asked),
    (Phase.SPEAKING, TextGiven): _after(StopSpeech(), _begin_by_text),
    (Phase.SPEAKING, TimeExpired): _finish(StopSpeech()),
    (Phase.RINGING, SpeechFinished): _stop_ringing,
    (Phase.RINGING, StopHeard): _stop_ringing,
    (Phase.RINGING, WakeDetected): _after(StopSpeech(), _hear_wake_word, in_turn=False),
    (Phase.RINGING, ListenRequested): _after(StopSpeech(), _listen_as_asked, in_turn=False),
    (Phase.RINGING, TextGiven): _after(StopSpeech(), _begin_by_text, in_turn=False),
    (Phase.RINGING, TimeExpired): _stop_ringing,
}
