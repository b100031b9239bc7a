"""``assistant wake train``, as a person or a program calls it; what it trains with is cut short."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner, Result

from assistant.audio.frames import CHUNK_SAMPLES, SAMPLE_RATE, Samples
from assistant.cli import waketraining
from assistant.cli.wake import wake
from assistant.embedding.bundle import embedding_checksum
from assistant.measuring import drawing
from assistant.wake.trained import read_word
from assistant.wake.training import trainer
from assistant.wake.training.material import Amounts
from assistant.wake.training.negatives import Negatives
from assistant.wake.training.takes import COUNTDOWN_SECONDS, TAKE_SECONDS
from assistant.wake.training.voices import find_voices, say
from tests.wake.training.sounds import quiet, recording

pytestmark = pytest.mark.engines

TRAIN = trainer.train


def cut_short(task: Any, negatives: Negatives, *others: Any) -> Any:
    amounts = Amounts(60, 10, 10, near=6, sayings_of_near=1, talk=3)
    end = int(negatives.starts[40])
    few = Negatives(negatives.embeddings[:end], negatives.starts[:40], negatives.texts[:40], {})
    return TRAIN(replace(task, amounts=amounts, steps=40), few, *others)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "STATE_DIRECTORY", "CONFIGURATION_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(trainer, "train", cut_short)
    return tmp_path / ".local/state/assistant/models/wake"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(wake, ["train", *arguments])


def takes(count: int) -> list[Samples]:
    random = np.random.default_rng(3)
    said = (say("computer", find_voices(), random) for _ in range(count))
    return [recording(quiet(0.8), one * (8_000 / np.abs(one).max()), quiet(0.8)) for one in said]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "mine"
    place.mkdir()
    for number, samples in enumerate(takes(5)):
        soundfile.write(place / f"{number}.wav", samples, SAMPLE_RATE)
    soundfile.write(place / "silent.wav", recording(quiet(2.0)), SAMPLE_RATE)
    return place


def test_a_word_is_trained_from_recordings(home: Path, folder: Path) -> None:
    result = run("computer", "--recordings", str(folder))
    assert result.exit_code == 0, result.output
    assert read_word(home / "computer.npz", embedding_checksum()).about.recordings == 5
    assert (home / "computer.png").read_bytes().startswith(b"\x89PNG")
    assert "silent.wav is too quiet" in result.stderr
    for told in ("missed, in noise of 10 dB", "false alarms an hour", "word: computer"):
        assert told in result.stdout
    again = run("computer", "--recordings", str(folder))
    assert "Add --replace" in str(again.exception)


def test_json_tells_all_that_was_measured(
    home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "can_draw", lambda: False)
    room = folder.parent / "room.wav"
    soundfile.write(room, recording(quiet(30.0)), SAMPLE_RATE)
    arguments = ("--recordings", str(folder), "--room", str(room), "--phrase", "Computer", "--json")
    result = run("pc", *arguments)
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["word"], told["phrase"], told["plot"]) == ("pc", "computer", None)
    assert told["file"] == str(home / "pc.npz")
    assert told["room_hours"] == pytest.approx(30 / 3600, abs=0.001)
    assert told["missed"]["total"] == told["missed_in_noise"]["total"] == 5
    assert len(told["thresholds"]) > 4
    assert len(told["det"]) > 10


class Speaker:
    """A microphone before which the word is said in every take."""

    name = "the test's microphone"

    def __init__(self, count: int) -> None:
        wait, length = (round(s / 0.08) * CHUNK_SAMPLES for s in (COUNTDOWN_SECONDS, TAKE_SECONDS))
        self._samples = np.concatenate(
            [np.pad(one, (wait, length))[: wait + length] for one in takes(count)]
        )
        self.closed = False

    def read(self) -> Samples | None:
        chunk, self._samples = self._samples[:CHUNK_SAMPLES], self._samples[CHUNK_SAMPLES:]
        return chunk if len(chunk) else None

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize("keep", [False, True])
def test_a_person_is_asked_to_say_it(
    home: Path, monkeypatch: pytest.MonkeyPatch, keep: bool
) -> None:
    person = Speaker(5)
    monkeypatch.setattr(waketraining, "_microphone", lambda _: person)
    result = run("computer", "--takes", "5", *(["--keep"] if keep else []))
    assert result.exit_code == 0, result.output
    assert person.closed
    assert "Say computer 5 times" in result.stderr
    assert "5 of 5: good." in result.stderr
    recordings = home / "computer-recordings"
    assert recordings.exists() is keep
    assert ("Your recordings are in" if keep else "Your recordings were deleted") in result.stderr
    assert read_word(home / "computer.npz", embedding_checksum()).about.recordings == 5


def test_error_nobody_is_at_the_terminal(home: Path) -> None:
    result = run("computer")
    assert str(result.exception) == (
        "Nobody is at the terminal to say the word. Give --recordings FOLDER, or --synthetic-only."
    )


def test_error_a_word_of_the_package(home: Path, folder: Path) -> None:
    result = run("alexa", "--recordings", str(folder))
    assert "comes with openWakeWord" in str(result.exception)
    assert not home.exists()


def test_error_no_recording_can_be_used(home: Path, tmp_path: Path) -> None:
    place = tmp_path / "bad"
    place.mkdir()
    soundfile.write(place / "silent.wav", recording(quiet(2.0)), SAMPLE_RATE)
    result = run("computer", "--recordings", str(place))
    assert "None of the recordings in" in str(result.exception)


def test_error_two_ways_at_once(home: Path, folder: Path) -> None:
    result = run("computer", "--recordings", str(folder), "--synthetic-only")
    assert result.exit_code == 2
    assert "--synthetic-only goes without --recordings" in result.output
