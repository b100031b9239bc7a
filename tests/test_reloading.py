"""Reading again: when, how often at once, and what a mistake does."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable

import pytest

from assistant.errors import AssistantError, EngineError
from assistant.reloading import Reloader


class Library:
    """Something that is read again: a shelf of versions, the last of which is in force."""

    def __init__(self) -> None:
        self.changed = False
        self.shelf: str | AssistantError = "first"
        self.in_force = "first"
        self.refused: list[str] = []
        self.threads: set[int] = set()
        self.loading = 0
        self.most_at_once = 0
        self.open = threading.Event()
        self.open.set()
        self.reloader = Reloader(self.look, self.load, self.take, self.refuse)

    def look(self) -> bool:
        return self.changed

    def load(self) -> str:
        self.threads.add(threading.get_ident())
        self.loading += 1
        self.most_at_once = max(self.most_at_once, self.loading)
        self.open.wait()
        self.loading -= 1
        if isinstance(self.shelf, AssistantError):
            raise self.shelf
        return self.shelf

    async def take(self, loaded: str) -> None:
        self.in_force = loaded

    def refuse(self, error: AssistantError) -> None:
        self.refused.append(str(error))


def in_library(scene: Callable[[Library], Awaitable[None]]) -> Library:
    library = Library()

    async def play() -> None:
        async with asyncio.timeout(30):
            await scene(library)

    asyncio.run(play())
    return library


def test_what_has_not_changed_is_not_read() -> None:
    async def scene(library: Library) -> None:
        library.shelf = "second"
        await library.reloader.look()

    assert in_library(scene).in_force == "first"


def test_what_has_changed_is_read_in_another_thread() -> None:
    async def scene(library: Library) -> None:
        library.shelf, library.changed = "second", True
        await library.reloader.look()

    library = in_library(scene)
    assert library.in_force == "second"
    assert threading.get_ident() not in library.threads


def test_a_mistake_is_told_and_what_was_in_force_goes_on() -> None:
    async def scene(library: Library) -> None:
        library.shelf, library.changed = EngineError("The page is torn."), True
        await library.reloader.look()
        assert not await library.reloader.try_to_reload()
        with pytest.raises(EngineError):
            await library.reloader.reload()

    library = in_library(scene)
    assert library.in_force == "first"
    assert library.refused == ["The page is torn."] * 3


def test_whoever_asks_gets_what_was_read() -> None:
    async def scene(library: Library) -> None:
        library.shelf = "second"
        assert await library.reloader.reload() == "second"

    assert in_library(scene).in_force == "second"


def test_asked_from_several_sides_it_reads_one_after_the_other() -> None:
    async def scene(library: Library) -> None:
        library.shelf = "second"
        library.open.clear()
        asked = [asyncio.create_task(library.reloader.reload()) for _ in range(8)]
        while not library.loading:  # noqa: ASYNC110 - a thread of its own does it
            await asyncio.sleep(0)
        library.open.set()
        assert await asyncio.gather(*asked) == ["second"] * 8

    assert in_library(scene).most_at_once == 1


def test_watching_reads_until_cancelled() -> None:
    async def scene(library: Library) -> None:
        library.shelf, library.changed = "second", True
        watching = asyncio.create_task(library.reloader.watch(poll_seconds=0.001))
        while library.in_force != "second":  # noqa: ASYNC110 - it comes by itself, in this loop
            await asyncio.sleep(0)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)

    in_library(scene)


HANGS_UP = """
import asyncio, os, signal
from assistant.reloading import on_hangup

async def main():
    hung_up = asyncio.Event()
    on_hangup(hung_up.set)
    os.kill(os.getpid(), signal.SIGHUP)
    await hung_up.wait()
    print("reads again")

asyncio.run(main())
"""


AT_A_TERMINAL = """
import os, pty, sys
status = pty.spawn([sys.executable, "-c", sys.argv[1]])
print(os.WTERMSIG(status) if os.WIFSIGNALED(status) else "no signal")
"""


def output_of(*arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        start_new_session=True,
    ).stdout


def test_a_service_reads_again_on_sighup() -> None:
    assert output_of(HANGS_UP) == "reads again\n"


def test_a_program_at_a_terminal_ends_with_it() -> None:
    assert output_of(AT_A_TERMINAL, HANGS_UP) == f"{signal.SIGHUP.value}\n"
