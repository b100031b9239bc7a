"""Sentences spoken by the synthesizers of this machine, as a microphone would hear them."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr

from assistant.audio.frames import SAMPLE_RATE, Samples, seconds_to_samples
from assistant.errors import EngineError
from assistant.intents.words import base_language
from assistant.speech.synthesizers import EspeakSynthesizer

SPEECH_DBFS = -22.0  # of the words: a person at two metres from a USB microphone
ROOM_DBFS = -65.0  # no room is digitally silent
QUIET_SECONDS = 0.6  # before the words, and after them
TIMEOUT_SECONDS = 30.0
WORDS_PER_MINUTE = 150

VARIANTS = ("", "+f3", "+m3", "+f2")
# en-gb is "en", and only under that name it has variants (espeak-ng 1.51).
ENGLISH = ("en-us", "en-gb", "en-us+f3", "en+m3")
FLITE = ("slt", "rms", "awb", "kal16")


@dataclass(frozen=True)
class Voice:
    """One of a synthesizer's voices."""

    engine: str
    name: str

    def __str__(self) -> str:
        return f"{self.engine} {self.name}"


def find_voices(language: str) -> list[Voice]:
    """The voices for this language that are here, of each synthesizer in turn.

    Raises EngineError when there are none.
    """
    base = base_language(language)
    names = ENGLISH if base == "en" else tuple(base + variant for variant in VARIANTS)
    espeak = [Voice("espeak-ng", name) for name in names] if shutil.which("espeak-ng") else []
    has_flite = base == "en" and shutil.which("flite")
    flite = [Voice("flite", name) for name in FLITE] if has_flite else []
    found = [voice for pair in zip(espeak, flite, strict=False) for voice in pair]
    if not (found := found or espeak or flite):
        raise EngineError(
            "There is no synthesizer to speak the commands.",
            "Install one: sudo apt install espeak-ng flite; or give --recordings FOLDER.",
        )
    return found


def speak(text: str, voice: Voice, random: np.random.Generator) -> Samples:
    """Say a sentence in a quiet room. Raises EngineError."""
    samples, rate = _flite(text, voice) if voice.engine == "flite" else _espeak(text, voice)
    signal = soxr.resample(samples.astype(np.float64) / 32768, rate, SAMPLE_RATE)
    loud = np.flatnonzero(np.abs(signal) > 0.01 * np.max(np.abs(signal), initial=0.0))
    if not len(loud):
        raise EngineError(f"The voice {voice} says nothing for '{text}'.")
    signal = signal[loud[0] : loud[-1] + 1]
    signal *= 10 ** (SPEECH_DBFS / 20) / np.sqrt(np.mean(np.square(signal)))
    quiet = np.zeros(seconds_to_samples(QUIET_SECONDS))
    whole = np.concatenate((quiet, signal, quiet))
    whole += 10 ** (ROOM_DBFS / 20) * random.standard_normal(len(whole))
    heard: Samples = np.rint(whole.clip(-1.0, 1.0) * 32767).astype(np.int16)
    return heard


def _espeak(text: str, voice: Voice) -> tuple[Samples, int]:
    sound = asyncio.run(EspeakSynthesizer(voice.name, WORDS_PER_MINUTE).synthesize(text))
    return sound.samples, sound.sample_rate


def _flite(text: str, voice: Voice) -> tuple[Samples, int]:
    with tempfile.TemporaryDirectory(prefix="assistant-flite-") as folder:
        said, words = Path(folder) / "said.wav", Path(folder) / "words.txt"
        words.write_text(text, encoding="utf-8")
        command = ["flite", "-voice", voice.name, "-f", str(words), "-o", str(said)]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=TIMEOUT_SECONDS)
        except OSError as error:
            raise EngineError(f"flite cannot be started: {error.strerror}.") from error
        except subprocess.SubprocessError as error:
            raise EngineError(f"The voice {voice} did not speak: {error}.") from error
        samples, rate = soundfile.read(said, dtype="int16")
    return samples, rate


def in_turn(voices: list[Voice], texts: list[str]) -> Iterator[tuple[Voice, str]]:
    """Each text with a voice, all voices in turn."""
    for number, text in enumerate(texts):
        yield voices[number % len(voices)], text
