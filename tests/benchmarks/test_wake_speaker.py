"""``scripts/bench wake-speaker``: its arithmetic, and its people on a few recordings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner

from assistant.audio.frames import SAMPLE_RATE
from assistant.wake.voice import Vector, voice_features
from scripts.benchmarks import commands, wake_speaker
from scripts.benchmarks.speakers import ACCENTS, VARIANTS, Speaker, in_a_room, recordings, speakers
from scripts.benchmarks.trials import (
    Heard,
    Trials,
    against_all,
    enrol,
    equal_error,
    interval,
    left_out,
)
from tests.recordings import samples_of


def trials(own: list[float], others: list[float]) -> Trials:
    return Trials(np.array(own), np.array(others))


@pytest.mark.parametrize(
    ("own", "others", "rate"),
    [
        ([0.8, 0.9], [0.1, 0.2], 0.0),
        ([0.1, 0.2], [0.8, 0.9], 1.0),
        ([0.1, 0.6, 0.7, 0.8], [0.2, 0.3, 0.4, 0.9], 0.25),
        ([0.5] * 4, [0.5] * 4, 0.5),
    ],
)
def test_the_equal_error_rate(own: list[float], others: list[float], rate: float) -> None:
    assert equal_error([trials(own, others)]) == pytest.approx(rate)


def test_the_interval_is_around_the_rate_and_wide_for_few_owners() -> None:
    random = np.random.default_rng(1)
    many = [Trials(random.normal(1.5, 1, 5), random.normal(0, 1, 50)) for _ in range(60)]
    low, high = interval(many)
    assert low < equal_error(many) < high
    few_low, few_high = interval(many[:6])
    assert few_high - few_low > high - low


def nearness(voice: Vector, call: Vector) -> float:
    return -float(np.abs(voice.mean(axis=0) - call).sum())


def test_everybody_calls_everybody_and_nobody_is_another_to_themselves() -> None:
    sounds = [np.full(1, value, dtype=np.int16) for value in range(10)]
    heard = [*left_out(1, sounds[:3], sounds[:3]), Heard(2, [sounds[9]], [sounds[8], sounds[7]])]
    people = enrol(heard, lambda samples: samples.astype(np.float64))
    first, second = against_all(people, nearness)
    assert first.own.tolist() == [-1.5, 0.0, -1.5]  # each against the mean of the two others
    assert first.others.tolist() == [-6.5, -5.5, -7.0, -6.0, -7.5, -6.5]
    assert second.own.tolist() == [-1.0, -2.0]
    assert second.others.tolist() == [-9.0, -8.0, -7.0]


def test_who_has_no_voice_is_left_out() -> None:
    sound = np.zeros(1, dtype=np.int16)
    assert enrol([Heard(1, [sound], [sound])], lambda samples: None) == []


def test_nobody_is_measured_whom_the_measure_was_learnt_from() -> None:
    learnt, tested = (
        {one.voice.partition("+")[2] for one in speakers(part, 100, 1) if one.engine != "flite"}
        for part in ("learn", "test")
    )
    assert learnt & tested == set()
    assert learnt | tested == set(VARIANTS)


@pytest.mark.engines
@pytest.mark.parametrize(
    "speaker", [Speaker("espeak-ng", "en+f2", 50, 150, 1.0), Speaker("flite", "slt", 0, 0, 0.92)]
)
def test_a_speaker_has_a_voice_and_says_it_another_way_each_time(speaker: Speaker) -> None:
    first, second = recordings(speaker, ["hey jarvis"] * 2, np.random.default_rng(1))
    assert not np.array_equal(first, second)
    assert voice_features(first) is not None
    assert voice_features(second) is not None


@pytest.mark.engines
@pytest.mark.parametrize("accent", ACCENTS)
def test_each_accent_has_the_variants(accent: str) -> None:
    """Of some names espeak-ng drops the variant, and all speakers would be one."""
    random = np.random.default_rng(1)
    spoken = [
        Speaker("espeak-ng", f"{accent}{one}", 50, 150, 1.0).say("a", random)
        for one in ("+f2", "+m3")
    ]
    assert not np.array_equal(spoken[0], spoken[1])


def test_a_room_keeps_the_words_and_changes_the_sound() -> None:
    samples = samples_of("stop")
    heard = in_a_room(samples / 32768.0, np.random.default_rng(1))
    assert len(samples) < len(heard) < len(samples) + SAMPLE_RATE
    dry, wet = voice_features(samples), voice_features(heard)
    assert dry is not None
    assert wet is not None
    assert wet[-1] == pytest.approx(dry[-1], abs=0.15)  # the pitch
    assert np.linalg.norm(wet[:-1] - dry[:-1]) > 0.05


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder as the public recordings are laid out: two runs of one speaker each."""
    for folder in ("speech-to-intent/clean", "wake-word/alexa"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "speech-to-intent" / "labels.json").write_text("{}")
    for number in (94, 95, 98, 99, 300):
        path = tmp_path / "wake-word" / "alexa" / f"{number}.flac"
        soundfile.write(path, samples_of("stop"), SAMPLE_RATE)
    for name in ("timer-with-pause", "timer-five-minutes", "stop"):
        path = tmp_path / "speech-to-intent" / "clean" / f"{name}.flac"
        soundfile.write(path, samples_of(name), SAMPLE_RATE)
    return tmp_path / "speech-to-intent"


@pytest.mark.engines
def test_the_report(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wake_speaker, "SPEAKERS", 2)
    monkeypatch.setattr(wake_speaker, "RECORDINGS", 4)
    monkeypatch.setattr(wake_speaker, "ENROLLED", 3)
    monkeypatch.setattr("scripts.benchmarks.speakers.FLITE", ())
    monkeypatch.setattr("scripts.benchmarks.speakers.LEARNT_SPEAKERS", 3)
    report = wake_speaker.measure(data, "all")
    expected = {
        "synthetic, the word": 2,
        "synthetic, word and command": 2,
        "real, the word, one session": 2,
        "real, the word, made to sound elsewhere": 2,
        "real, two ends of a command": 2,  # "stop" is too short for both
    }
    expected |= {f"{kind}, embedding": count for kind, count in expected.items()}
    assert {kind: one["owners"] for kind, one in report.figures.items()} == expected
    assert "| others' taken |" in report.markdown()


def test_error_a_folder_without_the_set(tmp_path: Path) -> None:
    result = CliRunner().invoke(commands.main, ["wake-speaker", "--data", str(tmp_path)])
    assert result.exit_code == 2
    assert "there is no labels.json in" in result.output
