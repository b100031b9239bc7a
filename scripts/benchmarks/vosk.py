"""``vosk``: what the tests' Vosk model costs, and how well it hears voices it was not trained with.

It is a fixture: the figures say that the tests run a real recognizer cheaply, and nothing of how
Vosk hears people.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.audio.frames import CHUNK_SAMPLES, Samples
from assistant.config import Settings
from assistant.recognizers.grammar import compile_grammar, sample
from assistant.recognizers.vosk import VoskRecognizer
from scripts.benchmarks.machine import resident_megabytes
from scripts.benchmarks.progress import track
from scripts.benchmarks.tables import Report, Share, Table
from scripts.voskmodel import measuring, speech
from scripts.voskmodel.sentences import OTHER_SENTENCES, whole_graph
from scripts.voskmodel.settings import SAMPLE_RATE
from scripts.voskmodel.speech import Cast

SENTENCES = 60
SEED = 7
CASTS = {"espeak-ng": speech.HELD_OUT_ESPEAK, "flite": speech.HELD_OUT}


@dataclass(frozen=True)
class Heard:
    """How many of some sentences came back, how many were believed, and the CPU time of it."""

    right: int
    believed: int
    cpu_seconds: float
    audio_seconds: float


def measure(model: Path) -> Report:
    """Load it, have it hear commands and other speech, each by voices of its own."""
    before, began = resident_megabytes(), time.process_time()
    recognizer = VoskRecognizer(model)
    loaded = time.process_time() - began
    grammar = compile_grammar(whole_graph())
    recognizer.use(grammar)
    random = np.random.default_rng(SEED)
    commands = [
        sample(grammar, lambda count: int(random.integers(count))) for _ in range(SENTENCES)
    ]
    errors, rows, figures = {}, [], {}
    for name, cast in track(CASTS.items(), "voices", len(CASTS)):
        errors[name] = measuring.measure(model, measuring.held_out(cast, SENTENCES, SEED))
        said, other = (hear(recognizer, texts, cast) for texts in (commands, OTHER_SENTENCES))
        right, believed = (
            Share(said.right, len(commands)),
            Share(other.believed, len(OTHER_SENTENCES)),
        )
        cpu = (said.cpu_seconds + other.cpu_seconds) / (said.audio_seconds + other.audio_seconds)
        rate = f"{errors[name].rate * 100:.1f} %"
        rows.append((name, rate, str(right), str(believed), f"{cpu:.3f} s"))
        figures[name] = {
            "word_error_rate": round(errors[name].rate, 4),
            "right": right.plain(),
            "other_speech_believed": believed.plain(),
            "cpu_seconds_a_second": round(cpu, 4),
        }
    added = resident_megabytes() - before
    columns = (
        "voices",
        "word error rate",
        "commands right",
        "other speech believed",
        "CPU a second",
    )
    return Report(
        "vosk",
        "The tests' Vosk model",
        (_introduction(loaded, added), Table(columns, tuple(rows))),
        {"load_cpu_seconds": round(loaded, 3), "added_megabytes": round(added, 1), **figures},
    )


def _introduction(loaded: float, added: float) -> str:
    return (
        "A fixture of scripts/make-vosk-model, and no recognizer for people: these figures tell "
        f"nothing of Vosk's own models. Loading takes {loaded:.2f} s of CPU, libvosk included; it "
        f"and all that is heard here add {added:.0f} MB (VmRSS). The voices were not trained with: "
        f"{len(speech.HELD_OUT_VARIANTS)} variants of espeak-ng, and flite's rms. Word errors are "
        f"of {SENTENCES} made-up commands, any word after any other. 'Commands right' are "
        f"{SENTENCES} sentences with the grammar of all of them, word for word; 'other speech' are "
        f"{len(OTHER_SENTENCES)} sentences of other words, believed when their confidence is "
        f"{Settings().recognizer.act_confidence} (`recognizer.act_confidence`) or more. In "
        "brackets the 95 % interval (Wilson). CPU is by the second of speech."
    )


def hear(recognizer: VoskRecognizer, texts: Sequence[str], cast: Cast) -> Heard:
    """Have these sentences said and heard with the grammar in use."""
    minimum = Settings().recognizer.act_confidence
    right = believed = 0
    cpu_seconds = audio_seconds = 0.0
    for index, text in enumerate(texts):
        signal = speech.speak(text, cast, np.random.default_rng([SEED, index]))
        samples: Samples = np.rint(signal).astype(np.int16)
        began = time.process_time()
        recognizer.start()
        for at in range(0, len(samples), CHUNK_SAMPLES):
            recognizer.feed(samples[at : at + CHUNK_SAMPLES])
        transcript = recognizer.finish(samples)
        cpu_seconds += time.process_time() - began
        audio_seconds += len(samples) / SAMPLE_RATE
        right += transcript.text == text
        believed += bool(transcript.text) and transcript.confidence >= minimum
    return Heard(right, believed, cpu_seconds, audio_seconds)
