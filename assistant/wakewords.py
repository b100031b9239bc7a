"""The wake words in force, and what each of them opens: a domain, or a command at once.

A domain is what can be said after a wake word, and what it means: all intents of a language, or
some of them. Words that say nothing of it open the default one, which is also that of typed text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.config import Settings, WakeSettings, WordEntry

DEFAULT = ""
"""The name of the default domain."""


@dataclass(frozen=True, slots=True)
class DomainSettings:
    """A language, and names of intents or of files with intents; none are all of the language."""

    language: str
    intents: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """How it is called, beside the default one."""
        return f"{self.language}: {', '.join(self.intents)}" if self.intents else self.language


@dataclass(frozen=True, slots=True)
class WordSettings:
    """A wake word, with everything that was left out filled in.

    ``threshold`` is the score at which it counts as said; None is as ``sensitivity`` has it.

    ``phrase`` is how it is spoken. ``domain`` is the name of what it opens, unless it is itself the
    ``command``.
    """

    name: str
    phrase: str
    model: Path | None
    threshold: float | None
    sensitivity: float
    patience_chunks: int
    domain: str
    command: str

    @property
    def opens(self) -> str:
        """What it does, in a word or two; '' for the default."""
        return f"'{self.command}'" if self.command else self.domain


def wake_words(settings: Settings) -> tuple[WordSettings, ...]:
    """Return the wake words, in the order of the file."""
    wake = settings.wake
    words = wake.words or {wake.word: WordEntry()}
    return tuple(
        WordSettings(
            name=name,
            phrase=_spoken(word.phrase or name),
            model=word.model or wake.model,
            threshold=_threshold(word, wake),
            sensitivity=wake.sensitivity if word.sensitivity is None else word.sensitivity,
            patience_chunks=word.patience_chunks or wake.patience_chunks,
            domain=_name(_domain(word, settings), settings),
            command=word.command or "",
        )
        for name, word in words.items()
    )


def domain_settings(settings: Settings) -> dict[str, DomainSettings]:
    """Return the domains by name; the default one is the first."""
    default = DomainSettings(settings.intents.language)
    others = (_domain(word, settings) for word in settings.wake.words.values())
    return {DEFAULT: default} | {_name(one, settings): one for one in others}


def languages(settings: Settings) -> tuple[str, ...]:
    """Return every language that is spoken, that of the default domain first."""
    return tuple(dict.fromkeys(one.language for one in domain_settings(settings).values()))


def wake_phrases(words: Sequence[WordSettings], domain: str) -> tuple[str, ...]:
    """Return what may be left of the words that open a domain before a command.

    A command in one breath with the word is cut from the sound so that it begins with the word or
    with the last part of it.
    """
    mine = (word for word in words if word.domain == domain and not word.command)
    opening = [word.phrase for word in mine if word.phrase]
    return tuple(dict.fromkeys(part for one in opening for part in (one, one.split()[-1])))


def _threshold(word: WordEntry, wake: WakeSettings) -> float | None:
    """Return the word's own threshold; that of all is none for a word with a sensitivity."""
    if word.threshold is not None or word.sensitivity is not None:
        return word.threshold
    return wake.threshold


def _domain(word: WordEntry, settings: Settings) -> DomainSettings:
    language = word.language or settings.intents.language
    return DomainSettings(language, tuple(sorted(set(word.intents))))


def _name(domain: DomainSettings, settings: Settings) -> str:
    return DEFAULT if domain == DomainSettings(settings.intents.language) else domain.title


def _spoken(phrase: str) -> str:
    return " ".join(phrase.replace("_", " ").replace("-", " ").lower().split())
