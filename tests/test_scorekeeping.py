"""The daemon's keeping of the log: one warning when the disk fails, and no more."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from assistant.errors import StateError
from assistant.events import (
    ChunkHeard,
    Event,
    PartFailed,
    PartWorks,
    StopHeard,
    WakeDetected,
    WakeDropped,
)
from assistant.scorekeeping import PART, ScoreKeeper
from assistant.scorelog import ScoreLog
from assistant.turn import Wake
from assistant.wake.moments import Minute, Moment, ScoreNotes


class Disk(ScoreLog):
    """A log on a disk that fails when it is told to."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.broken = False
        self.writes = 0

    def write(self, minutes: Sequence[Minute], moments: Sequence[Moment], now: float) -> None:
        self.writes += 1
        if self.broken:
            raise StateError("The log of wake scores cannot be used: database or disk is full.")
        super().write(minutes, moments, now)


class Keeping:
    """A keeper, its disk, and what it told."""

    def __init__(self, folder: Path) -> None:
        self.disk = Disk(folder / "wake-scores.sqlite3")
        self.told: list[Event] = []
        self.keeper = ScoreKeeper({"": ScoreNotes({"alexa": 0.5})}, self.disk, self.told.append)

    def hear(self, score: float, *, detected: bool = False) -> None:
        """A word, or what is nearly one, and some silence after it."""
        self.keeper.take(ChunkHeard(-30.0, score, {"alexa": score}))
        if detected:
            self.keeper.take(WakeDetected(Wake("alexa", score, 1.0)))
        for _ in range(20):
            self.keeper.take(ChunkHeard(-60.0, 0.0))
        self.keeper.take(StopHeard())

    def kept(self) -> list[tuple[float, bool]]:
        moments = self.disk.moments(0.0, 1e12).values()
        return [(one.score, one.detected) for one in moments]


@pytest.fixture
def keeping(tmp_path: Path) -> Iterator[Keeping]:
    found = Keeping(tmp_path)
    yield found
    found.disk.close()


def test_what_was_heard_is_written_down(keeping: Keeping) -> None:
    keeping.hear(0.9, detected=True)
    keeping.hear(0.3)
    asyncio.run(keeping.keeper.write())
    assert keeping.kept() == [(0.9, True), (0.3, False)]
    assert keeping.told == []


def test_each_microphone_is_noted_by_itself(tmp_path: Path) -> None:
    notes = {name: ScoreNotes({"alexa": 0.5}) for name in ("kitchen", "hall")}
    with closing(Disk(tmp_path / "wake-scores.sqlite3")) as disk:
        keeper = ScoreKeeper(notes, disk, lambda _: None)
        for name, score in (("kitchen", 0.9), ("hall", 0.8)):
            keeper.take(ChunkHeard(-30.0, score, {"alexa": score}, name))
        keeper.take(WakeDetected(Wake("alexa", 0.9, 1.0, microphone="kitchen")))
        keeper.take(WakeDropped(Wake("alexa", 0.8, 1.0, microphone="hall")))
        asyncio.run(keeper.close())
        moments = disk.moments(0.0, 1e12).values()
    assert sorted((one.score, one.detected) for one in moments) == [(0.8, True), (0.9, True)]


def test_where_there_is_nothing_nothing_is_written(keeping: Keeping) -> None:
    keeping.hear(0.0)
    asyncio.run(keeping.keeper.write())
    assert keeping.disk.writes == 0
    assert not keeping.disk.path.exists()


def test_at_the_end_everything_is_written(keeping: Keeping) -> None:
    keeping.keeper.take(ChunkHeard(-30.0, 0.3, {"alexa": 0.3}))
    asyncio.run(keeping.keeper.close())
    assert keeping.kept() == [(0.3, False)]
    assert [minute.score for minute in keeping.disk.minutes(0.0, 1e12)] == [0.3]


def test_a_disk_that_fails_is_told_once_and_so_is_that_it_works_again(keeping: Keeping) -> None:
    keeping.disk.broken = True
    for _ in range(3):
        keeping.hear(0.9, detected=True)
        asyncio.run(keeping.keeper.write())
    full = "The log of wake scores cannot be used: database or disk is full."
    assert keeping.told == [PartFailed(PART, full)]
    keeping.disk.broken = False
    keeping.hear(0.3)
    asyncio.run(keeping.keeper.write())
    assert keeping.told == [PartFailed(PART, full), PartWorks(PART)]
    assert keeping.kept() == [(0.3, False)]
