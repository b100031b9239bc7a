"""The skills that run: started with the first call, kept for a while, ended with all they started.

A process for each call would need no memory in between, and takes a Raspberry Pi the better part of
a second each time, much more with a heavy import. One that is kept takes some 9 MB of its own, 13
with numpy. So the last ``KEPT`` that were called are kept, for ``KEPT_SECONDS``: at most some 30 MB
of a board with 512, and nothing where no skill is used.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from assistant.actions.skillprocess import Answer, SkillProcess
from assistant.actions.skillspec import SkillSpec, SkillTask
from assistant.errors import ActionError

KEPT = 3
KEPT_SECONDS = 120.0


@dataclass(slots=True)
class _Place:
    """Of one skill: its process, if it has one, and whose turn it is."""

    process: SkillProcess | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0
    limit: asyncio.TimerHandle | None = None


class Skills:
    """Calls skills, each one call at a time. Used within one event loop.

    ``folders`` gives each skill, by its name, a folder of its own to keep files in.
    """

    def __init__(
        self,
        folders: Callable[[str], Path],
        *,
        kept: int = KEPT,
        kept_seconds: float = KEPT_SECONDS,
    ) -> None:
        self._folders = folders
        self._kept = kept
        self._kept_seconds = kept_seconds
        self._places: dict[str, _Place] = {}  # the one called last is the last
        self._ending: set[asyncio.Task[None]] = set()

    async def call(self, spec: SkillSpec, task: SkillTask) -> Answer:
        """Have a skill do something; returns its reply, checked.

        A skill that fails in any way but by its own word is ended, and started anew with the next
        call. Raises ActionError.
        """
        try:
            async with asyncio.timeout(task.timeout_seconds), self._process_of(spec) as process:
                return await process.ask(task)
        except TimeoutError as error:
            raise ActionError(
                f"the {spec.spoken_name} skill has failed: it took longer than"
                f" {task.timeout_seconds:g} seconds",
                "Give it a longer timeout_seconds in its intents, or let it do less.",
            ) from error

    @property
    def running(self) -> list[str]:
        """Names of those that have a process, the one called last is the last."""
        return [name for name, place in self._places.items() if place.process is not None]

    async def close(self) -> None:
        """End all of them."""
        for name in self.running:
            self._end_later(self._places[name])
        await asyncio.gather(*self._ending, return_exceptions=True)

    @asynccontextmanager
    async def _process_of(self, spec: SkillSpec) -> AsyncIterator[SkillProcess]:
        """Wait for the skill's turn, and give its process, which is started where there is none."""
        place = self._places.setdefault(spec.name, _Place())
        place.waiting += 1
        try:
            async with place.turn:
                self._places[spec.name] = self._places.pop(spec.name)
                try:
                    yield await self._ready(spec, place)
                finally:
                    process = place.process
                    if process is not None and not (process.usable and process.runs):
                        self._end_later(place)
        finally:
            place.waiting -= 1
            if not place.waiting:
                self._keep_for_a_while(spec.name, place)

    async def _ready(self, spec: SkillSpec, place: _Place) -> SkillProcess:
        if place.limit is not None:
            place.limit.cancel()
        kept = place.process
        if kept is not None and (kept.spec != spec or not kept.runs):
            self._end_later(place)
        if place.process is None:
            self._make_room()
            place.process = await SkillProcess.start(spec, self._folders(spec.name))
        return place.process

    def _keep_for_a_while(self, name: str, place: _Place) -> None:
        if place.process is None:
            self._places.pop(name, None)
            return
        loop = asyncio.get_running_loop()
        place.limit = loop.call_later(self._kept_seconds, self._end_later, place)

    def _make_room(self) -> None:
        """End those called longest ago, but none that is being called."""
        idle = [p for p in self._places.values() if p.process is not None and not p.waiting]
        for place in idle[: max(0, len(self.running) + 1 - self._kept)]:
            self._end_later(place)

    def _end_later(self, place: _Place) -> None:
        """Take the process away from its place now, and end it in a task of its own.

        Whoever is cancelled in the middle of a call need not wait for that.
        """
        process, place.process = place.process, None
        if place.limit is not None:
            place.limit.cancel()
        if process is not None:
            task = asyncio.create_task(process.end())
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)
