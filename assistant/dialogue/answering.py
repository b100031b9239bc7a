"""Answers to what the assistant has asked: yes, the second one, ten minutes, the owner's number."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.intents.asking import answers_to, digits
from assistant.intents.circumstances import Circumstances
from assistant.intents.matcher import IntentGraph, compile_intents
from assistant.turn import Gap, Match, Question, Slot

if TYPE_CHECKING:
    from assistant.dialogue.pin import Pin
    from assistant.intents.model import IntentSet

YES, NO, CHOOSE = "assistant.yes", "assistant.no", "assistant.choose"


@dataclass(frozen=True)
class Answers:
    """What can be answered, by the intents of a language; compiled when it is first asked.

    ``pin`` is the owner's number, None where there is none.
    """

    intents: IntentSet
    pin: Pin | None = None
    _graphs: dict[tuple[str, str, tuple[Slot, ...]], IntentGraph] = field(default_factory=dict)

    def graph(self, question: Question) -> IntentGraph | None:
        """Return the sentences that answer a question, and nothing else; None for a yes or no.

        Raises IntentError where they are too many.
        """
        gap, pin = question.gap, self.pin
        if question.by_pin and pin is not None:
            return self._compiled(("", "", ()), lambda: digits(self.intents, pin.length))
        if gap is None:
            return None
        key = gap.match.intent, gap.slot, gap.choices
        return self._compiled(key, lambda: answers_to(self.intents, gap))

    def slot(self, question: Question, text: str, where: Circumstances) -> Slot | None:
        """Return what a text fills the gap with; None where it is no answer."""
        graph, gap = self.graph(question), question.gap
        if graph is None or gap is None:
            return None
        for match in graph.understand(text, where)[:1]:
            for slot in match.slots:
                if slot.name == gap.slot:
                    return self._named(gap, slot)
        return None

    def is_pin(self, question: Question, text: str) -> bool | None:
        """Tell whether a text is the owner's number; None where it is no number at all."""
        if self.pin is None:
            return False
        said = re.sub(r"[\s.-]", "", text)
        if not said.isdecimal():
            graph = self.graph(question)
            matches = graph.understand(text) if graph is not None else ()
            if not matches:
                return None
            said = "".join(str(slot.value) for slot in matches[0].slots)
        return self.pin.accepts(said)

    def _named(self, gap: Gap, slot: Slot) -> Slot:
        """Give what was chosen its full name."""
        return next((one for one in gap.choices if one.value == slot.value), slot)

    def _compiled(
        self, key: tuple[str, str, tuple[Slot, ...]], intents: Callable[[], IntentSet]
    ) -> IntentGraph:
        if key not in self._graphs:
            if len(self._graphs) > MAXIMUM_KEPT:
                self._graphs.clear()
            self._graphs[key] = compile_intents(intents())
        return self._graphs[key]


MAXIMUM_KEPT = 20
"""Questions whose answers are kept compiled."""


def chosen(answer: str | None, match: Match, count: int) -> int | None:
    """Which of so many is meant, -1 where that is not told; None where it is no answer.

    ``answer`` is the action of the intent that was said.
    """
    if answer == YES:
        return 0 if count == 1 else -1
    if answer != CHOOSE:
        return None
    number = match.values().get("number")
    return number - 1 if isinstance(number, int) and number <= count else -1
