"""Many voices of the synthesizers on this machine: espeak-ng's accents and variants, and flite's.

Both are in Debian's main archive. They are no people, but a network that has heard a few recordings
of one person learns from them what else the word may sound like.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr

from assistant.audio.frames import SAMPLE_RATE
from assistant.errors import EngineError
from assistant.intents.words import base_language
from assistant.measuring.noise import Signal

ENGLISH = (
    "en-us", "en-us", "en-us", "en-gb", "en-gb", "en-gb-x-rp", "en-gb-scotland", "en-029",
    "en-gb-x-gbclan", "en-gb-x-gbcwmd", "en-us-nyc",
)  # fmt: skip
# Variants of espeak-ng that speak as people do: none that whispers, croaks or is a robot.
VARIANTS = (
    "", "", "Alex", "Alicia", "Andrea", "Andy", "Annie", "Denis", "Diogo", "Gene", "Gene2",
    "Henrique", "Hugo", "Jacky", "Lee", "Marco", "Mario", "Michael", "Mike", "Nguyen", "adam",
    "anika", "antonio", "aunty", "belinda", "benjamin", "boris", "caleb", "david", "ed", "edward",
    "edward2", "f1", "f2", "f3", "f4", "f5", "grandma", "grandpa", "gustave", "iven", "iven2",
    "iven3", "john", "klatt", "klatt2", "klatt3", "klatt4", "linda", "m1", "m2", "m3", "m4", "m5",
    "m6", "m7", "m8", "marcelo", "max", "michel", "miguel", "norbert", "pablo", "paul", "pedro",
    "quincy", "rob", "robert", "sandro", "shelby", "steph", "steph2", "steph3", "travis", "victor",
    "zac",
)  # fmt: skip
FLITE = {"slt": 170, "awb": 130, "kal16": 105, "rms": 95}
"""Of each voice of flite, its usual pitch in Hz."""
FLITE_SHARE = 0.4
TIMEOUT_SECONDS = 30.0
EDGE = 0.02
"""Of the loudest sample; softer than that at its ends is no speech."""


@dataclass(frozen=True, slots=True)
class Voices:
    """What there is here for a language."""

    espeak: str
    flite: str | None
    accents: tuple[str, ...]


def find_voices(language: str = "en") -> Voices:
    """Look which synthesizers are here. Raises EngineError without espeak-ng."""
    espeak = shutil.which("espeak-ng")
    if espeak is None:
        raise EngineError(
            "Training a wake word takes other voices, and espeak-ng is not installed.",
            "Install it: sudo apt install espeak-ng",
        )
    base = base_language(language)
    accents = ENGLISH if base == "en" else (base,)
    return Voices(espeak, shutil.which("flite") if base == "en" else None, accents)


def say(
    text: str, voices: Voices, random: np.random.Generator, *, flite_share: float = FLITE_SHARE
) -> Signal:
    """Somebody says it, faster or slower, higher or lower; nothing but the words.

    Raises EngineError.
    """
    if voices.flite is not None and random.random() < flite_share:
        samples, rate = _flite(text, voices.flite, random)
    else:
        samples, rate = _espeak(text, voices, random)
    signal = np.asarray(soxr.resample(samples.astype(np.float64), rate, SAMPLE_RATE))
    said = trimmed(signal)
    if not len(said):
        raise EngineError(
            f"The synthesizers of this machine say nothing for '{text}'.",
            "Write with --phrase how it sounds.",
        )
    return said


def trimmed(signal: Signal) -> Signal:
    """What is loud of it, from the first to the last such sample."""
    loud = np.flatnonzero(np.abs(signal) > EDGE * np.max(np.abs(signal), initial=0.0))
    loudest: Signal = signal[loud[0] : loud[-1] + 1] if len(loud) else signal[:0]
    return loudest


def _espeak(
    text: str, voices: Voices, random: np.random.Generator
) -> tuple[np.ndarray[tuple[int], np.dtype[np.int16]], int]:
    accent = voices.accents[random.integers(len(voices.accents))]
    variant = VARIANTS[random.integers(len(VARIANTS))]
    output = _run(
        [
            voices.espeak, "--stdin", "--stdout", "-b", "1",
            "-v", f"{accent}+{variant}" if variant else accent,
            "-p", str(random.integers(20, 81)), "-s", str(random.integers(115, 221)),
        ],
        text,
    )  # fmt: skip
    # The header says 2 GB: espeak-ng wrote it before it knew. ``wave`` takes what is there.
    with wave.open(io.BytesIO(output)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2"), file.getframerate()


def _flite(
    text: str, flite: str, random: np.random.Generator
) -> tuple[np.ndarray[tuple[int], np.dtype[np.int16]], int]:
    voice = list(FLITE)[random.integers(len(FLITE))]
    with tempfile.TemporaryDirectory(prefix="assistant-flite-") as folder:
        words, said = Path(folder, "words.txt"), Path(folder, "said.wav")
        words.write_text(text, encoding="utf-8")
        _run(
            [
                flite, "-voice", voice,
                "--setf", f"duration_stretch={random.uniform(0.75, 1.3):.2f}",
                "--setf", f"int_f0_target_mean={FLITE[voice] * random.uniform(0.8, 1.3):.0f}",
                "-f", str(words), "-o", str(said),
            ],
            "",
        )  # fmt: skip
        with wave.open(str(said)) as file:
            return np.frombuffer(file.readframes(file.getnframes()), "<i2"), file.getframerate()


def _run(command: list[str], text: str) -> bytes:
    try:
        done = subprocess.run(
            command,
            input=text.encode() + b"\n",
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=True,
        )
    except OSError as error:
        raise EngineError(f"{command[0]} cannot be started: {error.strerror}.") from error
    except subprocess.SubprocessError as error:
        raise EngineError(f"{command[0]} did not speak: {error}.") from error
    return done.stdout
