"""Keeping the core's intents up to date: reads them again, and puts the new ones in force.

The loop and the audio thread go on meanwhile. The dialogue takes the new intents between two turns,
the recognizer their grammar while the wake word is waited for.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from assistant import systemd
from assistant.domains import (
    DomainFiles,
    Domains,
    language_sets,
    printed_lists,
    separated,
    spoken_grammars,
)
from assistant.errors import (
    ActionError,
    AssistantError,
    FileProblemsError,
    IntentError,
    Place,
    Problem,
)
from assistant.events import IntentsRejected, IntentsReloaded, PartFailed, PartWorks
from assistant.intents.listtext import read_list_text
from assistant.listkeeping import ListKeeper
from assistant.reloading import Reloader, on_hangup

if TYPE_CHECKING:
    from assistant.conversation import Conversation
    from assistant.floor import Floor
    from assistant.hearing import Grammars
    from assistant.intents.model import ListSource
    from assistant.listcache import ListCache
    from assistant.ports import Emit, UnknownWord

log = logging.getLogger(__name__)

TOLD_CHARACTERS = 4_000
"""Of the mistakes told to others: some thirty. Escaped they still fit in a line of ``wire``."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was read, all of it compiled; ``seconds`` is how long that took."""

    domains: Domains
    grammars: dict[str, Grammars]
    seconds: float


class Upkeep:
    """Keeps the intents of a running core up to date with ``files``: all ``domains``, or none.

    ``lists`` keeps what the programs of lists printed, which ``list_from_bridge`` asks for by name.
    ``reload_bridge`` has the bridge read the files, before they are in force here. Both raise
    ActionError. ``note_unknown`` is told the words that the recognizer does not know.
    """

    def __init__(
        self,
        files: DomainFiles,
        domains: Domains,
        conversation: Conversation,
        floor: Floor,
        emit: Emit,
        *,
        lists: ListCache,
        reload_bridge: Callable[[], Awaitable[None]],
        list_from_bridge: Callable[[str], Awaitable[str]],
        note_unknown: Callable[[Sequence[UnknownWord], Domains], None],
    ) -> None:
        self._files = files
        self._conversation = conversation
        self._floor = floor
        self._reload_bridge = reload_bridge
        self._note_unknown = note_unknown
        self._emit = emit
        self._reloader = Reloader(files.changed, self._load, self._take, self._refuse)
        self._cache = lists
        self._list_from_bridge = list_from_bridge
        self._lists = ListKeeper(lists, self._ask_for_list, self._reloader.try_to_reload, emit)
        self._domains = domains
        self._keep_lists()
        self._loaded_at = datetime.now().astimezone()
        self._rejected = ""
        self._bridge_failed = False
        self._asked: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Serve SIGHUP, ask for lists, and watch the files if so configured, until cancelled."""
        on_hangup(self._hung_up)
        self._warn()
        watched = self._files.settings.intents.reload
        await asyncio.gather(self._lists.run(), *([self._reloader.watch()] if watched else []))

    async def reload(self) -> dict[str, Any]:
        """Read the files now; tells how many intents there are. Raises AssistantError.

        An IntentError has the first mistakes only, where there are many.
        """
        try:
            loaded = await self._reloader.reload()
        except IntentError as error:
            raise IntentError(first_of(error.problems)) from error
        self._lists.ask_again()
        return {"intents": self._count(), "seconds": round(loaded.seconds, 3)}

    def status(self) -> dict[str, Any]:
        """Tell how many intents are in force, since when, and why newer ones are not."""
        return {
            "intents": self._count(),
            "intents_loaded_at": self._loaded_at.isoformat(timespec="seconds"),
            "intents_rejected": self._rejected,
        }

    def _load(self) -> Loaded:
        began = time.perf_counter()
        domains = self._files.load(self._printed)
        grammars = spoken_grammars(self._files.settings, domains)
        return Loaded(domains, grammars, time.perf_counter() - began)

    def _printed(self, name: str, source: ListSource) -> str | None:
        return self._cache.get(name, source.argv)

    async def _take(self, loaded: Loaded) -> None:
        await self._tell_bridge()
        loop = asyncio.get_running_loop()

        def told(unknown: Sequence[UnknownWord]) -> None:  # by the audio thread
            loop.call_soon_threadsafe(self._note_unknown, unknown, loaded.domains)

        self._conversation.use(*separated(loaded.domains))
        self._floor.use_next(loaded.grammars, told)
        self._domains = loaded.domains
        self._loaded_at = datetime.now().astimezone()
        self._rejected = ""
        self._warn()
        self._keep_lists()
        self._emit(IntentsReloaded(self._count(), round(loaded.seconds, 3)))

    def _count(self) -> int:
        """How many intents there are in all languages."""
        return sum(len(one.intents) for one in language_sets(self._domains).values())

    def _keep_lists(self) -> None:
        self._printed_lists = printed_lists(language_sets(self._domains))
        self._lists.use({name: one.program for name, one in self._printed_lists.items()})

    def _refuse(self, error: AssistantError) -> None:
        problems = error.problems if isinstance(error, FileProblemsError) else []
        log.error("The intents were not read again; those of before go on:\n%s", error)
        self._rejected = str(IntentError(first_of(problems)) if problems else error)
        self._emit(IntentsRejected(self._rejected, max(1, len(problems))))

    async def _ask_for_list(self, name: str) -> str:
        """Have the bridge ask the program of a list. What holds no value at all is a failure."""
        text = await self._list_from_bridge(name)
        known = self._printed_lists[name]
        values, problems = read_list_text(text, known.values, known.language)
        if not values:
            what = f"{problems[0].place}: {problems[0].message}"
            raise ActionError(f"list '{name}' would be empty", f"See {what}.")
        return text

    def _warn(self) -> None:
        sets = language_sets(self._domains).values()
        for warning in dict.fromkeys(str(one) for intents in sets for one in intents.warnings):
            log.warning("%s", warning)

    async def _tell_bridge(self) -> None:
        try:
            await self._reload_bridge()
        except ActionError as error:
            self._bridge_failed = True
            self._emit(PartFailed("bridge", str(error)))
        else:
            if self._bridge_failed:
                self._bridge_failed = False
                self._emit(PartWorks("bridge"))

    def _hung_up(self) -> None:
        task = asyncio.create_task(self._reload_for_service())
        self._asked.add(task)
        task.add_done_callback(self._asked.discard)

    async def _reload_for_service(self) -> None:
        with systemd.reloading():
            if await self._reloader.try_to_reload():
                self._lists.ask_again()


def first_of(problems: Sequence[Problem]) -> list[Problem]:
    """Choose the first mistakes, as many as fit, and one that tells how many more there are."""
    kept: list[Problem] = []
    left = TOLD_CHARACTERS
    for number, problem in enumerate(problems):
        left -= len(str(problem))
        if left < 0:
            more = f"{len(problems) - number} more; assistant check tells all of them"
            place = problem.place
            return [*kept, Problem(more, Place(place.path, place.line, place.column))]
        kept.append(problem)
    return kept
