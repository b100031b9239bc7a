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
from assistant.engines import (
    answer_grammar,
    list_programs,
    load_intent_set,
    make_understanding,
    spoken_grammar,
)
from assistant.errors import ActionError, AssistantError, IntentError, Place, Problem
from assistant.events import IntentsRejected, IntentsReloaded, PartFailed, PartWorks
from assistant.intents.listtext import read_list_text
from assistant.listkeeping import ListKeeper
from assistant.reloading import Reloader, on_hangup

if TYPE_CHECKING:
    from assistant.config import Settings
    from assistant.conversation import Conversation
    from assistant.dialogue.understanding import Understanding
    from assistant.intentfiles import IntentFiles
    from assistant.intents.model import IntentSet, ListSource
    from assistant.listcache import ListCache
    from assistant.listening import Listener
    from assistant.ports import Emit, Grammar, UnknownWord

log = logging.getLogger(__name__)

TOLD_CHARACTERS = 4_000
"""Of the mistakes told to others: some thirty. Escaped they still fit in a line of ``wire``."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was read, all of it compiled; ``seconds`` is how long that took."""

    understanding: Understanding
    grammar: Grammar
    answers: Grammar | None
    seconds: float


class Upkeep:
    """Keeps the intents of a running core up to date with ``files``.

    ``lists`` keeps what the programs of lists printed, which ``list_from_bridge`` asks for by name.
    ``reload_bridge`` has the bridge read the files, before they are in force here. Both raise
    ActionError. ``note_unknown`` is told the words that the recognizer does not know.
    """

    def __init__(
        self,
        settings: Settings,
        files: IntentFiles,
        conversation: Conversation,
        listener: Listener,
        emit: Emit,
        *,
        lists: ListCache,
        reload_bridge: Callable[[], Awaitable[None]],
        list_from_bridge: Callable[[str], Awaitable[str]],
        note_unknown: Callable[[Sequence[UnknownWord], IntentSet], None],
    ) -> None:
        self._settings = settings
        self._files = files
        self._conversation = conversation
        self._listener = listener
        self._reload_bridge = reload_bridge
        self._note_unknown = note_unknown
        self._emit = emit
        self._reloader = Reloader(files.changed, self._load, self._take, self._refuse)
        self._cache = lists
        self._intents = conversation.understanding.intents
        self._list_from_bridge = list_from_bridge
        self._lists = ListKeeper(lists, self._ask_for_list, self._reloader.try_to_reload, emit)
        self._lists.use(list_programs(self._intents))
        self._loaded_at = datetime.now().astimezone()
        self._rejected = ""
        self._bridge_failed = False
        self._asked: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Serve SIGHUP, ask for lists, and watch the files if so configured, until cancelled."""
        on_hangup(self._hung_up)
        self._warn()
        watched = self._settings.intents.reload
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
        return {"intents": len(self._intents.intents), "seconds": round(loaded.seconds, 3)}

    def status(self) -> dict[str, Any]:
        """Tell how many intents are in force, since when, and why newer ones are not."""
        return {
            "intents": len(self._intents.intents),
            "intents_loaded_at": self._loaded_at.isoformat(timespec="seconds"),
            "intents_rejected": self._rejected,
        }

    def _load(self) -> Loaded:
        began = time.perf_counter()
        intents = load_intent_set(self._settings, self._files, self._printed)
        understanding = make_understanding(self._settings, intents)
        several = self._settings.recognizer.several_commands
        grammar = spoken_grammar(understanding, several_commands=several)
        answers = answer_grammar(understanding)
        return Loaded(understanding, grammar, answers, time.perf_counter() - began)

    def _printed(self, name: str, source: ListSource) -> str | None:
        return self._cache.get(name, source.argv)

    async def _take(self, loaded: Loaded) -> None:
        await self._tell_bridge()
        loop = asyncio.get_running_loop()

        def told(unknown: Sequence[UnknownWord]) -> None:  # by the audio thread
            loop.call_soon_threadsafe(self._note_unknown, unknown, loaded.understanding.intents)

        self._conversation.use(loaded.understanding)
        self._listener.tell(
            lambda pipeline: pipeline.use_next(loaded.grammar, told, loaded.answers)
        )
        self._intents = loaded.understanding.intents
        self._loaded_at = datetime.now().astimezone()
        self._rejected = ""
        self._warn()
        self._lists.use(list_programs(self._intents))
        self._emit(IntentsReloaded(len(self._intents.intents), round(loaded.seconds, 3)))

    def _refuse(self, error: AssistantError) -> None:
        problems = error.problems if isinstance(error, IntentError) else []
        log.error("The intents were not read again; those of before go on:\n%s", error)
        self._rejected = str(IntentError(first_of(problems)) if problems else error)
        self._emit(IntentsRejected(self._rejected, max(1, len(problems))))

    async def _ask_for_list(self, name: str) -> str:
        """Have the bridge ask the program of a list. What holds no value at all is a failure."""
        text = await self._list_from_bridge(name)
        values, problems = read_list_text(text, self._intents.lists[name], self._intents.language)
        if not values:
            what = f"{problems[0].place}: {problems[0].message}"
            raise ActionError(f"list '{name}' would be empty", f"See {what}.")
        return text

    def _warn(self) -> None:
        for warning in self._intents.warnings:
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
