"""Sentences spoken by espeak-ng and flite, by voices for training and others for measuring."""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from scripts.voskmodel.settings import SAMPLE_RATE

Signal: TypeAlias = npt.NDArray[np.float64]

PEAK = 8_000.0
"""The loudest sample, of 32,767, before augmentation."""

ACCENTS = (
    "en-us", "en-us", "en-us", "en-us", "en-gb", "en-gb", "en-gb-x-rp", "en-gb-scotland", "en-029",
    "en-gb-x-gbclan", "en-us-nyc",
)  # fmt: skip
# Variants of espeak-ng that speak as people do: none that whispers, croaks or is a robot.
VARIANTS = (
    "", "", "Alex", "Alicia", "Andrea", "Annie", "Denis", "Diogo", "Gene", "Gene2", "Henrique",
    "Hugo", "Jacky", "Lee", "Marco", "Mario", "Mike", "Nguyen", "adam", "anika", "antonio", "aunty",
    "belinda", "benjamin", "boris", "caleb", "david", "ed", "edward", "edward2", "f1", "f3", "f4",
    "f5", "grandma", "grandpa", "gustave", "iven", "iven2", "iven3", "john", "klatt", "klatt2",
    "klatt4", "m1", "m2", "m4", "m5", "m6", "m7", "m8", "marcelo", "max", "michel", "miguel",
    "norbert", "pablo", "pedro", "quincy", "rob", "robert", "sandro", "shelby", "steph", "steph3",
    "travis", "victor", "zac",
)  # fmt: skip
HELD_OUT_VARIANTS = ("Andy", "linda", "m3", "f2", "Michael", "steph2", "paul", "klatt3")
# Of each flite voice, with its usual pitch in Hz.
FLITE = {"slt": 170, "awb": 130, "kal16": 105}
HELD_OUT_FLITE = {"rms": 95}
FLITE_SHARE = 0.45


@dataclass(frozen=True)
class Cast:
    """Who speaks: variants of espeak-ng, flite's voices with their pitch, and how often."""

    variants: tuple[str, ...] = ()
    flite: tuple[tuple[str, int], ...] = ()
    flite_share: float = 0.0


TRAINING = Cast(VARIANTS, tuple(FLITE.items()), FLITE_SHARE)
HELD_OUT_ESPEAK = Cast(HELD_OUT_VARIANTS)
HELD_OUT = Cast(flite=tuple(HELD_OUT_FLITE.items()), flite_share=1.0)


def speak(text: str, cast: Cast, random: np.random.Generator) -> Signal:
    """Somebody of the cast says it, faster or slower, higher or lower, with silence around it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "said.wav")
        if random.random() < cast.flite_share:
            voice, pitch = cast.flite[random.integers(len(cast.flite))]
            command = [
                "flite", "-voice", voice,
                "--setf", f"duration_stretch={random.uniform(0.75, 1.3):.2f}",
                "--setf", f"int_f0_target_mean={pitch * random.uniform(0.8, 1.3):.0f}",
                "-t", text, "-o", str(path),
            ]  # fmt: skip
        else:
            accent = ACCENTS[random.integers(len(ACCENTS))]
            variant = cast.variants[random.integers(len(cast.variants))]
            command = [
                "espeak-ng", "-v", f"{accent}+{variant}" if variant else accent,
                "-p", str(random.integers(25, 76)), "-s", str(random.integers(115, 211)),
                "-g", str(random.choice([0, 0, 0, 0, 1, 2, 4])), "-w", str(path), text,
            ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True)
        signal, rate = soundfile.read(path, dtype="float64")
    said = np.asarray(soxr.resample(signal, rate, SAMPLE_RATE), dtype=np.float64)
    said *= PEAK / max(1e-9, float(np.max(np.abs(said))))
    before, after = random.integers(800, 4_800), random.integers(1_600, 4_800)
    return np.pad(said, (before, after))
