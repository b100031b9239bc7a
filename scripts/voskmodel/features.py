"""What the network sees: clips as rooms and microphones change them, as Kaldi's cepstra."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import kaldi_native_fbank
import numpy as np
import numpy.typing as npt
import soxr

from scripts.voskmodel.alignment import Labels
from scripts.voskmodel.settings import CEPSTRA, HIGHEST_HERTZ, LOWEST_HERTZ, SAMPLE_RATE
from scripts.voskmodel.speech import Signal

Features: TypeAlias = npt.NDArray[np.float32]

SLOWEST, FASTEST = 0.86, 1.18


def cepstra(signal: Signal) -> Features:
    """Mel-frequency cepstra every 10 ms, as ``conf/mfcc.conf`` tells Vosk to make them."""
    options = kaldi_native_fbank.MfccOptions()
    options.frame_opts.samp_freq = SAMPLE_RATE
    options.frame_opts.dither = 0
    options.mel_opts.num_bins = CEPSTRA
    options.mel_opts.low_freq = LOWEST_HERTZ
    options.mel_opts.high_freq = HIGHEST_HERTZ
    options.num_ceps = CEPSTRA
    options.use_energy = False
    computer = kaldi_native_fbank.OnlineMfcc(options)
    computer.accept_waveform(SAMPLE_RATE, signal.astype(np.float32).tolist())
    computer.input_finished()
    return np.stack([computer.get_frame(index) for index in range(computer.num_frames_ready)])


def augmented(
    signal: Signal, labels: Labels, others: Sequence[Signal], random: np.random.Generator
) -> tuple[Features, Labels]:
    """The same words faster or slower, in a room, through a microphone, in noise."""
    if random.random() < 0.8:
        speed = random.uniform(SLOWEST, FASTEST)
        signal = soxr.resample(signal, SAMPLE_RATE * speed, SAMPLE_RATE, quality="MQ")
        at = (np.arange(round(len(labels) / speed)) * speed).astype(int)
        labels = labels[np.minimum(at, len(labels) - 1)]
    if random.random() < 0.5:
        signal = _in_room(signal, random)
    if random.random() < 0.7:
        signal = _coloured(signal, random.uniform(-6, 6), random)
    # From 26 to 87 dB above the smallest sample.
    signal = signal / (np.max(np.abs(signal)) + 1e-9) * 10 ** random.uniform(2.6, 4.45)
    level = _level(signal)
    if random.random() < 0.85:
        noise = _noise(len(signal), random)
        signal = signal + noise / _level(noise) * level * 10 ** (-random.uniform(3, 40) / 20)
    if random.random() < 0.15:  # somebody else, far behind
        other = np.resize(others[int(random.integers(len(others)))], len(signal))
        signal = signal + other / _level(other) * level * 10 ** (-random.uniform(12, 25) / 20)
    found = cepstra(np.clip(np.rint(signal), -32_768, 32_767))
    return found, np.resize(np.pad(labels, (0, 10)), len(found))


def _level(signal: Signal) -> float:
    return float(np.sqrt(np.mean(np.square(signal)))) + 1e-9


def _in_room(signal: Signal, random: np.random.Generator) -> Signal:
    """Echoes that have died away by 60 dB after 0.05 to 0.35 s."""
    length = round(random.uniform(0.05, 0.35) * SAMPLE_RATE)
    dying = np.exp(-6.9 * np.arange(length) / length)
    echo = random.standard_normal(length) * dying * random.uniform(0.02, 0.2)
    echo[0] = 1.0
    size = len(signal) + length
    wet = np.fft.irfft(np.fft.rfft(signal, size) * np.fft.rfft(echo, size), size)
    return np.asarray(wet[: len(signal)])


def _coloured(signal: Signal, decibels: float, random: np.random.Generator) -> Signal:
    """Treble raised by so many decibels, or bass, about a frequency."""
    spectrum = np.fft.rfft(signal)
    hertz = np.fft.rfftfreq(len(signal), 1 / SAMPLE_RATE)
    share = 1 / (1 + (random.uniform(500, 3_000) / np.maximum(hertz, 1)) ** 2)
    shaped = np.fft.irfft(spectrum * 10 ** (decibels * (2 * share - 1) / 20), len(signal))
    return np.asarray(shaped)


def _noise(length: int, random: np.random.Generator) -> Signal:
    """White, pink or brown noise, or the hum of mains with a hiss."""
    white = random.standard_normal(length)
    kind = random.integers(4)
    if kind == 0:
        return white
    if kind < 3:
        hertz = np.maximum(np.fft.rfftfreq(length, 1 / SAMPLE_RATE), 50.0)
        return np.asarray(np.fft.irfft(np.fft.rfft(white) / hertz ** (kind / 2), length))
    seconds = np.arange(length) / SAMPLE_RATE
    mains = random.choice([50, 60, 100, 120])
    hum = np.zeros(length)
    for overtone in range(1, 7):
        turn = random.uniform(0, 2 * np.pi)
        hum += np.sin(2 * np.pi * mains * overtone * seconds + turn) / overtone
    return hum + 0.2 * white
