"""``assistant train``, as a person or a program calls it; what it learns is cut short."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assistant.cli.train import train
from assistant.errors import EngineError
from assistant.recognizers.phones.training import adaptation
from assistant.recognizers.phones.training.checking import Check

pytestmark = pytest.mark.engines


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "STATE_DIRECTORY", "CONFIGURATION_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(adaptation, "CHECKED", 6)
    return tmp_path / ".local/state/assistant/models/phones"


@pytest.fixture
def intents(tmp_path: Path) -> Path:
    file = tmp_path / "lamp.yaml"
    file.write_text("intents: {Lamp: {sentences: [lamp on, lamp off], reply: Done.}}\n")
    return file


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(train, [str(argument) for argument in arguments])


def always(monkeypatch: pytest.MonkeyPatch, *, better: bool) -> None:
    monkeypatch.setattr(Check, "better_than", lambda *_: better)


def test_what_is_better_is_kept_and_can_be_undone(
    home: Path, intents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    always(monkeypatch, better=True)
    told = json.loads(run("--sentences", "50", "--intents", intents, "--json").stdout)
    assert told["kept"] is True
    assert told["model"] == str(home / "en.npz")
    assert (home / "en.npz").is_file()
    assert told["before"]["sentences"] == told["after"]["sentences"] > 0
    assert told["hours"] > 0
    undone = run("--back")
    assert "en.npz is used again." in undone.output
    assert not (home / "en.npz").exists()


def test_that_flite_is_missing_is_told(intents: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    which = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "flite" else which(name))
    told = run("--sentences", "50", "--intents", intents, "--json")
    assert "sudo apt install flite" in told.stderr
    assert json.loads(told.stdout)["hours"] > 0


def test_what_is_no_better_is_not_kept(
    home: Path, intents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    always(monkeypatch, better=False)
    told = run("--sentences", "50", "--intents", intents)
    assert told.exit_code == 0
    assert "of your sentences understood" in told.output
    assert "No better than before, so nothing was changed." in told.output
    assert not (home / "en.npz").exists()


def test_at_night_only_what_is_new_is_learnt(
    home: Path, intents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    always(monkeypatch, better=False)
    nights = ("--night", "--sentences", "50", "--intents", intents)
    assert "No better than before" in run(*nights).output
    assert run(*nights).output == "There is nothing new to learn.\n"
    assert json.loads(run(*nights, "--json").stdout) == {"kept": False}
    intents.write_text(intents.read_text().replace("lamp off", "lamp out"))
    assert "No better than before" in run(*nights).output
    assert not (home / "en.npz").exists()


def test_at_night_recordings_are_looked_for(intents: Path, tmp_path: Path) -> None:
    folder = tmp_path / ".local/state/assistant/commands"
    folder.mkdir(parents=True)
    (folder / "lamp.wav").touch()
    result = run("--night", "--intents", intents)
    assert isinstance(result.exception, EngineError)
    assert "lamp" in str(result.exception)


def test_there_is_nothing_to_undo_at_first() -> None:
    result = run("--back")
    assert isinstance(result.exception, EngineError)
    assert "nothing to go back from" in str(result.exception)


def test_recordings_without_words_are_told(intents: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    result = run("--recordings", folder, "--intents", intents)
    assert isinstance(result.exception, EngineError)
    assert "There are no recordings in" in str(result.exception)
