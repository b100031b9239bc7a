"""What the owner's files say: the meaning of words, and the words of answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import Any, TypeAlias

from assistant.dialogue.routines import with_routines
from assistant.events import Event, NearlyUnderstood, NotUnderstood, TimerDue, Understood
from assistant.intents.approximate import Proposal, is_near_tie
from assistant.intents.builtins import ANSWERS
from assistant.intents.circumstances import Circumstances
from assistant.intents.explanation import Propose
from assistant.intents.matcher import IntentGraph
from assistant.intents.model import BuiltinCall, Data, Intent, IntentSet
from assistant.intents.steps import Steps
from assistant.intents.undoing import Undoing, undoing
from assistant.speech.responses import Pick, Report, choose_reply, fill_one, response
from assistant.turn import ActionResult, Match, Transcript
from assistant.values import SlotValue

EXAMPLES = 5

FAILED = "failed"
"""The outcome of an action that could not be done, and the response where it has no own words."""

Named: TypeAlias = Mapping[str, tuple[SlotValue, ...]]
"""What was last named, which can be called "it" now: values by list."""


def _no_proposals(_text: str, _where: Circumstances) -> Sequence[Proposal]:
    return ()


@dataclass(frozen=True)
class Understanding:
    """The intents in force: ``intents`` are all of a language, ``graph`` those that can be said.

    What was heard with less than ``act_confidence`` is asked for, and below ``ask_confidence`` it
    is not believed. ``pick`` chooses one of several replies, and ``now`` tells the time, aware.
    ``context`` is what sentences may require, such as the area. ``propose`` finds sentences that
    were nearly said. ``report`` takes a sentence for the log.
    """

    intents: IntentSet
    graph: IntentGraph
    act_confidence: float
    ask_confidence: float
    pick: Pick
    now: Callable[[], datetime]
    context: Mapping[str, Data] = field(default_factory=dict)
    propose: Propose = _no_proposals
    report: Report | None = None

    def understand(
        self, transcript: Transcript, asked: Sequence[str] = (), named: Named | None = None
    ) -> Event:
        """Find the meaning; the likeliest text that is a sentence wins.

        ``asked`` are the sentences that the assistant has asked for: "yes" means them. Returns
        Understood, NotUnderstood, or NearlyUnderstood where it is not sure, or where "yes" does not
        tell which.
        """
        if not transcript.text:
            return NotUnderstood("")
        if transcript.confidence < self.ask_confidence:
            return NotUnderstood(transcript.text, rejected=True)
        where = self._where(named)
        texts = (transcript.text, *transcript.alternatives)
        meant = ((text, self._commands(text, where)) for text in texts)
        found = ((text, matches) for text, matches in meant if matches)
        text, matches = next(found, ("", ()))
        if not matches:
            return NotUnderstood(transcript.text)
        # What is said over again is meant, though each time it is heard but poorly.
        if transcript.confidence >= self.act_confidence or text in asked:
            return self._as_answer(text, matches, asked, where)
        if not self.answers().keys().isdisjoint(match.intent for match in matches):
            return NotUnderstood(text, rejected=True)  # an unsure "yes" is none
        others = (other for other, commands in found if not _same(commands, matches))
        return NearlyUnderstood(transcript.text, tuple(islice(chain([text], others), 2)))

    def reconsider(self, event: NotUnderstood, named: Named | None = None) -> Event:
        """Look for what was nearly said: NearlyUnderstood, or what was given.

        It may take a while, a second for the first time: best in a thread of its own.
        """
        if event.rejected or not event.text:
            return event
        answers = self.answers().keys()
        near = [
            proposal
            for proposal in self.propose(event.text, self._where(named))
            if answers.isdisjoint(match.intent for match in proposal.matches)
        ]
        sentences = tuple(proposal.text for proposal in near[: 2 if is_near_tie(near) else 1])
        return NearlyUnderstood(event.text, sentences) if sentences else event

    def action_of(self, match: Match) -> BuiltinCall | Steps | None:
        """Tell what the intent does."""
        return self._intent(match).action

    def meaning_of(self, text: str) -> tuple[Match, ...]:
        """The commands of a text as they stand in it: a routine is one."""
        return tuple(self.graph.understand(text, self._where(None)))

    def undo_of(self, match: Match) -> Undoing | None:
        """Tell what takes the intent back; None where the owner wrote nothing."""
        return undoing(self._intent(match), self.intents.intents)

    def reply(self, match: Match, result: ActionResult) -> str:
        """Put what came of an action into words; '' for nothing to say."""
        intent = self._intent(match)
        own = self.graph.sentences[match.number].block.replies if match.number >= 0 else None
        if result.outcome == FAILED and FAILED not in (own or {}):
            if FAILED not in intent.replies:
                return self.respond(FAILED, result.values)
            own = None
        return choose_reply(
            intent if own is None else replace(intent, replies=own),
            result,
            match.values(),
            locale=self.intents.language,
            pick=self.pick,
            now=self.now(),
            report=self.report,
        )

    def question(self, match: Match) -> str:
        """Ask whether this is to be done, in the intent's own words where it has some."""
        own = self._intent(match).confirm
        if not own:
            return self.respond("confirm", {"sentence": match.text})
        return fill_one(
            own,
            match.values(),
            locale=self.intents.language,
            pick=self.pick,
            now=self.now(),
            report=self.report,
        )

    def respond(self, key: str, values: Mapping[str, Any] | None = None) -> str:
        """Say one of the assistant's own sentences."""
        return response(
            self.intents,
            key,
            values,
            locale=self.intents.language,
            pick=self.pick,
            now=self.now(),
            report=self.report,
        )

    def announce(self, timer: TimerDue) -> str:
        """Tell that a timer has ended."""
        values = {
            "duration": timedelta(seconds=timer.duration_seconds),
            "name": timer.name,
            "late": timedelta(seconds=round(timer.late_seconds)),
        }
        return self.respond("timer_late" if timer.late_seconds else "timer_done", values)

    def examples(self) -> tuple[str, ...]:
        """Choose some sentences for "what can I say": as many as somebody can keep in mind."""
        said = {sentence.intent for sentence in self.graph.sentences} - self.answers().keys()
        helps = [
            intent.help
            for name, intent in self.intents.intents.items()
            if intent.help and name in said
        ]
        chosen = [helps.pop(self.pick(len(helps))) for _ in range(min(EXAMPLES, len(helps)))]
        return tuple(chosen)

    def answers(self) -> dict[str, str]:
        """Intents that answer a question, each with the name of its action."""
        return {
            name: intent.action.name
            for name, intent in self.intents.intents.items()
            if isinstance(intent.action, BuiltinCall) and intent.action.name in ANSWERS
        }

    def _commands(self, text: str, where: Circumstances) -> tuple[Match, ...]:
        """The commands of a text, with those that routines stand for."""
        matches = self.graph.understand(text, where)
        return with_routines(
            matches, self.intents.intents, lambda sentence: self.graph.understand(sentence, where)
        )

    def _intent(self, match: Match) -> Intent:
        return self.intents.intents[match.intent]

    def _where(self, named: Named | None) -> Circumstances:
        return Circumstances(self.now(), self.context, named or {})

    def _which(self, match: Match, asked: Sequence[str]) -> int | None:
        """Which of the sentences asked for is meant, -1 for none of them; None: it is no answer."""
        answer = self.answers().get(match.intent)
        if not asked or answer in {None, "assistant.no"}:
            return None
        if answer == "assistant.yes":
            return 0 if len(asked) == 1 else -1
        number = match.values().get("number")
        return number - 1 if isinstance(number, int) and number <= len(asked) else -1

    def _as_answer(
        self, text: str, matches: tuple[Match, ...], asked: Sequence[str], where: Circumstances
    ) -> Event:
        """Put what was asked for in place of "yes"; ask again where that does not tell which.

        What is said over again confirms itself.
        """
        meant: list[Match] = []
        to_confirm: list[Match] = []
        for match in matches:
            which = self._which(match, asked)
            if which is None:
                meant.append(match)
                if text not in asked and self._intent(match).confirm is not None:
                    to_confirm.append(match)
                continue
            if which < 0:
                return NearlyUnderstood(text, tuple(asked))
            commands = self._commands(asked[which], where)
            if not commands:  # the files have changed since
                return NotUnderstood(text)
            meant += commands
        return Understood(text, meant[0], tuple(meant[1:]), tuple(to_confirm))


def _same(some: Sequence[Match], others: Sequence[Match]) -> bool:
    """Whether commands mean the same."""
    return [(one.intent, one.values()) for one in some] == [
        (one.intent, one.values()) for one in others
    ]
