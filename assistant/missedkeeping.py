"""Keeps what was not understood, and what was meant instead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from assistant.errors import StateError
from assistant.events import (
    Event,
    NearlyUnderstood,
    PartFailed,
    TurnEnded,
    Understood,
)
from assistant.ports import Emit
from assistant.turn import Outcome

PART = "missed sentences"


class MissedStore(Protocol):
    """Where they survive a restart. Both methods raise StateError when they cannot."""

    def add_missed(self, text: str, meant: str, now: datetime, most: int) -> None:
        """Note a sentence; of more than ``most`` the oldest are forgotten."""
        ...

    def forget_missed(self, numbers: tuple[int, ...] = ()) -> int:
        """Forget some, by their numbers, or all; returns how many there were."""
        ...


class MissedKeeper:
    """Takes every event, and notes the ``most`` sentences that were last missed.

    With none to be kept, those of before are erased. What is secret never comes here: the
    conversation's events do not have it.
    """

    def __init__(
        self, store: MissedStore, most: int, now: Callable[[], datetime], emit: Emit
    ) -> None:
        self._store = store
        self._most = most
        self._now = now
        self._emit = emit
        self._nearly: NearlyUnderstood | None = None
        self._said = ""
        if not most:
            self._try(self._store.forget_missed)

    def take(self, event: Event) -> None:
        """Take an event; what cannot be noted is told, and nothing else fails for it."""
        match event:
            case NearlyUnderstood():
                self._nearly = event
            case Understood(text):
                self._take_meaning(event)
                self._said, self._nearly = text, None
            case TurnEnded(record):
                text = record.transcript or record.text or ""
                if record.outcome is Outcome.NOT_UNDERSTOOD and text:
                    self._note(text)

    def _take_meaning(self, event: Understood) -> None:
        nearly = self._nearly
        if nearly is not None and event.matches in nearly.commands:
            meant = nearly.sentences[nearly.commands.index(event.matches)]
            if meant != nearly.text:
                self._note(nearly.text, meant)
        elif event.instead and self._said:
            self._note(self._said, " and ".join(match.text for match in event.matches))

    def _note(self, text: str, meant: str = "") -> None:
        if self._most:
            self._try(lambda: self._store.add_missed(text, meant, self._now(), self._most))

    def _try(self, do: Callable[[], object]) -> None:
        try:
            do()
        except StateError as error:
            self._emit(PartFailed(PART, str(error)))
