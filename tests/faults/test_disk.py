"""Disks that are full or read-only, and a database that is damaged while the assistant is away."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant import clock
from assistant.actions.registry import ActionContext, build_builtins
from assistant.agenda import Agenda
from assistant.errors import ActionError, StateError
from assistant.local import nothing_to_undo
from assistant.ports import Action
from assistant.state import StateStore
from assistant.statecopies import copies, make_copy
from assistant.statekeeping import open_state
from assistant.timers import Timers
from assistant.turn import Match, Slot
from tests.running import Home, Running, home

pytestmark = pytest.mark.engines


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own, where this user may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "none", place], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("only root may mount a disk")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def actions_on(store: StateStore) -> dict[str, Action]:
    return build_builtins(
        ActionContext(
            now=clock.now,
            timers=Timers(store),
            settings=store,
            lists=store,
            last_reply=lambda: "",
            last_asked=lambda: "",
            last_heard=lambda: "",
            undo=nothing_to_undo,
            examples=lambda _: (),
            groups=tuple,
            timers_changed=lambda: None,
            agenda=Agenda(store),
        )
    )


async def add(store: StateStore, item: str) -> str:
    """Put something on the shopping list by the action; returns why it was not, '' if it was."""
    slots = (Slot("list", "shopping", "shopping"), Slot("item", item, item))
    try:
        await actions_on(store)["lists.add"](Match("Add", slots, "add", "t", "p"))
    except ActionError as error:
        return error.message
    return ""


def fill(path: Path) -> None:
    """Write until there is no room for another byte."""
    with path.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(bytes(512)):
            pass
    assert shutil.disk_usage(path.parent).free == 0


def run(store: StateStore, item: str) -> str:
    return asyncio.run(add(store, item))


def test_on_a_full_disk_what_cannot_be_kept_is_told_and_the_rest_stays(disk: Path) -> None:
    path = disk / "state.sqlite3"
    with closing(StateStore.open(path)) as store:
        assert run(store, "milk") == ""
        filler = disk / "filler"
        fill(filler)
        told = {run(store, f"{'very ' * 30}long {number}") for number in range(100)} - {""}
        assert told == {"the state database cannot be used: the disk is full"}
        kept = store.list_items("shopping")
        assert kept[0] == "milk"
        with pytest.raises(StateError, match="No copy of the state database"):
            make_copy(path)
        filler.unlink()
        assert run(store, "tea") == ""
        assert make_copy(path)
    with closing(open_state(path)) as store:
        assert store.moved_aside is None
        assert store.list_items("shopping") == [*kept, "tea"]


def test_error_of_a_disk_that_is_read_only(disk: Path) -> None:
    path = disk / "state.sqlite3"
    with closing(StateStore.open(path)) as store:
        assert run(store, "milk") == ""
    before = path.read_bytes()
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    with pytest.raises(StateError) as caught:
        open_state(path)
    assert caught.value.exit_status == 74
    assert caught.value.message == "the state database cannot be used: the file cannot be opened"
    assert caught.value.hint.endswith("and that its folder is writable.")
    # It is no damage: nothing is put aside, and once the disk is well again all is there.
    subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
    assert path.read_bytes() == before
    with closing(open_state(path)) as store:
        assert store.list_items("shopping") == ["milk"]


FULL = """
import sys
from pathlib import Path
from assistant.errors import StateError
from assistant.state import StateStore
store = StateStore.open(Path(sys.argv[1]))
kept = 0
for number in range(10_000):
    try:
        store.add_list_items("shopping", [f"item {number}"])
    except StateError as error:
        print(kept, error.message)
        break
    kept += 1
"""


def test_a_file_that_may_not_grow_is_told_and_what_was_kept_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite3"
    most = 200_000
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(path)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
        capture_output=True,
        text=True,
        check=True,
    )
    kept, message = done.stdout.split(maxsplit=1)
    assert message.startswith("the state database cannot be used: the disk ")
    with closing(open_state(path)) as store:
        assert store.moved_aside is None
        assert len(store.list_items("shopping")) in {int(kept), int(kept) + 1}


def test_a_damaged_database_is_the_copy_of_before_in_a_running_assistant() -> None:
    with home() as place:
        path = place.paths.database
        with closing(StateStore.open(path)) as store:
            store.add_list_items("shopping", ["milk"])
        make_copy(path)
        path.write_bytes(b"not a database at all" * 100)
        with Running(place) as running:
            failed = running.ask("status")["status"]["failed_parts"]["state"]
            assert "state.sqlite3.backup-1 is used" in failed
            assert (
                running.say("what is on my shopping list")["reply"] == "On the shopping list: milk."
            )
            assert running.terminate() == 0
        assert copies(path)[0].exists()


@pytest.fixture
def card() -> Iterator[tuple[Home, Path]]:
    """An assistant whose state is on a disk of its own, and what makes that fail as a card does.

    A file with ext4 in it; the kernel has a switch for "an error was found".
    """
    with home() as place:
        image, state = place.folder / "card.img", place.folder / "state"
        state.mkdir()
        image.write_bytes(bytes(8 * 1024 * 1024))
        commands: tuple[list[str | Path], ...] = (
            ["mkfs.ext4", "-q", image],
            ["mount", "-o", "loop,errors=remount-ro", image, state],
        )
        for command in commands:
            try:
                done = subprocess.run(command, check=False, capture_output=True)
            except FileNotFoundError:
                pytest.skip(f"there is no {command[0]}")
            if done.returncode:
                pytest.skip("only root may mount a disk")
        try:
            device = Path(f"/sys/dev/block/{_device(state)}").resolve().name
            yield place, Path(f"/sys/fs/ext4/{device}/trigger_fs_error")
        finally:
            subprocess.run(["umount", "--lazy", state], check=True)


def _device(path: Path) -> str:
    number = path.stat().st_dev
    return f"{os.major(number)}:{os.minor(number)}"


def test_a_disk_that_turns_read_only_is_told_and_the_rest_goes_on(card: tuple[Home, Path]) -> None:
    place, switch = card
    with Running(place) as running:
        assert running.say("add milk to my shopping list")["outcome"] == "acted"
        switch.write_text("a test")
        failed = running.say("add tea to my shopping list")
        assert failed["outcome"] == "failed"
        # Which of the two it is depends on what SQLite does first: it writes, or opens a file.
        assert re.search("cannot be used: the disk (has an error|is read-only)", str(failed))
        timer = running.say("set a timer for ten minutes")
        assert timer["outcome"] == "failed"
        # What needs no writing goes on, and what was kept is known.
        assert running.say("what time is it")["outcome"] == "acted"
        reply = running.say("what is on my shopping list")["reply"]
        assert reply == "On the shopping list: milk."
        assert running.terminate() == 0
        assert "Traceback" not in running.output
    # And so it starts, too: a home without a list that can be changed is better than none.
    with Running(place) as again:
        again.wait_for_output("The state database cannot be used: the file is read-only.")
        assert again.terminate() == 0
        assert "Traceback" not in again.output
