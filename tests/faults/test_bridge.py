"""The bridge killed, hung and started again, while the core goes on asking it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.actions import bridge as client
from assistant.actions.bridge import BridgeAction
from assistant.errors import ActionError
from assistant.sockets import somebody_listens
from assistant.turn import Match
from tests.running import COMMAND, Home, home

pytestmark = pytest.mark.engines

INTENTS = """
intents:
  Note: {{sentences: [note], action: {{command: [sh, -c, 'echo x >> "$1"', sh, "{note}"]}}}}
  Hang: {{sentences: [hang], action: {{command: [sleep, "600"], timeout_seconds: 600}}}}
"""


class Bridge:
    """A bridge in a process of its own."""

    def __init__(self, place: Home) -> None:
        self.place = place
        self.note = place.folder / "note"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it listens."""
        self.parent, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [*COMMAND, "bridge", f"--parent-fd={theirs.fileno()}"],
                env=self.place.environment,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        assert self.parent.recv(1) == b"\n"

    def children(self) -> list[int]:
        """Processes that it has started and that run."""
        assert self.process is not None
        threads = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return [int(one) for path in threads for one in path.read_text().split()]

    def close(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.parent.close()

    def signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)
        if number is signal.SIGKILL:
            self.process.wait()
            self.parent.close()

    def ask(self, intent: str = "Note") -> str:
        """What is said of a command; '' when it was done."""
        action = BridgeAction(self.place.paths.bridge_socket, 1.0)
        try:
            asyncio.run(action(Match(intent, (), "text", "template", "place")))
        except ActionError as error:
            return error.message
        return ""

    def notes(self) -> int:
        """How often the command was run."""
        return len(self.note.read_text().splitlines()) if self.note.exists() else 0


@pytest.fixture
def bridge() -> Iterator[Bridge]:
    with home() as place:
        place.config("intents: {shipped: false}\n")
        one = Bridge(place)
        place.intents("note.yaml", INTENTS.format(note=one.note))
        one.start()
        try:
            yield one
        finally:
            one.close()


def test_killed_it_is_missed_in_a_sentence_and_started_again_it_is_used(bridge: Bridge) -> None:
    assert bridge.ask() == ""
    bridge.signal(signal.SIGKILL)
    assert bridge.place.paths.bridge_socket.exists()
    assert bridge.ask() == "the bridge is not running"
    bridge.start()
    assert bridge.ask() == ""
    assert bridge.notes() == 2


def test_killed_in_the_middle_of_a_command_it_is_told(bridge: Bridge) -> None:
    async def scene() -> ActionError:
        action = BridgeAction(bridge.place.paths.bridge_socket, 600.0)
        asked = asyncio.create_task(action(Match("Hang", (), "text", "template", "place")))
        await until_it_sleeps(bridge)
        bridge.signal(signal.SIGKILL)
        with pytest.raises(ActionError) as caught:
            await asked
        return caught.value

    assert asyncio.run(scene()).message == "the bridge gave no answer"


async def until_it_sleeps(bridge: Bridge) -> None:
    while not bridge.children():  # noqa: ASYNC110 - nothing tells of it
        await asyncio.sleep(0.01)


def test_hung_it_is_told_and_what_was_asked_meanwhile_is_never_done(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "MARGIN_SECONDS", -0.99)  # of the command's limit nothing is left
    bridge.signal(signal.SIGSTOP)
    # More than its socket has room for: most wait there, the others are sent away by the kernel.
    told = {bridge.ask() for _ in range(120)}
    assert told == {"the bridge does not answer"}
    assert somebody_listens(bridge.place.paths.bridge_socket)
    bridge.signal(signal.SIGCONT)
    monkeypatch.undo()
    while said := bridge.ask():  # until it has sent away those who waited
        assert said == "the bridge does not answer"
    assert bridge.notes() == 1


def test_what_it_runs_ends_with_it_when_it_is_told_to_stop(bridge: Bridge) -> None:
    async def scene() -> None:
        action = BridgeAction(bridge.place.paths.bridge_socket, 600.0)
        asked = asyncio.create_task(action(Match("Hang", (), "text", "template", "place")))
        await until_it_sleeps(bridge)
        (sleeper,) = bridge.children()
        bridge.signal(signal.SIGTERM)
        with pytest.raises(ActionError):
            await asked
        assert bridge.process is not None
        assert await asyncio.to_thread(bridge.process.wait) == 0
        with contextlib.suppress(ProcessLookupError):
            os.kill(sleeper, 0)
            raise AssertionError("it outlived the bridge")

    asyncio.run(scene())
