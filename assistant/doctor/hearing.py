"""Wake word and recognizer, tried on sentences that a synthesizer speaks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.audio.frames import CHUNK_SAMPLES, SAMPLE_RATE
from assistant.audio.resampling import Resampler, to_frames
from assistant.doctor.findings import Finding, good, warning
from assistant.events import Event, Transcribed, Understood, WakeDetected
from assistant.intents.words import base_language
from assistant.speech.synthesizers import EspeakSynthesizer
from assistant.turn import Transcript
from assistant.wakewords import DEFAULT, wake_words

if TYPE_CHECKING:
    from assistant.audio.frames import Samples
    from assistant.dialogue.understanding import Understanding
    from assistant.doctor.patient import Patient

VOICES = ("en-gb", "en-us", "en-gb-x-rp")
LEAD_SECONDS, TAIL_SECONDS = 1.5, 2.5
LEAST_WORDS, MOST = 3, 4
ROOM_STEPS = 8
"""A little noise before and after: no room is digital silence."""


def wake_word(patient: Patient) -> Iterator[Finding]:
    """Have the first wake word spoken by several voices, and see whether one of them is heard."""
    name, word = "wake word", wake_words(patient.settings)[0]
    for voice in VOICES:
        patient.pipeline.begin()
        for event in _heard(patient, word.phrase, voice):
            if isinstance(event, WakeDetected):
                score = event.wake.score
                yield good(name, f"'{word.phrase}', spoken by espeak-ng, is heard ({score:.2f}).")
                return
    yield warning(
        name,
        f"'{word.phrase}', spoken by espeak-ng in {len(VOICES)} voices, is not heard.",
        "A word that you trained knows other voices better: try `assistant wake tune`. "
        "Otherwise give wake.sensitivity a higher number.",
    )


def recognizer(patient: Patient) -> Iterator[Finding]:
    """Have commands spoken, and see whether one of them is heard."""
    understanding, name = patient.domains()[DEFAULT], "recognizer"
    pipeline, engine = patient.pipeline, patient.recognizer.name
    if patient.unknown_words:
        yield _unknown(name, patient.unknown_words)
    language = base_language(understanding.intents.language)
    examples = _examples(understanding)
    for voice, text in product(VOICES if language == "en" else (language,), examples):
        meant = understanding.understand(Transcript(text, 1.0))
        pipeline.begin()
        pipeline.listen()
        for event in _heard(patient, text, voice):
            if isinstance(event, Transcribed) and _same(
                meant, understanding.understand(event.transcript)
            ):
                yield good(name, f"{engine} hears '{text}', spoken by espeak-ng.")
                return
    yield warning(
        name,
        f"{engine} is loaded, and hears none of {len(examples)} examples, spoken by espeak-ng.",
        "See which one suits this machine: assistant bench recognizers",
    )


def _examples(understanding: Understanding) -> list[str]:
    """Some commands: not answers, which are none by themselves, and not a word alone."""
    named = understanding.intents.intents.items()
    helps = [one.help for name, one in named if name not in understanding.answers()]
    return [text for text in helps if len(text.split()) >= LEAST_WORDS][:MOST]


def _same(meant: Event, heard: Event) -> bool:
    return (
        isinstance(meant, Understood)
        and isinstance(heard, Understood)
        and meant.match.intent == heard.match.intent
    )


def _unknown(name: str, words: list[str]) -> Finding:
    return warning(
        name,
        f"It cannot hear {len(words)} words of your sentences: {', '.join(words[:5])}.",
        "Write how they sound under pronunciations: assistant check tells where.",
    )


def _heard(patient: Patient, text: str, voice: str) -> Iterator[Event]:
    """What happens when a text is spoken in a quiet room. Raises EngineError."""
    room = np.random.default_rng(0)

    def quiet(seconds: float) -> Samples:
        size = round(seconds * SAMPLE_RATE)
        return room.integers(-ROOM_STEPS, ROOM_STEPS + 1, size).astype(np.int16)

    samples = np.concatenate([quiet(LEAD_SECONDS), _spoken(text, voice), quiet(TAIL_SECONDS)])
    for start in range(0, len(samples) - CHUNK_SAMPLES, CHUNK_SAMPLES):
        yield from patient.pipeline.feed(samples[start : start + CHUNK_SAMPLES])


def _spoken(text: str, voice: str) -> Samples:
    sound = asyncio.run(EspeakSynthesizer(voice).synthesize(text))
    resampler: Any = Resampler(sound.sample_rate, SAMPLE_RATE)
    spoken: Samples = resampler.feed(to_frames(sound.samples)[:, 0], last=True)
    return spoken
