"""Training as a whole, with voices of this machine: little of all, so that it takes seconds."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.audio.frames import CHUNK_SAMPLES, SAMPLE_RATE
from assistant.embedding.bundle import load_bundle
from assistant.embedding.features import SpeechEmbedding
from assistant.errors import EngineError
from assistant.wake.openwakeword import OpenWakeWord
from assistant.wake.trained import read_word, write_word
from assistant.wake.training.ending import Spoken
from assistant.wake.training.examples import Said
from assistant.wake.training.judging import Trained
from assistant.wake.training.keeping import place_of, word_of
from assistant.wake.training.material import Amounts
from assistant.wake.training.negatives import Negatives, load_negatives
from assistant.wake.training.recordings import find_recordings, read_recordings
from assistant.wake.training.trainer import Task, train
from assistant.wake.training.voices import Voices, find_voices, say
from scripts.benchmarks import wakehearing
from tests.wake.training.sounds import quiet, recording, tone

pytestmark = pytest.mark.engines

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SMALL = Amounts(copies=150, most_copies=30, synthesised=60, near=12, sayings_of_near=1, talk=5)


@pytest.fixture(scope="module")
def few() -> Negatives:
    """The first few minutes of the shipped set."""
    whole = load_negatives()
    texts = 160
    end = int(whole.starts[texts])
    return Negatives(whole.embeddings[:end], whole.starts[:texts], whole.texts[:texts], {})


def spoken(count: int, seed: int) -> list[Said]:
    """Takes of "computer" with quiet around it, all by voices of one accent."""
    random = np.random.default_rng(seed)
    voices = Voices(find_voices().espeak, None, ("en-us",))
    takes = []
    for _ in range(count):
        word = say("computer", voices, random)
        whole = np.concatenate((quiet(1.0), word * (8_000 / np.abs(word).max()), quiet(1.0)))
        takes.append(Said(whole, Spoken(SAMPLE_RATE, SAMPLE_RATE + len(word))))
    return takes


@pytest.fixture(scope="module")
def trained(few: Negatives, cache: Path) -> tuple[Task, Trained]:
    task = Task("computer", spoken(5, 1), amounts=SMALL, steps=250)
    return task, train(task, few, SpeechEmbedding(load_bundle(cache)), find_voices())


@pytest.mark.timeout(400)
def test_the_word_is_heard_and_other_speech_is_not(
    trained: tuple[Task, Trained], few: Negatives, tmp_path: Path, embedding: SpeechEmbedding
) -> None:
    task, made = trained
    kept = tmp_path / "computer.npz"
    word = word_of(made, task, "Computer", NOON)
    kept.write_bytes(write_word(word))
    read = read_word(kept, word.about.embedding)
    engine = OpenWakeWord({"computer": read}, embedding)
    # So little training tells nothing of the threshold as trained: there are minutes of others.
    threshold = dict(made.thresholds)[64.0]
    heard = []
    for said in spoken(10, 2):
        samples = np.rint(said.signal).astype(np.int16)
        whole = np.pad(samples, (0, -len(samples) % CHUNK_SAMPLES)).reshape(-1, CHUNK_SAMPLES)
        engine.reset()
        heard.append(max(engine.scores(chunk)["computer"] for chunk in whole) >= threshold)
    assert sum(heard) >= 8
    scores = wakehearing.scores(made.network, few.embeddings)
    assert np.mean(scores >= threshold) < 0.01


def test_the_benchmark_scores_as_the_engine_does(
    trained: tuple[Task, Trained], embedding: SpeechEmbedding
) -> None:
    task, made = trained
    samples = np.rint(task.recordings[0].signal).astype(np.int16)
    whole = np.pad(samples, (0, -len(samples) % CHUNK_SAMPLES))
    at_once = wakehearing.scores(made.network, wakehearing.embedded(whole, embedding))
    engine = OpenWakeWord({"it": word_of(made, task, "it", NOON)}, embedding)
    one_by_one = [engine.scores(chunk)["it"] for chunk in whole.reshape(-1, CHUNK_SAMPLES)]
    assert at_once == pytest.approx(one_by_one, abs=1e-3)


def test_what_was_measured_is_told(trained: tuple[Task, Trained], few: Negatives) -> None:
    task, made = trained
    about = word_of(made, task, "Computer", NOON).about
    assert (about.word, about.phrase, about.recordings) == ("computer", "computer", 5)
    assert about.made == NOON.isoformat(timespec="seconds")
    assert 0.0 < about.negative_hours <= few.hours
    assert (made.tried, made.missed.total, made.missed_in_noise.total) == ("recordings", 5, 5)
    thresholds = [threshold for _, threshold in made.thresholds]
    assert thresholds == sorted(thresholds)
    assert dict(made.thresholds)[16.0] <= 0.5 <= dict(made.thresholds)[0.5]
    assert len(about.det) > 10


def test_without_recordings_it_is_tried_with_synthesised_voices(
    few: Negatives, embedding: SpeechEmbedding
) -> None:
    room = recording(tone(20.0, 50.0))
    task = Task("computer", (), room=(room,), amounts=SMALL, steps=30)
    made = train(task, few, embedding, find_voices())
    assert (made.tried, made.missed.total) == ("synthesised", 60)
    assert made.room_hours == pytest.approx(20.0 / 3600, rel=0.01)


# --- recordings and names -------------------------------------------------------------------------


def test_recordings_of_no_use_are_named_and_left_out(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", recording(quiet(1.0), tone(0.6), quiet(1.0)), SAMPLE_RATE)
    soundfile.write(tmp_path / "b.flac", recording(quiet(2.0)), SAMPLE_RATE)
    soundfile.write(tmp_path / "c.wav", recording(quiet(31.0)), SAMPLE_RATE)
    (tmp_path / "d.wav").write_bytes(b"no sound")
    soundfile.write(tmp_path / "e.wav", np.zeros(0, np.int16), SAMPLE_RATE)
    (tmp_path / "notes.txt").touch()
    usable = read_recordings(find_recordings(tmp_path))
    assert len(usable.said) == 1
    assert usable.left_out == [
        f"{tmp_path}/b.flac is too quiet (its loudest sound is at -64 dBFS).",
        f"{tmp_path}/c.wav is longer than 30 s.",
        f"{tmp_path}/d.wav is not a recording that can be read: Format not recognised.",
        f"{tmp_path}/e.wav is shorter than 0.1 s.",
    ]


def test_error_no_recordings(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="There are no recordings in"):
        find_recordings(tmp_path)
    with pytest.raises(EngineError, match="There is no folder"):
        find_recordings(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("alexa", "'alexa' is a wake word that comes with openWakeWord"),
        ("mine", r"There is a wake word .*mine\.npz already"),
        ("../mine", "is no name for a wake word"),
        ("", "is no name for a wake word"),
    ],
)
def test_error_names(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "mine.npz").touch()
    with pytest.raises(EngineError, match=message):
        place_of(name, tmp_path, replace=False)


def test_a_word_is_replaced_when_told_to(tmp_path: Path) -> None:
    (tmp_path / "mine.npz").touch()
    assert place_of("mine", tmp_path, replace=True) == tmp_path / "mine.npz"
    assert place_of("Hey Jarvis", tmp_path, replace=True).name == "hey_jarvis.npz"
    assert place_of("new word", tmp_path, replace=False).name == "new_word.npz"
