"""``assistant timers``, ``alarms``, ``reminders``, ``planned``: for a person and for a program."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from assistant import clock
from assistant.agenda import Agenda, Kind
from assistant.cli import due
from assistant.state import StateStore
from assistant.timers import Timers
from assistant.values import Recurrence

NOW = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
TOMORROW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
EVERY_DAY = Recurrence("FREQ=DAILY;BYHOUR=7;BYMINUTE=0;BYSECOND=0", TOMORROW)


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "state"))
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(time, "time", NOW.timestamp)
    return tmp_path / "state" / "state.sqlite3"


@pytest.fixture
def store(state: Path) -> Iterator[StateStore]:
    """Open all the while, as the daemon has it."""
    with closing(StateStore.open(state)) as store:
        yield store


def printed(command: click.Command, *arguments: str) -> str:
    return CliRunner().invoke(command, arguments, catch_exceptions=False).output


@pytest.mark.parametrize("command", due.COMMANDS, ids=lambda one: one.name)
def test_before_there_was_any_nothing_is_made(state: Path, command: click.Command) -> None:
    name = "planned commands" if command.name == "planned" else command.name
    assert printed(command) == f"There are no {name}.\n"
    assert printed(command, "--json") == ""
    assert not state.parent.exists()


def test_timers(store: StateStore) -> None:
    timers = Timers(store)
    timers.pause(timers.begin(NOW.timestamp() - 60, 600, "pasta"), NOW.timestamp())
    timers.begin(NOW.timestamp(), 300)
    assert printed(due.timers) == "5 minutes  5 minutes left\npasta  9 minutes left, paused\n"
    first, second = map(json.loads, printed(due.timers, "--json").splitlines())
    assert first == {
        "id": 2,
        "name": "",
        "duration_seconds": 300,
        "left_seconds": 300.0,
        "ends_at": "2026-11-22T22:05:00+00:00",
        "paused": False,
    }
    assert (second["left_seconds"], second["ends_at"], second["paused"]) == (540.0, None, True)


def test_alarms(store: StateStore) -> None:
    Agenda(store).add(Kind.ALARM, EVERY_DAY, NOW)
    assert printed(due.alarms) == "tomorrow at 7:00 AM  (every day at 7:00 AM)\n"
    assert json.loads(printed(due.alarms, "--json")) == {
        "id": 1,
        "text": "",
        "time": "2026-11-23T07:00:00+00:00",
        "rule": EVERY_DAY.rule,
    }


def test_reminders(store: StateStore) -> None:
    Agenda(store).add(Kind.REMINDER, timedelta(minutes=10), NOW, "call mum")
    assert printed(due.reminders) == "10:10 PM  call mum\n"
    assert json.loads(printed(due.reminders, "--json"))["text"] == "call mum"


def test_planned_commands_and_those_of_the_schedule(store: StateStore) -> None:
    agenda = Agenda(store)
    agenda.add(Kind.SCHEDULE, EVERY_DAY, NOW, "good morning")
    agenda.add(Kind.COMMAND, timedelta(minutes=10), NOW, "turn off the lamp", "de")
    assert printed(due.planned) == (
        "10:10 PM  turn off the lamp\ntomorrow at 7:00 AM  good morning  (every day at 7:00 AM)\n"
    )
    first, second = map(json.loads, printed(due.planned, "--json").splitlines())
    assert (first["kind"], first["domain"]) == ("command", "de")
    assert (second["kind"], second["rule"]) == ("schedule", EVERY_DAY.rule)
