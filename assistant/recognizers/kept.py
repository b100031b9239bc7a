"""What recognizers make of grammars, and keep of those that were used last."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Generic, TypeVar

from assistant.errors import EngineError
from assistant.memory import give_back_memory

if TYPE_CHECKING:
    from assistant.ports import Grammar
    from assistant.recognizers.pronunciation import Guess, Phones

log = logging.getLogger(__name__)

Made = TypeVar("Made")

USUAL = 2
"""Commands, and commands with answers: the pipeline changes from one to the other and back."""


class KeptGrammars(Generic[Made]):
    """Makes what a grammar needs, and keeps that of the ``most`` that were used last."""

    def __init__(self, make: Callable[[Grammar], Made], most: int) -> None:
        self._make = make
        self._most = most
        self._kept: tuple[tuple[Grammar, Made], ...] = ()

    @property
    def in_use(self) -> Made:
        """What belongs to the grammar that was used last."""
        if not self._kept:
            raise RuntimeError("use() a grammar before hearing anything")
        return self._kept[-1][1]

    def use(self, grammar: Grammar) -> Made:
        """Use a grammar from now on."""
        made = self.of(grammar)
        if made is None:
            made = self._make(grammar)
        others = tuple(one for one in self._kept if one[0] is not grammar)
        self._kept = (*others, (grammar, made))[-self._most :]
        return made

    def drop(self, grammar: Grammar) -> None:
        """Keep nothing of a grammar, and give its memory back to the system."""
        if self.of(grammar) is not None:
            self._kept = tuple(one for one in self._kept if one[0] is not grammar)
            # The next grammar, made by the audio thread, would take new memory beside that of this
            # one, which the main thread made.
            give_back_memory()

    def of(self, grammar: Grammar) -> Made | None:
        """Return what is kept of a grammar; any thread may ask."""
        return next((made for one, made in self._kept if one is grammar), None)


def willing(guess: Guess) -> Guess:
    """Guess, or else guess nothing, and say why in the log."""

    def guessed(words: Collection[str]) -> Mapping[str, Phones]:
        try:
            return guess(words)
        except EngineError as error:
            log.warning("%s", error)
            return {}

    return guessed
