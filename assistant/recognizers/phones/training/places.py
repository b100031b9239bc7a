"""A sentence as it may reach the microphone: a body, a room, a microphone, and noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.audio.frames import SAMPLE_RATE, Samples
from assistant.measuring.noise import Signal, loudest_frame
from assistant.recognizers.phones.training.noises import some_noise, swelling
from assistant.wake.training.augmentation import Amount, to_16_bits, varied

BEFORE_SECONDS = (0.15, 1.1)
AFTER_SECONDS = (0.1, 1.1)
"""Of the shortest, a tenth is left after each command; see ``PAUSE_SECONDS`` of the pipeline."""
NOISE_DB = ((0.0, 12.0), (8.0, 25.0), (20.0, 45.0))
"""The loudest frame of the speech over that of the noise: much noise, some, hardly any."""
NOISE_SHARES = (0.4, 0.35, 0.25)
GAIN_DB = (-30.0, -0.5)
"""The loudest sample below full scale; a few are clipped."""
CLIPPED_SHARE = 0.1
MOST_CLICKS = 5


USUAL = Amount(speed=0.17, room_share=0.7, curve_share=0.8)
AGAIN = Amount(speed=0.06, room_share=0.3, curve_share=0.5)
"""For a recording, which was in a room and came through a microphone already."""


@dataclass(frozen=True, slots=True)
class Placed:
    """What is heard: from ``begin`` on, in seconds, the sound at ``speed`` times its own."""

    samples: Samples
    begin: float
    speed: float


def placed(
    said: Signal,
    talk: Sequence[Samples | Signal],
    random: np.random.Generator,
    within: Amount = USUAL,
) -> Placed:
    """Say it somewhere, with some of the time before and after it; ``talk`` is other people's."""
    signal = varied(said, within, random)
    before, after = (
        int(SAMPLE_RATE * random.uniform(*span)) for span in (BEFORE_SECONDS, AFTER_SECONDS)
    )
    heard: Signal = np.pad(signal, (before, after))
    begin, speed = before / SAMPLE_RATE, len(said) / max(1, len(signal))
    if random.random() < 0.3:  # somebody turns away, or walks about
        heard = swelling(heard, 5, 5.0, random)
    decibels = random.uniform(*NOISE_DB[random.choice(len(NOISE_DB), p=NOISE_SHARES)])
    noise = some_noise(len(heard), talk, random)
    wanted = loudest_frame(heard) * 10 ** (-decibels / 10)
    heard = heard + noise * np.sqrt(wanted / max(1e-12, loudest_frame(noise)))
    if random.random() < 0.3:
        heard = heard + _clicks(len(heard), float(np.max(np.abs(signal))), random)
    peak = 32_767.0 * 10 ** (random.uniform(*GAIN_DB) / 20)
    if random.random() < CLIPPED_SHARE:
        peak = 32_767.0 * random.uniform(1.0, 3.0)
    heard *= peak / max(1e-9, float(np.max(np.abs(heard))))
    return Placed(to_16_bits(heard), begin, speed)


def _clicks(samples: int, loudest: float, random: np.random.Generator) -> Signal:
    """Short knocks and pops, of up to 40 ms."""
    clicks = np.zeros(samples)
    for _ in range(random.integers(1, MOST_CLICKS + 1)):
        length = int(SAMPLE_RATE * random.uniform(0.002, 0.04))
        start = int(random.integers(max(1, samples - length)))
        click = random.standard_normal(length) * np.exp(-5.0 * np.arange(length) / length)
        clicks[start : start + length] += loudest * random.uniform(0.05, 1.0) * click
    return clicks
