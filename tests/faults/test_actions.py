"""Commands of the owner that do their worst, in a real bridge: a sentence each, and it goes on."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.actions.bridge import BridgeAction
from assistant.errors import ActionError
from assistant.turn import Match
from tests.faults.test_bridge import Bridge
from tests.running import home

pytestmark = pytest.mark.engines

MOST_MEGABYTES = 20
"""That the bridge may grow by, whatever a command prints."""

COMMANDS = {
    "Works": ("true", 20.0, ""),
    "NeverEnds": ("exec sleep 600", 0.1, "the command 'sh' took longer than 0.1 seconds"),
    "WillNotEnd": (
        "trap '' TERM; while :; do sleep 600; done",
        0.1,
        "the command 'sh' took longer than 0.1 seconds",
    ),
    "Floods": ("exec yes flood", 0.3, "the command 'sh' took longer than 0.3 seconds"),
    "FloodsItsErrors": (
        "exec yes flood >&2",
        0.3,
        "the command 'sh' took longer than 0.3 seconds",
    ),
    "FloodsAndFails": (
        "head -c 50000000 /dev/zero >&2; exit 3",
        20.0,
        "the command 'sh' failed with status 3",
    ),
    "Crashes": ("kill -SEGV $$", 20.0, "the command 'sh' failed with signal 11"),
    "Forks": (
        "for n in 1 2 3 4 5 6 7 8; do sleep 600 & done; wait",
        0.1,
        "the command 'sh' took longer than 0.1 seconds",
    ),
    "ReadsNothing": ("exec <&-; exit 0", 20.0, ""),
}


def intents() -> str:
    lines = ["intents:"]
    for name, (script, seconds, _) in COMMANDS.items():
        written = script.replace("'", "''")
        lines += [
            f"  {name}:",
            f"    sentences: [{name.lower()}]",
            "    action:",
            f"      command: [sh, -c, '{written}']",
            f"      timeout_seconds: {seconds}",
        ]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def files(bridge: Bridge) -> int:
    """How many files it has open while it does nothing."""
    return open_files(bridge)


@pytest.fixture(scope="module")
def bridge() -> Iterator[Bridge]:
    """One bridge for all of them: what one command does must not be felt by the next."""
    with home() as place:
        place.config("intents: {shipped: false}\n")
        place.intents("worst.yaml", intents())
        one = Bridge(place)
        one.start()
        try:
            yield one
        finally:
            one.close()


def memory_megabytes(bridge: Bridge) -> int:
    assert bridge.process is not None
    status = Path(f"/proc/{bridge.process.pid}/status").read_text()
    (peak,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return int(peak) // 1024


def open_files(bridge: Bridge) -> int:
    assert bridge.process is not None
    return sum(1 for _ in Path(f"/proc/{bridge.process.pid}/fd").iterdir())


async def until_quiet(bridge: Bridge, files: int) -> None:
    """Wait until nothing that it started runs any more, and it has no more open than so much."""
    while bridge.children() or open_files(bridge) > files:  # noqa: ASYNC110 - nothing tells of it
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("name", COMMANDS)
def test_it_is_a_sentence_and_nothing_is_left_of_it(bridge: Bridge, files: int, name: str) -> None:
    memory = memory_megabytes(bridge)
    assert bridge.ask(name) == COMMANDS[name][2]
    assert bridge.ask("Works") == ""
    asyncio.run(until_quiet(bridge, files))
    assert memory_megabytes(bridge) < memory + MOST_MEGABYTES


def test_what_it_forked_ends_with_it(bridge: Bridge) -> None:
    assert bridge.process is not None
    before = sleepers()
    assert bridge.ask("Forks") == COMMANDS["Forks"][2]
    asyncio.run(until_gone(before))


def sleepers() -> set[int]:
    """Processes that sleep for ten minutes: here, children of a command."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if (folder / "cmdline").read_bytes() == b"sleep\x00600\x00":
                found.add(int(folder.name))
        except OSError:  # it has ended since
            continue
    return found


async def until_gone(before: set[int]) -> None:
    while sleepers() - before:  # noqa: ASYNC110 - nothing tells of it
        await asyncio.sleep(0.01)


def test_as_many_as_there_is_room_for_and_the_next_is_told_so(bridge: Bridge) -> None:
    path = bridge.place.paths.bridge_socket

    async def ask(name: str) -> str:
        try:
            await BridgeAction(path, 5.0)(Match(name, (), "text", "template", "place"))
        except ActionError as error:
            return error.message
        return ""

    async def scene() -> list[str]:
        return await asyncio.gather(*(ask("Floods") for _ in range(12)))

    told = asyncio.run(scene())
    assert set(told) == {COMMANDS["Floods"][2], "too many commands are running"}
    assert told.count("too many commands are running") == 4
    assert bridge.ask("Works") == ""


def test_a_bridge_that_is_killed_leaves_no_socket_in_the_way(bridge: Bridge) -> None:
    bridge.signal(signal.SIGKILL)
    bridge.start()
    assert bridge.ask("Works") == ""
