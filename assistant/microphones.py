"""The microphones in force, with everything that was left out filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.config import Settings
from assistant.intents.model import Data
from assistant.wakewords import WordSettings, wake_words


@dataclass(frozen=True, slots=True)
class Microphone:
    """One of them: its name ('' of the only one), the device or file, and what is said to it.

    ``context`` are the circumstances of that, such as the area; ``words`` the wake words that it
    listens for.
    """

    name: str
    source: str
    context: Mapping[str, Data]
    words: Sequence[WordSettings]


def microphones(settings: Settings) -> tuple[Microphone, ...]:
    """Return the microphones, in the order of the file."""
    words, everywhere = wake_words(settings), settings.intents.context
    several = settings.audio.microphones
    if not several:
        return (Microphone("", settings.audio.source, everywhere, words),)
    return tuple(
        Microphone(
            name,
            one.source,
            {**everywhere, **one.context},
            tuple(word for word in words if word.name in one.words or not one.words),
        )
        for name, one in several.items()
    )


def contexts(settings: Settings) -> dict[str, Mapping[str, Data]]:
    """Return the circumstances of what is said to each of several microphones, by its name."""
    return {one.name: one.context for one in microphones(settings) if one.name}
