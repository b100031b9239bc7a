"""Sound to learn from: the word in many places, and what must not be taken for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.audio.frames import SAMPLE_RATE, Samples
from assistant.measuring.noise import Signal
from assistant.wake.training.augmentation import Amount, in_a_place, varied
from assistant.wake.training.ending import Spoken

LEAD_SECONDS = (0.2, 1.2)
TAIL_SECONDS = 0.64
"""Of silence after the word, in which the networks look for its end."""
FADE_SAMPLES = 160
TALK_SHARE = 0.25
"""Of the copies in which somebody has been speaking right before."""
TALK_GAP_SECONDS = (0.1, 0.4)
PART = (0.3, 0.62)
"""Of a word, what is left of it as a beginning or an end: "comp", "puter"."""
REAL = Amount(speed=0.12, room_share=0.35, curve_share=0.6, noise_share=0.85, noise_db=(3.0, 20.0))
SYNTHESISED = Amount(
    speed=0.14, room_share=0.6, curve_share=0.8, noise_share=0.85, noise_db=(3.0, 20.0)
)
OTHER = Amount(speed=0.14, room_share=0.4, curve_share=0.7, noise_share=0.5)


@dataclass(frozen=True, slots=True)
class Said:
    """A recording or a synthesised saying of the word, and where in it the word is."""

    signal: Signal
    word: Spoken


@dataclass(frozen=True, slots=True)
class Example:
    """A piece of sound, and in which samples the word begins and ends; None without the word."""

    samples: Samples
    word: Spoken | None = None


def with_word(
    said: Said, amount: Amount, talk: Sequence[Signal], random: np.random.Generator
) -> Example:
    """The word as it may be said another time, in another place, perhaps amid talk."""
    lead = round(random.uniform(*LEAD_SECONDS) * SAMPLE_RATE)
    tail = round(TAIL_SECONDS * SAMPLE_RATE)
    begin, end = said.word.begin_samples, said.word.end_samples
    before, after = min(begin, lead), min(len(said.signal) - end, tail)
    piece = faded(said.signal[begin - before : end + after])
    whole = np.pad(piece, (lead - before, tail - after))
    changed = varied(whole, amount, random)
    speed = len(changed) / len(whole)
    spoken = Spoken(round(lead * speed), round((lead + end - begin) * speed))
    if talk and random.random() < TALK_SHARE:
        gap = round(random.uniform(*TALK_GAP_SECONDS) * SAMPLE_RATE)
        changed, spoken = _after_talk(changed, spoken, talk[int(random.integers(len(talk)))], gap)
    return Example(in_a_place(changed, amount, talk, random), spoken)


def without_word(signal: Signal, amount: Amount, random: np.random.Generator) -> Example:
    """Something else that is said, or part of the word."""
    lead, tail = (random.uniform(*LEAD_SECONDS), TAIL_SECONDS)
    whole = np.pad(faded(signal), (round(lead * SAMPLE_RATE), round(tail * SAMPLE_RATE)))
    return Example(in_a_place(varied(whole, amount, random), amount, (), random))


def part_of(said: Said, random: np.random.Generator) -> Signal:
    """The beginning or the end of the word."""
    word = said.signal[said.word.begin_samples : said.word.end_samples]
    length = max(2 * FADE_SAMPLES, round(random.uniform(*PART) * len(word)))
    return word[:length] if random.random() < 0.5 else word[-length:]


def faded(signal: Signal) -> Signal:
    """Cut without clicks."""
    count = min(FADE_SAMPLES, len(signal) // 2)
    slope = np.ones(len(signal))
    slope[:count] = np.linspace(0.0, 1.0, count)
    slope[len(signal) - count :] = np.linspace(1.0, 0.0, count)
    soft: Signal = signal * slope
    return soft


def _after_talk(signal: Signal, word: Spoken, talk: Signal, gap: int) -> tuple[Signal, Spoken]:
    """Somebody ends a sentence, as loud as the word, right before it."""
    until = max(0, word.begin_samples - gap)
    piece = faded(talk[-until:]) if until else talk[:0]
    mixed = signal.copy()
    loud = np.max(np.abs(signal[word.begin_samples : word.end_samples]), initial=0.0)
    peak = np.max(np.abs(piece), initial=0.0)
    if peak > 0.0:
        mixed[until - len(piece) : until] += piece * (loud / peak)
    return mixed, word
