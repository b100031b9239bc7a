"""``german``: whether a network that espeak-ng has taught German understands people.

There is no German speech to test with but words that two people said for children's programs, so
the same is done with English words of the same programs and the shipped network, which says what
such words are worth as a test.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np

from assistant.audio.frames import SAMPLE_RATE
from assistant.config import Settings
from assistant.embedding.bundle import load_bundle
from assistant.embedding.features import SpeechEmbedding
from assistant.engines import load_understanding, spoken_grammar
from assistant.measuring.clips import everyday
from assistant.measuring.noise import Signal, mix, pink
from assistant.ports import Grammar
from assistant.recognizers.dictionary import Lexicon, packaged_dictionary
from assistant.recognizers.grammar import make_grammar
from assistant.recognizers.phones.decoder import Decoder
from assistant.recognizers.phones.features import MidFrames
from assistant.recognizers.phones.graph import PhoneGraph
from assistant.recognizers.phones.model import load_model
from assistant.recognizers.phones.models import SHIPPED
from assistant.recognizers.phones.network import INVENTORY, PhoneNetwork
from assistant.recognizers.phones.training.learner import Learner, Recipe
from assistant.recognizers.phones.training.lesson import Vocabulary, examples, texts
from assistant.recognizers.phones.training.timing import Timer
from assistant.recognizers.pronunciation import Phones
from assistant.wake.training.augmentation import to_16_bits
from assistant.wake.training.voices import find_voices
from scripts.benchmarks.germansounds import PLACES, STRANGE, beginning, ways, written
from scripts.benchmarks.progress import track
from scripts.benchmarks.spokenwords import Word, english, german, samples_of
from scripts.benchmarks.stock import NO_FOLDERS
from scripts.benchmarks.tables import Report, Share, Table

LESSON = 2_400
"""Sentences of espeak-ng's."""
IN_A_ROW = 3
ROWS = 500
HEARD_ROWS = 150
NOISE_DB = 12.0
QUIET = int(0.4 * SAMPLE_RATE)
BETWEEN = int(0.15 * SAMPLE_RATE)
PEAK = 10_000.0
SEED = 3

Pronunciations = Mapping[str, Sequence[Phones]]


@dataclass(frozen=True)
class Said:
    """A sound, and the ways to write down what is said in it."""

    sound: Signal
    texts: tuple[str, ...]


def measure(share: Path, *, sentences: int = LESSON) -> Report:
    """Hear the words of both languages; ``share`` is /usr/share, or where packages are unpacked."""
    shipped = load_model(SHIPPED / "en.npz").network
    stream = MidFrames(SpeechEmbedding(load_bundle()))
    in_english, in_german = english(share), german(share)
    told = written(sorted(_words(in_german)))
    alike = {word: ways(ipa, STRANGE) for word, ipa in told.items()}
    known = {word: ways(ipa, PLACES) for word, ipa in told.items()}
    taught, hours = _taught(shipped, stream, sentences)
    networks: list[tuple[str, PhoneNetwork, list[Word], Pronunciations]] = [
        ("English, as shipped", shipped, in_english, _english(in_english)),
        ("German, written in English sounds, network as shipped", shipped, in_german, alike),
        ("German, network taught by espeak-ng's voice", taught, in_german, known),
    ]
    rows, figures = [], {}
    for name, network, words, pronunciations in networks:
        shares = _shares(network, stream, words, pronunciations)
        rows.append((name, *map(str, shares)))
        figures[name] = [share.value for share in shares]
    about = (
        f"Words that people said for two programs for children, one by one (of {len(in_german)} "
        f"German and {len(in_english)} English ones), and {IN_A_ROW} of a person in a row (one of "
        f"{ROWS} such rows), without noise and in pink noise of {NOISE_DB:.0f} dB. It is heard by "
        "the phone network alone, and only what is most likely counts. One person for each "
        "language and program says them. What is said was taken from the names of the files, and "
        "not listened to. The network that was taught has heard "
        f"{hours:.1f} hours of espeak-ng's German voice in its variants, with the shipped German "
        "intents, their words in disorder and some talk; some of the words are among them. "
        "Sentences of German that people said were not there to test with."
    )
    columns = ("", "words", "in noise", "in a row", "in noise")
    return Report("german", "A second language", (about, Table(columns, tuple(rows))), figures)


def _words(some: Sequence[Word]) -> set[str]:
    return {word for one in some for text in one.texts for word in text.split()}


def _english(words: Sequence[Word]) -> Pronunciations:
    return Lexicon(packaged_dictionary())(_words(words))


def _taught(shipped: PhoneNetwork, stream: MidFrames, sentences: int) -> tuple[PhoneNetwork, float]:
    """What learns on from the shipped network, and how many hours it has heard."""
    settings = Settings.model_validate({"intents": {"language": "de"}})
    grammar = spoken_grammar(load_understanding(settings, NO_FOLDERS))
    talk = {word for line in everyday("de") for word in line.split()}
    told = written(sorted({*grammar.words(), *talk}))
    vocabulary = Vocabulary({word: ways(ipa, PLACES) for word, ipa in told.items()}, {})
    random = np.random.default_rng(SEED)
    german_of_english = beginning(shipped)
    lesson = list(
        examples(
            track(texts([grammar], "de", sentences, random), "saying German", sentences),
            vocabulary,
            find_voices("de"),
            stream,
            random,
            timer=Timer(german_of_english, stream),
        )
    )
    learner = Learner(german_of_english, lesson, Recipe(), random)
    for _ in track(learner.learn(), "learning", learner.steps):
        pass
    return learner.network(), sum(len(one.frames) for one in lesson) * 0.04 / 3600


def _shares(
    network: PhoneNetwork, stream: MidFrames, words: Sequence[Word], said_as: Pronunciations
) -> list[Share]:
    """How many are right: words and rows of words, each without noise and in noise."""
    spoken = [(one, samples_of(one)) for one in words]
    rows = _in_a_row(spoken, np.random.default_rng(SEED))
    shares = []
    for some, heard in (
        ([Said(sound, word.texts) for word, sound in spoken], len(spoken)),
        (rows, HEARD_ROWS),
    ):
        grammar = _grammar({text for one in some for text in one.texts})
        graph = PhoneGraph.of(grammar, said_as, INVENTORY)
        for decibels in (None, NOISE_DB):
            random = np.random.default_rng(SEED)
            right = 0
            for one in some[:heard]:
                decoder = Decoder(graph, said_as)
                decoder.feed(network.posteriors(_frames(one.sound, stream, decibels, random)))
                right += any(best.text in one.texts for best in decoder.finish(1))
            shares.append(Share(right, len(some[:heard])))
    return shares


def _in_a_row(spoken: Sequence[tuple[Word, Signal]], random: np.random.Generator) -> list[Said]:
    """Some words of one person after each other, each as loud."""
    rows = []
    for _ in range(ROWS):
        first = spoken[random.integers(len(spoken))][0]
        of_speaker = [one for one in spoken if one[0].speaker == first.speaker]
        chosen = [of_speaker[n] for n in random.choice(len(of_speaker), IN_A_ROW, replace=False)]
        sounds = [np.pad(_loud(sound), (0, BETWEEN)) for _, sound in chosen]
        ways_to_write = product(*(word.texts for word, _ in chosen))
        rows.append(Said(np.concatenate(sounds), tuple(map(" ".join, ways_to_write))))
    return rows


def _loud(sound: Signal) -> Signal:
    return sound * (PEAK / float(np.max(np.abs(sound))))


def _frames(
    sound: Signal, stream: MidFrames, decibels: float | None, random: np.random.Generator
) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    samples = to_16_bits(np.pad(_loud(sound), (QUIET, QUIET)))
    if decibels is not None:
        samples = mix(samples, pink(len(samples), random), decibels, random)
    stream.start()
    return np.concatenate((stream.feed(samples), stream.rest()))


def _grammar(sentences: set[str]) -> Grammar:
    """Just these."""
    tree: list[dict[str, int]] = [{}]
    final = set()
    for sentence in sorted(sentences):
        state = 0
        for word in sentence.split():
            if word not in tree[state]:
                tree[state][word] = len(tree)
                tree.append({})
            state = tree[state][word]
        final.add(state)
    return make_grammar(tuple(tuple(sorted(one.items())) for one in tree), frozenset(final))
