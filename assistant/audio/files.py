"""Recordings and raw streams as sources: a WAV runs as fast as it can be heard."""

from __future__ import annotations

import os
import select
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from assistant.audio.frames import (
    CHUNK_SAMPLES,
    CHUNK_SECONDS,
    Samples,
    seconds_to_samples,
)
from assistant.audio.resampling import ChunkBuffer
from assistant.errors import RecordingError

_HINT = "Give a WAV, FLAC or OGG recording."


class FileSource:
    """A recording as a microphone: any rate and channels, WAV, FLAC, OGG and what libsndfile reads.

    ``tail_seconds`` of silence follow the recording, so that a command at its very end is ended.
    With ``realtime`` a chunk comes no sooner than it would from a microphone. Raises RecordingError
    when the file is missing, empty or not a recording.
    """

    is_device = False

    def __init__(self, path: Path, *, tail_seconds: float = 0.0, realtime: bool = False) -> None:
        self._name = str(path)
        self._file = _open(path)
        self._chunks = ChunkBuffer(self._file.samplerate)
        # One chunk's worth of the file's own frames: what is in memory does not grow with the file.
        self._block_frames = max(1, round(CHUNK_SECONDS * self._file.samplerate))
        self._tail_samples = seconds_to_samples(tail_seconds)
        self._ended = False
        self._realtime = realtime
        self._due: float | None = None
        self._closing = threading.Event()
        self._reading = threading.Lock()

    @property
    def name(self) -> str:
        """The path, as the owner gave it."""
        return self._name

    def read(self) -> Samples | None:
        """Give the next chunk; None at the end. Raises RecordingError for a damaged file."""
        if self._realtime:
            self._wait_until_due()
        with self._reading:
            if self._closing.is_set():
                return None
            while (chunk := self._chunks.take()) is None:
                if self._ended:
                    return self._chunks.take_rest()
                self._feed()
            return chunk

    def close(self) -> None:
        """End a wait for the next chunk, and close the file."""
        self._closing.set()
        with self._reading:
            self._file.close()

    def _feed(self) -> None:
        import soundfile  # noqa: PLC0415 - loaded by the constructor already

        try:
            frames = self._file.read(self._block_frames, dtype="float32", always_2d=True)
        except soundfile.LibsndfileError as error:
            raise RecordingError(
                f"The recording {self._name} is damaged: {_reason(error)}.", _HINT
            ) from error
        self._ended = len(frames) < self._block_frames
        self._chunks.feed(frames, last=self._ended)
        if self._ended:
            self._chunks.feed_silence(self._tail_samples)

    def _wait_until_due(self) -> None:
        """A chunk of a microphone is there when its last sample has been spoken."""
        now = time.monotonic()
        self._due = (now if self._due is None else self._due) + CHUNK_SECONDS
        self._closing.wait(max(0.0, self._due - now))


class RawSource:
    """Raw samples (16 kHz, mono, signed 16 bits, little-endian) from a pipe, such as stdin.

    The stream stays the caller's: closing the source does not close it. It must not have been
    read from before, because it is read below Python's buffer.
    """

    is_device = False

    def __init__(self, stream: BinaryIO, name: str = "stdin") -> None:
        self._name = name
        self._stream = stream
        self._wake_read, self._wake_write = os.pipe()
        self._closed = False
        self._reading = threading.Lock()

    @property
    def name(self) -> str:
        """What the owner calls the stream."""
        return self._name

    def read(self) -> Samples | None:
        """Block for the next chunk; the last one is filled up with zeros, then None."""
        wanted = CHUNK_SAMPLES * 2
        data = b""
        with self._reading:
            while len(data) < wanted and not self._closed:
                # Not a plain read: nothing could end that from another thread.
                ready, _, _ = select.select([self._stream.fileno(), self._wake_read], [], [])
                if self._wake_read in ready:
                    return None
                more = os.read(self._stream.fileno(), wanted - len(data))
                if not more:
                    break
                data += more
        data = data[: len(data) // 2 * 2]  # half a sample is nothing
        if self._closed or not data:
            return None
        samples = np.frombuffer(data.ljust(wanted, b"\0"), dtype="<i2")
        return samples.astype(np.int16, copy=False)

    def close(self) -> None:
        """End a ``read`` under way; later ones give None."""
        if self._closed:
            return
        self._closed = True
        os.write(self._wake_write, b"\0")
        with self._reading:
            os.close(self._wake_read)
            os.close(self._wake_write)


def chunks_of(path: Path) -> Iterator[Samples]:
    """The chunks of a whole recording. Raises RecordingError."""
    source = FileSource(path)
    try:
        while (chunk := source.read()) is not None:
            yield chunk
    finally:
        source.close()


def _open(path: Path) -> Any:
    import soundfile  # noqa: PLC0415 - heavy, and only for recordings

    try:
        size = path.stat().st_size
        if path.is_dir():
            raise RecordingError(f"{path} is a folder, not a recording.", _HINT)
        if not size:
            raise RecordingError(f"The recording {path} is empty: it has 0 bytes.", _HINT)
        path.open("rb").close()
        file = soundfile.SoundFile(path)
    except FileNotFoundError:
        raise RecordingError(f"There is no recording {path}.", _HINT) from None
    except OSError as error:
        raise RecordingError(f"The recording {path} cannot be read: {error.strerror}.") from error
    except soundfile.LibsndfileError as error:
        raise RecordingError(
            f"{path} is not a recording that can be read: {_reason(error)}.", _HINT
        ) from error
    if not 1000 <= file.samplerate <= 768_000:
        rate = file.samplerate
        file.close()
        raise RecordingError(
            f"{path} has a sample rate of {rate} Hz: its header is damaged.", _HINT
        )
    return file


def _reason(error: Any) -> str:
    """What libsndfile says, without its full stop."""
    return str(error.error_string).strip().rstrip(".")
