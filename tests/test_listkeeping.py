"""Lists that programs print: when they are asked for, and what a failure does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from assistant.errors import ActionError, Place
from assistant.events import Event, PartFailed, PartWorks
from assistant.intents.model import ListSource
from assistant.listcache import ListCache
from assistant.listkeeping import RETRY_SECONDS, ListKeeper


def source(*argv: str, every: float = 100.0) -> ListSource:
    return ListSource(None, argv, every, Place("house.yaml", 1, 1))


PEOPLE, THINGS = source("print-people"), source("print-things", every=10.0)


class Town:
    """Programs that print lists, and a keeper that asks them."""

    def __init__(self, folder: Path) -> None:
        self.prints: dict[str, str | ActionError] = {"people": "Bob", "things": "lamp"}
        self.asked: list[str] = []
        self.changes = 0
        self.events: list[Event] = []
        self.cache = ListCache(folder)
        self.keeper = ListKeeper(self.cache, self.ask, self.changed, self.events.append)
        self.keeper.use({"people": PEOPLE, "things": THINGS})

    async def ask(self, name: str) -> str:
        self.asked.append(name)
        printed = self.prints[name]
        if isinstance(printed, ActionError):
            raise printed
        return printed

    async def changed(self) -> None:
        self.changes += 1

    async def look(self, now: float) -> list[str]:
        """Let the keeper look at a time; returns what it asked for."""
        self.asked.clear()
        await self.keeper.look(now)
        return self.asked


def in_town(folder: Path, scene: Callable[[Town], Awaitable[None]]) -> Town:
    async def play() -> Town:
        town = Town(folder)
        async with asyncio.timeout(30):
            await scene(town)
        return town

    return asyncio.run(play())


def test_each_is_asked_for_at_once_and_then_as_often_as_it_says(tmp_path: Path) -> None:
    async def scene(town: Town) -> None:
        assert await town.look(1000.0) == ["people", "things"]
        assert await town.look(1009.9) == []
        assert await town.look(1010.0) == ["things"]
        assert await town.look(1100.0) == ["people", "things"]

    town = in_town(tmp_path, scene)
    assert town.changes == 1
    assert town.cache.get("people", PEOPLE.argv) == "Bob"


def test_only_what_is_new_is_a_change(tmp_path: Path) -> None:
    async def scene(town: Town) -> None:
        town.cache.put("people", PEOPLE.argv, "Bob")
        town.cache.put("things", THINGS.argv, "lamp")
        await town.look(1000.0)
        assert town.changes == 0
        town.prints["things"] = "lamp\nfan"
        await town.look(1010.0)
        assert town.changes == 1

    in_town(tmp_path, scene)


def test_a_failure_is_told_and_what_was_printed_last_stays(tmp_path: Path) -> None:
    async def scene(town: Town) -> None:
        await town.look(1000.0)
        town.prints["people"] = ActionError("the command 'print-people' failed", "Mend it.")
        await town.look(1100.0)
        assert await town.look(1100.0 + RETRY_SECONDS) == ["people", "things"]
        town.prints["people"] = "Bob\nEve"
        await town.look(1100.0 + 2 * RETRY_SECONDS)

    town = in_town(tmp_path, scene)
    failed = PartFailed("list people", "The command 'print-people' failed. Mend it.")
    assert town.events == [failed, failed, PartWorks("list people")]
    assert town.changes == 2
    assert town.cache.get("people", PEOPLE.argv) == "Bob\nEve"


def test_what_cannot_be_kept_is_no_change(tmp_path: Path) -> None:
    folder = tmp_path / "lists"
    folder.write_text("a file where a folder belongs")

    async def scene(town: Town) -> None:
        town.keeper.use({"people": PEOPLE})
        await town.look(1000.0)

    town = in_town(folder, scene)
    assert town.changes == 0
    assert [type(event) for event in town.events] == [PartFailed]


def test_a_new_list_and_a_new_program_are_asked_at_once_and_the_others_in_time(
    tmp_path: Path,
) -> None:
    async def scene(town: Town) -> None:
        await town.look(1000.0)
        town.prints["rooms"] = "attic"
        others = source("print-other-things", every=10.0)
        town.keeper.use({"people": PEOPLE, "things": others, "rooms": source("print-rooms")})
        assert await town.look(1001.0) == ["things", "rooms"]

    in_town(tmp_path, scene)


def test_a_list_that_is_gone_is_asked_for_no_more_and_has_not_failed_any_more(
    tmp_path: Path,
) -> None:
    async def scene(town: Town) -> None:
        town.prints["things"] = ActionError("no")
        await town.look(1000.0)
        town.keeper.use({"people": PEOPLE})
        assert await town.look(2000.0) == ["people"]

    town = in_town(tmp_path, scene)
    assert town.events == [PartFailed("list things", "No."), PartWorks("list things")]


def test_told_to_all_are_asked_again(tmp_path: Path) -> None:
    async def scene(town: Town) -> None:
        running = asyncio.create_task(town.keeper.run())
        while town.changes < 1:  # noqa: ASYNC110 - it comes by itself, in this loop
            await asyncio.sleep(0)
        town.prints["people"] = "Eve"
        town.keeper.ask_again()
        while town.changes < 2:  # noqa: ASYNC110
            await asyncio.sleep(0)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    town = in_town(tmp_path, scene)
    assert town.asked == ["people", "things", "people", "things"]
    assert town.cache.get("people", PEOPLE.argv) == "Eve"


def test_running_it_asks_when_the_time_has_come(tmp_path: Path) -> None:
    async def scene(town: Town) -> None:
        town.keeper.use({"things": source("print-things", every=0.001)})
        running = asyncio.create_task(town.keeper.run())
        while len(town.asked) < 5:  # noqa: ASYNC110
            await asyncio.sleep(0)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    in_town(tmp_path, scene)
