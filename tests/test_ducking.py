"""Other sound is turned down and up again: a real sound server, real programs that play."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.audio.ducking import PulseDucker
from assistant.ducking import SETTING, Ducking
from assistant.events import Event, PartFailed, PartWorks
from assistant.state import StateStore
from tests.running import Running, home
from tests.sound_server import PulseServer

pytestmark = pytest.mark.engines

FULL = 65536
LOW = round(FULL * 0.3)
SOFT = FULL // 2


class Sound:
    """A sound server with its memory of volumes, and programs that play on it."""

    def __init__(self, server: PulseServer) -> None:
        self.server = server
        self._playing: dict[str, subprocess.Popen[bytes]] = {}
        # Its events, to wait for what happens there.
        self._events = subprocess.Popen(
            ["pactl", "subscribe"], env=server.environment, stdout=subprocess.PIPE
        )
        assert self._events.stdout is not None
        # It tells of every client, once it is one itself: until then nothing may be waited for.
        while not select.select([self._events.stdout], [], [], 0.1)[0]:
            self.pactl("stat")

    def pactl(self, *arguments: str) -> str:
        return subprocess.run(
            ["pactl", *arguments],
            env=self.server.environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def play(self, program: str, volume: int | None = FULL) -> None:
        """Have a program play, until ``end``; returns once it does.

        Without a ``volume`` it is as loud as the server remembers it to be.
        """
        self._playing[program] = subprocess.Popen(
            ["pacat", "--device=vspk", f"--property=application.name={program}", "/dev/zero"],
            env=self.server.environment,
        )
        self.wait_for(lambda: program in self.volumes)
        if volume is not None:
            self.set(program, volume)

    def end(self, program: str) -> None:
        process = self._playing.pop(program)
        process.kill()
        process.wait()
        self.wait_for(lambda: program not in self.volumes)

    @property
    def volumes(self) -> dict[str, int]:
        """By program; both of its channels are as loud."""
        told: list[dict[str, Any]] = json.loads(self.pactl("-f", "json", "list", "sink-inputs"))
        return {
            one["properties"]["application.name"]: one["volume"]["front-left"]["value"]
            for one in told
        }

    def set(self, program: str, volume: int) -> None:
        for one in json.loads(self.pactl("-f", "json", "list", "sink-inputs")):
            if one["properties"]["application.name"] == program:
                self.pactl("set-sink-input-volume", str(one["index"]), str(volume))

    def wait_for(self, happened: Callable[[], bool]) -> None:
        """Wait until something has happened at the server; a test has a time limit."""
        assert self._events.stdout is not None
        while not happened():
            assert self._events.stdout.readline()

    def close(self) -> None:
        for program in list(self._playing):
            self.end(program)
        self._events.kill()
        self._events.communicate()


@pytest.fixture(scope="module")
def server() -> Iterator[PulseServer]:
    with PulseServer() as server:
        subprocess.run(
            ["pactl", "load-module", "module-stream-restore"],
            env=server.environment,
            check=True,
            capture_output=True,
        )
        yield server


@pytest.fixture
def sound(server: PulseServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sound]:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    with contextlib.closing(Sound(server)) as sound:
        yield sound


def lowered(ducker: PulseDucker) -> PulseDucker:
    assert ducker.plan()
    ducker.lower()
    return ducker


# --- turning down and up --------------------------------------------------------------------------


def test_others_are_turned_down_and_up_again(sound: Sound) -> None:
    sound.play("music")
    sound.play("film", SOFT)
    ducker = lowered(PulseDucker(0.3))
    assert sound.volumes == {"music": LOW, "film": round(SOFT * 0.3)}
    ducker.restore()
    assert sound.volumes == {"music": FULL, "film": SOFT}
    assert ducker.owed == {}


def test_nothing_plays(sound: Sound) -> None:
    ducker = PulseDucker(0.3)
    assert not ducker.plan()
    ducker.restore()


def test_its_own_sound_stays_as_it_is(sound: Sound, monkeypatch: pytest.MonkeyPatch) -> None:
    sound.play("voice")
    pid = sound._playing["voice"].pid
    monkeypatch.setattr(os, "getpid", lambda: pid)
    assert not PulseDucker(0.3).plan()


def test_what_somebody_has_set_meanwhile_stays(sound: Sound) -> None:
    sound.play("music")
    ducker = lowered(PulseDucker(0.3))
    sound.set("music", SOFT)
    ducker.restore()
    assert sound.volumes == {"music": SOFT}
    assert ducker.owed == {}


def test_a_program_that_ends_meanwhile_is_given_its_volume_when_it_comes_again(
    sound: Sound,
) -> None:
    sound.play("player")
    ducker = lowered(PulseDucker(0.3))
    sound.end("player")
    ducker.restore()
    assert ducker.owed
    sound.play("player", volume=None)
    assert sound.volumes == {"player": LOW}
    ducker.settle()
    assert sound.volumes == {"player": FULL}
    assert ducker.owed == {}


def test_what_is_owed_from_before_is_no_volume_to_go_down_from(sound: Sound) -> None:
    sound.play("radio")
    before = lowered(PulseDucker(0.3))
    ducker = lowered(PulseDucker(0.3, before.owed))
    assert sound.volumes == {"radio": LOW}
    ducker.restore()
    before.restore()
    assert sound.volumes == {"radio": FULL}


CRASH = """
import signal, sys
from assistant.audio.ducking import PulseDucker
# What is started in the background ignores it, and so do the tests then, and all that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)
ducker = PulseDucker(0.3)
ducker.plan()
ducker.lower()
print("low", flush=True)
sys.stdin.readline()
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_process_that_is_killed_leaves_nothing_low(sound: Sound, number: signal.Signals) -> None:
    sound.play("music")
    with subprocess.Popen(
        [sys.executable, "-c", CRASH],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"low\n"
        assert sound.volumes == {"music": LOW}
        os.killpg(process.pid, number)  # as Ctrl-C, and the end of a service, reach all of a group
        sound.wait_for(lambda: sound.volumes == {"music": FULL})


# --- as the dialogue goes -------------------------------------------------------------------------


class Evening:
    """Ducking at work, on a store of its own."""

    def __init__(self, store: StateStore) -> None:
        self.store = store
        self.events: list[Event] = []
        self.ducking = Ducking(0.3, store, self.events.append)

    async def until(self, happened: Callable[[], bool]) -> None:
        async with asyncio.timeout(30):
            while not await asyncio.to_thread(happened):  # noqa: ASYNC110 - asks the server
                await asyncio.sleep(0)


def evening(folder: Path, scene: Callable[[Evening], Awaitable[None]]) -> Evening:
    async def play() -> Evening:
        store = StateStore.open(folder / "state.sqlite3")
        one = Evening(store)
        running = asyncio.create_task(one.ducking.run())
        try:
            await scene(one)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            store.close()
        return one

    return asyncio.run(play())


def kept(folder: Path) -> Any:
    with contextlib.closing(StateStore.open(folder / "state.sqlite3")) as store:
        return store.setting(SETTING)


def test_while_somebody_speaks_it_is_low(sound: Sound, tmp_path: Path) -> None:
    sound.play("music")

    async def scene(one: Evening) -> None:
        for phase in ("listening", "recognizing", "speaking"):
            one.ducking.take(phase)
        await one.until(lambda: sound.volumes == {"music": LOW})
        assert one.store.setting(SETTING)
        one.ducking.take("waiting")
        await one.until(lambda: sound.volumes == {"music": FULL})

    assert evening(tmp_path, scene).events == []
    assert kept(tmp_path) == {}


def test_at_the_end_of_the_assistant_it_is_as_before(sound: Sound, tmp_path: Path) -> None:
    sound.play("music")

    async def scene(one: Evening) -> None:
        one.ducking.take("listening")
        await one.until(lambda: sound.volumes == {"music": LOW})

    evening(tmp_path, scene)
    assert sound.volumes == {"music": FULL}


def test_after_a_power_cut_it_is_given_back(sound: Sound, tmp_path: Path) -> None:
    sound.play("music", LOW)
    with contextlib.closing(StateStore.open(tmp_path / "state.sqlite3")) as store:
        name = "sink-input-by-application-name:music"
        store.set_setting(SETTING, {name: [[FULL, FULL], [LOW, LOW]]})

    async def scene(one: Evening) -> None:
        await one.until(lambda: sound.volumes == {"music": FULL})

    evening(tmp_path, scene)
    assert kept(tmp_path) == {}


def test_ended_while_it_gives_back_it_has_given_back(sound: Sound, tmp_path: Path) -> None:
    sound.play("music", LOW)
    with contextlib.closing(StateStore.open(tmp_path / "state.sqlite3")) as store:
        name = "sink-input-by-application-name:music"
        store.set_setting(SETTING, {name: [[FULL, FULL], [LOW, LOW]]})

    async def scene(_: Evening) -> None:
        await asyncio.sleep(0)  # so that it has begun, and no more

    evening(tmp_path, scene)
    assert sound.volumes == {"music": FULL}
    assert kept(tmp_path) == {}


def test_a_program_that_comes_back_soon_is_given_its_volume(
    sound: Sound, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.ducking.LOOK_SECONDS", 0.01)
    sound.play("browser")

    async def scene(one: Evening) -> None:
        one.ducking.take("listening")
        await one.until(lambda: sound.volumes == {"browser": LOW})
        await asyncio.to_thread(sound.end, "browser")
        monkeypatch.setattr("assistant.ducking.LOOKS", 10_000)
        one.ducking.take("waiting")
        await asyncio.to_thread(sound.play, "browser", None)
        await one.until(lambda: sound.volumes == {"browser": FULL})

    evening(tmp_path, scene)


def test_error_without_a_sound_server_it_is_told_and_works_again(
    sound: Sound, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = os.environ["PULSE_SERVER"]
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nothing")
    sound.play("music")

    async def scene(one: Evening) -> None:
        one.ducking.take("listening")
        await one.until(lambda: bool(one.events))
        monkeypatch.setenv("PULSE_SERVER", works)
        one.ducking.take("speaking")
        await one.until(lambda: sound.volumes == {"music": LOW})

    failed, works_again = evening(tmp_path, scene).events
    assert isinstance(failed, PartFailed)
    assert failed.message.startswith("Other sound cannot be turned down. Pactl failed. It says: ")
    assert works_again == PartWorks("ducking")


# --- in the running assistant ---------------------------------------------------------------------


def server_of(sound: Sound) -> str:
    return sound.server.environment["PULSE_SERVER"]


def test_an_assistant_that_is_killed_while_it_listens_leaves_nothing_low(sound: Sound) -> None:
    sound.play("music")
    with home() as place:
        place.config("audio: {duck: true, duck_to: 0.3}\n")
        with Running(place, environment={"PULSE_SERVER": server_of(sound)}) as assistant:
            assistant.ask("listen")
            sound.wait_for(lambda: sound.volumes == {"music": LOW})
            assistant.process.kill()
            sound.wait_for(lambda: sound.volumes == {"music": FULL})
