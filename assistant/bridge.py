"""The bridge: the other process, which does the owner's actions and never hears anything.

It knows the actions from its own reading of the intent files, which it reads again when they have
changed; a request only names an intent. It ends on SIGTERM and SIGINT, and with its parent when it
has one.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
import os
import signal
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from assistant import systemd, wire
from assistant.actions.command import read_list
from assistant.actions.outside import Equipment, Said, do_outside
from assistant.actions.skills import Skills
from assistant.errors import ActionError, AssistantError
from assistant.intents.steps import Step, Steps
from assistant.intents.undoing import Undoing
from assistant.ports import MediaCommand, MediaPlayer
from assistant.reloading import Reloader, on_hangup
from assistant.skillhouse import SkillUse, call_skill
from assistant.sockets import close_server, has_hung_up, listening, peer_user_id
from assistant.values import Plain, plain

COMMANDS = 8
"""At once. A house says one at a time; some of them take their time."""

CONNECTIONS = 32
"""At once; a connection is one request. More are hung up on."""

REQUEST_SECONDS = 5.0
"""A request must have arrived whole by then."""

REPLY_SECONDS = 10.0
"""For a client to read a line of a reply."""

PART_CHARACTERS = 5_000
"""Of a list in one line: at most 12 bytes each, escaped, it is shorter than ``LIMIT_BYTES``."""

MEDIA_COMMANDS = frozenset(map(str, MediaCommand))

Result = TypeVar("Result")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class House:
    """What the owner wrote that the bridge may do.

    ``actions``, and what takes them back, are by intent; ``lists`` are programs, with arguments,
    that print the values of a list, by its name. ``skills`` are calls of skills, by intent;
    ``player`` is one of music in the network.
    """

    actions: Mapping[str, Steps]
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    undos: Mapping[str, Undoing] = field(default_factory=dict)
    skills: Mapping[str, SkillUse] = field(default_factory=dict)
    equipment: Equipment = field(default_factory=Equipment)
    player: MediaPlayer | None = None


@dataclass(frozen=True, slots=True)
class HouseFiles:
    """Where a house comes from.

    ``read`` raises AssistantError when a file is wrong; ``changed`` tells, cheaply, whether it is
    worth while to read again. ``watched`` is false to do so only when asked.
    ``skill_folders`` gives each skill a folder to keep files in.
    """

    read: Callable[[], House]
    changed: Callable[[], bool]
    watched: bool = True
    skill_folders: Callable[[str], Path] = Path


def run_bridge(
    socket_path: Path,
    files: HouseFiles,
    *,
    core_user_id: int | None = None,
    parent_fd: int | None = None,
    ready: Callable[[], None] = lambda: None,
) -> int:
    """Serve until told to stop; returns the exit status.

    ``core_user_id`` is the core's user where that is another one than
    this process's; the socket is then open to its group. ``parent_fd`` is the reading end of a
    pipe whose writing end only the parent holds: it closes however the parent ends. ``ready`` is
    called when the socket listens. Raises ControlError when it cannot, and what reading raises.
    """
    return asyncio.run(_run(socket_path, files, core_user_id, parent_fd, ready))


async def _run(
    socket_path: Path,
    files: HouseFiles,
    core_user_id: int | None,
    parent_fd: int | None,
    ready: Callable[[], None],
) -> int:
    stop = asyncio.Event()
    with _told_to_stop(stop, parent_fd):
        await serve(socket_path, files, stop, core_user_id=core_user_id, ready=ready)
    return 0


async def serve(
    socket_path: Path,
    files: HouseFiles,
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
    desk = _Desk(files, users)
    with listening(socket_path, "bridge", mode) as listener:
        server = await asyncio.start_unix_server(
            desk.connected, sock=listener, limit=wire.LIMIT_BYTES
        )
        logger.info("%d actions, listening at %s", len(desk.house.actions), socket_path)
        on_hangup(desk.hung_up)
        upkeep = asyncio.create_task(desk.keep_up())
        ready()
        try:
            await stop.wait()
        finally:
            upkeep.cancel()
            await asyncio.gather(upkeep, return_exceptions=True)
            await close_server(server, listener)
            await desk.close()


class _Desk:
    """Takes connections: one request each, one reply each."""

    def __init__(self, files: HouseFiles, users: set[int]) -> None:
        self.house = files.read()
        self._files = files
        self._reloader = Reloader(files.changed, files.read, self._take, self._refuse)
        self._users = users
        self._skills = Skills(files.skill_folders)
        self._tasks: set[asyncio.Task[None]] = set()
        self._running = 0

    def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer in a task of its own, or refuse."""
        peer = peer_user_id(writer.get_extra_info("socket"))
        if peer not in self._users:
            logger.warning("user %d may not use the bridge", peer)
            writer.close()
        elif has_hung_up(writer.get_extra_info("socket")):
            writer.close()  # it waited here while this process was stopped, as many others
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

    async def keep_up(self) -> None:
        """Read the files again when they have changed, until cancelled."""
        if self._files.watched:
            await self._reloader.watch()

    def hung_up(self) -> None:
        """Read the files again, and tell the service manager when that is done."""
        task = asyncio.create_task(self._reload_for_service())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _reload_for_service(self) -> None:
        with systemd.reloading():
            await self._reloader.try_to_reload()

    async def _take(self, house: House) -> None:
        self.house = house
        logger.info("read the intent files again: %d actions", len(house.actions))

    def _refuse(self, error: AssistantError) -> None:
        logger.error("the intents were not read again; those of before go on:\n%s", error)

    async def close(self) -> None:
        """End the commands that still run."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._skills.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await _read(reader)
            if request is None:
                return
            if has_hung_up(writer.get_extra_info("socket")):
                # It was told that it failed: nobody wants it done any more.
                logger.warning("a request was dropped: who asked has given up")
                return
            for reply in await _unless_hung_up(reader, self._replies(request)):
                writer.write(wire.encode(reply))
                async with asyncio.timeout(REPLY_SECONDS):
                    await writer.drain()
        except (wire.WireError, TimeoutError, ConnectionError) as error:
            logger.warning("a request was dropped: %s", str(error) or "it took too long to be sent")
            writer.transport.abort()  # closed, it would keep what nobody reads

    async def _replies(self, request: Mapping[str, Any]) -> list[dict[str, Any]]:
        match request:
            case {"id": str(request_id), "intent": str(intent), "slots": dict(slots),
                  "text": str(text)} if _are_values(slots):  # fmt: skip
                return [await self._do(request_id, Said(intent, slots, text), request)]
            case {"id": str(request_id), "skill_intent": str(intent), "slots": dict(slots),
                  "text": str(text)}:  # fmt: skip
                return [await self._call_skill(request_id, intent, slots, text)]
            case {"id": str(request_id), "list": str(name)}:
                return await self._list(request_id, name)
            case {"id": str(request_id), "media": str(command)} if command in MEDIA_COMMANDS:
                return [await self._media(request_id, MediaCommand(command))]
            case {"id": str(request_id), "reload": True}:
                return [await self._reload(request_id)]
        return [_refusal(str(request.get("id", "")), "the bridge does not understand the core")]

    async def _reload(self, request_id: str) -> dict[str, Any]:
        try:
            house = await self._reloader.reload()
        except AssistantError:  # logged with all its mistakes; the core has found the same ones
            hint = "Its log says why; the commands of before go on."
            return _refusal(request_id, "the bridge cannot read the intent files", hint)
        return {"id": request_id, "commands": len(house.actions)}

    async def _do(self, request_id: str, said: Said, request: Mapping[str, Any]) -> dict[str, Any]:
        intent, undo = said.intent, request.get("undo") is True
        _, _, name = intent.rpartition(":")  # before it stands another language than the default
        wanted = self._wanted(intent, request.get("part", 0), undo=undo)
        if wanted is None:
            what = f"nothing that takes '{intent}' back" if undo else f"no action for '{intent}'"
            hint = "Have it read the intent files again: assistant reload"
            return _refusal(request_id, f"the bridge knows {what}", hint)
        steps, fixed = wanted
        said = Said(name, {**said.slots, **fixed}, said.text)
        try:
            result = await self._counted(do_outside(steps, said, self.house.equipment))
        except ActionError as error:
            logger.warning("%s: %s", intent, error)
            return _refusal(request_id, error.message, error.hint)
        logger.info("%s: %s", intent, "taken back" if undo else "done")
        return {"id": request_id, "speech": result.speech, "values": dict(result.values)}

    def _wanted(
        self, intent: str, part: Any, *, undo: bool
    ) -> tuple[Sequence[Step], Mapping[str, Plain]] | None:
        """Find the steps that are asked for, with slots over those that were said."""
        if undo:
            undoing = self.house.undos.get(intent)
            if undoing is None:
                return None
            return undoing.steps.steps, {name: plain(one) for name, one in undoing.fixed.items()}
        steps = self.house.actions.get(intent)
        parts = steps.parts() if steps is not None else ()
        # The core may have read other files than the bridge. A built-in part is never asked for.
        if not isinstance(part, int) or not 0 <= part < len(parts):
            return None
        return parts[part], {}

    async def _call_skill(
        self, request_id: str, intent: str, slots: Mapping[str, Any], text: str
    ) -> dict[str, Any]:
        use = self.house.skills.get(intent)
        if use is None:
            hint = "Have it read the intent files again: assistant reload"
            return _refusal(request_id, f"the bridge knows no skill for '{intent}'", hint)
        try:
            answer = await self._counted(call_skill(self._skills, use, slots, text))
        except ActionError as error:
            logger.warning("%s: %s", intent, error)
            return _refusal(request_id, error.message, error.hint)
        logger.info("%s: done", intent)
        return {"id": request_id} | answer

    async def _list(self, request_id: str, name: str) -> list[dict[str, Any]]:
        argv = self.house.lists.get(name)
        if argv is None:
            hint = "Have it read the intent files again: assistant reload"
            return [_refusal(request_id, f"the bridge knows no program for list '{name}'", hint)]
        try:
            text = await self._counted(read_list(argv))
        except ActionError as error:
            logger.warning("list %s: %s", name, error)
            return [_refusal(request_id, error.message, error.hint)]
        starts = range(0, max(1, len(text)), PART_CHARACTERS)
        return [
            {
                "id": request_id,
                "text": text[start : start + PART_CHARACTERS],
                "more": start != starts[-1],
            }
            for start in starts
        ]

    async def _media(self, request_id: str, command: MediaCommand) -> dict[str, Any]:
        if self.house.player is None:
            hint = "Set media.mpd to its host:port, and restart the bridge."
            return _refusal(request_id, "the bridge knows no music player", hint)
        try:
            track = await self._counted(self.house.player.do(command))
        except ActionError as error:
            logger.warning("music: %s", error)
            return _refusal(request_id, error.message, error.hint)
        return {"id": request_id, "track": None if track is None else dataclasses.asdict(track)}

    async def _counted(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Do the work unless too much is being done. Raises ActionError."""
        if self._running == COMMANDS:
            work.close()
            raise ActionError("too many commands are running", "Wait for one to end.")
        self._running += 1
        try:
            return await work
        finally:
            self._running -= 1


async def _read(reader: asyncio.StreamReader) -> dict[str, Any] | None:
    """Read a request; None when there is none: another bridge looked whether one is running."""
    try:
        async with asyncio.timeout(REQUEST_SECONDS):
            line = await reader.readline()
    except ValueError as error:  # asyncio's word for a line over its limit
        raise wire.WireError(f"the message has more than {wire.LIMIT_BYTES} bytes") from error
    return wire.decode(line) if line else None


async def _unless_hung_up(
    reader: asyncio.StreamReader, work: Coroutine[Any, Any, list[dict[str, Any]]]
) -> list[dict[str, Any]]:
    """Do the work; give it up, for nothing, when the client hangs up or says too much."""
    working = asyncio.create_task(work)
    hanging_up = asyncio.create_task(reader.read(1))
    try:
        await asyncio.wait({working, hanging_up}, return_when=asyncio.FIRST_COMPLETED)
        return await working if working.done() else []
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
