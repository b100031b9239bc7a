"""``scripts/bench wake``, on a few recordings of the repository."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.audio.frames import CHUNK_SAMPLES, SAMPLE_RATE, Samples
from assistant.measuring.noise import loudest_frame, pink
from scripts.benchmarks import wake, wake_calibration, wakeloops, wakestreams
from tests.recordings import chunks_of

WORDS = ("what-time", "timer-five-minutes")


def clip(name: str) -> Samples:
    return np.concatenate(chunks_of(name))


@pytest.fixture
def noise() -> Samples:
    return np.rint(pink(SAMPLE_RATE, np.random.default_rng(1)) * 2_000).astype(np.int16)


@pytest.fixture
def data(tmp_path: Path, noise: Samples) -> Path:
    """A folder as the public recordings are laid out."""
    for folder, names in (
        ("speech-to-intent/clean", ("no-wake-word", "command-without-wake-word")),
        ("wake-word/hey_jarvis", WORDS),
        ("wake-word/other", ("silence", "no-wake-word")),
    ):
        (tmp_path / folder).mkdir(parents=True)
        for name in names:
            soundfile.write(tmp_path / folder / f"{name}.flac", clip(name), SAMPLE_RATE)
    soundfile.write(tmp_path / "speech-to-intent" / "kitchen.flac", noise, SAMPLE_RATE)
    return tmp_path / "speech-to-intent"


def test_recordings_lie_one_after_the_other_with_room_to_be_late() -> None:
    stream = wakestreams.in_a_row("said", [clip(name) for name in WORDS])
    assert len(stream.samples) % CHUNK_SAMPLES == 0
    (first, second), (begin, end) = stream.marks, stream.marks[0]
    assert first[1] < second[0]
    assert np.abs(stream.samples[begin:end] - clip(WORDS[0])).max() < 20  # the room's own noise
    assert stream.windows()[0].stop * CHUNK_SAMPLES >= end + 0.7 * SAMPLE_RATE


def test_a_recording_is_as_far_above_the_noise_as_it_should(noise: Samples) -> None:
    silent = wakestreams.in_a_row("", [np.zeros(SAMPLE_RATE, np.int16) + 1], noise, -60.0)
    stream = wakestreams.in_a_row("", [clip("stop")], noise, 20.0)
    (begin, end), (other, _) = stream.marks[0], silent.marks[0]
    loud = loudest_frame(stream.samples[begin:end].astype(np.float64))
    under = loudest_frame(stream.samples[: begin - 1000].astype(np.float64))
    assert 10 * np.log10(loud / under) == pytest.approx(20.0, abs=2.0)
    assert begin == other


def test_the_household_has_its_commands_in_quiet_and_in_noise(noise: Samples) -> None:
    said = [clip(name) for name in WORDS]
    stream = wakestreams.at_home(said, [clip("stop")], noise)
    assert len(stream.marks) == wakestreams.HOME_COMMANDS
    assert len(stream.samples) == wakestreams.HOME_SECONDS * SAMPLE_RATE
    level = np.abs(stream.samples.reshape(-1, SAMPLE_RATE).astype(np.int64)).mean(axis=1)
    assert np.mean(level > 100) == pytest.approx(wakestreams.HOME_NOISY_SHARE, abs=0.05)


def test_a_word_that_stays_high_is_one_detection() -> None:
    scores = np.array([0.1, 0.6, 0.9, 0.9, *[0.0] * 30, 0.7])
    assert wake.detections(scores, 0.5) == [1, 34]


@pytest.mark.engines
@pytest.mark.slow
def test_every_engine_takes_the_same_streams(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wakestreams, "HOME_SECONDS", 100)
    monkeypatch.setattr(wake, "SPEECH_SECONDS", 8.0)
    report = wake.measure(data, "all", "hey_jarvis")
    found = report.figures["found"]
    assert {one["engine"] for one in found} == set(wakeloops.ENGINES)
    for one in found:
        assert one["clean"]["missed"]["total"] == len(WORDS)
        assert one["clean"]["false_alarms"] == 0
        if one["engine"] == wake.OURS:
            assert one["clean"]["missed"]["count"] == 0
    assert all(
        seconds > 0 for seconds in report.figures["cpu_seconds_per_hour"]["household"].values()
    )
    for room in report.figures["gate"]:
        assert room["missed"] == room["missed without the gate"]
    assert "of the package's CPU time" in report.markdown()


@pytest.mark.engines
def test_sensitivity_is_calibrated_on_speech_without_the_words(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wake_calibration, "TAIL", 3)
    (data.parent / "wake-word" / "hey_jarvis").rename(data.parent / "wake-word" / "alexa")
    report = wake_calibration.measure(data, "all")
    words = report.figures["words"]
    assert words["openwakeword"].keys() == set(wake_calibration.OPENWAKEWORD)
    assert words["microwakeword"].keys() == set(wake_calibration.MICROWAKEWORD)
    assert all(one["slope"] > 0 for found in words.values() for one in found.values())
