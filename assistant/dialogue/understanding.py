"""What the owner's files say: the meaning of words, and the words of answers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from babel.lists import format_list

from assistant.dialogue.announcements import announcement
from assistant.dialogue.answering import CHOOSE, Answers, chosen
from assistant.dialogue.routines import with_routines
from assistant.events import (
    Due,
    Event,
    NearlyUnderstood,
    NotUnderstood,
    PartlyUnderstood,
    PinWrong,
    Understood,
)
from assistant.intents.ambiguity import Ambiguities
from assistant.intents.approximate import Proposal, is_near_tie
from assistant.intents.asking import ask_of
from assistant.intents.builtins import ANSWERS
from assistant.intents.circumstances import Circumstances
from assistant.intents.explanation import Propose
from assistant.intents.matcher import IntentGraph
from assistant.intents.model import BuiltinCall, Data, Intent, IntentSet
from assistant.intents.skillcalls import SkillCall
from assistant.intents.steps import Steps
from assistant.intents.undoing import SkillUndoing, Undoing, undoing
from assistant.speech.responses import Pick, Report, choose_reply, fill_one, response
from assistant.turn import ActionResult, Gap, Match, Question, Slot, Transcript
from assistant.values import SlotValue

if TYPE_CHECKING:
    from assistant.dialogue.pin import Pin
    from assistant.yamlsource import Text

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
    pin: Pin | None = None

    @cached_property
    def answering(self) -> Answers:
        """What can be answered to the assistant's questions."""
        return Answers(self.intents, self.pin)

    @cached_property
    def ambiguities(self) -> Ambiguities:
        """What is called alike."""
        return Ambiguities(self.intents)

    def understand(
        self,
        transcript: Transcript,
        asked: Question | None = None,
        named: Named | None = None,
        *,
        confirmed: bool = False,
    ) -> Event:
        """Find the meaning; the likeliest text that is a sentence wins.

        ``asked`` is what the assistant has asked; what is ``confirmed`` is not asked about. Returns
        Understood; PartlyUnderstood, where the
        command needs more; NearlyUnderstood, where it is not sure, or where "yes" does not tell
        which; PinWrong; or NotUnderstood.
        """
        if not transcript.text:
            return NotUnderstood("")
        if transcript.confidence < self.ask_confidence:
            return NotUnderstood(transcript.text, rejected=True)
        where = self._where(named)
        if asked is not None and (event := self._answer(transcript, asked, where)) is not None:
            return event
        texts = (transcript.text, *transcript.alternatives)
        meant = ((text, self._commands(text, where)) for text in texts)
        found = ((text, *said) for text, said in meant if said[0])
        text, matches, instead = next(found, ("", (), False))
        if not matches:
            return NotUnderstood(transcript.text)
        # What is said over again is meant, though each time it is heard but poorly.
        again = asked is not None and text in asked.sentences
        if transcript.confidence >= self.act_confidence or again:
            if confirmed:
                return _understood(text, matches)
            return self._as_answer(text, matches, asked, where, instead=instead)
        if not self.answers().keys().isdisjoint(match.intent for match in matches):
            return NotUnderstood(text, rejected=True)  # an unsure "yes" is none
        others = [(other, commands) for other, commands, _ in found if not _same(commands, matches)]
        options = [(text, matches), *others][:2]
        return _nearly(transcript.text, options)

    def reconsider(self, event: NotUnderstood, named: Named | None = None) -> Event:
        """Look for what was nearly said: NearlyUnderstood, or what was given.

        It may take a while, a second for the first time: best in a thread of its own.
        """
        if event.rejected or not event.text:
            return event
        answers, where = self.answers().keys(), self._where(named)
        near = [
            replace(proposal, matches=commands)
            for proposal in self.propose(event.text, where)
            if answers.isdisjoint(match.intent for match in proposal.matches)
            and (commands := self._with_routines(proposal.matches, where))
        ]
        options = [(one.text, one.matches) for one in near[: 2 if is_near_tie(near) else 1]]
        return _nearly(event.text, options) if options else event

    def action_of(self, match: Match) -> BuiltinCall | Steps | SkillCall | None:
        """Tell what the intent does."""
        return self._intent(match).action

    def meaning_of(self, text: str) -> tuple[Match, ...]:
        """The commands of a text as they stand in it: a routine is one."""
        return tuple(self.graph.understand(text, self._where(None)))

    def undo_of(self, match: Match) -> Undoing | SkillUndoing | None:
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
        return self._filled_in(own, match)

    def question_for(self, gap: Gap) -> str:
        """Ask for a slot, in the intent's own words, or which of some values is meant."""
        ask = ask_of(self._intent(gap.match), gap.slot)
        if gap.choices or ask is None:
            names = [slot.text for slot in gap.choices]
            told = format_list(names, style="or", locale=self.intents.language.replace("-", "_"))
            return self.respond("which_value", {"choices": told})
        return self._filled_in(ask.questions, gap.match)

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

    def announce(self, due: Due) -> str:
        """Tell that a timer has ended, or what else is due."""
        return self.respond(*announcement(due, self.now()))

    def groups(self) -> tuple[str, ...]:
        """What the intents that can be said are about, in the order of the files."""
        said = {sentence.intent for sentence in self.graph.sentences} - self.answers().keys()
        of_intents = (
            self._group(one) for name, one in self.intents.intents.items() if name in said
        )
        return tuple(dict.fromkeys(filter(None, of_intents)))

    def _group(self, intent: Intent) -> str:
        return self.intents.groups.get(intent.place.path, "")

    def examples(self, group: str = "") -> tuple[str, ...]:
        """Choose some sentences for "what can I say": as many as somebody can keep in mind."""
        said = {sentence.intent for sentence in self.graph.sentences} - self.answers().keys()
        helps = [
            intent.help
            for name, intent in self.intents.intents.items()
            if intent.help and name in said and group in {"", self._group(intent)}
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

    def _meaning(self, text: str, where: Circumstances) -> tuple[Match, ...]:
        """The commands of a text, with those that routines stand for."""
        return self._with_routines(self.graph.understand(text, where), where)

    def _filled_in(self, texts: tuple[Text, ...], match: Match) -> str:
        return fill_one(
            texts,
            match.values(),
            locale=self.intents.language,
            pick=self.pick,
            now=self.now(),
            report=self.report,
        )

    def _intent(self, match: Match) -> Intent:
        return self.intents.intents[match.intent]

    def _where(self, named: Named | None) -> Circumstances:
        return Circumstances(self.now(), self.context, named or {})

    def _commands(self, text: str, where: Circumstances) -> tuple[tuple[Match, ...], bool]:
        """What a text means, and whether it is meant instead of the command before."""
        if matches := self._meaning(text, where):
            return matches, False
        words = text.split()
        for phrase in self.intents.connectives.correcting:
            if tuple(word.strip(",").lower() for word in words[: len(phrase)]) == phrase:
                rest = " ".join(words[len(phrase) :])
                if matches := self._meaning(rest, where):
                    return matches, True
        return (), False

    def _with_routines(self, matches: tuple[Match, ...], where: Circumstances) -> tuple[Match, ...]:
        """The commands with those that routines stand for; none where one means nothing now."""
        intents = self.intents.intents
        return with_routines(matches, intents, lambda text: self.graph.understand(text, where))

    def _answer(
        self, transcript: Transcript, asked: Question, where: Circumstances
    ) -> Event | None:
        """What a text answers to a question for a number or a slot; None where that is nothing."""
        if asked.by_pin:
            right = self.answering.is_pin(asked, transcript.text)
            if right:
                return _understood(asked.sentences[0], asked.commands[0])
            locked = self.pin is None or self.pin.is_locked
            return None if right is None else PinWrong(final=locked)
        for text in (transcript.text, *transcript.alternatives):
            slot = self.answering.slot(asked, text, where)
            if slot is None or asked.gap is None:
                if self.graph.understand(text, where):
                    return None  # likelier than what another way to hear it would answer
                continue
            commands = asked.gap.filled(slot)
            whole = " ".join(command.text for command in commands)
            if transcript.confidence < self.act_confidence:
                return _nearly(text, [(whole, commands)])
            return self._settled(whole, commands, where)
        return None

    def _settled(
        self,
        text: str,
        matches: tuple[Match, ...],
        where: Circumstances,
        confirmed: Collection[Match] = (),
        *,
        instead: bool = False,
    ) -> Event:
        """Ask for what is still open in these commands, if anything is."""
        for number, match in enumerate(matches):
            for ask in self._intent(match).ask:
                if ask.slot.text not in match.values():
                    return PartlyUnderstood(text, Gap(matches, number, ask.slot.text))
            for slot in match.slots:
                choices = self._choices(match, slot)
                if len(choices) > 1:
                    return PartlyUnderstood(text, Gap(matches, number, slot.name, choices))
                if choices and choices[0].value != slot.value:  # the one that is here
                    return self._settled(
                        text,
                        Gap(matches, number, slot.name).filled(choices[0]),
                        where,
                        confirmed,
                        instead=instead,
                    )
        to_confirm = tuple(
            asked
            for match in matches
            for asked in self._to_confirm(match, where)
            if match not in confirmed or self._intent(asked).by_pin
        )
        by_pin = any(self._intent(match).by_pin for match in to_confirm)
        return _understood(text, matches, to_confirm, by_pin=by_pin, instead=instead)

    def _choices(self, match: Match, slot: Slot) -> tuple[Slot, ...]:
        if not slot.text or match.number < 0:
            return ()
        block = self.graph.sentences[match.number].block
        return self.ambiguities.choices(match, slot, block, self.context)

    def _to_confirm(self, match: Match, where: Circumstances) -> list[Match]:
        """What is to be asked about first; of a command for later that is now, not then."""
        action = self._intent(match).action
        command = match.values().get("command")
        if isinstance(action, BuiltinCall) and action.name == "later.add" and command:
            later = where.later
            commands = self._with_routines(self.graph.understand(str(command), later), later)
            return [one for one in commands if self._intent(one).confirm is not None]
        return [match] if self._intent(match).confirm is not None else []

    def _as_answer(
        self,
        text: str,
        matches: tuple[Match, ...],
        asked: Question | None,
        where: Circumstances,
        *,
        instead: bool,
    ) -> Event:
        """Put what was asked for in place of "yes"; ask again where that does not tell which.

        What is said over again confirms itself, unless it takes the owner's number.
        """
        options = asked.commands if asked is not None else ()
        meant: list[Match] = []
        confirmed: list[Match] = []
        for match in matches:
            answer = self.answers().get(match.intent)
            if asked is not None and asked.gap is not None and answer == CHOOSE:
                which = chosen(answer, match, len(asked.gap.choices))
                if which is not None and which >= 0:
                    return self._settled(text, asked.gap.filled(asked.gap.choices[which]), where)
            which = chosen(answer, match, len(options)) if options else None
            if asked is not None and asked.by_pin and which is not None:
                return PinWrong()  # "yes" is not the number
            if which is None:
                meant.append(match)
                if asked is not None and text in asked.sentences and not asked.by_pin:
                    confirmed.append(match)
                continue
            if asked is not None and which < 0:
                return NearlyUnderstood(text, asked.sentences, asked.commands)
            meant += options[which]
            confirmed += options[which]
        instead = instead and asked is None
        return self._settled(text, tuple(meant), where, confirmed, instead=instead)


def _understood(
    text: str,
    matches: tuple[Match, ...],
    to_confirm: tuple[Match, ...] = (),
    *,
    by_pin: bool = False,
    instead: bool = False,
) -> Understood:
    return Understood(text, matches[0], matches[1:], to_confirm, by_pin, instead)


def _nearly(text: str, options: Sequence[tuple[str, tuple[Match, ...]]]) -> NearlyUnderstood:
    sentences, commands = zip(*options, strict=True)
    return NearlyUnderstood(text, sentences, commands)


def _same(some: Sequence[Match], others: Sequence[Match]) -> bool:
    """Whether commands mean the same."""
    return [(one.intent, one.values()) for one in some] == [
        (one.intent, one.values()) for one in others
    ]
