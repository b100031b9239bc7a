"""SIGKILL at random moments loses nothing; ``scripts/check-kills`` does it 500 times."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from scripts.killing.rounds import Model, rounds, state_of
from scripts.killing.whole import whole_rounds
from tests.running import home

pytestmark = pytest.mark.engines


def test_timers_and_lists_are_kept_when_it_is_killed(tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(10**6)
    confirmed = list(rounds(tmp_path / "state.sqlite3", 20, seed))
    assert len(confirmed) == 20
    assert sum(confirmed) > 20, f"hardly anything was done with seed {seed}"


def test_what_was_said_to_a_core_that_is_killed_is_kept() -> None:
    with home() as place:
        assert len(list(whole_rounds(place, 1, 1))) == 1


def test_a_step_that_is_lost_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test of the test: a database that forgets is told."""
    path = tmp_path / "state.sqlite3"

    def forgetful(database: Path) -> Model:
        found = state_of(database)
        return Model(found.timers[:-1], found.items[:-1], None)

    monkeypatch.setattr("scripts.killing.rounds.state_of", forgetful)
    with pytest.raises(AssertionError, match="is not one of"):
        list(rounds(path, 20, 1))
    assert os.access(path, os.R_OK)
