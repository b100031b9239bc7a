"""What PocketSphinx hears of clips in the pipeline, and phone recognizers of the same utterances.

PocketSphinx hears each clip once; whatever phone network there is then gives its opinion on the
very utterance that the pipeline cut out.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from assistant.audio.frames import Samples
from assistant.config import Settings
from assistant.embedding.features import SpeechEmbedding
from assistant.engines import spoken_grammar
from assistant.ports import Grammar
from assistant.recognizers.combination import Opinion
from assistant.recognizers.dictionary import Lexicon, packaged_dictionary
from assistant.recognizers.phones.confidence import fit
from assistant.recognizers.phones.features import MidFrames
from assistant.recognizers.phones.fusion import SURE_ALONE, Candidate, PhoneJudge, log_odds
from assistant.recognizers.phones.hypothesis import Weights
from assistant.recognizers.phones.model import Model
from assistant.recognizers.phones.recognizer import PhoneRecognizer
from assistant.recognizers.phones.training.adaptation import (
    Adapted,
    Recording,
    Task,
    adapt,
    vocabulary_words,
)
from assistant.recognizers.phones.training.lesson import Vocabulary
from assistant.recognizers.pocketsphinx import PocketSphinxRecognizer
from assistant.recognizers.pronunciation import no_guess, pronounce
from assistant.turn import Transcript
from assistant.wake.training.voices import find_voices
from scripts.benchmarks import coffee
from scripts.benchmarks.coffee import Clip
from scripts.benchmarks.hearing import ClipListener, Ears
from scripts.benchmarks.progress import track
from scripts.benchmarks.workers import workers

ACT = Settings().recognizer.act_confidence


@dataclass(frozen=True)
class Overheard:
    """What PocketSphinx was given of a clip, and what it heard."""

    clip: Clip
    before: Samples | None
    utterance: Samples
    heard: Transcript


@dataclass(frozen=True)
class Opinions:
    """What a phone recognizer heard of it, and what is ``judged`` of both.

    ``candidates`` are what was chosen from, what it heard by itself first; ``fit`` is of that, in
    nats a phone, and None where it heard nothing.
    """

    of: Overheard
    own: Transcript
    judged: Transcript
    candidates: tuple[Candidate, ...]
    cpu_seconds: float

    @property
    def both(self) -> Transcript:
        """What is believed, as it is in use: PocketSphinx alone where that is sure."""
        return self.of.heard if self.of.heard.confidence >= SURE_ALONE else self.judged

    @property
    def fit(self) -> float | None:
        """How well what it heard fits."""
        return fit(self.candidates[0].sentence) if self.candidates else None

    @property
    def odds(self) -> float:
        """The log-odds of PocketSphinx."""
        return log_odds(self.of.heard.confidence)


class Meanings:
    """Tells whether a text is what was meant."""

    def __init__(self, data: Path) -> None:
        ears = Ears("", PocketSphinxRecognizer, partial(coffee.understanding, data))
        self._listener = ClipListener(ears, data)
        self.grammar: Grammar = spoken_grammar(coffee.understanding(data))

    def right(self, one: Overheard, text: str) -> bool:
        """Whether the clip means this."""
        return self._listener.means(one.clip, text)


class _Overhearing(PocketSphinxRecognizer):
    """Keeps what it hears."""

    def __init__(self) -> None:
        super().__init__()
        self.overheard: list[tuple[Samples | None, Samples, Transcript]] = []

    def start(self, before: Samples | None = None) -> None:
        """Keep what is before."""
        self._kept_before = before
        super().start(before)

    def finish(self, utterance: Samples) -> Transcript:
        """Keep it."""
        heard = super().finish(utterance)
        self.overheard.append((self._kept_before, utterance, heard))
        return heard


def overhear(clips: Sequence[Clip], data: Path, jobs: int) -> list[Overheard]:
    """Have PocketSphinx hear the clips, in several processes."""
    with workers(jobs) as pool:
        found = pool.map(_overhear_one, clips, [data] * len(clips), chunksize=8)
        return list(track(found, "PocketSphinx", len(clips)))


_listener: list[tuple[ClipListener, _Overhearing]] = []  # of this process


def _overhear_one(clip: Clip, data: Path) -> Overheard:
    if not _listener:
        recognizer = _Overhearing()
        ears = Ears("", lambda: recognizer, partial(coffee.understanding, data))
        _listener.append((ClipListener(ears, data), recognizer))
    listener, recognizer = _listener[0]
    recognizer.overheard.clear()
    listener.hear(clip)
    if not recognizer.overheard:
        return Overheard(clip, None, np.empty(0, dtype=np.int16), Transcript("", 0.0))
    return Overheard(clip, *recognizer.overheard[-1])


def opinions(
    model: Model, embedding: SpeechEmbedding, grammar: Grammar, overheard: Sequence[Overheard]
) -> Iterator[Opinions]:
    """Have a phone recognizer hear the same utterances."""
    phones = PhoneRecognizer(model.network, embedding, recordings=model.recordings)
    phones.use(grammar)
    judge = PhoneJudge(phones, first=False)
    for one in overheard:
        began = time.process_time()
        phones.start(one.before)
        own = phones.finish(one.utterance)
        judged = judge(grammar, Opinion(one.heard), Opinion(own))
        seconds = time.process_time() - began
        candidates = tuple(judge.candidates(grammar, Opinion(one.heard)) if own.text else ())
        yield Opinions(one, own, judged, candidates, seconds)


def accepted(heard: Sequence[Opinions], most: int) -> list[Recording]:
    """The first of the commands that would be acted on, with the words that were heard."""
    recordings = [
        Recording(one.of.utterance, one.both.text) for one in heard if one.both.confidence >= ACT
    ]
    return recordings[:most]


def adapted(
    shipped: Model, grammar: Grammar, embedding: SpeechEmbedding, recordings: Sequence[Recording]
) -> tuple[Model, Adapted]:
    """Do what ``assistant train`` does."""
    words = vocabulary_words([grammar], "en")
    phones = pronounce(words, {}, Lexicon(packaged_dictionary()), no_guess).of_words
    task = Task((grammar,), Vocabulary(phones, {}), "en", recordings)
    stream = MidFrames(embedding)
    done = adapt(shipped.network, task, find_voices(), stream, track, weights=Weights())
    return Model(done.network, shipped.embedding, {"recordings": len(recordings)}), done
