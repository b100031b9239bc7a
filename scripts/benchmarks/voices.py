"""Speech made on the spot with espeak-ng and flite, in a room with noise.

What is made is known exactly: where each word group begins and ends. A voice's own silence is cut
off where it falls under a hundredth (-40 dB) of its loudest sample, so the last word ends there.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from assistant.audio.frames import SAMPLE_RATE, Samples

SPEECH_DBFS = -22.0  # of the words: a person at two metres from a USB microphone
ROOM_DBFS = -65.0  # no room is digitally silent
AUDIBLE = 0.01  # of the loudest sample
LEAD_SECONDS = 0.8
TAIL_SECONDS = 0.6

Signal: TypeAlias = npt.NDArray[np.float64]
Part: TypeAlias = str | float
"""Words to say, or seconds to be quiet."""


@cache
def speak(voice: str, text: str) -> Signal:
    """Words in -1..1, without the silence around them, at ``SPEECH_DBFS``.

    ``voice`` is "flite slt", or "espeak en+f3 160" with its words a minute.
    """
    engine, name, *rate = voice.split()
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        if engine == "flite":
            command = ["flite", "-voice", name, "-t", text, "-o", file.name]
        else:
            command = ["espeak-ng", "-v", name, "-s", *(rate or ["150"]), "-w", file.name, text]
        subprocess.run(command, check=True)
        signal, file_rate = soundfile.read(file.name)
    signal = np.asarray(soxr.resample(signal, file_rate, SAMPLE_RATE), dtype=np.float64)
    loud = np.flatnonzero(np.abs(signal) > AUDIBLE * np.max(np.abs(signal)))
    signal = signal[loud[0] : loud[-1] + 1]
    return signal * 10 ** (SPEECH_DBFS / 20) / level(signal)


def level(signal: Signal) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(np.square(signal))))


def compose(voice: str, parts: Sequence[Part], noise: str, seed: int) -> Samples:
    """Words and pauses in a room with noise, as samples of 16 bits."""
    signal = np.concatenate(
        [
            speak(voice, part) if isinstance(part, str) else np.zeros(round(part * SAMPLE_RATE))
            for part in (LEAD_SECONDS, *parts, TAIL_SECONDS)
        ]
    )
    signal += room(noise, len(signal), np.random.default_rng(seed))
    samples: Samples = np.rint(np.clip(signal, -1, 1) * 32767).astype(np.int16)
    return samples


def room(noise: str, length: int, random: np.random.Generator) -> Signal:
    """White noise of a quiet room, and what else is heard there ('pink 15 dB', 'hum 15 dB')."""
    quiet = random.standard_normal(length) * 10 ** (ROOM_DBFS / 20)
    if noise == "room":
        return quiet
    kind, decibels, _ = noise.split()
    if kind == "pink":
        spectrum = np.fft.rfft(random.standard_normal(length))
        hertz = np.fft.rfftfreq(length, 1 / SAMPLE_RATE)
        spectrum /= np.sqrt(np.maximum(hertz, 50.0))
        extra = np.fft.irfft(spectrum, length)
    else:  # mains: 50 Hz and its overtones, as of a refrigerator
        time = np.arange(length) / SAMPLE_RATE
        extra = np.zeros(length)
        for number in range(1, 13):
            phase = random.uniform(0, 2 * np.pi)
            extra += np.sin(2 * np.pi * 50 * number * time + phase) / number
    return quiet + extra / level(extra) * 10 ** ((SPEECH_DBFS - float(decibels)) / 20)
