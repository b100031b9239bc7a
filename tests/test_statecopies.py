"""Copies of the state database: made daily, whole or not at all, and taken when it is damaged."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import sqlite3
import stat
import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.cli.privacy import _amount
from assistant.errors import StateError
from assistant.events import Event, PartFailed, PartWorks
from assistant.kept import kept_things
from assistant.paths import Paths
from assistant.state import StateStore
from assistant.statecopies import EVERY_SECONDS, KEPT, copies, is_due, make_copy, restore
from assistant.statekeeping import PART, StateKeeper, open_state, told_of
from tests.test_state import cut_short, drop_a_table, ruin_header, ruin_pages


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "state.sqlite3"


def shop(path: Path, *items: str) -> None:
    with closing(StateStore.open(path)) as store:
        store.add_list_items("shopping", items)


def on_the_list(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [item for (item,) in connection.execute("SELECT item FROM list_items ORDER BY id")]


def test_a_copy_is_made_beside_a_program_that_has_it_open(path: Path) -> None:
    with closing(StateStore.open(path)) as store:
        store.add_list_items("shopping", ["milk"])
        assert make_copy(path) is True
        store.add_list_items("shopping", ["tea"])
    newest, *others = copies(path)
    assert on_the_list(newest) == ["milk"]
    assert stat.S_IMODE(newest.stat().st_mode) == 0o600
    assert not any(other.exists() for other in others)
    assert {one.name for one in path.parent.iterdir()} == {path.name, newest.name}


def test_only_so_many_are_kept_and_the_newest_is_the_first(path: Path) -> None:
    for number in range(KEPT + 3):
        shop(path, f"item {number}")
        make_copy(path)
    assert [len(on_the_list(copy)) for copy in copies(path)] == [6, 5, 4]
    assert len(list(path.parent.glob("*backup*"))) == KEPT


def test_what_has_not_changed_is_not_copied_again(path: Path) -> None:
    shop(path, "milk")
    make_copy(path)
    os.utime(copies(path)[0], (1.0, 1.0))
    assert make_copy(path) is False
    assert not copies(path)[1].exists()
    assert not is_due(path, copies(path)[0].stat().st_mtime)


@pytest.mark.parametrize(
    ("age_seconds", "due"),
    [(0.0, False), (EVERY_SECONDS - 1, False), (EVERY_SECONDS, True), (-1.0, True)],
)
def test_one_is_due_each_day_and_after_the_clock_was_set_back(
    path: Path, age_seconds: float, due: bool
) -> None:
    assert is_due(path, 0.0)
    shop(path, "milk")
    make_copy(path)
    made = 1_000_000.0
    os.utime(copies(path)[0], (made, made))
    assert is_due(path, made + age_seconds) is due


RUINS: list[Callable[[Path], None]] = [ruin_header, ruin_pages, cut_short, drop_a_table]


def many(path: Path) -> None:
    """Fill some pages of the file."""
    with closing(StateStore.open(path)) as store:
        store.add_list_items("books", ["x" * 100 + str(number) for number in range(500)])


@pytest.mark.parametrize("ruin", RUINS)
def test_a_damaged_database_is_its_newest_copy(path: Path, ruin: Callable[[Path], None]) -> None:
    many(path)
    shop(path, "milk")
    make_copy(path)
    shop(path, "tea")
    ruin(path)
    with closing(open_state(path)) as store:
        assert store.list_items("shopping") == ["milk"]
        told = told_of(store)
        assert told is not None
        assert told[0] == "state_restored"
        assert told[1].endswith("and state.sqlite3.backup-1 is used: what changed since is lost.")
        store.add_list_items("shopping", ["salt"])
    with closing(open_state(path)) as store:
        assert told_of(store) is None
        assert store.list_items("shopping") == ["milk", "salt"]


@pytest.mark.parametrize("ruin", RUINS)
def test_a_damaged_copy_is_passed_over(path: Path, ruin: Callable[[Path], None]) -> None:
    many(path)
    shop(path, "milk")
    make_copy(path)
    shop(path, "tea")
    make_copy(path)
    for one in (copies(path)[0], path):
        ruin(one)
    with closing(open_state(path)) as store:
        # Only one whose tables are not ours is whole, and yet of no use: then all begins anew.
        expected = [] if ruin is drop_a_table else ["milk"]
        assert store.list_items("shopping") == expected
        told = told_of(store)
        assert told is not None
        assert told[0] == ("state_restored" if expected else "state_moved_aside")


def test_a_damaged_database_never_replaces_a_good_copy(path: Path) -> None:
    many(path)
    make_copy(path)
    good = copies(path)[0].read_bytes()
    ruin_pages(path)
    with pytest.raises(StateError, match="No copy of the state database could be made"):
        make_copy(path)
    assert copies(path)[0].read_bytes() == good
    assert not list(path.parent.glob("*new*"))


class NewerError(Exception):
    """One byte can make a database that of a newer assistant, which is left alone."""


def opened(path: Path) -> StateStore:
    try:
        return open_state(path)
    except StateError as error:
        if re.search(r"has schema \d{1,4}, this assistant knows", str(error)):
            raise NewerError from error
        raise


@settings(max_examples=25)
@given(st.data())
def test_whatever_is_damaged_it_opens(data: st.DataObject) -> None:
    """Bytes of the database and of its copies become others: it begins, somehow, and is whole."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "state.sqlite3"
        shop(path, "milk")
        make_copy(path)
        for one in (path, copies(path)[0]):
            content = bytearray(one.read_bytes())
            size = len(content)
            for at in data.draw(st.lists(st.integers(0, size - 1), max_size=30)):
                content[at] = data.draw(st.integers(0, 255))
            one.write_bytes(content[: data.draw(st.sampled_from([size, size // 2, 0]))])
        with contextlib.suppress(NewerError), closing(opened(path)) as store:
            store.add_list_items("shopping", ["tea"])
            assert "tea" in store.list_items("shopping")


class TestKeeping:
    def look(self, path: Path, *times: float) -> list[Event]:
        told: list[Event] = []
        clock = iter(times)
        keeper = StateKeeper(path, told.append, lambda: next(clock))

        async def scene() -> None:
            for _ in times:
                await keeper.look()

        asyncio.run(scene())
        return told

    def test_a_day_later_there_is_another(self, path: Path) -> None:
        shop(path, "milk")
        self.look(path, 0.0)
        shop(path, "tea")
        now = copies(path)[0].stat().st_mtime
        self.look(path, now + 60, now + EVERY_SECONDS)
        assert [on_the_list(copy) for copy in copies(path)[:2]] == [["milk", "tea"], ["milk"]]

    def test_a_failure_is_told_until_it_works_again(self, path: Path) -> None:
        shop(path, "milk")
        blocking = path.with_name(path.name + ".backup-new")
        blocking.mkdir()
        told: list[Event] = []
        keeper = StateKeeper(path, told.append, lambda: 0.0)

        async def scene() -> None:
            await keeper.look()
            blocking.rmdir()
            await keeper.look()

        asyncio.run(scene())
        failed, works = told
        assert isinstance(failed, PartFailed)
        assert works == PartWorks(PART)


def test_what_somebody_may_have_forgotten_is_in_no_copy(path: Path) -> None:
    with closing(StateStore.open(path)) as store:
        store.add_missed("somebody said this", "", datetime.now(UTC), 200)
        store.add_list_items("shopping", ["milk"])
    make_copy(path)
    assert b"somebody said" in path.read_bytes()
    assert b"somebody said" not in copies(path)[0].read_bytes()
    assert on_the_list(copies(path)[0]) == ["milk"]


def test_a_schema_that_nobody_has_is_damage(path: Path) -> None:
    shop(path, "milk")
    make_copy(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 16777218")
    with closing(open_state(path)) as store:
        assert store.restored_from == copies(path)[0]
        assert store.list_items("shopping") == ["milk"]


def test_a_text_that_is_none_is_damage(path: Path) -> None:
    shop(path, "milk")
    make_copy(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE list_items SET item = CAST(x'ff6d' AS TEXT)")
    with closing(open_state(path)) as store:
        assert store.list_items("shopping") == ["milk"]


def test_a_setting_that_cannot_be_read_was_never_set(path: Path) -> None:
    with closing(StateStore.open(path)) as store:
        store.set_setting("volume", 40)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE settings SET value = '4' || char(16)")
    with closing(open_state(path)) as store:
        assert store.moved_aside is None
        assert store.setting("volume", 70) == 70


def test_there_is_nothing_to_restore(path: Path) -> None:
    assert restore(path) is None


def test_assistant_privacy_counts_the_copies_and_what_was_put_aside(path: Path) -> None:
    copies, damaged = (
        one
        for one in kept_things(Paths((path.parent,), path.parent, path.parent))
        if one.path.name.startswith(f"{path.name}.")
    )
    shop(path, "milk")
    assert [_amount(one) for one in (copies, damaged)] == ["nothing", "nothing"]
    make_copy(path)
    shop(path, "tea")
    make_copy(path)
    ruin_header(path)
    open_state(path).close()
    assert _amount(copies).startswith("2 files, ")
    assert _amount(damaged).endswith(" kB")


def test_error_of_the_disk_is_told_in_its_own_words(tmp_path: Path) -> None:
    with pytest.raises(StateError) as caught:
        make_copy(tmp_path / "nowhere" / "state.sqlite3")
    message = "no copy of the state database could be made: No such file or directory"
    assert caught.value.message == message
