"""The schedule of the configuration."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from assistant.agenda import Agenda, Kind
from assistant.config import load_settings
from assistant.errors import Problem
from assistant.schedule import Scheduled, keep_schedule, read_schedule
from assistant.state import StateStore
from tests.recordings import shipped
from tests.room import NOW


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StateStore]:
    with closing(StateStore.open(tmp_path / "state.sqlite3")) as store:
        yield store


def read(text: str) -> tuple[list[Scheduled], str]:
    settings = load_settings(text, "config.yaml")
    problems: list[Problem] = []
    understanding = replace(shipped(), now=lambda: NOW)
    found = read_schedule(settings.schedule.commands, understanding, problems)
    return found, "\n".join(map(str, problems))


MORNING = """\
schedule:
  commands:
    morning:
      when: every weekday at seven
      command: what time is it
    chime: {when: every half hour, command: tell me the date}
"""


def test_times_are_read_as_they_are_said() -> None:
    found, problems = read(MORNING)
    assert problems == ""
    assert [(one.command, one.times.rule) for one in found] == [
        ("what time is it", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=7;BYMINUTE=0;BYSECOND=0"),
        ("tell me the date", "FREQ=MINUTELY;INTERVAL=30"),
    ]


def test_nothing_is_read_where_there_is_none() -> None:
    assert read("") == ([], "")


def test_error_shows_every_mistake() -> None:
    text = """\
schedule:
  commands:
    morning: {when: at seven, command: what time is it}
    evening: {when: every day at ten, command: what tim is it}
    night: {when: every day at ten}
"""
    found, problems = read(text)
    assert found == []
    assert problems == (
        "config.yaml:3:21: 'when' of 'morning' in 'schedule.commands' is no time that comes "
        "again and again: 'at seven'\n"
        "        morning: {when: at seven, command: what time is it}\n"
        "                        ^^^^^^^^\n"
        "    write it as you would say it: 'every weekday at seven'\n"
        "config.yaml:4:48: no intent understands 'what tim is it', the command of 'evening' in "
        "'schedule.commands'\n"
        "        evening: {when: every day at ten, command: what tim is it}\n"
        "                                                   ^^^^^^^^^^^^^^\n"
        "    did you mean 'what time is it'?\n"
        "config.yaml:5:5: 'night' in 'schedule.commands' needs 'command'\n"
        "        night: {when: every day at ten}\n"
        "        ^^^^^"
    )


def test_it_is_kept_over_a_restart_and_follows_the_file(store: StateStore) -> None:
    schedule, _ = read(MORNING)
    keep_schedule(Agenda(store), schedule, NOW)
    before = store.entries()
    assert [entry.kind for entry in before] == [Kind.SCHEDULE] * 2
    keep_schedule(Agenda(store), schedule, NOW + timedelta(minutes=10))
    assert store.entries() == before
    keep_schedule(Agenda(store), schedule[:1], NOW)
    assert [entry.text for entry in store.entries()] == ["what time is it"]
    keep_schedule(Agenda(store), [], NOW)
    assert store.entries() == []
