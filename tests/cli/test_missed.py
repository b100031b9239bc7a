"""``assistant missed``: what was not understood, for a person and for a program."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assistant.cli.common import paths
from assistant.cli.missed import missed
from assistant.config import Settings
from assistant.engines import load_understanding
from assistant.events import Understood
from assistant.state import StateStore
from assistant.turn import Transcript

NOW = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "state"))
    return tmp_path / "state" / "state.sqlite3"


@pytest.fixture
def store(state: Path) -> Iterator[StateStore]:
    with closing(StateStore.open(state)) as store:
        store.add_missed("make it cosy", "", NOW, 9)
        store.add_missed("turn of light", "turn off the light", NOW, 9)
        yield store


def run(*arguments: str) -> Result:
    return CliRunner().invoke(missed, arguments)


def test_before_there_was_any_nothing_is_made(state: Path) -> None:
    assert run().output == "Everything was understood.\n"
    assert run("--json").output == ""
    assert not state.parent.exists()


def test_for_a_person(store: StateStore) -> None:
    lines = run().output.splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["2", "1"]
    assert "turn of light" in lines[1]
    assert "turn off the light" in lines[1]


def test_for_a_program(store: StateStore) -> None:
    first = json.loads(run("--json").output.splitlines()[0])
    assert first == {
        "number": 2,
        "text": "turn of light",
        "meant": "turn off the light",
        "times": 1,
        "last": "2026-11-26T08:00:00+00:00",
    }


def test_one_is_forgotten_or_all(store: StateStore) -> None:
    assert run("--forget", "1").output == "Forgotten: 1.\n"
    assert [one.text for one in store.missed()] == ["turn of light"]
    assert run("--forget", "all").output == "Forgotten: 1.\n"
    assert store.missed() == []


@pytest.mark.parametrize("number", ["7", "some"])
def test_error_there_is_no_such_number(store: StateStore, number: str) -> None:
    assert run("--forget", number).exit_code == 2
    assert len(store.missed()) == 2


class TestHavingItUnderstood:
    @pytest.fixture
    def folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
        monkeypatch.setattr("os.geteuid", lambda: 1000)
        return tmp_path / "config" / "assistant" / "intents"

    def test_it_means_what_the_owner_says(self, store: StateStore, folder: Path) -> None:
        store.add_missed("make it (really) loud!", "", NOW, 9)
        assert "means 'full volume' from now on" in run("3", "--means", "full volume").output
        assert run("1", "--means", "what time is it").exit_code == 0
        assert [one.text for one in store.missed()] == ["turn of light"]
        understanding = load_understanding(Settings(), paths())
        meant = understanding.understand(Transcript("make it really loud", 1.0))
        assert isinstance(meant, Understood)
        assert [one.intent for one in meant.matches] == ["SaidOtherwise1", "SetVolume"]
        meant = understanding.understand(Transcript("make it cosy", 1.0))
        assert isinstance(meant, Understood)
        assert [one.intent for one in meant.matches] == ["SaidOtherwise2", "GetTime"]

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (("1", "--means", "what thyme is it"), "Did you mean 'what time is it'?"),
            (("9", "--means", "what time is it"), "there is no number 9"),
            (("1",), "Give a number of the list"),
        ],
    )
    def test_error(
        self, store: StateStore, folder: Path, arguments: tuple[str, ...], told: str
    ) -> None:
        result = run(*arguments)
        assert result.exit_code == 2
        assert told in result.output
        assert len(store.missed()) == 2
        assert not folder.exists()

    def test_error_what_means_something_already(self, store: StateStore, folder: Path) -> None:
        store.add_missed("stop", "", NOW, 9)
        assert "means something already: Stop" in run("3", "--means", "louder").output
