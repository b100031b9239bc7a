"""Who says the sentences: festival's, flite's and espeak-ng's voices, all of Debian's main archive.

Of these, festival and flite have voices made from recordings of people. A network that has learnt
from them understands people better than one that has learnt from as much of espeak-ng alone, which
makes each sound up; that one in turn has by far the most voices.
"""

from __future__ import annotations

import subprocess
import tempfile
import wave
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr

from assistant.audio.frames import SAMPLE_RATE
from assistant.errors import EngineError
from assistant.measuring.noise import Signal
from assistant.wake.training.voices import Voices, say, trimmed

FESTIVAL = {"kal_diphone": 105, "ked_diphone": 115, "cmu_us_slt_arctic_hts": None}
"""Of each voice of festival, its usual pitch in Hz; that of the last cannot be set."""
TIMEOUT_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Shares:
    """Of the sentences, how many festival says, and flite; the rest is espeak-ng's."""

    festival: float = 0.4
    flite: float = 0.4

    @classmethod
    def without(cls, programs: Collection[str]) -> Shares:
        """What these would say is said by espeak-ng."""
        usual = cls()
        return cls(
            0.0 if "festival" in programs else usual.festival,
            0.0 if "flite" in programs else usual.flite,
        )


def say_all(
    sentences: Sequence[str], voices: Voices, shares: Shares, random: np.random.Generator
) -> list[Signal]:
    """Have each sentence said by somebody. Raises EngineError."""
    by_festival = random.random(len(sentences)) < shares.festival
    told = [one for one, chosen in zip(sentences, by_festival, strict=True) if chosen]
    said = iter(_festival(told, random) if told else [])
    share = shares.flite / (1.0 - shares.festival)
    return [
        next(said) if chosen else say(sentence, voices, random, flite_share=share)
        for sentence, chosen in zip(sentences, by_festival, strict=True)
    ]


def _festival(sentences: Sequence[str], random: np.random.Generator) -> list[Signal]:
    """One process says them all: loading a voice takes longer than a sentence."""
    with tempfile.TemporaryDirectory(prefix="assistant-festival-") as folder:
        paths = [Path(folder, f"{number}.wav") for number in range(len(sentences))]
        script = Path(folder, "say.scm")
        script.write_text(
            "\n".join(map(_told, sentences, paths, [random] * len(paths))), encoding="ascii"
        )
        try:
            subprocess.run(
                ["festival", "-b", str(script)],
                capture_output=True,
                timeout=TIMEOUT_SECONDS,
                check=True,
            )
            return list(map(_read, paths))
        except (OSError, subprocess.SubprocessError, wave.Error, EOFError) as error:
            raise EngineError(
                f"festival did not speak: {error}.",
                "Install it: sudo apt install festival festvox-kallpc16k festvox-kdlpc16k "
                "festvox-us-slt-hts",
            ) from error


def _told(sentence: str, path: Path, random: np.random.Generator) -> str:
    """What festival is told; a sentence has letters and apostrophes only."""
    voice = list(FESTIVAL)[random.integers(len(FESTIVAL))]
    usual = FESTIVAL[voice]
    lines = [
        f"(voice_{voice})",
        f"(Parameter.set 'Duration_Stretch {random.uniform(0.75, 1.25):.2f})",
    ]
    if usual is not None:
        lines.append(
            f"(set! int_lr_params '((target_f0_mean {usual * random.uniform(0.8, 1.5):.0f})"
            f" (target_f0_std {random.uniform(8.0, 25.0):.0f})"
            " (model_f0_mean 170) (model_f0_std 34)))"
        )
    lines.append(f'(utt.save.wave (utt.synth (Utterance Text "{sentence}")) "{path}" \'riff)')
    return "\n".join(lines)


def _read(path: Path) -> Signal:
    with wave.open(str(path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        rate = file.getframerate()
    return trimmed(np.asarray(soxr.resample(samples.astype(np.float64), rate, SAMPLE_RATE)))
