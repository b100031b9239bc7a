"""The microphone as a source of samples."""

from __future__ import annotations

import threading

import numpy as np

from assistant.audio.devices import close_stream, open_device
from assistant.audio.frames import CHUNK_SECONDS, SAMPLE_RATE, Samples
from assistant.audio.portaudio import CLOSE_SECONDS, STREAMS, load_portaudio
from assistant.audio.resampling import ChunkBuffer, to_frames
from assistant.errors import DeviceError

_LATENCY_SECONDS = 0.3
"""Asked of a microphone: PortAudio makes it periods of 75 ms, about a chunk, and a buffer of
375 ms, for as long as a recognizer may keep the audio thread busy. Its default holds 43 ms."""


class MicrophoneSource:
    """A microphone: 16 kHz, mono, whatever the device itself runs at.

    ``name`` is as for ``choose_device``. Opened by the constructor, which raises DeviceError.
    ``overflows`` counts how often samples were lost because nobody read for too long.
    """

    is_device = True

    def __init__(self, name: str = "default") -> None:
        self._wanted = name
        self.overflows = 0
        self._open()
        self._closing = threading.Event()
        self._reading = threading.Lock()

    def _open(self) -> None:
        self._renewals = STREAMS.renewals
        opened = open_device(self._wanted, "input", SAMPLE_RATE, _LATENCY_SECONDS)
        device, self._stream, rate, self._channels = opened
        self._name = device.name
        self._block_frames = round(CHUNK_SECONDS * rate)
        self._chunks = ChunkBuffer(rate)
        self._shut = False

    @property
    def name(self) -> str:
        """The device's name, without ALSA's card number."""
        return self._name

    def read(self) -> Samples | None:
        """Block for the next chunk; None once closed. Raises DeviceError when the device is lost.

        A device that is pulled out raises nothing in PortAudio, or fails with a host error, or
        leaves the stream inactive.
        """
        with self._reading:
            while not self._closing.is_set():
                if (chunk := self._chunks.take()) is not None:
                    return chunk
                if self._renewals != STREAMS.renewals:
                    self._open_again()
                try:
                    data, overflowed = self._stream.read(self._block_frames)
                    alive = self._stream.active
                except load_portaudio().PortAudioError as error:
                    self._lost(error)
                else:
                    if not alive:
                        self._lost(None)
                    self.overflows += bool(overflowed)
                    self._chunks.feed(to_frames(np.frombuffer(data, np.int16), self._channels))
            self._shut_down()
            return None

    def close(self) -> None:
        """Release the device, within a second even when a read under way never returns."""
        self._closing.set()
        if self._reading.acquire(timeout=CLOSE_SECONDS):
            try:
                self._shut_down()
            finally:
                self._reading.release()
        else:
            # Aborting ends the read, which then shuts down. In a thread: with a sound server that
            # does not answer, aborting does not return either.
            threading.Thread(
                target=self._stream.abort, name="abort-microphone", daemon=True
            ).start()

    def _lost(self, error: Exception | None) -> None:
        if not self._closing.is_set():
            self._shut_down()
            raise DeviceError(
                f"The microphone '{self._name}' is gone.",
                "Is it still plugged in, and the sound server running?",
            ) from error

    def _open_again(self) -> None:
        """Close, until all have, and open: somebody looks for a device that was plugged in."""
        self._shut = True
        close_stream(self._stream, "input")
        STREAMS.wait_until_closed()
        self._open()

    def _shut_down(self) -> None:
        if not self._shut:
            self._shut = True
            self._closing.set()
            close_stream(self._stream, "input")
