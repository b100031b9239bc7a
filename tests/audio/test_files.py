from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from assistant.audio.files import FileSource, RawSource
from assistant.audio.frames import CHUNK_SAMPLES, SAMPLE_RATE, Samples
from assistant.errors import DeviceError
from assistant.ports import AudioSource
from tests.audio.tones import loudest_hertz, tone

SPEECH = np.random.default_rng(1).integers(-20000, 20000, 4000).astype(np.int16)


def hear(source: AudioSource) -> Samples:
    """Every chunk until the end, which stays the end."""
    chunks = []
    while (chunk := source.read()) is not None:
        assert chunk.dtype == np.int16
        assert chunk.shape == (CHUNK_SAMPLES,)
        chunks.append(chunk)
    assert source.read() is None
    source.close()
    return np.concatenate(chunks or [np.zeros(0, np.int16)])


def recording(folder: Path, name: str, samples: Any = SPEECH, rate: int = SAMPLE_RATE) -> Path:
    path = folder / name
    soundfile.write(path, samples, rate, subtype=None if name.endswith("ogg") else "PCM_16")
    return path


@pytest.mark.parametrize("name", ["speech.wav", "speech.flac"])
def test_a_recording_at_16_khz_is_heard_bit_for_bit(tmp_path: Path, name: str) -> None:
    heard = hear(FileSource(recording(tmp_path, name)))
    assert np.array_equal(heard[:4000], SPEECH)
    assert len(heard) == 4 * CHUNK_SAMPLES
    assert not heard[4000:].any()


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000])
@pytest.mark.parametrize("channels", [1, 2, 6])
@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg"])
def test_any_rate_channels_and_format_are_heard(
    tmp_path: Path, suffix: str, channels: int, rate: int
) -> None:
    sound = np.repeat(tone(440, 0.5, rate)[:, np.newaxis], channels, axis=1)
    heard = hear(FileSource(recording(tmp_path, f"tone.{suffix}", sound, rate)))
    assert 0 <= len(heard) - SAMPLE_RATE // 2 <= CHUNK_SAMPLES
    assert loudest_hertz(heard[: SAMPLE_RATE // 2], SAMPLE_RATE) == pytest.approx(440, abs=3)


def test_channels_are_mixed_down_to_their_mean(tmp_path: Path) -> None:
    left_and_right = np.stack([np.full(1280, 1000), np.full(1280, 3000)], axis=1).astype(np.int16)
    heard = hear(FileSource(recording(tmp_path, "stereo.wav", left_and_right)))
    assert set(heard.tolist()) == {2000}


def test_a_tail_of_silence_follows_for_endpointing(tmp_path: Path) -> None:
    heard = hear(FileSource(recording(tmp_path, "speech.wav"), tail_seconds=1.0))
    assert len(heard) == -(-(4000 + SAMPLE_RATE) // CHUNK_SAMPLES) * CHUNK_SAMPLES
    assert np.array_equal(heard[:4000], SPEECH)
    assert not heard[4000:].any()


def test_a_recording_without_samples_ends_at_once(tmp_path: Path) -> None:
    assert not hear(FileSource(recording(tmp_path, "nothing.wav", SPEECH[:0]))).size


def test_its_name_is_the_path_as_given(tmp_path: Path) -> None:
    path = recording(tmp_path, "speech.wav")
    source = FileSource(path)
    assert source.name == str(path)
    source.close()


def test_a_wait_in_real_time_ends_when_the_source_is_closed(tmp_path: Path) -> None:
    source = FileSource(recording(tmp_path, "speech.wav"), tail_seconds=3000.0, realtime=True)
    heard: list[Samples | None] = []
    started = threading.Event()

    def listen() -> None:
        while not heard or heard[-1] is not None:
            heard.append(source.read())
            started.set()

    listener = threading.Thread(target=listen)
    listener.start()
    assert started.wait(20)
    source.close()
    listener.join(20)
    assert heard[-1] is None
    assert len(heard) < 3000 / 0.08


HINT = "Give a WAV, FLAC or OGG recording."


def test_error_missing(tmp_path: Path) -> None:
    path = tmp_path / "speech.wav"
    with pytest.raises(DeviceError) as caught:
        FileSource(path)
    assert str(caught.value) == f"There is no recording {path}. {HINT}"


def test_error_folder(tmp_path: Path) -> None:
    with pytest.raises(DeviceError) as caught:
        FileSource(tmp_path)
    assert str(caught.value) == f"{tmp_path} is a folder, not a recording. {HINT}"


BROKEN = {
    "of 0 bytes": (b"", "The recording {path} is empty: it has 0 bytes."),
    "a text": (
        b"Dear diary, today I spoke to a machine.",
        "{path} is not a recording that can be read: Format not recognised.",
    ),
    "with a header cut short": (
        b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x80\x3e\x00\x00\x00\x7d\x00",
        "{path} is not a recording that can be read: Error in WAV file. No 'data' chunk marker.",
    ),
}


@pytest.mark.parametrize(("content", "message"), BROKEN.values(), ids=BROKEN.keys())
def test_error_file(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "speech.wav"
    path.write_bytes(content)
    with pytest.raises(DeviceError) as caught:
        FileSource(path)
    assert str(caught.value) == f"{message.format(path=path)} {HINT}"


def test_error_damaged_in_the_middle(tmp_path: Path) -> None:
    noise = np.random.default_rng(2).integers(-9000, 9000, 32_000).astype(np.int16)
    path = recording(tmp_path, "noise.flac", noise)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    source = FileSource(path)
    with pytest.raises(DeviceError) as caught:
        hear(source)
    source.close()
    assert str(caught.value) == (
        f"The recording {path} is damaged: Error : flac decoder lost sync. {HINT}"
    )


# --- raw samples from a pipe ---------------------------------------------------------------------


@pytest.fixture
def pipe() -> Iterator[tuple[BinaryIO, BinaryIO]]:
    read, write = os.pipe()
    with os.fdopen(read, "rb", buffering=0) as out, os.fdopen(write, "wb", buffering=0) as into:
        yield out, into


@given(st.lists(st.integers(1, 4000), max_size=6))
def test_raw_samples_come_in_whole_chunks_however_they_are_written(lengths: list[int]) -> None:
    data = np.random.default_rng(3).bytes(sum(lengths))
    read, write = os.pipe()
    with os.fdopen(read, "rb", buffering=0) as out, os.fdopen(write, "wb", buffering=0) as into:
        done = 0
        for length in lengths:  # at most 24,000 bytes: a pipe holds 64 KiB
            into.write(data[done : done + length])
            done += length
        into.close()
        heard = hear(RawSource(out))
    whole = np.frombuffer(data[: len(data) // 2 * 2], "<i2")
    assert np.array_equal(heard[: len(whole)], whole)
    assert len(heard) - len(whole) < CHUNK_SAMPLES
    assert not heard[len(whole) :].any()


def test_a_read_from_a_quiet_pipe_ends_when_the_source_is_closed(
    pipe: tuple[BinaryIO, BinaryIO],
) -> None:
    source = RawSource(pipe[0])
    heard: list[Samples | None] = []
    listener = threading.Thread(target=lambda: heard.append(source.read()))
    listener.start()
    source.close()
    listener.join(20)
    assert heard == [None]


def test_closing_twice_is_no_mistake_and_leaves_the_pipe_open(
    pipe: tuple[BinaryIO, BinaryIO],
) -> None:
    source = RawSource(pipe[0], name="the satellite")
    source.close()
    source.close()
    assert source.name == "the satellite"
    assert source.read() is None
    pipe[1].write(b"still open")
    assert pipe[0].read(10) == b"still open"
