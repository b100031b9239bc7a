"""The control socket: a real socket, and an assistant of few words behind it."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import socket
import stat
import tempfile
import warnings
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import wire
from assistant.errors import ControlError, IntentError, Place, Problem
from assistant.events import PartialTranscript
from assistant.frontends.client import ControlClient, is_running
from assistant.frontends.control import MAXIMUM_OF_A_PROCESS, ControlServer
from assistant.turn import Outcome, TurnRecord
from assistant.watchers import Watchers

MISTAKE = Problem("unclosed '('", Place("a.yaml", 2, 9, "    say: (hello", 3), "write ')'")


class Parrot:
    """Says back what it is told."""

    def __init__(self) -> None:
        self.listening: list[str] = []
        self.muted: list[float | None] = []
        self.announced: list[str] = []

    async def say(self, text: str, domain: str) -> TurnRecord:
        if text == "fail":
            raise ControlError("I cannot.", "Ask something else.")
        return TurnRecord(outcome=Outcome.ACTED, text=text, reply=text)

    def listen(self, microphone: str) -> None:
        self.listening.append(microphone)

    def mute(self, seconds: float | None) -> None:
        self.muted.append(seconds)

    def unmute(self) -> bool:
        return bool(self.muted)

    def announce(self, text: str) -> None:
        self.announced.append(text)

    def status(self) -> dict[str, Any]:
        return {"phase": "waiting"}

    async def reload(self) -> dict[str, Any]:
        raise IntentError([MISTAKE])


class Door:
    """A served socket."""

    server: ControlServer

    def __init__(self, path: Path) -> None:
        self.path = path
        self.parrot = Parrot()
        self.watchers = Watchers()

    async def ask(self, request: bytes) -> list[dict[str, Any]]:
        """Send bytes and hang up; returns every answer."""
        reader, writer = await asyncio.open_unix_connection(self.path)
        writer.write(request)
        writer.write_eof()
        answers = [wire.decode(line) async for line in reader]
        writer.close()
        return answers


def at_the_door(scene: Callable[[Door], Awaitable[None]]) -> None:
    async def open_and_play(path: Path) -> None:
        door = Door(path)
        stop, ready = asyncio.Event(), asyncio.Event()
        server = door.server = ControlServer(path, door.parrot, door.watchers)
        serving = asyncio.create_task(server.serve(stop, ready.set))
        await ready.wait()
        try:
            async with asyncio.timeout(30):
                await scene(door)
        finally:
            stop.set()
            await serving

    with tempfile.TemporaryDirectory(prefix="door-") as folder:
        asyncio.run(open_and_play(Path(folder) / "s"))


def test_a_client_that_comes_as_the_assistant_ends_leaves_nothing_open() -> None:
    async def scene(door: Door) -> None:
        for _ in range(8):
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
                client.connect(str(door.path))

    async def scene_and_a_step(door: Door) -> None:
        await scene(door)
        await asyncio.sleep(0)

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for one in (scene, scene_and_a_step):
            for _ in range(20):
                at_the_door(one)
        gc.collect()
    assert [str(one.message) for one in caught] == []


def test_mistakes_in_files_arrive_whole() -> None:
    async def scene(door: Door) -> None:
        def ask() -> IntentError:
            with ControlClient(door.path) as client, pytest.raises(IntentError) as caught:
                client.ask("reload")
            return caught.value

        error = await asyncio.to_thread(ask)
        assert error.problems == [MISTAKE]
        assert str(error) == str(MISTAKE)

    at_the_door(scene)


def test_a_request_a_line_is_answered_by_a_line() -> None:
    async def scene(door: Door) -> None:
        answers = await door.ask(
            wire.encode({"command": "say", "text": "hello"}) + wire.encode({"command": "status"})
        )
        assert answers[0]["turn"]["reply"] == "hello"
        assert answers[1] == {"ok": True, "status": {"phase": "waiting"}}

    at_the_door(scene)


def test_an_error_is_an_answer() -> None:
    async def scene(door: Door) -> None:
        (answer,) = await door.ask(wire.encode({"command": "say", "text": "fail"}))
        assert answer == {"ok": False, "error": "I cannot.", "hint": "Ask something else."}

    at_the_door(scene)


def test_an_unknown_command_is_told_the_known_ones() -> None:
    async def scene(door: Door) -> None:
        (answer,) = await door.ask(wire.encode({"command": "dance"}))
        assert answer == {
            "ok": False,
            "error": "unknown command 'dance'",
            "hint": "Known: announce, events, listen, mute, prometheus, reload, say, status, "
            "unmute.",
        }

    at_the_door(scene)


def test_events_come_as_they_happen() -> None:
    async def scene(door: Door) -> None:
        reader, writer = await asyncio.open_unix_connection(door.path)
        writer.write(wire.encode({"command": "events"}))
        assert wire.decode(await reader.readline()) == {"ok": True}
        door.watchers.emit(PartialTranscript("set a"))
        event = wire.decode(await reader.readline())
        assert event == {"event": "partial-transcript", "text": "set a"}
        writer.close()

    at_the_door(scene)


def test_the_socket_is_its_owners_alone_and_gone_afterwards() -> None:
    paths: list[Path] = []

    async def scene(door: Door) -> None:
        assert stat.S_IMODE(door.path.stat().st_mode) == 0o600
        paths.append(door.path)

    at_the_door(scene)
    assert not paths[0].exists()


STATUS = wire.encode({"command": "status"})


def test_who_asks_for_nothing_makes_room_for_one_more() -> None:
    async def scene(door: Door) -> None:
        connections = [
            await asyncio.open_unix_connection(door.path) for _ in range(MAXIMUM_OF_A_PROCESS)
        ]
        for reader, writer in reversed(connections):  # the last one waits for the longest time
            writer.write(STATUS)
            assert wire.decode(await reader.readline())["ok"]
        (answer,) = await door.ask(STATUS)
        assert answer["ok"]
        with contextlib.suppress(ConnectionResetError):
            assert await connections[-1][0].read() == b""
        connections[0][1].write(STATUS)
        assert wire.decode(await connections[0][0].readline())["ok"]
        for _, writer in connections:
            writer.close()

    at_the_door(scene)


def test_one_more_than_there_is_room_for_is_told_so() -> None:
    async def scene(door: Door) -> None:
        connections = [
            await asyncio.open_unix_connection(door.path) for _ in range(MAXIMUM_OF_A_PROCESS)
        ]
        for reader, writer in connections:
            writer.write(wire.encode({"command": "events"}))
            assert wire.decode(await reader.readline())["ok"]
        reader, one_more = await asyncio.open_unix_connection(door.path)
        answer = wire.decode(await reader.readline())
        assert (answer["ok"], answer["error"]) == (False, "too many clients wait for answers")
        assert await reader.read() == b""
        for _, writer in [*connections, (reader, one_more)]:
            writer.close()

    at_the_door(scene)


@settings(max_examples=60)
@given(st.binary(max_size=200))
def test_whatever_a_client_sends_the_next_one_is_served(garbage: bytes) -> None:
    async def scene(door: Door) -> None:
        with contextlib.suppress(ConnectionResetError):  # let go in the middle of its garbage
            await door.ask(garbage + b"\n")
        (answer,) = await door.ask(wire.encode({"command": "status"}))
        assert answer["ok"]

    at_the_door(scene)


def test_a_line_without_end_is_let_go() -> None:
    async def scene(door: Door) -> None:
        try:
            answers = await door.ask(b"x" * (wire.LIMIT_BYTES * 3))
        except (ConnectionResetError, BrokenPipeError):
            answers = []
        assert not any(answer["ok"] for answer in answers)
        (answer,) = await door.ask(wire.encode({"command": "status"}))
        assert answer["ok"]

    at_the_door(scene)


def test_the_client_of_the_command_line() -> None:
    async def scene(door: Door) -> None:
        def talk() -> None:
            missing = door.path.with_name("missing")
            with ControlClient(missing, door.path) as client:
                assert client.ask("say", text="hello")["turn"]["reply"] == "hello"
            assert is_running(door.path)
            assert not is_running(missing)

        await asyncio.to_thread(talk)

    at_the_door(scene)


def test_a_microphone_is_asked_for_by_its_name(tmp_path: Path) -> None:
    async def scene(door: Door) -> None:
        ok, also, refused = await door.ask(
            b'{"command": "listen"}\n{"command": "listen", "microphone": "hall"}\n'
            b'{"command": "listen", "microphone": 3}\n'
        )
        assert (ok["ok"], also["ok"]) == (True, True)
        assert refused["error"] == "'microphone' is a name"
        assert door.parrot.listening == ["", "hall"]

    at_the_door(scene)


def test_error_nothing_listens_there(tmp_path: Path) -> None:
    dead = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(dead))
    with pytest.raises(ControlError) as caught:
        ControlClient(dead)
    assert str(caught.value) == "The assistant is not running. Start it with: assistant run"


def test_muting_for_a_time_and_for_good() -> None:
    async def scene(door: Door) -> None:
        requests = (
            {"command": "unmute"},
            {"command": "mute", "seconds": 600},
            {"command": "mute"},
            {"command": "unmute"},
        )
        answers = await door.ask(b"".join(wire.encode(one) for one in requests))
        assert answers == [
            {"ok": True, "was_muted": False},
            {"ok": True},
            {"ok": True},
            {"ok": True, "was_muted": True},
        ]
        assert door.parrot.muted == [600, None]

    at_the_door(scene)


def test_an_announcement_arrives_as_one_line() -> None:
    async def scene(door: Door) -> None:
        (answer,) = await door.ask(
            wire.encode({"command": "announce", "text": " dinner\n is ready "})
        )
        assert answer == {"ok": True}
        assert door.parrot.announced == ["dinner is ready"]

    at_the_door(scene)


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        ({"command": "mute", "seconds": "soon"}, "'seconds' is a number"),
        ({"command": "mute", "seconds": True}, "'seconds' is a number"),
        ({"command": "announce"}, "'announce' needs a text"),
        ({"command": "announce", "text": " "}, "'announce' needs a text"),
        ({"command": "announce", "text": "x" * 1001}, "'announce' needs a text"),
    ],
)
def test_error_of_a_request_that_makes_no_sense(request_: dict[str, Any], told: str) -> None:
    async def scene(door: Door) -> None:
        (answer,) = await door.ask(wire.encode(request_))
        assert (answer["ok"], answer["error"]) == (False, told)
        assert (door.parrot.muted, door.parrot.announced) == ([], [])

    at_the_door(scene)


def test_an_answer_that_is_too_long_is_told_to_be_so() -> None:
    async def scene(door: Door) -> None:
        # Two bytes of UTF-8 are six in the answer, which is ASCII.
        for request in ('{"command": "%s"}', '{"command": "say", "text": "%s"}'):
            line = (request % ("\u00e9" * 30_000)).encode() + b"\n"
            too_long, after = await door.ask(line + b'{"command": "status"}\n')
            assert too_long["error"] == "the answer is too long to be sent"
            assert after["ok"]

    at_the_door(scene)
