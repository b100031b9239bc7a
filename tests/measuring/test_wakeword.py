"""Recordings streamed through a wake word's engine; here one that knows a loud sound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.audio.frames import SAMPLE_RATE, Samples
from assistant.errors import EngineError
from assistant.measuring.wakeword import WakeTester, count_recordings, recordings
from assistant.wake.decision import Rule


class LoudWord:
    """Scores how loud it was a chunk ago: a chunk of full scale is surely the word."""

    names: Sequence[str] = ("loud",)

    def __init__(self) -> None:
        self.reset()

    def threshold(self, name: str, sensitivity: float) -> float:
        return 1.0 - sensitivity

    def reset(self) -> None:
        self._before = 0.0

    def scores(self, chunk: Samples) -> Mapping[str, float]:
        score, self._before = self._before, float(np.abs(chunk).max()) / 32767.0
        return {"loud": score} if score else {}


class Bench:
    """A folder of recordings, and a tester with what it said of those that cannot be read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.unreadable: list[str] = []
        self.tester = WakeTester(LoudWord(), "loud", Rule(0.55), 1.5, self.unreadable.append)

    def record(self, name: str, *parts: tuple[float, float]) -> None:
        """Sounds of (seconds, peak)."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        sound = [peak * np.sin(np.arange(round(seconds * SAMPLE_RATE))) for seconds, peak in parts]
        soundfile.write(path, np.concatenate(sound), SAMPLE_RATE)

    def hear(self, *, positives: bool) -> list[str]:
        """Returns the names of those that were heard."""
        hear = self.tester.hear_positives if positives else self.tester.hear_negatives
        return [path.name for path in hear(recordings([self.folder]))]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "recordings")


QUIET, LOUD = (0.8, 0.001), (0.32, 0.9)


def test_recordings_are_missed_or_detected_each_by_itself(bench: Bench) -> None:
    bench.record("a.wav", QUIET, LOUD, QUIET)
    bench.record("b.flac", QUIET, (0.32, 0.3), QUIET)
    bench.record("deeper/c.ogg", QUIET, LOUD, QUIET)
    assert bench.hear(positives=True) == ["a.wav", "b.flac", "c.ogg"]
    result = bench.tester.result
    assert result.missed_files == [str(bench.folder / "b.flac")]
    assert (result.missed.count, result.positives) == (1, 3)
    assert (result.missed_at[0.2], result.missed_at[0.4], result.missed_at[0.55]) == (0, 1, 1)


def test_the_time_of_a_detection_counts_from_the_word_s_end(bench: Bench) -> None:
    bench.record("a.wav", QUIET, LOUD, QUIET)
    bench.hear(positives=True)
    # The second chunk of the word, and the word is four chunks long.
    assert bench.tester.result.after_word_seconds == [pytest.approx(-0.16)]


def test_a_word_at_the_very_end_is_detected_in_the_silence_after_it(bench: Bench) -> None:
    bench.record("a.wav", QUIET, (0.08, 0.9))
    bench.hear(positives=True)
    assert bench.tester.result.missed_files == []
    assert bench.tester.result.after_word_seconds == [pytest.approx(0.08)]


def test_what_is_heard_in_one_recording_is_forgotten_in_the_next(bench: Bench) -> None:
    bench.record("a.wav", QUIET, LOUD)
    bench.record("b.wav", QUIET, QUIET)
    bench.hear(positives=True)
    assert bench.tester.result.missed_files == [str(bench.folder / "b.wav")]


def test_false_alarms_have_a_file_and_a_time_and_the_hours_are_counted(bench: Bench) -> None:
    bench.record("a.wav", QUIET, LOUD, QUIET)
    bench.record("b.wav", QUIET, QUIET, QUIET, LOUD)
    bench.hear(positives=False)
    result = bench.tester.result
    alarms = [f"{Path(one.file).name} at {one.time_seconds:.2f} s" for one in result.false_alarms]
    assert alarms == ["a.wav at 0.96 s", "b.wav at 2.56 s"]
    assert result.negative_hours * 3600.0 == pytest.approx(1.92 + 2.72)


def test_the_refractory_time_goes_on_from_one_recording_to_the_next(bench: Bench) -> None:
    bench.record("a.wav", QUIET, LOUD)
    bench.record("b.wav", LOUD, QUIET)
    bench.hear(positives=False)
    assert len(bench.tester.result.false_alarms) == 1


def test_a_threshold_that_reads_as_another_is_told_once() -> None:
    tester = WakeTester(LoudWord(), "loud", Rule(0.5999), 1.5, lambda _: None)
    assert [at for at in tester.result.missed_at if 0.5 < at < 0.7] == [0.5999]


def test_one_that_cannot_be_read_is_told_and_counted(bench: Bench) -> None:
    bench.record("a.wav", QUIET, LOUD, QUIET)
    (bench.folder / "b.wav").write_bytes(b"no sound")
    (bench.folder / "c.wav").write_bytes(b"")
    assert bench.hear(positives=True) == ["a.wav", "b.wav", "c.wav"]
    assert (bench.tester.result.positives, bench.tester.result.unreadable) == (1, 2)
    assert len(bench.unreadable) == 2
    assert "b.wav is not a recording that can be read" in bench.unreadable[0]


def test_other_files_are_no_recordings(bench: Bench) -> None:
    bench.record("a.wav", QUIET)
    (bench.folder / "a.txt").write_text("hey jarvis")
    assert count_recordings([bench.folder, bench.folder / "a.wav"]) == 2


@pytest.mark.parametrize(
    ("name", "message"), [("nowhere", "There is no folder"), ("", "There are no recordings in")]
)
def test_error_nothing_to_hear(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(EngineError, match=message):
        count_recordings([tmp_path / name])
