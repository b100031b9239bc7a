"""Features for PocketSphinx's English model, with the noise of the room taken off.

The model was trained on mel-frequency cepstra with noise suppressed, so other features fit it
worse. They are made here rather than inside of PocketSphinx for two things it cannot do: take the
noise from the sound before the command, and fit the filters to the length of the speaker's vocal
tract. ``scripts/bench ablation`` prints what each is worth.
"""

from __future__ import annotations

from functools import cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.audio.frames import SAMPLE_RATE, Samples

Matrix: TypeAlias = npt.NDArray[np.float64]
Cepstra: TypeAlias = npt.NDArray[np.float32]

# As in the model's feat.params, and where that is silent, PocketSphinx's defaults.
SHIFT_SAMPLES = 160
WINDOW_SAMPLES = 410
SPECTRUM_SAMPLES = 512
PRE_EMPHASIS = 0.97
FILTERS = 25
LOWEST_HZ, HIGHEST_HZ = 130.0, 6_800.0
CEPSTRA = 13
LIFTER = 22
LEAST_POWER = 1e-4

# Noise suppression after Kim and Stern, "Power-normalized cepstral coefficients (PNCC) for robust
# speech recognition" (IEEE/ACM Trans. ASLP 24(7), 2016): the power in each band, smoothed in time,
# minus its lower envelope, which follows slowly upwards and fast downwards. Their masking of what
# follows a peak is left out: with it a little less is understood.
POWER_MEMORY = 0.7
RISE_MEMORY, FALL_MEMORY = 0.995, 0.5
FIRST_NOISE = 0.5  # of the first frame's power: it is the room's, from before the command
LARGEST_CUT = 20.0
NEIGHBOURS = 4  # filters on either side over which a gain is averaged


class Spectra:
    """The power spectra of an utterance, and of the sound ``before`` it, which is the room's."""

    def __init__(self, utterance: Samples, before: Samples) -> None:
        room = _power_spectra(before)
        self._before_frames = len(room)
        self._power = np.concatenate([room, _power_spectra(utterance)])

    def __len__(self) -> int:
        """Frames of the utterance, one each 10 ms."""
        return len(self._power) - self._before_frames

    def cepstra(self, warp: float = 1.0, *, suppress: bool = True) -> Cepstra:
        """The features, (frames, 13), of filters at ``warp`` times their frequencies.

        Above 1 it is for a shorter vocal tract than the model's average speaker has.
        """
        bands = self._power @ _filters(warp)
        if suppress and len(bands):
            bands = bands * _gains(bands)
        logarithms = np.log(bands[self._before_frames :] + LEAST_POWER)
        return (logarithms @ _cosines()).astype(np.float32)


def _power_spectra(samples: Samples) -> Matrix:
    """Of frames of 25.6 ms, (frames, 257)."""
    if len(samples) < WINDOW_SAMPLES:
        return np.empty((0, SPECTRUM_SAMPLES // 2 + 1))
    signal = samples.astype(np.float64)
    signal[1:] -= PRE_EMPHASIS * samples[:-1]
    frames = np.lib.stride_tricks.sliding_window_view(signal, WINDOW_SAMPLES)[::SHIFT_SAMPLES]
    spectra = np.fft.rfft(frames * np.hamming(WINDOW_SAMPLES), SPECTRUM_SAMPLES)
    power: Matrix = np.square(spectra.real) + np.square(spectra.imag)
    return power


@cache
def _filters(warp: float) -> Matrix:
    """Triangles of area 1, evenly spaced in mel, corners on lines of the spectrum, (257, 25)."""
    step_hz = SAMPLE_RATE / SPECTRUM_SAMPLES
    mels = np.linspace(_mel(LOWEST_HZ), _mel(HIGHEST_HZ), FILTERS + 2)
    corners_hz = np.floor(700.0 * (10.0 ** (mels / 2595.0) - 1.0) * warp / step_hz + 0.5) * step_hz
    hertz = np.arange(SPECTRUM_SAMPLES // 2 + 1)[:, None] * step_hz
    low, middle, high = corners_hz[:-2], corners_hz[1:-1], corners_hz[2:]
    rising, falling = (hertz - low) / (middle - low), (high - hertz) / (high - middle)
    return np.maximum(np.minimum(rising, falling), 0.0) * 2.0 / (high - low)


def _mel(hertz: float) -> float:
    return 2595.0 * float(np.log10(1.0 + hertz / 700.0))


@cache
def _cosines() -> Matrix:
    """The orthonormal cosine transform, with higher cepstra lifted, (25, 13)."""
    numbers = np.arange(CEPSTRA)
    waves = np.cos(np.pi * (np.arange(FILTERS)[:, None] + 0.5) * numbers / FILTERS)
    waves *= np.sqrt(np.where(numbers == 0, 1.0, 2.0) / FILTERS)
    return waves * (1.0 + LIFTER / 2.0 * np.sin(numbers * np.pi / LIFTER))


def _gains(bands: Matrix) -> Matrix:
    """How much of each band to keep in each frame, (frames, 25)."""
    gains = np.empty_like(bands)
    power = bands[0].copy()
    noise = power * FIRST_NOISE
    floor = power * FIRST_NOISE
    for index, frame in enumerate(bands):
        power = POWER_MEMORY * power + (1.0 - POWER_MEMORY) * frame
        noise = _lower_envelope(noise, power)
        speech = np.maximum(power - noise, 1.0)
        floor = _lower_envelope(floor, speech)
        gains[index] = np.maximum(speech, floor) / np.maximum(power, 1.0)
    return np.clip(gains, 1.0 / LARGEST_CUT, LARGEST_CUT) @ _neighbourhood()


def _lower_envelope(envelope: Matrix, power: Matrix) -> Matrix:
    memory = np.where(power >= envelope, RISE_MEMORY, FALL_MEMORY)
    return memory * envelope + (1.0 - memory) * power


@cache
def _neighbourhood() -> Matrix:
    """Averages over neighbouring filters, (25, 25)."""
    numbers = np.arange(FILTERS)
    near = np.abs(numbers[:, None] - numbers) <= NEIGHBOURS
    averages: Matrix = near / near.sum(axis=0)
    return averages
