from __future__ import annotations

import os
import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
)

from assistant.agenda import Entry, Kind
from assistant.errors import StateError
from assistant.state import MIGRATIONS, StateStore
from assistant.timers import Timer

NOBODY = 65534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "assistant" / "state.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[StateStore]:
    with closing(StateStore.open(path)) as store:
        yield store


def test_a_new_store_is_empty(store: StateStore) -> None:
    assert store.timers() == []
    assert store.setting("volume") is None
    assert store.setting("volume", 70) == 70
    assert store.moved_aside is None


def test_the_folder_is_for_this_user_alone(store: StateStore, path: Path) -> None:
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_everything_is_on_the_disk_at_once(store: StateStore, path: Path) -> None:
    """A second connection sees a change without the first one being closed: a power cut."""
    tea = store.add_timer("tea", 300, 1300.5)
    store.set_setting("volume", 40)
    with closing(StateStore.open(path)) as after_power_cut:
        assert after_power_cut.timers() == [tea]
        assert after_power_cut.setting("volume") == 40


def test_every_commit_is_synced(store: StateStore) -> None:
    assert store._connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert store._connection.execute("PRAGMA synchronous").fetchone() == (2,)


def test_an_id_is_never_used_again(store: StateStore) -> None:
    first = store.add_timer("", 60, 60.0)
    store.remove_timer(first.id)
    assert store.add_timer("", 60, 60.0).id > first.id


def test_removing_a_timer_twice_is_no_mistake(store: StateStore) -> None:
    timer = store.add_timer("", 60, 60.0)
    store.remove_timer(timer.id)
    store.remove_timer(timer.id)
    assert store.timers() == []


def test_lists_keep_the_order_in_which_they_were_filled(store: StateStore, path: Path) -> None:
    store.add_list_items("shopping", ["milk", "eggs"])
    store.add_list_items("shopping", ["bread", "milk"])
    store.add_list_items("packing", ["socks"])
    with closing(StateStore.open(path)) as after_power_cut:
        assert after_power_cut.list_items("shopping") == ["milk", "eggs", "bread"]
        assert after_power_cut.lists() == ["packing", "shopping"]


def test_a_list_is_gone_with_its_last_item(store: StateStore) -> None:
    store.add_list_items("shopping", ["milk", "eggs"])
    store.remove_list_items("shopping", ["milk", "butter"])
    assert store.list_items("shopping") == ["eggs"]
    store.remove_list_items("shopping", ["eggs"])
    assert store.lists() == []


def test_of_several_items_all_are_added_or_none(store: StateStore) -> None:
    store.add_list_items("shopping", ["milk"])
    store._connection.execute("PRAGMA max_page_count = 1")
    with pytest.raises(StateError, match="the disk is full"):
        store.add_list_items("shopping", ["eggs", "x" * 100_000])
    assert store.list_items("shopping") == ["milk"]


def test_the_first_release_s_file_is_brought_up_to_date(path: Path) -> None:
    """Every schema there ever was leads to the newest, with its rows."""
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as old:
        old.executescript(f"{MIGRATIONS[0]} PRAGMA user_version = 1;")
        with old:
            old.execute("INSERT INTO timers VALUES (7, 'tea', 300, 1300.5)")
    with closing(StateStore.open(path)) as store:
        assert store.moved_aside is None
        assert store.timers() == [Timer(7, "tea", 300, 1300.5)]
        store.add_list_items("shopping", ["milk"])
        assert store.list_items("shopping") == ["milk"]
        paused = replace(store.timers()[0], left_seconds=12.5)
        store.change_timer(paused)
        assert store.timers() == [paused]
        alarm = store.add_entry(Entry(0, Kind.ALARM, "", 1300.5, "2026-11-23T07:00:00"))
        assert store.entries() == [alarm]
        assert store._connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)


def test_error_of_a_newer_schema(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("PRAGMA user_version = 99")
    with pytest.raises(StateError) as caught:
        StateStore.open(path)
    assert (
        caught.value.message
        == f"the state database has schema 99, this assistant knows {len(MIGRATIONS)}"
    )
    assert caught.value.hint == f"Install the newer assistant again, or move {path} away."


def ruin_header(path: Path) -> None:
    path.write_bytes(b"not a database at all" * 1000)


def ruin_pages(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[5000:] = b"\xa5" * (len(data) - 5000)
    path.write_bytes(data)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:6000])


def drop_a_table(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE timers")


@pytest.mark.parametrize("ruin", [ruin_header, ruin_pages, cut_short, drop_a_table])
def test_a_damaged_file_is_moved_aside_and_a_new_one_begun(path: Path, ruin: Any) -> None:
    with closing(StateStore.open(path)) as store:
        for number in range(500):
            store.set_setting(f"setting {number}", "x" * 100)
    ruin(path)
    damaged = path.read_bytes()
    with closing(StateStore.open(path)) as store:
        aside = store.moved_aside
        assert aside is not None
        assert re.fullmatch(r"state\.sqlite3\.corrupt-\d{8}-\d{6}", aside.name)
        assert aside.read_bytes() == damaged
        assert store.timers() == []
        tea = store.add_timer("tea", 300, 1300.5)
    with closing(StateStore.open(path)) as store:
        assert store.moved_aside is None
        assert store.timers() == [tea]


def test_error_of_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "assistant").write_text("a file")
    with pytest.raises(StateError) as caught:
        StateStore.open(tmp_path / "assistant" / "state.sqlite3")
    assert caught.value.message == "the folder of the state database cannot be used: File exists"
    assert caught.value.hint == f"Check {tmp_path}/assistant."


def test_error_of_a_database_that_is_a_folder(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(StateError) as caught:
        StateStore.open(path)
    assert caught.value.message == "the state database cannot be used: the file cannot be opened"
    assert caught.value.hint == f"Check that {path} is a file, and that its folder is writable."


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """A folder that any user can enter, which pytest's own are not."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nothing can be written there; root could, so be nobody meanwhile."""
    user = os.geteuid()
    folder.chmod(0o555)
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)
        folder.chmod(0o755)


def test_error_of_a_read_only_folder(shared_folder: Path) -> None:
    folder = shared_folder / "assistant"
    with read_only(shared_folder), pytest.raises(StateError) as caught:
        StateStore.open(folder / "state.sqlite3")
    message = "the folder of the state database cannot be used: Permission denied"
    assert caught.value.message == message
    assert caught.value.hint == f"Check {folder}."


def test_error_of_a_read_only_file(shared_folder: Path) -> None:
    path = shared_folder / "state.sqlite3"
    StateStore.open(path).close()
    path.chmod(0o444)
    with read_only(shared_folder), pytest.raises(StateError) as caught:
        StateStore.open(path)
    assert caught.value.message == "the state database cannot be used: the file is read-only"
    assert caught.value.hint == f"Make {path} and its folder writable."


def test_error_of_a_full_disk_leaves_what_was_there(store: StateStore, path: Path) -> None:
    tea = store.add_timer("tea", 300, 1300.5)
    store._connection.execute("PRAGMA max_page_count = 1")  # answers SQLITE_FULL, as a disk would
    with pytest.raises(StateError) as caught:
        store.set_setting("long", "x" * 100_000)
    assert caught.value.message == "the state database cannot be used: the disk is full"
    assert caught.value.hint == f"Free some space on the disk of {path}."
    store._connection.execute("PRAGMA max_page_count = 1000000")
    assert store.timers() == [tea]
    store.set_setting("long", "x" * 100_000)


def test_error_of_another_program_that_writes(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.state.BUSY_SECONDS", 0.0)
    with closing(StateStore.open(path)) as store, closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StateError) as caught:
            store.set_setting("volume", 1)
    reason = "another program is writing to the file"
    assert caught.value.message == f"the state database cannot be used: {reason}"
    assert caught.value.hint == f"End the program that has {path} open."


names = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
unix_times = st.floats(0, 1e11)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


entries = st.builds(
    Entry,
    st.just(0),
    st.sampled_from(Kind),
    names,
    unix_times,
    names,
    names,
    names,
    unix_times,
    names,
)


class StoreAgainstDicts(RuleBasedStateMachine):
    """Whatever is done, and however often it is opened again, the store is three dicts."""

    ids = Bundle("ids")
    entry_ids = Bundle("entry_ids")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "state.sqlite3"
        self.timers: dict[int, Timer] = {}
        self.entries: dict[int, Entry] = {}
        self.settings: dict[str, Any] = {}

    @initialize()
    def begin(self) -> None:
        self.store = StateStore.open(self.path)

    @rule(target=ids, name=names, duration_seconds=st.integers(0, 2**40), ends_at=unix_times)
    def add_timer(self, name: str, duration_seconds: int, ends_at: float) -> int:
        timer = self.store.add_timer(name, duration_seconds, ends_at)
        assert timer == Timer(timer.id, name, duration_seconds, ends_at)
        assert timer.id not in self.timers
        self.timers[timer.id] = timer
        return timer.id

    @rule(timer_id=ids, ends_at=unix_times, left_seconds=st.none() | unix_times)
    def change_timer(self, timer_id: int, ends_at: float, left_seconds: float | None) -> None:
        timer = replace(self.timers[timer_id], ends_at=ends_at, left_seconds=left_seconds)
        self.store.change_timer(timer)
        self.timers[timer_id] = timer

    @rule(timer_id=consumes(ids))
    def remove_timer(self, timer_id: int) -> None:
        self.store.remove_timer(timer_id)
        del self.timers[timer_id]

    @rule(target=entry_ids, entry=entries)
    def add_entry(self, entry: Entry) -> int:
        stored = self.store.add_entry(entry)
        assert stored == replace(entry, id=stored.id)
        assert stored.id not in self.entries
        self.entries[stored.id] = stored
        return stored.id

    @rule(entry_id=entry_ids, entry=entries)
    def change_entry(self, entry_id: int, entry: Entry) -> None:
        self.store.change_entry(replace(entry, id=entry_id))
        self.entries[entry_id] = replace(entry, id=entry_id)

    @rule(entry_id=consumes(entry_ids))
    def remove_entry(self, entry_id: int) -> None:
        self.store.remove_entry(entry_id)
        del self.entries[entry_id]

    @rule(key=names, value=json_values)
    def set_setting(self, key: str, value: Any) -> None:
        self.store.set_setting(key, value)
        self.settings[key] = value

    @rule()
    def open_again(self) -> None:
        self.store.close()
        self.store = StateStore.open(self.path)
        assert self.store.moved_aside is None

    @invariant()
    def same_timers(self) -> None:
        if hasattr(self, "store"):
            expected = sorted(self.timers.values(), key=lambda timer: (timer.ends_at, timer.id))
            assert self.store.timers() == expected

    @invariant()
    def same_entries(self) -> None:
        if hasattr(self, "store"):
            expected = sorted(self.entries.values(), key=lambda entry: (entry.due_at, entry.id))
            assert self.store.entries() == expected

    @invariant()
    def same_settings(self) -> None:
        if hasattr(self, "store"):
            for key, value in self.settings.items():
                assert self.store.setting(key) == value

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
        self.folder.cleanup()


TestStoreAgainstDicts = StoreAgainstDicts.TestCase
TestStoreAgainstDicts.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
