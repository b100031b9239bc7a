"""The bridge: the other process, which runs the owner's commands and never hears anything.

It knows the commands from its own reading of the intent files; a request only names an intent. It
ends on SIGTERM and SIGINT, and with its parent when it has one.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Callable, Coroutine, Iterator, Mapping
from pathlib import Path
from typing import Any

from assistant import wire
from assistant.actions.command import CommandSpec, run_command
from assistant.errors import ActionError
from assistant.sockets import close_server, listening, peer_user_id

COMMANDS = 8
"""At once. A house says one at a time; some of them take their time."""

CONNECTIONS = 32
"""At once; a connection is one request. More are hung up on."""

REQUEST_SECONDS = 5.0
"""A request must have arrived whole by then."""

logger = logging.getLogger(__name__)


def run_bridge(
    socket_path: Path,
    commands: Mapping[str, CommandSpec],
    *,
    core_user_id: int | None = None,
    parent_fd: int | None = None,
    ready: Callable[[], None] = lambda: None,
) -> int:
    """Serve until told to stop; returns the exit status.

    ``commands`` are by intent. ``core_user_id`` is the core's user where that is another one than
    this process's; the socket is then open to its group. ``parent_fd`` is the reading end of a
    pipe whose writing end only the parent holds: it closes however the parent ends. ``ready`` is
    called when the socket listens. Raises ControlError when it cannot.
    """
    return asyncio.run(_run(socket_path, commands, core_user_id, parent_fd, ready))


async def _run(
    socket_path: Path,
    commands: Mapping[str, CommandSpec],
    core_user_id: int | None,
    parent_fd: int | None,
    ready: Callable[[], None],
) -> int:
    stop = asyncio.Event()
    with _told_to_stop(stop, parent_fd):
        await serve(socket_path, commands, stop, core_user_id=core_user_id, ready=ready)
    return 0


async def serve(
    socket_path: Path,
    commands: Mapping[str, CommandSpec],
    stop: asyncio.Event,
    *,
    core_user_id: int | None = None,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Answer requests until ``stop`` is set; then end the commands that still run.

    Raises ControlError when another bridge listens at ``socket_path``, or the socket cannot be
    made.
    """
    users = {os.geteuid(), 0} | ({core_user_id} if core_user_id is not None else set())
    mode = 0o600 if core_user_id is None else 0o660
    desk = _Desk(commands, users)
    with listening(socket_path, "bridge", mode) as listener:
        server = await asyncio.start_unix_server(
            desk.connected, sock=listener, limit=wire.LIMIT_BYTES
        )
        logger.info("%d commands, listening at %s", len(commands), socket_path)
        ready()
        try:
            await stop.wait()
        finally:
            await close_server(server, listener)
            await desk.close()


class _Desk:
    """Takes connections: one request each, one reply each."""

    def __init__(self, commands: Mapping[str, CommandSpec], users: set[int]) -> None:
        self._commands = commands
        self._users = users
        self._tasks: set[asyncio.Task[None]] = set()
        self._running = 0

    def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer in a task of its own, or refuse."""
        peer = peer_user_id(writer.get_extra_info("socket"))
        if peer not in self._users:
            logger.warning("user %d may not use the bridge", peer)
            writer.close()
        elif len(self._tasks) >= CONNECTIONS:
            logger.warning("more than %d connections", CONNECTIONS)
            writer.close()
        else:
            task = asyncio.create_task(self._answer(reader, writer))
            self._tasks.add(task)

            def left(_: asyncio.Task[None]) -> None:
                # Not in the task itself: cancelled before its first step, it runs nothing.
                self._tasks.discard(task)
                writer.close()

            task.add_done_callback(left)

    async def close(self) -> None:
        """End the commands that still run."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await _read(reader)
            if request is None:
                return
            reply = await _unless_hung_up(reader, self._reply(request))
            if reply is not None:
                writer.write(wire.encode(reply))
                await writer.drain()
        except (wire.WireError, TimeoutError, ConnectionError) as error:
            logger.warning("a request was dropped: %s", str(error) or "it did not arrive in time")

    async def _reply(self, request: Mapping[str, Any]) -> dict[str, Any]:
        match request:
            case {"id": str(request_id), "intent": str(intent), "slots": dict(slots),
                  "text": str(text)} if _are_values(slots):  # fmt: skip
                spec = self._commands.get(intent)
            case _:
                return _refusal(
                    str(request.get("id", "")), "the bridge does not understand the core"
                )
        if spec is None:
            return _refusal(
                request_id,
                f"the bridge knows no command for '{intent}'",
                "Restart assistant-bridge, so that it reads the intent files again.",
            )
        if self._running == COMMANDS:
            return _refusal(request_id, "too many commands are running", "Wait for one to end.")
        self._running += 1
        try:
            result = await run_command(spec, intent, slots, text)
        except ActionError as error:
            logger.warning("%s: %s", intent, error)
            return _refusal(request_id, error.message, error.hint)
        finally:
            self._running -= 1
        logger.info("%s: done", intent)
        return {"id": request_id, "speech": result.speech}


async def _read(reader: asyncio.StreamReader) -> dict[str, Any] | None:
    """Read a request; None when there is none: another bridge looked whether one is running."""
    try:
        async with asyncio.timeout(REQUEST_SECONDS):
            line = await reader.readline()
    except ValueError as error:  # asyncio's word for a line over its limit
        raise wire.WireError(f"the message has more than {wire.LIMIT_BYTES} bytes") from error
    return wire.decode(line) if line else None


async def _unless_hung_up(
    reader: asyncio.StreamReader, work: Coroutine[Any, Any, dict[str, Any]]
) -> dict[str, Any] | None:
    """Do the work; give it up, for None, when the client hangs up or says more than it should."""
    working = asyncio.create_task(work)
    hanging_up = asyncio.create_task(reader.read(1))
    try:
        await asyncio.wait({working, hanging_up}, return_when=asyncio.FIRST_COMPLETED)
        return await working if working.done() else None
    finally:
        working.cancel()
        hanging_up.cancel()
        await asyncio.gather(working, hanging_up, return_exceptions=True)


def _are_values(slots: Mapping[Any, Any]) -> bool:
    return all(isinstance(value, str | int | float) for value in slots.values())


def _refusal(request_id: str, message: str, hint: str = "") -> dict[str, Any]:
    return {"id": request_id, "error": message, "hint": hint}


@contextlib.contextmanager
def _told_to_stop(stop: asyncio.Event, parent_fd: int | None) -> Iterator[None]:
    """Set ``stop`` on a signal, or when the parent has ended.

    A pipe tells the parent's end for certain. PR_SET_PDEATHSIG would speak of the thread that
    started this process, and says nothing when the parent ended before it was set.
    """
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)

    def parent_ended(descriptor: int) -> None:
        loop.remove_reader(descriptor)
        logger.info("the daemon has ended, so does the bridge")
        stop.set()

    if parent_fd is not None:
        loop.add_reader(parent_fd, parent_ended, parent_fd)
    try:
        yield
    finally:
        if parent_fd is not None:
            loop.remove_reader(parent_fd)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
