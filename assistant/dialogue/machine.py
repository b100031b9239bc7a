"""The states of a turn, in one table.

Rule 1: everything that decides what follows what is in this file.
Rule 2: ``step`` is pure: it returns the next state and the effects, and carries nothing out.

Every pair of phase and event has an answer: one in the table, or one of two defaults. Events that
start something while a turn is under way (a timer, a command as text, an announcement) wait in
``State.waiting`` until the turn is over; any other event that is not in the table belongs to a
turn that is gone (an action that finished after it was cancelled, say) and changes nothing.

A question ("did you mean …?", "shall I clear the list?") ends its turn, and what was asked for
stays in ``State.asked``. The next turn that understands something answers it, with "yes" or
otherwise; a turn that ends in another way, or is of another domain, or WAITING for too long, drops
it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeAlias

from assistant.dialogue.effects import (
    Act,
    Announce,
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
)
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
from assistant.turn import ActionResult, Match, Outcome, Transcript, Wake


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
    """The phase, how the turn will have ended, and what waits for its end.

    ``left`` are commands still to be done, ``said`` what is to be said of those that are done.
    ``asked`` are the sentences that the assistant has asked for, and ``by_voice`` tells that the
    turn began at the ``microphone``, where the answer is expected then. ``domain`` is that of the
    turn, and of what it asked.
    """

    phase: Phase = Phase.WAITING
    outcome: Outcome = Outcome.CANCELLED
    waiting: tuple[Event, ...] = ()
    left: tuple[Match, ...] = ()
    said: tuple[Reply, ...] = ()
    asked: tuple[str, ...] = ()
    by_voice: bool = False
    domain: str = ""
    microphone: str = ""


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


def _go(phase: Phase, *effects: Effect) -> Rule:
    """Answer with a phase and effects that do not depend on the event."""

    def rule(state: State, _event: Event) -> Step:
        return replace(state, phase=phase), effects

    return rule


def _finish(*effects: Effect, outcome: Outcome | None = None) -> Rule:
    """End the turn and wait for the wake word; whatever was asked is of no more interest."""

    def rule(state: State, _event: Event) -> Step:
        end = EndTurn(outcome or state.outcome)
        return (
            State(Phase.WAITING, waiting=state.waiting),
            (*effects, Listen(Ears.WAKE), end),
        )

    return rule


def _begin(phase: Phase, state: State, domain: str, microphone: str | None) -> State:
    """Begin a turn of a domain, which may answer what was asked in the same one.

    It is said to the microphone, or to none.
    """
    return State(
        phase,
        waiting=state.waiting,
        asked=state.asked if domain == state.domain else (),
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


def _hear_better(state: State, event: WakeDetected) -> Step:
    """Go on with the turn at another microphone, which heard the same word better."""
    after, effects = _wake(state, event.wake)
    return after, (MoveTurn(event.wake), *effects)


def _wake(state: State, wake: Wake) -> Step:
    if wake.command:
        return _begin(Phase.RECOGNIZING, state, wake.domain, wake.microphone), ()
    after = _begin(Phase.LISTENING, state, wake.domain, wake.microphone)
    return after, (Listen(Ears.WOKEN, after.domain, after.microphone),)


def _listen_as_asked(state: State, event: ListenRequested) -> Step:
    return _open_microphone(state, event, "", event.microphone)


def _open_microphone(state: State, event: Event, domain: str, microphone: str) -> Step:
    after = _begin(Phase.LISTENING, state, domain, microphone)
    return after, (_turn(after, event), _listen(after), Play(Earcon.WAKE))


def _turn(state: State, cause: Event) -> BeginTurn:
    return BeginTurn(cause, state.domain, state.microphone)


def _listen(state: State) -> Listen:
    return Listen(Ears.ANSWER if state.asked else Ears.COMMAND, state.domain, state.microphone)


def _begin_by_text(state: State, event: TextGiven) -> Step:
    after = _begin(Phase.UNDERSTANDING, state, event.domain, None)
    understand = Understand(Transcript(event.text, 1.0), after.asked)
    return replace(after, asked=()), (_turn(after, event), understand)


def _after(stop: Effect, begin: Rule, *, in_turn: bool = True) -> Rule:
    """Cut what is going on, whatever it has come to, and begin a new turn."""

    def rule(state: State, event: Event) -> Step:
        after, effects = begin(state, event)
        end = (EndTurn(state.outcome),) if in_turn else ()
        return after, (stop, *end, *effects)

    return rule


def _listen_again(state: State, _event: Event) -> Step:
    return state, (_listen(state),)


def _hear_nothing(state: State, _event: Event) -> Step:
    """Wait for the wake word. A question that nobody answers is no failure, and stays open."""
    sounds = () if state.asked else (Play(Earcon.NOTHING_HEARD),)
    after = State(Phase.WAITING, waiting=state.waiting, asked=state.asked, domain=state.domain)
    return after, (*sounds, Listen(Ears.WAKE), EndTurn(Outcome.NOTHING_HEARD))


def _understand(state: State, event: Transcribed) -> Step:
    effects = (Understand(event.transcript, state.asked),)
    return replace(state, phase=Phase.UNDERSTANDING, asked=()), effects


def _act(state: State, event: Understood) -> Step:
    """Do the first command; or ask, where one of them is to be confirmed."""
    if event.to_confirm:
        questions = tuple(Confirm(match) for match in event.to_confirm)
        return _ask(state, (event.text,), questions)
    return replace(state, phase=Phase.ACTING, left=event.then), (Act(event.match),)


def _do_not_understand(state: State, event: NotUnderstood) -> Step:
    outcome = Outcome.REJECTED if event.rejected else Outcome.NOT_UNDERSTOOD
    key = "rejected" if event.rejected else "not_understood"
    listen = Listen(Ears.STOP, state.domain)
    effects = (Play(Earcon.NOT_UNDERSTOOD), listen, Say((Respond(key),)))
    return replace(state, phase=Phase.SPEAKING, outcome=outcome), effects


def _ask_what_was_meant(state: State, event: NearlyUnderstood) -> Step:
    return _ask(state, event.sentences, (question_of(event.sentences),))


def _ask(
    state: State, sentences: tuple[str, ...], questions: tuple[Respond | Confirm, ...]
) -> Step:
    after = replace(state, phase=Phase.SPEAKING, outcome=Outcome.ASKED, asked=sentences)
    return after, (Listen(Ears.STOP, state.domain), Say(questions))


def question_of(sentences: Sequence[str]) -> Respond:
    """Ask whether this sentence was meant, or which of two."""
    if len(sentences) == 1:
        return Respond("did_you_mean", {"sentence": sentences[0]})
    return Respond("which_one", {"first": sentences[0], "second": sentences[1]})


def _go_on(state: State, event: ActionFinished) -> Step:
    """Do the next command; after the last one, say what came of all of them."""
    said = (*state.said, Reply(event.match, event.result))
    if state.left:
        following, *left = state.left
        return replace(state, left=tuple(left), said=said), (Act(following),)
    after = replace(state, phase=Phase.SPEAKING, outcome=Outcome.ACTED)
    return after, (Listen(Ears.STOP, state.domain), Say(said))


def _fail(state: State, event: ActionFailed) -> Step:
    """Say what was done before, and why the rest is not."""
    failed = Reply(event.match, ActionResult("failed", {"reason": event.reason}))
    listen = Listen(Ears.STOP, state.domain)
    effects = (Play(Earcon.FAILED), listen, Say((*state.said, failed)))
    return replace(state, phase=Phase.SPEAKING, outcome=Outcome.FAILED), effects


def _end_speech(state: State, event: SpeechFinished) -> Step:
    """End the turn; after a question, listen to its answer where the turn was spoken."""
    if not state.asked:
        return _finish()(state, event)
    end = EndTurn(state.outcome)
    if state.by_voice:
        after, effects = _open_microphone(state, event, state.domain, state.microphone)
        return after, (end, *effects)
    after = State(Phase.WAITING, waiting=state.waiting, asked=state.asked, domain=state.domain)
    return after, (Listen(Ears.WAKE), end)


def _forget_question(state: State, _event: Event) -> Step:
    return replace(state, asked=(), domain=""), ()


def _ring(state: State, event: TimerDue) -> Step:
    after = State(Phase.RINGING, waiting=state.waiting)
    return after, (Listen(Ears.STOP), Ring(event))


def _announce(state: State, event: AnnouncementDue) -> Step:
    after = State(Phase.RINGING, waiting=state.waiting)
    return after, (Listen(Ears.STOP), Announce(event.key))


def _stop_ringing(state: State, _event: Event) -> Step:
    return replace(state, phase=Phase.WAITING), (StopSpeech(), Listen(Ears.WAKE))


# --- the table ------------------------------------------------------------------------------------

_give_up = _finish(CancelWork(), Play(Earcon.FAILED), outcome=Outcome.FAILED)

TRANSITIONS: dict[tuple[Phase, type[Event]], Rule] = {
    (Phase.WAITING, WakeDetected): _hear_wake_word,
    (Phase.WAITING, ListenRequested): _listen_as_asked,
    (Phase.WAITING, TextGiven): _begin_by_text,
    (Phase.WAITING, TimerDue): _ring,
    (Phase.WAITING, AnnouncementDue): _announce,
    (Phase.WAITING, TimeExpired): _forget_question,
    (Phase.LISTENING, WakeDetected): _hear_better,
    (Phase.LISTENING, SpeechEnded): _go(Phase.RECOGNIZING, Play(Earcon.HEARD)),
    (Phase.LISTENING, NothingHeard): _hear_nothing,
    (Phase.LISTENING, ListenRequested): _listen_again,
    (Phase.LISTENING, TimeExpired): _hear_nothing,
    (Phase.RECOGNIZING, Transcribed): _understand,
    (Phase.RECOGNIZING, TimeExpired): _give_up,
    (Phase.UNDERSTANDING, Understood): _act,
    (Phase.UNDERSTANDING, NearlyUnderstood): _ask_what_was_meant,
    (Phase.UNDERSTANDING, NotUnderstood): _do_not_understand,
    (Phase.UNDERSTANDING, TimeExpired): _give_up,
    (Phase.ACTING, ActionFinished): _go_on,
    (Phase.ACTING, ActionFailed): _fail,
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
