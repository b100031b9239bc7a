"""``wake-calibration``: how often each packaged wake word is heard in speech that has none of them.

Prints the constants of ``assistant/wake/packaged.py``.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import numpy as np

from assistant.audio.frames import CHUNK_SAMPLES, SAMPLE_RATE, Samples
from assistant.measuring.noise import mix, pink
from assistant.measuring.voices import find_voices, speak
from assistant.ports import WakeWord
from assistant.recognizers.dictionary import packaged_dictionary
from assistant.wake.activity import ActivityGate
from assistant.wake.bundle import load_bundle
from assistant.wake.calibration import Calibration, fit
from assistant.wake.features import SpeechEmbedding
from assistant.wake.microwakeword import MicroWakeWord
from assistant.wake.openwakeword import OpenWakeWord
from assistant.wake.words import load_word
from scripts.benchmarks.progress import track
from scripts.benchmarks.tables import Report, Table

SEED = 7
WORDS_A_SENTENCE = (4, 12)
DECIBELS = 10.0
PEAK_CHUNKS = 25
"""A peak is the highest score of two seconds."""
OPENWAKEWORD = ("alexa", "hey_jarvis", "hey_marvin", "hey_mycroft")
MICROWAKEWORD = ("alexa", "hey_jarvis", "hey_mycroft", "okay_nabu")


def measure(hours: float = 3.0) -> Report:
    """Speak for so long, every other sentence in noise, and keep the highest scores."""
    features = SpeechEmbedding(load_bundle())
    engines: dict[str, WakeWord] = {
        "openwakeword": OpenWakeWord(
            {name: load_word(name) for name in OPENWAKEWORD}, features, ActivityGate()
        ),
        "microwakeword": MicroWakeWord(dict.fromkeys(MICROWAKEWORD)),
    }
    scores: dict[str, list[dict[str, float]]] = {name: [] for name in engines}
    chunks = round(hours * 3600 * SAMPLE_RATE / CHUNK_SAMPLES)
    for chunk in track(_chunks(chunks), "chunks", chunks):
        for name, engine in engines.items():
            scores[name].append(dict(engine.scores(chunk)))
    found = {
        name: {word: fit(_peaks(heard, word), hours) for word in engines[name].names}
        for name, heard in scores.items()
    }
    introduction = (
        f"{hours:g} hours of random dictionary words by {len(find_voices('en'))} synthetic voices, "
        f"every other sentence in pink noise of {DECIBELS:.0f} dB. The tail of the 40 highest "
        "peaks of two seconds is taken to fall off exponentially with the log-odds; thresholds are "
        "what `sensitivity` then stands for."
    )
    rows = tuple(
        (f"{engine}, {word}", f"{one.intercept:.2f}", f"{one.slope:.2f}", *_thresholds(one))
        for engine, words in found.items()
        for word, one in words.items()
    )
    columns = ("word", "intercept", "slope", "sensitivity 0", "0.5", "1")
    return Report(
        "wake-calibration",
        "Sensitivity of the packaged wake words",
        (introduction, Table(columns, rows)),
        {"hours": hours, "words": {engine: _plain(words) for engine, words in found.items()}},
    )


def _chunks(count: int) -> Iterator[Samples]:
    chosen, noise = random.Random(SEED), np.random.default_rng(SEED)
    lines = packaged_dictionary().path.read_text(encoding="utf-8").splitlines()
    dictionary = [word for word in (line.partition(" ")[0] for line in lines) if word.isalpha()]
    voices = find_voices("en")
    left = np.zeros(0, dtype=np.int16)
    sentences = 0
    while count:
        text = " ".join(chosen.sample(dictionary, chosen.randint(*WORDS_A_SENTENCE)))
        spoken = speak(text, voices[sentences % len(voices)], noise)
        if sentences % 2:
            spoken = mix(spoken, pink(len(spoken), noise), DECIBELS, noise)
        sentences += 1
        left = np.concatenate((left, spoken))
        while count and len(left) >= CHUNK_SAMPLES:
            yield left[:CHUNK_SAMPLES]
            left = left[CHUNK_SAMPLES:]
            count -= 1


def _peaks(heard: list[dict[str, float]], word: str) -> list[float]:
    each = [one.get(word, 0.0) for one in heard]
    return [max(each[at : at + PEAK_CHUNKS]) for at in range(0, len(each), PEAK_CHUNKS)]


def _thresholds(one: Calibration) -> tuple[str, ...]:
    return tuple(f"{one.threshold(sensitivity):.2f}" for sensitivity in (0.0, 0.5, 1.0))


def _plain(words: dict[str, Calibration]) -> dict[str, Any]:
    return {word: {"intercept": one.intercept, "slope": one.slope} for word, one in words.items()}
