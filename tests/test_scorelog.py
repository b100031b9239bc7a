"""The log of wake scores: bounded, and no reason to fail."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import scorelog
from assistant.errors import StateError
from assistant.scorelog import KEPT_SECONDS, ScoreLog
from assistant.wake.moments import Minute, Moment

NOW = 1_800_000_000.0
DETECTION = Moment(NOW, "alexa", 0.9, 0.5, True, (0.0, 0.4321, 0.9, 1.0))
NEAR_MISS = Moment(NOW + 1.0, "alexa", 0.3, 0.5, False, (0.3,))


@pytest.fixture
def log(tmp_path: Path) -> Iterator[ScoreLog]:
    found = ScoreLog(tmp_path / "state" / "wake-scores.sqlite3")
    yield found
    found.close()


def everything(log: ScoreLog) -> tuple[list[Minute], list[Moment]]:
    return log.minutes(0.0, 1e12), list(log.moments(0.0, 1e12).values())


def test_what_was_written_is_read_again(log: ScoreLog) -> None:
    log.write([Minute(1_799_999_940, 0.4)], [DETECTION, NEAR_MISS], NOW)
    log.close()
    assert everything(log) == ([Minute(1_799_999_940, 0.4)], [DETECTION, NEAR_MISS])


def test_a_span_is_read_alone(log: ScoreLog) -> None:
    minutes = [Minute(int(NOW) + 60 * number, 0.5) for number in range(3)]
    log.write(minutes, [DETECTION, NEAR_MISS], NOW)
    assert log.minutes(NOW, NOW + 60.0) == minutes[:1]
    assert list(log.moments(NOW + 0.5, NOW + 60.0).values()) == [NEAR_MISS]


def test_of_a_minute_that_is_written_twice_the_higher_score_stays(log: ScoreLog) -> None:
    for score in (0.4, 0.6, 0.5):
        log.write([Minute(60, score)], [], 60.0)
    assert log.minutes(0.0, 100.0) == [Minute(60, 0.6)]


def test_detections_are_marked_and_unmarked(log: ScoreLog) -> None:
    log.write([], [DETECTION, NEAR_MISS], NOW)
    first, _ = log.moments(0.0, 1e12)
    log.mark([first], marked=True)
    assert everything(log)[1] == [replace(DETECTION, marked=True), NEAR_MISS]
    log.mark([first], marked=False)
    assert everything(log)[1] == [DETECTION, NEAR_MISS]


def test_what_is_older_than_a_week_goes(log: ScoreLog) -> None:
    log.write([Minute(int(NOW), 0.5)], [DETECTION], NOW)
    log.write([], [NEAR_MISS], NOW + KEPT_SECONDS + 0.5)
    assert everything(log) == ([], [NEAR_MISS])


def test_a_week_of_noise_takes_no_more_than_two_megabytes(log: ScoreLog) -> None:
    curve = tuple(number / 25 for number in range(25))
    for hour in range(2 * 24):  # what is kept of the worst week comes in two days
        begin = NOW + 3600.0 * hour
        minutes = [Minute(int(begin) + 15 * number, 0.5) for number in range(240)]
        moments = [
            replace(NEAR_MISS, time=begin + 10.0 * number, word="hey_computer", curve=curve)
            for number in range(360)
        ]
        log.write(minutes, moments, begin)
    files = [path.stat().st_size for path in log.path.parent.iterdir()]
    assert len(files) >= 2  # the write-ahead log is counted, too
    assert sum(files) < 2_000_000
    kept_minutes, kept_moments = everything(log)
    assert (len(kept_minutes), len(kept_moments)) == (scorelog.MOST_MINUTES, scorelog.MOST_MOMENTS)
    assert kept_moments[-1].time == moments[-1].time


def test_only_its_owner_may_enter_its_folder(log: ScoreLog) -> None:
    log.write([], [DETECTION], NOW)
    assert stat.S_IMODE(log.path.parent.stat().st_mode) == 0o700


def test_erased_it_is_gone_with_its_side_files(log: ScoreLog) -> None:
    log.write([], [DETECTION], NOW)
    log.erase()
    assert list(log.path.parent.iterdir()) == []
    log.erase()


@pytest.mark.parametrize(
    "damage", [b"no database at all", b"SQLite format 3\0" + os.urandom(4096)], ids=["text", "torn"]
)
def test_a_damaged_one_is_begun_anew(log: ScoreLog, damage: bytes) -> None:
    log.path.parent.mkdir()
    log.path.write_bytes(damage)
    log.write([], [NEAR_MISS], NOW)
    assert everything(log) == ([], [NEAR_MISS])


def test_one_of_another_version_is_begun_anew(
    log: ScoreLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.write([], [DETECTION], NOW)
    log.close()
    monkeypatch.setattr(scorelog, "SCHEMA_VERSION", 2)
    monkeypatch.setattr(scorelog, "SCHEMA", scorelog.SCHEMA.replace("version = 1", "version = 2"))
    log.write([], [NEAR_MISS], NOW)
    assert everything(log) == ([], [NEAR_MISS])


def test_a_place_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    log = ScoreLog(tmp_path / "file" / "wake-scores.sqlite3")
    with pytest.raises(StateError) as told:
        log.write([], [DETECTION], NOW)
    assert str(told.value) == (
        "The log of wake scores cannot be used: File exists. "
        f"Check {log.path}, or set wake.log to false."
    )


def test_a_full_disk_is_told_and_once_there_is_room_it_goes_on(log: ScoreLog) -> None:
    log.write([], [DETECTION], NOW)
    assert log._connection is not None
    pages = log._connection.execute("PRAGMA page_count").fetchone()[0]
    log._connection.execute(f"PRAGMA max_page_count = {pages}")
    many = [replace(NEAR_MISS, curve=(0.5,) * 500) for _ in range(200)]
    with pytest.raises(StateError, match="database or disk is full"):
        log.write([], many, NOW)
    log.write([], [NEAR_MISS], NOW)
    assert everything(log)[1] == [DETECTION, NEAR_MISS]
