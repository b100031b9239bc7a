"""Recording takes: what is kept, what is asked for again. Time is that of the source's chunks."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.audio.frames import CHUNK_SAMPLES, CHUNK_SECONDS, Samples
from assistant.errors import DeviceError, EngineError
from assistant.wake.training.recordings import read_recordings
from assistant.wake.training.takes import (
    COUNTDOWN_SECONDS,
    TAKE_SECONDS,
    Moment,
    Verdict,
    record_takes,
)
from tests.wake.training.sounds import quiet, recording, tone

WAIT = round(COUNTDOWN_SECONDS / CHUNK_SECONDS) * CHUNK_SECONDS
TAKE = round(TAKE_SECONDS / CHUNK_SECONDS) * CHUNK_SECONDS


class Person:
    """A microphone before which somebody says this in each take, in turn; then it ends."""

    name = "the test's microphone"
    is_device = False

    def __init__(self, *takes: Samples) -> None:
        whole = [part for take in takes for part in (recording(quiet(WAIT)), take)]
        self._samples = np.concatenate(whole)

    def read(self) -> Samples | None:
        chunk, self._samples = self._samples[:CHUNK_SAMPLES], self._samples[CHUNK_SAMPLES:]
        return chunk if len(chunk) == CHUNK_SAMPLES else None

    def close(self) -> None:
        self._samples = self._samples[:0]


def take(level: float) -> Samples:
    return recording(quiet(1.0), tone(0.6, level), quiet(TAKE - 1.6))


GOOD, FAINT, CLIPPED = take(5_000.0), take(20.0), take(60_000.0)


def test_what_cannot_be_used_is_asked_for_again(tmp_path: Path) -> None:
    shown: list[Moment | Verdict] = []
    person = Person(GOOD, FAINT, CLIPPED, GOOD)
    paths = record_takes(person, 2, tmp_path / "takes", shown.append)
    assert [path.name for path in paths] == ["01.wav", "02.wav"]
    verdicts = [one for one in shown if isinstance(one, Verdict)]
    assert [(one.number, one.reason) for one in verdicts] == [
        (1, ""),
        (2, "is too quiet (its loudest sound is at -64 dBFS)"),
        (2, "is too loud (44% of the word is clipped)"),
        (2, ""),
    ]
    moments = [one for one in shown if isinstance(one, Moment)]
    assert Counter(one.recording for one in moments) == {
        False: 4 * round(WAIT / CHUNK_SECONDS),
        True: 4 * round(TAKE / CHUNK_SECONDS),
    }
    assert moments[0].seconds_left == pytest.approx(WAIT)
    assert max(one.level_dbfs for one in moments if one.number == 1) == pytest.approx(-19.3, abs=1)


def test_takes_are_kept_for_nobody_else_and_can_be_trained_with(tmp_path: Path) -> None:
    folder = tmp_path / "takes"
    paths = record_takes(Person(GOOD, GOOD), 2, folder, lambda _: None)
    assert folder.stat().st_mode & 0o077 == 0
    assert np.array_equal(soundfile.read(paths[0], dtype="int16")[0], GOOD)
    usable = read_recordings(paths)
    assert (len(usable.said), usable.left_out) == (2, [])


def test_error_nothing_is_ever_heard(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"Of 3 takes only 0 can be used: the last one is too q"):
        record_takes(Person(FAINT, FAINT, FAINT), 1, tmp_path, lambda _: None)


def test_error_the_microphone_is_gone(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="The microphone 'the test's microphone' has ended"):
        record_takes(Person(GOOD), 2, tmp_path, lambda _: None)
