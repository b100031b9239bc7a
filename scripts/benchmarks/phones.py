"""``phones``: what the phone recognizer adds to PocketSphinx, as shipped and after training.

PocketSphinx hears each clip once, in the pipeline; the phone recognizers hear the very utterances
that the pipeline cut out for it, and give their opinion on them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from assistant.audio.frames import SAMPLE_RATE, Samples
from assistant.embedding.bundle import load_bundle
from assistant.embedding.features import SpeechEmbedding
from assistant.engines import spoken_grammar
from assistant.ports import Grammar
from assistant.recognizers.combination import Opinion
from assistant.recognizers.dictionary import Lexicon, packaged_dictionary
from assistant.recognizers.phones.features import MidFrames
from assistant.recognizers.phones.fusion import PhoneJudge
from assistant.recognizers.phones.hypothesis import Weights
from assistant.recognizers.phones.model import Model, load_model
from assistant.recognizers.phones.models import SHIPPED
from assistant.recognizers.phones.network import PhoneNetwork
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
from scripts.benchmarks.coffee import NOISE_DECIBELS, Clip, Split
from scripts.benchmarks.hearing import ClipListener, Ears, in_noise
from scripts.benchmarks.progress import track
from scripts.benchmarks.tables import Report, Share, Table, percent

ACCEPTED_COMMANDS = 50
CONDITIONS = (None, *NOISE_DECIBELS)


@dataclass(frozen=True)
class Overheard:
    """What PocketSphinx was given of a clip, and what it heard."""

    clip: Clip
    before: Samples | None
    utterance: Samples
    heard: Transcript


class _Overhearing(PocketSphinxRecognizer):
    """Keeps the last utterance."""

    last: tuple[Samples | None, Samples, Transcript] | None = None

    def start(self, before: Samples | None = None) -> None:
        """Keep what is before."""
        self._kept_before = before
        super().start(before)

    def finish(self, utterance: Samples) -> Transcript:
        """Keep it."""
        heard = super().finish(utterance)
        self.last = self._kept_before, utterance, heard
        return heard


def measure(
    data: Path, *, split: Split = "test", limit: int | None = None, jobs: int = 2
) -> Report:
    """Hear the orders of one half; accepted commands for training are of the other one."""
    other: Split = "dev" if split == "test" else "test"
    clean = coffee.commands(data, split, limit)
    overheard = _overhear([*clean, *in_noise(clean, NOISE_DECIBELS)], data, jobs)
    accepted = _overhear(coffee.commands(data, other, limit), data, jobs)
    judge = _Meanings(data)
    embedding = SpeechEmbedding(load_bundle())
    shipped = load_model(SHIPPED / "en.npz")
    recordings = _agreed(accepted, judge, shipped, embedding)[:ACCEPTED_COMMANDS]
    text, text_seconds = _timed(partial(_adapted, shipped, judge.grammar, embedding, ()))
    both, both_seconds = _timed(partial(_adapted, shipped, judge.grammar, embedding, recordings))
    variants: dict[str, PhoneNetwork] = {
        "as shipped": shipped.network,
        "after text": text.network,
        f"after text and {len(recordings)} commands": both.network,
    }
    rows = [("PocketSphinx", *shares(judge.right(one, one.heard.text) for one in overheard))]
    for name, network in variants.items():
        own, together, seconds = _opinions(network, embedding, judge, overheard)
        rows.append((f"phones, {name}", *shares(own)))
        rows.append((f"PocketSphinx and phones, {name}", *shares(together)))
    cost = seconds / sum(len(one.utterance) / SAMPLE_RATE for one in overheard)
    introduction = (
        f"{len(clean)} spoken coffee orders (the half '{split}'), clean and mixed with kitchen "
        "noise, understood rightly whatever the confidence; the mean is over the seven noises. "
        f"The {len(recordings)} commands are of the other half, and the words learnt with them are "
        "those that both recognizers heard, so nobody wrote down what was said; speakers of both "
        "halves may be the same. Nothing was trained for this grammar before."
    )
    about = (
        f"Training took {text_seconds:.0f} and {both_seconds:.0f} CPU seconds for "
        f"{text.hours:.1f} and {both.hours:.1f} hours of sound. The phone recognizer takes "
        f"{cost:.3f} CPU seconds for a second of an utterance, judging included."
    )
    columns = ("", "clean", *(f"{decibels} dB" for decibels in NOISE_DECIBELS), "mean in noise")
    return Report(
        "phones",
        "A recognizer of our own",
        (introduction, Table(columns, tuple(rows)), about),
        {row[0]: dict(zip(columns[1:], row[1:], strict=True)) for row in rows},
    )


class _Meanings:
    """Tells whether a text is what was meant."""

    def __init__(self, data: Path) -> None:
        ears = Ears("", PocketSphinxRecognizer, partial(coffee.understanding, data))
        self._listener = ClipListener(ears, data)
        self.grammar: Grammar = spoken_grammar(coffee.understanding(data))

    def right(self, one: Overheard, text: str) -> bool:
        """Whether the clip means this."""
        return self._listener.means(one.clip, text)


def _overhear(clips: Sequence[Clip], data: Path, jobs: int) -> list[Overheard]:
    with ProcessPoolExecutor(jobs) as pool:
        found = pool.map(_overhear_one, clips, [data] * len(clips), chunksize=8)
        return [one for one in track(found, "PocketSphinx", len(clips)) if one is not None]


_listener: list[tuple[ClipListener, _Overhearing]] = []  # of this process


def _overhear_one(clip: Clip, data: Path) -> Overheard | None:
    if not _listener:
        recognizer = _Overhearing()
        ears = Ears("", lambda: recognizer, partial(coffee.understanding, data))
        _listener.append((ClipListener(ears, data), recognizer))
    listener, recognizer = _listener[0]
    recognizer.last = None
    listener.hear(clip)
    if recognizer.last is None:
        return Overheard(clip, None, np.empty(0, dtype=np.int16), Transcript("", 0.0))
    return Overheard(clip, *recognizer.last)


def _opinions(
    network: PhoneNetwork,
    embedding: SpeechEmbedding,
    judge: _Meanings,
    overheard: Sequence[Overheard],
) -> tuple[list[bool], list[bool], float]:
    """Whether phones alone are right, and both together; and the CPU seconds."""
    phones = PhoneRecognizer(network, embedding)
    phones.use(judge.grammar)
    together = PhoneJudge(phones, first=False)
    own_right, both_right = [], []
    seconds = 0.0
    for one in overheard:
        began = time.process_time()
        phones.start(one.before)
        own = phones.finish(one.utterance)
        both = together(judge.grammar, Opinion(one.heard), Opinion(own))
        seconds += time.process_time() - began
        own_right.append(judge.right(one, own.text))
        both_right.append(judge.right(one, both.text))
    return own_right, both_right, seconds


def _agreed(
    accepted: Sequence[Overheard], judge: _Meanings, shipped: Model, embedding: SpeechEmbedding
) -> list[Recording]:
    """The commands that both heard alike, as they would be kept at home."""
    phones = PhoneRecognizer(shipped.network, embedding)
    phones.use(judge.grammar)
    agreed = []
    for one in accepted:
        phones.start(one.before)
        if one.heard.text and phones.finish(one.utterance).text == one.heard.text:
            agreed.append(Recording(one.utterance, one.heard.text))
    return agreed


def _adapted(
    shipped: Model, grammar: Grammar, embedding: SpeechEmbedding, recordings: Sequence[Recording]
) -> Adapted:
    words = vocabulary_words([grammar], "en")
    phones = pronounce(words, {}, Lexicon(packaged_dictionary()), no_guess).of_words
    return adapt(
        shipped.network,
        Task((grammar,), Vocabulary(phones, {}), "en", recordings),
        find_voices(),
        MidFrames(embedding),
        track,
        weights=Weights(),
    )


def _timed(work: Callable[[], Adapted]) -> tuple[Adapted, float]:
    began = time.process_time()
    return work(), time.process_time() - began


def shares(right: Sequence[bool] | Iterator[bool]) -> list[str]:
    """Of each condition, then the mean in noise; all have as many clips."""
    by_condition = np.array(list(right), dtype=float).reshape(len(CONDITIONS), -1)
    shares = [percent(Share(int(row.sum()), len(row)).value) for row in by_condition]
    return [*shares, percent(float(by_condition[1:].mean()))]
