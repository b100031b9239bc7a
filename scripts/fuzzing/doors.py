"""The two sockets with a server behind each, for made-up requests; nothing is run by them."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import shutil
import tempfile
from collections.abc import Callable, Coroutine, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from assistant import wire
from assistant.bridge import House, HouseFiles, serve
from assistant.errors import ControlError
from assistant.frontends.control import ControlServer
from assistant.muting import Muting
from assistant.turn import Outcome, TurnRecord
from assistant.watchers import Watchers

ANSWER_SECONDS = 10.0
Serve: TypeAlias = Callable[[Path, asyncio.Event, Callable[[], None]], Coroutine[Any, Any, None]]


STATUS: Mapping[str, Any] = {
    "version": "0", "recognizer": "none", "phase": "waiting", "microphones": {},
    "bridge": "running", "calls": {"hey_jarvis": 1}, "turns": {}, "last_wake_at": "",
    "intents_rejected": "",
    "failed_parts": {}, **dict.fromkeys((
        "uptime_seconds", "cpu_seconds", "memory_megabytes", "restarts", "chunks_heard", "overruns",
        "timers", "intents",
    ), 0),
}  # fmt: skip


class WithoutAnswerError(Exception):
    """A request got no answer, or one that is none; or it brought the server down."""


class Door:
    """A server at a socket; its loop runs while something is asked."""

    def __init__(self, serve: Serve, *, streams: bool) -> None:
        self._streams = streams
        self._folder = tempfile.mkdtemp(prefix="assistant-fuzz-")
        self._path = Path(self._folder, "run", "s")
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(self._failed)
        self._failure = ""
        ready, self._stop = asyncio.Event(), asyncio.Event()
        self._serving = self._loop.create_task(serve(self._path, self._stop, ready.set))
        self._loop.run_until_complete(ready.wait())
        atexit.register(self.close)

    def close(self) -> None:
        """Shut it."""
        self._stop.set()
        self._loop.run_until_complete(self._serving)
        self._loop.close()
        shutil.rmtree(self._folder)

    def ask(self, data: bytes) -> None:
        """Send bytes and hang up; each line that is answered is answered in JSON."""
        if not self._streams and any(_wants_events(line) for line in data.splitlines()):
            return  # answered until the client hangs up
        self._loop.run_until_complete(self._ask(data))
        if self._failure or self._serving.done():
            raise WithoutAnswerError(self._failure or f"it has ended: {self._serving}")

    async def _ask(self, data: bytes) -> None:
        reader, writer = await asyncio.open_unix_connection(self._path)
        writer.write(data)
        if not self._streams:
            writer.write_eof()
        elif not data.endswith(b"\n"):
            writer.write(b"\n")
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                with contextlib.suppress(ConnectionError):
                    while line := await reader.readline():
                        wire.decode(line)
        finally:
            writer.close()

    def _failed(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self._failure = f"{context['message']}: {context.get('exception')!r}"


def _wants_events(line: bytes) -> bool:
    try:
        return wire.decode(line + b"\n").get("command") == "events"
    except wire.WireError:
        return False


class _Assistant:
    """Of few words; the microphones are really muted."""

    def __init__(self) -> None:
        self._kept: dict[str, Any] = {}
        self._muting = Muting(self, lambda _: None, lambda _: None)
        self.mute, self.unmute = self._muting.mute, self._muting.unmute

    async def say(self, text: str, domain: str) -> TurnRecord:
        return TurnRecord(outcome=Outcome.ACTED, text=text, reply=domain)

    def listen(self, microphone: str) -> None:
        if microphone:
            raise ControlError(f"there is no microphone '{microphone}'")

    def announce(self, text: str) -> None:
        del text

    def status(self) -> dict[str, Any]:
        return dict(STATUS)

    async def reload(self) -> dict[str, Any]:
        return {}

    def setting(self, name: str, default: Any = None) -> Any:
        return self._kept.get(name, default)

    def set_setting(self, name: str, value: Any) -> None:
        self._kept[name] = value


@cache
def control_door() -> Door:
    """The control socket."""

    async def serve_control(path: Path, stop: asyncio.Event, ready: Callable[[], None]) -> None:
        await ControlServer(path, _Assistant(), Watchers()).serve(stop, ready)

    return Door(serve_control, streams=False)


@cache
def bridge_door() -> Door:
    """The bridge of an owner who has written nothing: whatever is asked for, it may not be done."""

    async def serve_bridge(path: Path, stop: asyncio.Event, ready: Callable[[], None]) -> None:
        files = HouseFiles(lambda: House({}), lambda: False, watched=False)
        await serve(path, files, stop, ready=ready)

    return Door(serve_bridge, streams=True)
