"""``recovery``: how soon the assistant works again, once what had failed is well."""

from __future__ import annotations

import os
import signal
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from assistant.state import StateStore
from assistant.statecopies import make_copy
from scripts.benchmarks.progress import track
from scripts.benchmarks.running import assistant
from scripts.benchmarks.tables import Report, Table
from tests.running import Home, Running, home
from tests.sound_server import PulseServer

TRIALS = 5
LAMP = "turn on the lamp"
INTENTS = "intents: {Lamp: {sentences: [turn on the lamp], reply: The lamp is on.}}\n"
BROKEN = "intents: {Broken: {sentences: [(]}}\n"

ABOUT = (
    f"Each failure was brought about {TRIALS} times, in a real core and a real bridge; the sound "
    "server is PulseAudio without a sound card. The time is by the clock, from when the cause is "
    "gone until it works: it says that it is ready, a command is done, or the microphone is heard. "
    "Where a process has ended, the service manager starts it after 5 s (RestartSec); where one "
    "hangs, it ends it after 30 s (WatchdogSec). Both come on top, and were not measured."
)


@contextmanager
def _lamp() -> Iterator[Home]:
    with home() as place:
        place.intents("lamp.yaml", INTENTS)
        yield place


def core_killed() -> float:
    """The core is killed while it holds a timer; until the next one is ready."""
    with _lamp() as place:
        with Running(place) as running:
            running.say("set a timer for ten minutes")
            running.process.kill()
            running.end()
        return _start(place)


def database_damaged() -> float:
    """Other bytes are in the database; until the assistant is ready with the copy."""
    with _lamp() as place:
        path = place.paths.database
        path.parent.mkdir(parents=True)
        with closing(StateStore.open(path)) as store:
            store.add_list_items("shopping", ["milk"])
        make_copy(path)
        path.write_bytes(b"no database" * 1000)
        return _start(place)


def _start(place: Home) -> float:
    began = time.monotonic()
    with Running(place):
        return time.monotonic() - began


def bridge_killed() -> float:
    """The bridge is killed; from the start of another one until it does a command."""
    with assistant() as both:
        both.say(LAMP)
        began = time.monotonic()
        both.restart_bridge()
        _expect(both.say(LAMP)["outcome"], "acted")
        return time.monotonic() - began


def bridge_hangs() -> float:
    """The bridge stands still, and goes on; until a command is done."""
    with assistant() as both:
        os.kill(both.bridge.pid, signal.SIGSTOP)
        _expect(both.say(LAMP)["outcome"], "failed")
        os.kill(both.bridge.pid, signal.SIGCONT)
        began = time.monotonic()
        _expect(both.say(LAMP)["outcome"], "acted")
        return time.monotonic() - began


def sound_server_killed() -> float:
    """The sound server is killed, and started again; until the microphone is heard."""
    with _lamp() as place, PulseServer() as server, _in_room(place, server) as running:
        server.kill()
        running.wait_for("part-failed")
        server.start_again()
        began = time.monotonic()
        running.wait_for("part-works", lambda event: event["part"] == "microphone")
        return time.monotonic() - began


def loudspeaker_gone() -> float:
    """The loudspeaker is missing in one reply, and there again; until the next is spoken."""
    with _lamp() as place, PulseServer() as server, _in_room(place, server) as running:
        server.kill()
        running.say(LAMP)
        running.wait_for("part-failed", lambda event: event["part"] == "voice")
        server.start_again()
        began = time.monotonic()
        running.say(LAMP)
        running.wait_for("part-works", lambda event: event["part"] == "voice")
        return time.monotonic() - began


@contextmanager
def _in_room(place: Home, server: PulseServer) -> Iterator[Running]:
    environment = server.as_sound_card
    arguments = ("--source", "default", "--output", "default")
    with Running(place, *arguments, environment=environment) as running:
        yield running


def intents_broken() -> float:
    """An intent file is broken, and mended; until it is in force."""
    with _lamp() as place, Running(place) as running:
        place.intents("broken.yaml", BROKEN)
        running.wait_for("intents-rejected")
        began = time.monotonic()
        place.intents("broken.yaml", "intents: {}\n")
        running.wait_for("intents-reloaded")
        return time.monotonic() - began


def _expect(found: str, wanted: str) -> None:
    if found != wanted:
        raise RuntimeError(f"a command was {found}, not {wanted}: nothing was measured")


FAULTS: tuple[tuple[str, Callable[[], float]], ...] = (
    ("the core is killed", core_killed),
    ("the state database is damaged", database_damaged),
    ("the bridge is killed", bridge_killed),
    ("the bridge hangs, and goes on", bridge_hangs),
    ("the sound server is killed, and started again: the microphone", sound_server_killed),
    ("the loudspeaker is missing, and there again", loudspeaker_gone),
    ("an intent file is broken, and mended", intents_broken),
)


def measure() -> Report:
    """Bring each about, again and again."""
    rows, figures = [], {}
    for name, fault in FAULTS:
        seconds = sorted(fault() for _ in track(range(TRIALS), name, TRIALS))
        middle = statistics.median(seconds)
        rows.append((name, f"{middle:.1f} s", f"{seconds[-1]:.1f} s"))
        figures[name] = {"median_seconds": round(middle, 2), "worst_seconds": round(seconds[-1], 2)}
    table = Table(("what fails", "works again after (median)", "at most"), tuple(rows))
    return Report("recovery", "After a failure", (ABOUT, table), {"faults": figures})
