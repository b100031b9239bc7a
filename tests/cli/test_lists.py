"""``assistant lists``: what is on the lists, for a person and for a program."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assistant.cli.lists import lists
from assistant.state import StateStore


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "state"))
    return tmp_path / "state" / "state.sqlite3"


@pytest.fixture
def store(state: Path) -> Iterator[StateStore]:
    """Open all the while, as the daemon has it."""
    with closing(StateStore.open(state)) as store:
        yield store


def run(*arguments: str) -> Result:
    return CliRunner().invoke(lists, arguments)


def test_before_there_was_any_nothing_is_made(state: Path) -> None:
    assert run().output == "There are no lists.\n"
    assert run("--json").output == ""
    assert not state.parent.exists()


def test_all_of_them_by_name(store: StateStore) -> None:
    store.add_list_items("shopping", ["milk", "2 bottles of water"])
    store.add_list_items("norway", ["socks"])
    assert run().output == "norway\n  socks\nshopping\n  milk\n  2 bottles of water\n"


def test_one_of_them_is_lines(store: StateStore) -> None:
    store.add_list_items("summer trip", ["sun screen", "hat"])
    assert run("Summer", "trip").output == "sun screen\nhat\n"


def test_for_a_program(store: StateStore) -> None:
    store.add_list_items("shopping", ["Käse"])
    store.add_list_items("norway", ["socks"])
    assert [json.loads(line) for line in run("--json").output.splitlines()] == [
        {"list": "norway", "items": ["socks"]},
        {"list": "shopping", "items": ["Käse"]},
    ]
    assert json.loads(run("shopping", "--json").output) == {"list": "shopping", "items": ["Käse"]}


def test_error_of_a_list_that_has_nothing(store: StateStore) -> None:
    store.add_list_items("shopping", ["milk"])
    result = run("packing")
    assert result.exit_code == 2
    assert "there is no list 'packing'; lists with items: 'shopping'" in result.output
