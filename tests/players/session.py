"""A real session bus, and programs on it that play by MPRIS."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from jeepney import (
    HeaderFields,
    Message,
    MessageType,
    new_error,
    new_method_return,
)
from jeepney.bus_messages import message_bus
from jeepney.io.asyncio import DBusConnection, DBusRouter, Proxy, open_dbus_connection


@contextlib.contextmanager
def session() -> Iterator[dict[str, str]]:
    """The environment of programs of a session."""
    folder = Path(tempfile.mkdtemp(prefix="bus-"))
    reading, writing = os.pipe()
    command = (
        "dbus-daemon", "--session", "--nofork", "--nopidfile", "--nosyslog",
        f"--address=unix:path={folder}/bus", f"--print-address={writing}",
    )  # fmt: skip
    with subprocess.Popen(command, pass_fds=[writing]) as process:
        try:
            os.close(writing)
            with os.fdopen(reading) as told:
                assert told.readline().startswith("unix:path=")  # it listens
            yield {"XDG_RUNTIME_DIR": str(folder)}
        finally:
            process.kill()
    shutil.rmtree(folder)


class Program:
    """A program that plays; ``did`` is what it was told.

    One that ``hangs`` answers nothing, one that is ``broken`` refuses everything.
    """

    def __init__(self, status: str = "Playing", **metadata: tuple[str, Any]) -> None:
        self.status = status
        self.metadata = {f"xesam:{name}": value for name, value in metadata.items()}
        self.did: list[str] = []
        self.hangs = False
        self.broken = False

    def answer(self, message: Message) -> Message | None:
        """Answer a call; None for none."""
        method = message.header.fields[HeaderFields.member]
        if self.hangs or message.header.message_type is not MessageType.method_call:
            return None
        if method == "GetAll":
            told = {"PlaybackStatus": ("s", self.status), "Metadata": ("a{sv}", self.metadata)}
            return new_method_return(message, "a{sv}", (told,))
        if self.broken:
            return new_error(message, "org.freedesktop.DBus.Error.Failed", "s", ("I cannot",))
        self.did.append(method)
        self.status = {"Play": "Playing", "Pause": "Paused", "Stop": "Stopped"}.get(
            method, self.status
        )
        return new_method_return(message)


@contextlib.asynccontextmanager
async def programs(environment: dict[str, str], **running: Program) -> AsyncIterator[None]:
    """Have these run, each by its name on the bus."""
    address = f"unix:path={environment['XDG_RUNTIME_DIR']}/bus"
    connections: list[DBusConnection] = []
    tasks: list[asyncio.Task[None]] = []
    for name, program in running.items():
        connection = await open_dbus_connection(address)
        async with DBusRouter(connection) as router:
            await Proxy(message_bus, router).RequestName(f"org.mpris.MediaPlayer2.{name}")
        connections.append(connection)
        tasks.append(asyncio.create_task(_serve(connection, program)))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for connection in connections:
            await connection.close()


async def _serve(connection: DBusConnection, program: Program) -> None:
    while True:
        message = await connection.receive()
        if (reply := program.answer(message)) is not None:
            await connection.send(reply)
