"""Synthetic speakers: voices of espeak-ng and flite with other pitches, rates and vocal tracts.

Half of the voices is to learn from, the other to measure with.
"""

from __future__ import annotations

import io
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from assistant.audio.frames import SAMPLE_RATE, Samples

Signal: TypeAlias = npt.NDArray[np.float64]
Part: TypeAlias = Literal["learn", "test"]

# Of "en-gb" espeak-ng drops the variant.
ACCENTS = ("en", "en-us", "en-gb-scotland", "en-gb-x-rp", "en-029", "en-gb-x-gbclan")
VARIANTS = (
    "Alex", "Alicia", "Andrea", "Andy", "Annie", "AnxiousAndy", "Denis", "Diogo", "Gene",
    "Gene2", "Henrique", "Hugo", "Jacky", "Lee", "Marco", "Mario", "Michael", "Mike", "Nguyen",
    "RicishayMax", "RicishayMax2", "RicishayMax3", "Storm", "Tweaky", "adam", "anika",
    "announcer", "antonio", "aunty", "belinda", "benjamin", "caleb", "david", "ed", "edward",
    "edward2", "f1", "f2", "f3", "f4", "f5", "fast", "grandma", "grandpa", "gustave", "iven",
    "iven2", "iven3", "iven4", "john", "kaukovalta", "klatt", "klatt2", "klatt3", "klatt4",
    "linda", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "marcelo", "max", "michel",
    "miguel", "norbert", "pablo", "paul", "pedro", "quincy", "rob", "robert", "sandro",
    "shelby", "steph", "steph2", "steph3", "victor", "zac",
)  # fmt: skip
FLITE = ("slt", "rms", "awb", "kal16")
TRACTS = (0.92, 1.0, 1.08)
"""Of flite's few voices: the sound is played so much slower or faster."""
WORDS = ("hey jarvis", "alexa", "computer", "okay house")
COMMANDS = (
    "set a timer for ten minutes",
    "what time is it",
    "turn the kitchen light on",
    "cancel the pasta timer",
    "turn it down to twenty percent",
    "tell me what day it is",
    "raise the volume a little",
    "play some quiet music",
    "is the front door locked",
    "add bread and apples to the shopping list",
    "close the bedroom blinds",
    "remind me to call my mother",
    "what did you say",
    "thank you very much",
    "turn off the radio",
    "read me the news",
)
BANDS_HERTZ = (0, 300, 1000, 3000, 8000)
BAND_DECIBELS = 2.5
"""Standard deviation of how a microphone and a place in the room colour each band."""


@dataclass(frozen=True)
class Speaker:
    """Somebody who does not exist; ``tract`` below 1 is a longer vocal tract."""

    engine: str
    voice: str
    pitch: int
    rate: int
    tract: float

    def say(self, text: str, random: np.random.Generator) -> Signal:
        """Say it, a little differently each time, without the silence around it."""
        if self.engine == "flite":
            signal, rate = _flite(self.voice, text, random.uniform(0.9, 1.15))
        else:
            pitch = int(np.clip(self.pitch + random.integers(-6, 7), 0, 99))
            signal, rate = _espeak(
                self.voice, pitch, round(self.rate * random.uniform(0.9, 1.1)), text
            )
        signal = np.asarray(soxr.resample(signal, rate, SAMPLE_RATE * self.tract))
        loud = np.flatnonzero(np.abs(signal) > 0.01 * np.max(np.abs(signal)))
        spoken: Signal = signal[loud[0] : loud[-1] + 1]
        return spoken


def speakers(part: Part, count: int, seed: int) -> list[Speaker]:
    """So many with espeak-ng's variants; to test, flite's voices, too."""
    random = np.random.default_rng(seed)
    names = VARIANTS[::2] if part == "learn" else VARIANTS[1::2]
    found = [
        Speaker(
            "espeak-ng",
            f"{ACCENTS[random.integers(len(ACCENTS))]}+{names[number % len(names)]}",
            int(random.integers(20, 80)),
            int(random.integers(130, 190)),
            float(random.uniform(0.88, 1.12)),
        )
        for number in range(count)
    ]
    if part == "learn":
        return found
    return found + [Speaker("flite", voice, 0, 0, tract) for voice in FLITE for tract in TRACTS]


def recordings(
    speaker: Speaker, texts: Sequence[str], random: np.random.Generator
) -> Iterator[Samples]:
    """Each text once, each time somewhere else in some room."""
    for text in texts:
        yield in_a_room(speaker.say(text, random), random)


LEARNT_SPEAKERS, LEARNT_RECORDINGS, LEARNT_SEED = 64, 18, 11


def learnt() -> Iterator[tuple[int, Samples]]:
    """What the measure is learnt from: each says the word, a command, and both, by turns."""
    random = np.random.default_rng(LEARNT_SEED)
    for number, one in enumerate(speakers("learn", LEARNT_SPEAKERS, LEARNT_SEED)):
        words = random.choice(WORDS, LEARNT_RECORDINGS)
        commands = random.choice(COMMANDS, LEARNT_RECORDINGS)
        texts = [
            (word, command, f"{word}, {command}")[at % 3]
            for at, (word, command) in enumerate(zip(words, commands, strict=True))
        ]
        for samples in recordings(one, texts, random):
            yield number, samples


def in_a_room(signal: Signal, random: np.random.Generator) -> Samples:
    """Put speech into a room with an echo, a microphone that colours it, noise, at some level."""
    decay = round(random.uniform(0.05, 0.3) * SAMPLE_RATE)
    echo = random.standard_normal(decay) * np.exp(-6.9 * np.arange(decay) / decay)  # to -60 dB
    echo *= random.uniform(0.0, 0.06)
    echo[0] += 1.0
    size = 1 << (len(signal) + decay - 1).bit_length()
    sound = np.fft.irfft(np.fft.rfft(signal, size) * np.fft.rfft(echo, size))
    sound = np.pad(sound[: len(signal) + 2000], (3200, 1600))
    hertz = np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE)
    colour = np.interp(hertz, BANDS_HERTZ, random.normal(0.0, BAND_DECIBELS, len(BANDS_HERTZ)))
    sound = np.fft.irfft(np.fft.rfft(sound) * 10 ** (colour / 20), len(sound))
    noise = np.fft.rfft(random.standard_normal(len(sound)))
    noise /= np.maximum(hertz, 50.0) ** random.uniform(0.0, 0.7)  # from white to nearly pink
    hiss = np.fft.irfft(noise, len(sound))
    share = 10 ** (-random.uniform(12.0, 35.0) / 20)
    sound = sound / np.sqrt(np.mean(sound**2)) + share * hiss / np.sqrt(np.mean(hiss**2))
    level = random.uniform(0.05, 0.8)
    samples: Samples = np.rint(sound / np.max(np.abs(sound)) * level * 32767).astype(np.int16)
    return samples


def _espeak(voice: str, pitch: int, rate: int, text: str) -> tuple[Signal, int]:
    command = ["espeak-ng", "-v", voice, "-p", str(pitch), "-s", str(rate), "--stdout", text]
    done = subprocess.run(command, capture_output=True, check=True)
    return _read(io.BytesIO(done.stdout))


def _flite(voice: str, text: str, stretch: float) -> tuple[Signal, int]:
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        slower = f"duration_stretch={stretch:.3f}"
        command = ["flite", "-voice", voice, "--setf", slower, "-t", text, "-o", file.name]
        subprocess.run(command, check=True)
        return _read(io.BytesIO(file.read()))


def _read(file: io.BytesIO) -> tuple[Signal, int]:
    signal, rate = soundfile.read(file, dtype="float64")
    return signal, int(rate)
