"""Whether somebody may be speaking: the gate before the networks, which most of the day is closed.

Two opinions on each 20 ms: WebRTC's voice activity detection, which knows voices from steady noise,
and the energy above a floor that follows the room. They only have to agree on some of a word, so
what begins softly is not lost: the engine computes what was skipped once the gate opens.
"""

from __future__ import annotations

from collections import deque
from math import log10
from typing import TYPE_CHECKING

import numpy as np

from assistant.audio.frames import CHUNK_SECONDS, SAMPLE_RATE
from assistant.errors import EngineError

if TYPE_CHECKING:
    from assistant.audio.frames import Samples

FRAME_SAMPLES = SAMPLE_RATE // 50
"""WebRTC's detector takes 10, 20 or 30 ms."""
FRAME_BYTES = 2 * FRAME_SAMPLES

# 0 to 3: lower ones take more noise for speech, and with 3 some soft calls of "alexa" were lost.
AGGRESSIVENESS = 2

FLOOR_SECONDS = 3.0
"""The floor is the softest chunk of so long: anybody who speaks pauses that often."""

# On half of the recordings of "alexa", clean, very soft, in kitchen, white and pink noise and with
# music, no word is lost with 3 dB and 0.16 or 0.2 s; with 4 dB some are in white noise, and with
# 2 dB it is open in pink noise.
MARGIN_DB = 3.0
"""A voice is at least so far above the floor."""

WINDOW_SECONDS = 0.64
OPEN_FRAMES = 8
"""Opens at so many frames of voice within the window: 0.16 s of a word, which lasts 0.4 s."""
CLOSE_FRAMES = 3
"""Closes below so many."""

# WebRTC's detector takes anything soft for silence, so a quiet room is made louder, up to 40 dB.
LOUD_FLOOR_DBFS = -60.0
MOST_GAIN_DB = 40.0


class ActivityGate:
    """Opens while somebody may be speaking. Takes some 15 us of a desktop core a chunk.

    ``paused`` is true for the first chunk without a voice after one with: a word may be over.
    """

    def __init__(self) -> None:
        try:
            import webrtcvad  # noqa: PLC0415
        except ImportError as error:
            raise EngineError(
                f"WebRTC's voice activity detection cannot be loaded: {error}.",
                "Install it with: pip install webrtcvad-wheels",
            ) from error
        self._make = webrtcvad.Vad
        self.reset()

    def reset(self) -> None:
        """Forget the room."""
        self._vad = self._make(AGGRESSIVENESS)
        self._floors: deque[float] = deque(maxlen=round(FLOOR_SECONDS / CHUNK_SECONDS))
        self._voiced: deque[int] = deque(maxlen=round(WINDOW_SECONDS / CHUNK_SECONDS))
        self.open = False
        self.paused = False

    def step(self, chunk: Samples) -> bool:
        """Take the next chunk; returns whether the gate is open."""
        loud = chunk.astype(np.float32)
        frames = loud.reshape(-1, FRAME_SAMPLES)
        levels = [_dbfs(energy) for energy in np.einsum("ij,ij->i", frames, frames).tolist()]
        self._floors.append(sum(levels) / len(levels))
        floor = min(self._floors)
        gain_db = min(MOST_GAIN_DB, LOUD_FLOOR_DBFS - floor)
        if gain_db > 0.0:
            loud *= 10.0 ** (gain_db / 20.0)
            chunk = loud.clip(-32768.0, 32767.0, out=loud).astype(np.int16)
        sound, is_speech = chunk.tobytes(), self._vad.is_speech
        voiced = 0
        for number, level in enumerate(levels):  # it learns from all of them
            begin = number * FRAME_BYTES
            is_voice = is_speech(sound[begin : begin + FRAME_BYTES], SAMPLE_RATE)
            voiced += is_voice and level > floor + MARGIN_DB
        self.paused = not voiced and bool(self._voiced) and self._voiced[-1] > 0
        self._voiced.append(voiced)
        count = sum(self._voiced)
        self.open = count >= (CLOSE_FRAMES if self.open else OPEN_FRAMES)
        return self.open


def _dbfs(energy: float) -> float:
    return 10.0 * log10(energy / (FRAME_SAMPLES * 32768.0**2) + 1e-10)
