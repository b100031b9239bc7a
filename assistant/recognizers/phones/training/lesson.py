"""What is said to learn an owner's commands: their sentences, their words in disorder, and talk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.measuring.clips import everyday
from assistant.measuring.noise import Signal
from assistant.ports import Grammar
from assistant.recognizers.grammar import sample
from assistant.recognizers.phones.features import MidFrames
from assistant.recognizers.phones.training.examples import Example, heard, joined, units_of
from assistant.recognizers.phones.training.places import placed
from assistant.recognizers.phones.training.timing import Timer
from assistant.recognizers.pronunciation import Phones, said_as
from assistant.wake.training.voices import Voices, say

SENTENCES_SHARE, DISORDER_SHARE = 0.65, 0.2
"""The rest is talk. In disorder a word is learnt beside others than those of its sentences."""
MOST_DISORDER = 6
FLITE_SHARE = 0.7
"""Of the voices: those of flite, which are made from people, teach more than espeak-ng's many."""
TALKERS = 20
"""So many sentences are kept in mind, to be heard in the background of others."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How words sound; ``told`` is what to say for those that are not said as they are written."""

    phones: Mapping[str, Sequence[Phones]]
    told: Mapping[str, Sequence[str]]

    def spoken(self, sentence: str) -> str:
        """What to have a synthesizer say; '' for a sentence with a word that nobody can say."""
        if not all(self.phones.get(word) for word in sentence.split()):
            return ""
        return next(iter(said_as(sentence, self.told)), "")


def texts(
    grammars: Sequence[Grammar], language: str, count: int, random: np.random.Generator
) -> list[str]:
    """So many texts; those of the grammars are sampled, and may come more than once."""
    words = sorted({word for grammar in grammars for word in grammar.words()})
    talk = everyday(language)

    def pick(most: int) -> int:
        return int(random.integers(most))

    def text() -> str:
        kind = random.random()
        if kind < SENTENCES_SHARE or not talk:
            return sample(grammars[pick(len(grammars))], pick)
        if kind < SENTENCES_SHARE + DISORDER_SHARE:
            return " ".join(words[pick(len(words))] for _ in range(1 + pick(MOST_DISORDER)))
        return talk[pick(len(talk))]

    return [text() for _ in range(count)]


def examples(
    said: Iterable[str],
    vocabulary: Vocabulary,
    voices: Voices,
    stream: MidFrames,
    random: np.random.Generator,
    *,
    copies: int = 1,
    timer: Timer | None = None,
) -> Iterator[Example]:
    """Have each text said by some voice, in as many places; those that nobody can say left out.

    With a ``timer`` it is told when each phone is said.
    """
    talk: list[Signal] = []
    for text in said:
        spoken = vocabulary.spoken(text)
        if not spoken:
            continue
        signal = say(spoken, voices, random, flite_share=FLITE_SHARE)
        talk = [*talk, signal][-TALKERS:]
        words = units_of(text.split(), vocabulary.phones)
        timing = timer.of_said(signal, words) if timer is not None else None
        for _ in range(copies):
            place = placed(signal, talk, random)
            frames = heard(place.samples, stream)
            labels = timing.elsewhere(place, len(frames)) if timing is not None else None
            yield Example(frames, joined(words), labels)
