"""The control socket: how the command line reaches the running assistant.

A client sends one request a line, ``{"command": "say", "text": "…"}``, and gets one answer a line,
``{"ok": true, …}`` or ``{"ok": false, "error": "…", "hint": "…"}``; ``events`` is answered with one
event a line until the client hangs up. The socket has mode 0600, and the kernel tells who connects.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from assistant import wire
from assistant.errors import AssistantError, ControlError, FileProblemsError
from assistant.events import to_plain, to_wire
from assistant.frontends.prometheus import exposition
from assistant.sockets import close_server, listening, peer
from assistant.turn import TurnRecord
from assistant.watchers import Watchers

MAXIMUM_CLIENTS = 32
"""At once, in all. One that asks for nothing makes room for one more."""

MAXIMUM_OF_A_PROCESS = 16
"""So that one program that forgets to hang up leaves room for others."""

SLOW_CLIENT_SECONDS = 10.0
LONGEST_ANNOUNCEMENT = 1000

log = logging.getLogger(__name__)


class Controlled(Protocol):
    """What the control socket can ask of the assistant."""

    async def say(self, text: str, domain: str) -> TurnRecord:
        """Take a command as text, as if said after a wake word of the domain."""
        ...

    def listen(self, microphone: str) -> None:
        """Open the microphone of this name, '' for the first one that works."""
        ...

    def mute(self, seconds: float | None) -> None:
        """Turn the microphones off, for so many seconds or for good."""
        ...

    def unmute(self) -> bool:
        """Turn them on; false where they were."""
        ...

    def announce(self, text: str) -> None:
        """Say this to everybody, once nothing else is going on."""
        ...

    def status(self) -> dict[str, Any]:
        """Tell how everything is."""
        ...

    async def reload(self) -> dict[str, Any]:
        """Read the intent files again."""
        ...


@dataclass(slots=True)
class _Client:
    """Who is connected: a process, and since when it has asked for nothing."""

    process: int
    idle_since: float | None = field(default_factory=time.monotonic)

    async def idle(self, waiting: Awaitable[bytes]) -> bytes:
        """Wait for its next request."""
        self.idle_since = time.monotonic()
        line = await waiting
        self.idle_since = None
        return line


class ControlServer:
    """Serves the socket while its context is open. Raises ControlError when it cannot listen."""

    def __init__(self, path: Path, assistant: Controlled, watchers: Watchers) -> None:
        self._path = path
        self._assistant = assistant
        self._watchers = watchers
        self._clients: dict[asyncio.Task[None], _Client] = {}
        self._handlers: Mapping[str, Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]] = {
            "say": self._say,
            "listen": self._listen,
            "mute": self._mute,
            "unmute": self._unmute,
            "announce": self._announce,
            "status": self._status,
            "prometheus": self._prometheus,
            "reload": self._reload,
        }

    async def serve(self, stop: asyncio.Event, ready: Callable[[], None]) -> None:
        """Answer clients until ``stop``; ``ready`` is called when the socket listens."""
        with listening(self._path, "assistant") as listener:
            server = await asyncio.start_unix_server(
                self._connected, sock=listener, limit=wire.LIMIT_BYTES
            )
            ready()
            try:
                await stop.wait()
            finally:
                await close_server(server, listener)
                for task in self._clients:
                    task.cancel()
                await asyncio.gather(*self._clients, return_exceptions=True)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        process, user = peer(writer.get_extra_info("socket"))
        if user not in {os.geteuid(), 0} or not self._make_room(process):
            log.warning("Refused a client of the control socket (user %d)", user)
            if user in {os.geteuid(), 0}:
                hint = f"At most {MAXIMUM_CLIENTS}, and {MAXIMUM_OF_A_PROCESS} of one program."
                writer.write(wire.encode(_failure("too many clients wait for answers", hint)))
            writer.close()
            return
        client = _Client(process)
        task = asyncio.create_task(self._attend(reader, writer, client))
        self._clients[task] = client

        def left(_: asyncio.Task[None]) -> None:
            # Not in the task itself: cancelled before its first step, it runs nothing.
            self._clients.pop(task, None)
            writer.transport.abort() if task.cancelled() else writer.close()

        task.add_done_callback(left)

    def _make_room(self, process: int) -> bool:
        """Let go of whoever has asked for nothing for the longest time; false where nobody is so.

        A program that has too many clients loses one of its own.
        """
        own = [task for task, one in self._clients.items() if one.process == process]
        if len(own) < MAXIMUM_OF_A_PROCESS:
            if len(self._clients) < MAXIMUM_CLIENTS:
                return True
            own = list(self._clients)
        idle = [task for task in own if self._clients[task].idle_since is not None]
        if not idle:
            return False
        longest = min(idle, key=lambda task: self._clients[task].idle_since or 0.0)
        self._clients.pop(longest)
        longest.cancel()
        return True

    async def _attend(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, client: _Client
    ) -> None:
        try:
            while line := await client.idle(reader.readline()):
                try:
                    request = wire.decode(line)
                except wire.WireError as error:
                    await _send(writer, _failure(error.message))
                    return
                if request.get("command") == "events":
                    await self._stream(writer, levels=bool(request.get("levels")))
                else:
                    await _send(writer, await self._answer(request))
        except (ConnectionError, TimeoutError, ValueError) as error:
            log.debug("A client of the control socket left: %s", error)
            writer.transport.abort()  # closed, it would keep what nobody reads

    async def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        handler = self._handlers.get(str(request.get("command")))
        if handler is None:
            known = ", ".join(sorted([*self._handlers, "events"]))
            return _failure(f"unknown command {request.get('command')!r}", f"Known: {known}.")
        try:
            return {"ok": True} | await handler(request)
        except FileProblemsError as error:
            problems = [to_plain(problem) for problem in error.problems]
            return _failure("The files have mistakes.") | {"problems": problems}
        except AssistantError as error:
            return _failure(error.message, error.hint)

    async def _stream(self, writer: asyncio.StreamWriter, *, levels: bool) -> None:
        subscription = self._watchers.subscribe(levels=levels)
        try:
            await _send(writer, {"ok": True})
            async for event in subscription:
                await _send(writer, to_wire(event), or_nothing=True)
        finally:
            self._watchers.unsubscribe(subscription)

    async def _say(self, request: dict[str, Any]) -> dict[str, Any]:
        text, domain = request.get("text"), request.get("domain", "")
        if not isinstance(text, str) or not text.strip() or not isinstance(domain, str):
            raise ControlError("'say' needs a text")
        return {"turn": to_plain(await self._assistant.say(text, domain))}

    async def _listen(self, request: dict[str, Any]) -> dict[str, Any]:
        microphone = request.get("microphone", "")
        if not isinstance(microphone, str):
            raise ControlError("'microphone' is a name")
        self._assistant.listen(microphone)
        return {}

    async def _mute(self, request: dict[str, Any]) -> dict[str, Any]:
        seconds = request.get("seconds")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float | None):
            raise ControlError("'seconds' is a number")
        self._assistant.mute(seconds)
        return {}

    async def _unmute(self, _request: dict[str, Any]) -> dict[str, Any]:
        return {"was_muted": self._assistant.unmute()}

    async def _announce(self, request: dict[str, Any]) -> dict[str, Any]:
        text = request.get("text")
        if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_ANNOUNCEMENT:
            raise ControlError(
                "'announce' needs a text", f"It has {LONGEST_ANNOUNCEMENT} characters at most."
            )
        self._assistant.announce(" ".join(text.split()))
        return {}

    async def _status(self, _request: dict[str, Any]) -> dict[str, Any]:
        return {"status": self._assistant.status()}

    async def _prometheus(self, _request: dict[str, Any]) -> dict[str, Any]:
        return {"text": exposition(self._assistant.status())}

    async def _reload(self, _request: dict[str, Any]) -> dict[str, Any]:
        return {"reloaded": await self._assistant.reload()}


async def _send(
    writer: asyncio.StreamWriter,
    message: Mapping[str, Any],
    *,
    or_nothing: bool = False,
) -> None:
    """Send a line; a client that does not read it in time is let go.

    What is too long for a line is told to be so, ``or_nothing`` is sent.
    """
    try:
        line = wire.encode(message)
    except wire.WireError as error:
        log.warning("A client of the control socket is not answered in full: %s", error.message)
        line = b"" if or_nothing else wire.encode(_failure("the answer is too long to be sent"))
    writer.write(line)
    async with asyncio.timeout(SLOW_CLIENT_SECONDS):
        await writer.drain()


def _failure(error: str, hint: str = "") -> dict[str, Any]:
    return {"ok": False, "error": error, "hint": hint}
