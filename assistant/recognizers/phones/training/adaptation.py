"""Teaches a phone network an owner's commands, from their text alone or with recordings of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.audio.frames import Samples
from assistant.measuring.clips import everyday
from assistant.measuring.sentences import commands
from assistant.ports import Grammar
from assistant.recognizers.grammar import is_sentence
from assistant.recognizers.phones.decoder import Decoder
from assistant.recognizers.phones.features import MidFrames
from assistant.recognizers.phones.graph import PhoneGraph
from assistant.recognizers.phones.hypothesis import Weights
from assistant.recognizers.phones.network import INVENTORY, PhoneNetwork, between
from assistant.recognizers.phones.training.checking import Check, Sentence, check
from assistant.recognizers.phones.training.examples import Example, heard, joined, units_of
from assistant.recognizers.phones.training.learner import Learner, Recipe
from assistant.recognizers.phones.training.lesson import Vocabulary, examples, texts
from assistant.recognizers.phones.training.places import AGAIN, placed
from assistant.recognizers.phones.training.timing import Timer
from assistant.wake.training.material import Track
from assistant.wake.training.voices import Voices

CHECKED = 120
"""Of sentences so many are for the check, and as many of other speech."""
CHECKED_RECORDINGS = 10
"""Every tenth recording is not learnt from, but checked with."""
COPIES_OF_A_RECORDING = 9
"""So often is a recording also learnt from as it might have been elsewhere: people matter more."""
TEXT_SHARE = 0.5
"""How far synthesised speech alone moves the network: all the way it forgets some of what it knew
of people (M. Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022)."""


USUAL = Recipe()


@dataclass(frozen=True, slots=True)
class Recording:
    """Somebody who said these words."""

    samples: Samples
    text: str


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be learnt: the sentences of ``grammars``, and ``recordings`` of some of them."""

    grammars: Sequence[Grammar]
    vocabulary: Vocabulary
    language: str
    recordings: Sequence[Recording] = ()
    sentences: int = 1_200
    copies: int = 1
    recipe: Recipe = USUAL
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Adapted:
    """The network, and what it is worth beside the one before."""

    network: PhoneNetwork
    before: Check
    after: Check
    hours: float


def adapt(
    network: PhoneNetwork,
    task: Task,
    voices: Voices,
    stream: MidFrames,
    track: Track,
    *,
    weights: Weights,
    current: PhoneNetwork | None = None,
) -> Adapted:
    """Train ``network`` on with the task's sentences, and check it beside the ``current`` one.

    What is checked is not learnt: other sentences as far as there are some, said anew. The current
    one is ``network`` where nothing else is given.
    """
    random = np.random.default_rng(task.seed)
    checked = _checked(task, voices, stream, random, track)
    phones = task.vocabulary.phones
    graphs = [PhoneGraph.of(one, phones, INVENTORY) for one in task.grammars]

    def measure(candidate: PhoneNetwork) -> Check:
        return _total(
            check(candidate, Decoder(graph, phones, weights), some)
            for graph, some in zip(graphs, checked, strict=True)
        )

    timer = Timer(network, stream)
    said = texts(task.grammars, task.language, task.sentences, random)
    lesson = list(
        examples(
            track(said, "saying your sentences", len(said)),
            task.vocabulary,
            voices,
            stream,
            random,
            copies=task.copies,
            timer=timer,
        )
    )
    lesson += _of_recordings(task, stream, timer, random)
    learner = Learner(network, lesson, task.recipe, random)
    for _ in track(learner.learn(), "learning", learner.steps):
        pass
    share = 1.0 if task.recordings else TEXT_SHARE
    learnt = between(network, learner.network(), share)
    hours = sum(len(one.frames) for one in lesson) * 0.04 / 3600
    return Adapted(learnt, measure(current or network), measure(learnt), hours)


def _of_recordings(
    task: Task, stream: MidFrames, timer: Timer, random: np.random.Generator
) -> Iterator[Example]:
    """What is learnt from the recordings: each as it is, and as it might have been elsewhere."""
    learnt_from = [one for n, one in enumerate(task.recordings) if n % CHECKED_RECORDINGS]
    sounds = [one.samples for one in learnt_from]
    for one in learnt_from:
        words = one.text.split()
        if not all(task.vocabulary.phones.get(word) for word in words):
            continue
        spoken = units_of(words, task.vocabulary.phones)
        timing = timer.of_recording(one.samples, spoken)
        labels = timing.labels if timing is not None else None
        yield Example(heard(one.samples, stream), joined(spoken), labels)
        for _ in range(COPIES_OF_A_RECORDING):
            place = placed(one.samples.astype(np.float64), sounds, random, AGAIN)
            frames = heard(place.samples, stream)
            labels = timing.elsewhere(place, len(frames)) if timing is not None else None
            yield Example(frames, joined(spoken), labels)


def _checked(
    task: Task, voices: Voices, stream: MidFrames, random: np.random.Generator, track: Track
) -> list[list[Sentence]]:
    """For each grammar its sentences and other speech to check with."""

    def pick(most: int) -> int:
        return int(random.integers(most))

    recordings = task.recordings[::CHECKED_RECORDINGS]
    checked = []
    for grammar in task.grammars:
        count = CHECKED // len(task.grammars)
        own = commands([grammar], count, pick)
        talk = everyday(task.language)
        others = [talk[pick(len(talk))] for _ in range(count if talk else 0)]
        said = [text for text in (*own, *others) if task.vocabulary.spoken(text)]
        told = examples(
            track(said, "saying others to check with", len(said)),
            task.vocabulary,
            voices,
            stream,
            random,
        )
        sentences = [
            Sentence(example, text if is_sentence(grammar, text.split()) else "")
            for text, example in zip(said, told, strict=True)
        ]
        mine = [
            Sentence(Example(heard(one.samples, stream), ()), one.text)
            for one in recordings
            if is_sentence(grammar, one.text.split())
        ]
        checked.append([*sentences, *mine])
    return checked


def _total(checks: Iterable[Check]) -> Check:
    sentences = right = others = 0
    for one in checks:
        sentences += one.sentences
        right += one.right
        others += one.others
    return Check(sentences, right, others)


def vocabulary_words(grammars: Sequence[Grammar], language: str) -> list[str]:
    """All words that a task says: those of the grammars, and of talk."""
    words = {word for grammar in grammars for word in grammar.words()}
    words |= {word for line in everyday(language) for word in line.split()}
    return sorted(words)
