"""What the core counts of itself."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.events import NothingHeard, TurnEnded, WakeDetected
from assistant.state import StateStore
from assistant.turn import Outcome, TurnRecord, Wake
from assistant.vitals import Vitals

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StateStore]:
    opened = StateStore.open(tmp_path / "state.sqlite3")
    yield opened
    opened.close()


def life(store: StateStore) -> Vitals:
    """An assistant that has just started."""
    vitals = Vitals(store, lambda: NOON)
    vitals.begin()
    return vitals


def test_at_the_start_nothing_has_happened(store: StateStore) -> None:
    assert life(store).status() == {
        "last_wake_word": "", "last_wake_at": "", "calls": {}, "turns": {}, "restarts": 0,
    }  # fmt: skip


def test_calls_and_turns_are_counted(store: StateStore) -> None:
    vitals = life(store)
    for name in ("alexa", "hey_jarvis", "alexa"):
        vitals.note(WakeDetected(Wake(name, 0.9, 1.0)))
    vitals.note(NothingHeard())
    vitals.note(TurnEnded(TurnRecord(outcome=Outcome.ACTED)))
    assert vitals.status() == {
        "last_wake_word": "alexa",
        "last_wake_at": "2026-05-01T12:00:00+00:00",
        "calls": {"alexa": 2, "hey_jarvis": 1},
        "turns": {"acted": 1},
        "restarts": 0,
    }


def test_an_end_that_nobody_asked_for_is_a_restart(store: StateStore) -> None:
    life(store)
    assert life(store).status()["restarts"] == 1
    asked = life(store)
    assert asked.status()["restarts"] == 2
    asked.end()
    assert life(store).status()["restarts"] == 2


def test_a_disk_that_is_full_keeps_nobody_from_listening(
    store: StateStore, caplog: pytest.LogCaptureFixture
) -> None:
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL

    class Full(StateStore):
        def set_setting(self, key: str, value: object) -> None:
            with self._writing():
                raise full

    store.__class__ = Full
    with caplog.at_level(logging.WARNING):
        life(store).end()
    told = "The number of restarts is not kept. The state database cannot be used: "
    hint = f"Free some space on the disk of {store.path}."
    assert [one.message for one in caplog.records] == [f"{told}the disk is full. {hint}"] * 2
