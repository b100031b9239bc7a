"""What the owner's files say: the meaning of words, and the words of answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from assistant.events import Event, NotUnderstood, TimerDue, Understood
from assistant.intents.matcher import IntentGraph
from assistant.intents.model import BuiltinCall, Command, IntentSet
from assistant.speech.responses import Pick, choose_reply, response
from assistant.turn import ActionResult, Match, Transcript

EXAMPLES = 5


@dataclass(frozen=True)
class Understanding:
    """The intents in force. ``pick`` chooses one of several replies."""

    intents: IntentSet
    graph: IntentGraph
    minimum_confidence: float
    pick: Pick

    def understand(self, transcript: Transcript) -> Event:
        """Find the meaning: Understood or NotUnderstood. The likeliest text that parses wins."""
        if not transcript.text:
            return NotUnderstood("")
        if transcript.confidence < self.minimum_confidence:
            return NotUnderstood(transcript.text, rejected=True)
        for text in (transcript.text, *transcript.alternatives):
            match = self.graph.match(text)
            if match is not None:
                return Understood(match)
        return NotUnderstood(transcript.text)

    def action_of(self, match: Match) -> BuiltinCall | Command | None:
        """Tell what the intent does."""
        return self.intents.intents[match.intent].action

    def reply(self, match: Match, result: ActionResult) -> str:
        """Put what came of an action into words; '' for nothing to say."""
        intent = self.intents.intents[match.intent]
        language = self.intents.language
        return choose_reply(intent, result, match.values(), locale=language, pick=self.pick)

    def respond(self, key: str, values: Mapping[str, Any] | None = None) -> str:
        """Say one of the assistant's own sentences."""
        return response(self.intents, key, values, locale=self.intents.language, pick=self.pick)

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
        helps = [intent.help for intent in self.intents.intents.values() if intent.help]
        chosen = [helps.pop(self.pick(len(helps))) for _ in range(min(EXAMPLES, len(helps)))]
        return tuple(chosen)
