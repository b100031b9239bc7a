"""``assistant wake enrol``, as a person or a program calls it."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.audio.frames import SAMPLE_RATE
from assistant.wake.verifier import WHAT_IT_IS_NOT, Verifier
from tests.recordings import samples_of
from tests.running import Home, home

pytestmark = pytest.mark.engines

RECORDINGS = ("timer-with-pause", "timer-five-minutes", "pasta-timer-one-breath", "stop")


@pytest.fixture
def place() -> Iterator[Home]:
    with home() as place:
        yield place


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in RECORDINGS:
        soundfile.write(tmp_path / f"{name}.wav", samples_of(name), SAMPLE_RATE)
    (tmp_path / "notes.txt").write_text("not a recording")
    return tmp_path


def test_a_voice_is_enrolled_and_told_what_it_is_not(place: Home, folder: Path) -> None:
    result = place.run("wake", "enrol", "ann", str(folder))
    assert result.returncode == 0, result.stderr
    path = place.paths.voice("ann")
    assert path == place.paths.models / "wake" / "ann.voice.npz"
    assert f"Written: {path}\n4 recordings with a voice." in result.stdout
    assert f"{WHAT_IT_IS_NOT}\nTo use it:\n\nwake:\n  verifier: {path}\n" in result.stdout
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Verifier.load(path).recordings == len(RECORDINGS)


def test_json_has_each_recording_s_score(place: Home, folder: Path) -> None:
    result = place.run("wake", "enrol", "ann", str(folder), "--json")
    told = json.loads(result.stdout)
    assert told["path"] == str(place.paths.voice("ann"))
    assert told["recordings"] == len(told["left_out_scores"]) == len(RECORDINGS)


def test_a_recording_that_cannot_be_read_is_told_and_left_out(place: Home, folder: Path) -> None:
    (folder / "broken.wav").write_bytes(b"no sound")
    soundfile.write(folder / "empty.wav", np.zeros(0, np.int16), SAMPLE_RATE)
    result = place.run("wake", "enrol", "ann", str(folder))
    assert result.returncode == 0, result.stderr
    assert "Left out: " in result.stderr
    assert "broken.wav is not a recording that can be read" in result.stderr
    assert f"{len(RECORDINGS)} recordings with a voice." in result.stdout


@pytest.mark.parametrize(
    ("name", "folder", "message"),
    [
        ("ann", "missing", "There is no folder"),
        ("ann", ".", "There are no recordings in"),
        ("../ann", ".", "a name has letters, digits, '-' and '_' only"),
    ],
)
def test_error_is_a_sentence(
    place: Home, tmp_path: Path, name: str, folder: str, message: str
) -> None:
    result = place.run("wake", "enrol", name, str(tmp_path / folder))
    assert result.returncode != 0
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert not place.paths.models.exists()
