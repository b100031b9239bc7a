"""What the recognizers of the domains listen for: commands, or answers to a question as well.

Domains of one language have one recognizer. It changes grammars when a microphone is opened for
another domain, and again when the wake word is waited for. All microphones share one of these, in
turn (``floor``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from assistant.recognizers.grammar import (
    PrefixStatus,
    doubled,
    either,
    prefix_status,
    with_prefix,
    without_prefix,
)
from assistant.wakewords import DEFAULT, wake_phrases

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.ports import Grammar, Recognizer, StopListener, UnknownWord
    from assistant.wakewords import WordSettings

Grammars: TypeAlias = "tuple[Grammar, Grammar | None]"
"""What can be said, and what besides after a question."""


@dataclass(frozen=True, slots=True)
class _Domain:
    """What is heard in a domain; ``doubled`` are the commands, and two of them that are joined.

    ``phrases`` are how its wake words are spoken, heard and dropped when they begin a command.
    """

    recognizer: Recognizer
    phrases: tuple[str, ...]
    commands: Grammar
    doubled: Grammar
    answers: Grammar


class Hearing:
    """Recognizers by domain, and which of them hears what now.

    ``recognizers`` has one for the default domain, and for each that is given grammars.
    """

    def __init__(
        self, recognizers: Mapping[str, Recognizer], words: Sequence[WordSettings]
    ) -> None:
        self._recognizers = recognizers
        self._words = words
        self._domains: dict[str, _Domain] = {}
        self._used: dict[Recognizer, Grammar] = {}
        self._domain: _Domain | None = None
        self._grammar: Grammar | None = None
        self.recognizer = recognizers[DEFAULT]

    def use(self, grammars: Mapping[str, Grammars]) -> list[UnknownWord]:
        """Hear these from now on, by domain: the commands of the default one.

        Returns the words of commands that their recognizer cannot hear.
        """
        domains = {name: self._make(name, *both) for name, both in grammars.items()}
        self._drop_all()
        unknown: dict[UnknownWord, None] = {}
        # The default domain's commands are waited with, so they come last.
        for domain in sorted(domains.values(), key=lambda one: one is domains[DEFAULT]):
            unknown |= dict.fromkeys(domain.recognizer.use(domain.doubled))
            self._used[domain.recognizer] = domain.doubled
        self._domains = domains  # only now: another thread may listen for "stop"
        self.switch(DEFAULT)
        return list(unknown)

    def _drop_all(self) -> None:
        """Let go of the grammars of before, first: a recognizer needs 40 MB for each."""
        for domain in self._domains.values():
            used = self._used.pop(domain.recognizer, domain.commands)
            for grammar in (domain.doubled, domain.answers, used):
                domain.recognizer.drop(grammar)

    def switch(self, name: str, *, answers: bool = False, instead: Grammar | None = None) -> None:
        """Hear the commands of a domain, or those and ``answers``, or only what is ``instead``.

        A grammar that the recognizer does not keep takes it as long as two chunks on a Raspberry
        Pi.
        """
        domain = self._domains.get(name)
        if domain is None:
            return
        self._domain = domain
        self._grammar = domain.answers if answers else domain.commands
        self.recognizer = domain.recognizer
        heard = domain.answers if answers else domain.doubled
        if instead is not None:
            heard = self._grammar = with_prefix(instead, domain.phrases)
        if self._used.get(domain.recognizer) is not heard:
            self._used[domain.recognizer] = heard
            domain.recognizer.use(heard)

    def listen_for_stop(self, name: str) -> StopListener | None:
        """Make a listener for what cuts a reply short in the language of a domain.

        Any thread may ask for one, at any time; before there are grammars there is none.
        """
        domain = self._domains.get(name)
        return domain.recognizer.listen_for_stop(domain.doubled) if domain else None

    def without_wake_word(self, text: str) -> str:
        """Take the wake word off the beginning of what was heard."""
        return without_prefix(text, self._domain.phrases if self._domain else ())

    def status(self, text: str) -> PrefixStatus:
        """Say how far a text gets in what is listened for: one sentence, or a beginning."""
        if self._grammar is None:
            return PrefixStatus.BEGINNING
        return prefix_status(self._grammar, text.split())

    def _make(self, name: str, grammar: Grammar, answers: Grammar | None) -> _Domain:
        phrases = wake_phrases(self._words, name)
        both = grammar if answers is None else either(grammar, answers)
        commands = with_prefix(grammar, phrases)
        return _Domain(
            self._recognizers[name],
            phrases,
            commands,
            doubled(commands),
            with_prefix(replace(both, joining=()), phrases),
        )
