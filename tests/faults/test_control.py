"""A hundred and twenty-five clients on the control socket, none of which behaves."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tracemalloc
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from assistant import wire
from assistant.frontends import control
from tests.faults import crowd
from tests.frontends.test_control import STATUS, Door, at_the_door

pytestmark = pytest.mark.engines


@contextlib.asynccontextmanager
async def crowds(path: Path, *kinds: str) -> AsyncIterator[None]:
    """Twenty-five clients of each kind, all of which have come."""
    processes: list[Process] = []
    try:
        for kind in kinds:
            process = await asyncio.create_subprocess_exec(
                sys.executable, crowd.__file__, path, kind, stdin=PIPE, stdout=PIPE
            )
            processes.append(process)
        for process in processes:
            assert process.stdout is not None
            assert await process.stdout.readline() == b"here\n"
        yield
    finally:
        for process in processes:
            await process.communicate(b"")


def test_the_owner_is_served_beside_them_and_memory_is_bounded() -> None:
    async def scene(door: Door) -> None:
        tracemalloc.start()
        try:
            async with crowds(door.path, *crowd.SAID):
                (answer,) = await door.ask(STATUS)
                assert answer["ok"]
                reader, writer = await asyncio.open_unix_connection(door.path)
                writer.write(wire.encode({"command": "events"}))
                assert wire.decode(await reader.readline())["ok"]
                (answer,) = await door.ask(wire.encode({"command": "say", "text": "hello"}))
                assert answer["turn"]["reply"] == "hello"
                writer.close()
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        # Of each client a line that has no end, and answers that nobody reads.
        assert peak < control.MAXIMUM_CLIENTS * 8 * wire.LIMIT_BYTES

    at_the_door(scene)


def test_who_never_reads_is_let_go_with_all_that_waits_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(control, "SLOW_CLIENT_SECONDS", 0.1)

    async def scene(door: Door) -> None:
        door.parrot.status = lambda: {"phase": "x" * 50_000}  # type: ignore[method-assign]
        reader, writer = await asyncio.open_unix_connection(door.path, limit=1)
        writer.write(STATUS * 500)
        # Nothing is read here until the other end has given up on it.
        while not door.server._clients:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0)
        while door.server._clients:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)
        got = b""
        with contextlib.suppress(ConnectionResetError):
            got = await reader.read()
        assert len(got) < 500 * 50_000
        writer.close()

    at_the_door(scene)
