"""``scripts/bench microphones``, on a few recordings."""

from __future__ import annotations

from pathlib import Path

import pytest
import soundfile
from click.testing import CliRunner

from assistant.audio.frames import SAMPLE_RATE
from assistant.turn import Wake
from scripts.benchmarks import commands, microphones
from scripts.benchmarks.microphones import TELLS, Call
from tests.recognizers.synthesised import say


def test_what_tells_that_a_microphone_is_nearer() -> None:
    early = Call(Wake("alexa", 0.6, 2.0, snr_db=20.0), -0.01)
    sure = Call(Wake("alexa", 0.9, 2.0, snr_db=10.0), 0.0)
    assert {name: tells(early, sure) for name, tells in TELLS.items()} == {
        "first": True,
        "higher score": False,
        "stands out more": True,
    }


@pytest.mark.engines
def test_the_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(microphones, "SOFTER_DECIBELS", (10.0,))
    monkeypatch.setattr(microphones, "NOISE_DBFS", (-60.0,))
    folder = tmp_path / "wake-word" / "alexa"
    folder.mkdir(parents=True)
    for number, voice in enumerate(("en-gb", "en-us")):
        soundfile.write(folder / f"{number}.flac", say("alexa", voice), SAMPLE_RATE)
    report = microphones.measure(tmp_path / "speech-to-intent", "all")
    (figures,) = report.figures.values()
    assert 0 < figures["both"] == figures["stands out more"]
    assert " stands out more |" in report.markdown()


def test_error_a_folder_without_the_set(tmp_path: Path) -> None:
    result = CliRunner().invoke(commands.main, ["microphones", "--data", str(tmp_path)])
    assert result.exit_code == 2
    assert "there is no labels.json in" in result.output
