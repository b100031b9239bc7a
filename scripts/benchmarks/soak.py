"""``soak``: a day of a household's sound, faster than real time, while parts of it fail."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.random import Generator, default_rng

from assistant.audio.frames import CHUNK_SECONDS, SAMPLE_RATE, Samples
from assistant.frontends.client import ControlClient
from scripts.benchmarks.conversing import WAKE
from scripts.benchmarks.others import EVERYDAY_FILE
from scripts.benchmarks.running import Assistant, Process, assistant
from scripts.benchmarks.tables import Report, Table
from scripts.benchmarks.voices import Signal, compose, room, speak

COMMANDS = {
    "what time is it": "GetTime",
    "set a timer for ten minutes": "SetTimer",
    "how much time is left": "TimerLeft",
    "cancel all timers": "CancelAllTimers",
    "add milk to the shopping list": "AddToList",
    "what is on the shopping list": "TellList",
    "turn on the lamp": "TurnOnLamp",
    "quieter": "VolumeDown",
    "louder": "VolumeUp",
}
"""What is said, and the intent that it means. The lamp is the bridge's."""

VOICES = ("flite slt", "flite rms")
PACE_SECONDS = 240.0
"""Of sound from one command to the next."""

SAMPLE_SECONDS = 600.0
FAULT_SECONDS = 1200.0
SETTLED = 0.1
"""So much of the time memory may grow: what is loaded when it is first needed."""

WAIT_SECONDS = 60.0
SEED = 24

DONE, MISSED, MISHEARD, LOST = "done", "call missed", "misheard", "turn lost"

ABOUT = (
    "Core and bridge as two processes, and a pipe for a microphone, as fast as it is read: mostly "
    "a quiet room, some noise, speech that is not for it, digital silence, and a command every "
    "four minutes, in voices of flite. Meanwhile, every twenty minutes, something fails: the "
    "bridge is killed or stands still, an intent file has a mistake, clients of the control "
    "socket send garbage or nothing. Memory a day is the slope of a least-squares line through the "
    "samples after the first tenth, files and threads are the least and the most after it. Of the "
    "commands that were not done as they were said, 'call missed' had a wake word that was not "
    "heard, 'misheard' ended in other words or none, and 'turn lost' had a call and no turn, or a "
    "turn that was understood and not done: that is what may not happen."
)


@dataclass
class Sampled:
    """How a process was, over time."""

    hours: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)
    files: list[int] = field(default_factory=list)
    threads: list[int] = field(default_factory=list)

    def take(self, process: Process, hours: float) -> None:
        """Take down how it is now."""
        self.hours.append(hours)
        self.megabytes.append(process.memory().resident)
        self.files.append(process.open_files())
        self.threads.append(process.threads())

    def settled(self) -> Sampled:
        """The samples after the first of the time."""
        first = int(len(self.hours) * SETTLED)
        return Sampled(*(values[first:] for values in (  # type: ignore[arg-type]
            self.hours, self.megabytes, self.files, self.threads
        )))  # fmt: skip

    def megabytes_a_day(self) -> float:
        """Slope of the memory."""
        if len(self.hours) < 3:
            return 0.0
        return float(np.polyfit(self.hours, self.megabytes, 1)[0]) * 24


class Household:
    """Makes the sound, the same each time."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._noise = default_rng(seed)
        sentences = EVERYDAY_FILE.read_text(encoding="utf-8").splitlines()
        self._sentences = [line for line in sentences if line and not line.startswith("#")][:60]

    def between(self, seconds: float) -> Iterator[Samples]:
        """What is heard between two commands, in pieces."""
        left = seconds
        while left > 0:
            length = min(left, self._random.uniform(5, 40))
            yield self._piece(length)
            left -= length

    def _piece(self, seconds: float) -> Samples:
        length = round(seconds * SAMPLE_RATE)
        kind = self._random.random()
        if kind < 0.05:
            return np.zeros(length, np.int16)
        quiet = room("room", length, self._noise)
        if kind < 0.2:
            quiet = room(f"pink {self._random.choice((10, 15, 20))} dB", length, self._noise)
        elif kind < 0.3:
            self._speak_into(quiet, self._noise)
        samples: Samples = np.rint(np.clip(quiet, -1, 1) * 32767).astype(np.int16)
        return samples

    def _speak_into(self, signal: Signal, noise: Generator) -> None:
        begin = 0
        while begin < len(signal):
            spoken = speak(self._random.choice(VOICES), self._random.choice(self._sentences))
            end = min(len(signal), begin + len(spoken))
            signal[begin:end] += spoken[: end - begin] * 10 ** (noise.uniform(-15, 0) / 20)
            begin = end + round(noise.uniform(0.3, 2.0) * SAMPLE_RATE)

    def command(self) -> tuple[str, Samples]:
        """A command after the wake word, and the quiet in which it is answered."""
        text = self._random.choice(list(COMMANDS))
        parts = [WAKE, 0.6, text, 1.5]
        return text, compose(self._random.choice(VOICES), parts, "room", self._random.randrange(99))


class Turns:
    """Listens to the core's events, in a thread, and keeps the records of its turns."""

    def __init__(self, path: Path) -> None:
        self._client = ControlClient(path)
        self._events = self._client.events()
        self.records: list[dict[str, Any]] = []
        self.others: Counter[str] = Counter()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            for event in self._events:
                if event["event"] == "turn-ended":
                    self.records.append(event["record"])
                else:
                    self.others[event["event"]] += 1


def wait_until(happened: Callable[[], bool], what: str) -> None:
    """Wait for something. Raises RuntimeError when it does not happen."""
    until = time.monotonic() + WAIT_SECONDS
    while not happened():
        if time.monotonic() > until:
            raise RuntimeError(f"after {WAIT_SECONDS:.0f} s still not: {what}")
        time.sleep(0.01)


def became(text: str, calls: int, records: Sequence[Mapping[str, Any]]) -> str:
    """What has become of a command: ``done``, or why it was not.

    ``calls`` is how often the wake word was heard in it, ``records`` are its turns.
    """
    meant = [record for record in records if record["intent"] == COMMANDS[text]]
    if any(record["outcome"] in {"acted", "asked"} for record in meant):
        return DONE
    if not calls:
        return MISSED
    return LOST if meant or not records else MISHEARD


class Faults:
    """What goes wrong, one after the other; each is over when it returns."""

    def __init__(self, running: Assistant, turns: Turns) -> None:
        self._running = running
        self._turns = turns
        self.kinds = (self.kill_bridge, self.stop_bridge, self.break_intents, self.crowd)

    def kill_bridge(self) -> None:
        """Kill the bridge; the service manager starts it again."""
        self._running.restart_bridge()

    def stop_bridge(self) -> None:
        """Let the bridge stand still while a command is given to it."""
        os.kill(self._running.bridge.pid, signal.SIGSTOP)
        try:
            record = self._running.say("turn on the lamp")
        finally:
            os.kill(self._running.bridge.pid, signal.SIGCONT)
        if record["outcome"] != "failed":
            raise RuntimeError(f"a bridge that stands still did it: {record}")

    def break_intents(self) -> None:
        """Write a file with a mistake, and mend it."""
        file = self._running.intents / "broken.yaml"
        for text, event in (
            ("intents: {Broken: {sentences: [(]}}\n", "intents-rejected"),
            ("intents: {}\n", "intents-reloaded"),
        ):
            before = self._turns.others[event]
            file.write_text(text, encoding="utf-8")
            wait_until(lambda e=event, b=before: self._turns.others[e] > b, event)  # type: ignore[misc]

    def crowd(self) -> None:
        """Let clients say nothing, or what nobody understands."""
        clients = []
        for number in range(20):
            client = socket.socket(socket.AF_UNIX)
            clients.append(client)
            with contextlib.suppress(OSError):
                client.connect(str(self._running.control_socket))
                client.sendall((b"", b"garbage\n", b"{\n" * 50, b"\xff" * 1000)[number % 4])
        for client in clients:
            client.close()


def measure(hours: float = 24.0, seed: int = SEED) -> Report:  # noqa: PLR0915 - one story
    """Let so many hours go by."""
    household, chosen = Household(seed), Random(seed)
    core, bridge = Sampled(), Sampled()
    fates: Counter[str] = Counter()
    undone: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    said = unasked = 0
    with assistant(hurried=True) as running:
        turns = Turns(running.control_socket)
        failing = Faults(running, turns)
        began = time.monotonic()
        cpu_before = running.core.cpu_seconds()

        def heard() -> float:
            return running.core.microphone.chunks * CHUNK_SECONDS

        def status() -> dict[str, Any]:
            with ControlClient(running.control_socket) as client:
                found: dict[str, Any] = client.ask("status")["status"]
                return found

        def is_done() -> bool:
            now = status()
            all_heard = now["chunks_heard"] >= running.core.microphone.chunks
            told = len(turns.records) >= sum(now["turns"].values())
            return now["phase"] == "waiting" and all_heard and told

        next_sample, next_fault = 0.0, FAULT_SECONDS
        while heard() < hours * 3600:
            before = len(turns.records)
            for piece in household.between(PACE_SECONDS):
                running.core.play(piece)
            wait_until(is_done, "all that was played is heard")
            unasked += len(turns.records) - before
            before, calls = len(turns.records), sum(status()["calls"].values())
            text, samples = household.command()
            running.core.play(samples)
            wait_until(is_done, f"'{text}' is heard")
            said += 1
            calls = sum(status()["calls"].values()) - calls
            fate = became(text, calls, turns.records[before:])
            fates[fate] += 1
            if fate != DONE:
                undone[f"{fate}: {text}"] += 1
            if heard() >= next_fault:
                fault = chosen.choice(failing.kinds)
                fault()
                faults[fault.__name__] += 1
                next_fault += FAULT_SECONDS
            if heard() >= next_sample:
                core.take(running.core, heard() / 3600)
                bridge.take(running.bridge, heard() / 3600)
                next_sample += SAMPLE_SECONDS
        took = time.monotonic() - began
        cpu = running.core.cpu_seconds() - cpu_before
    processes = {"core": core.settled(), "bridge": bridge.settled()}
    done = f"{said} commands: " + ", ".join(
        f"{fates[fate]} {fate}" for fate in (DONE, MISSED, MISHEARD, LOST)
    )
    told = (
        f"{hours:g} hours of sound in {took / 60:.0f} minutes, {cpu / hours:.0f} CPU seconds an "
        f"hour. {done}{_listed(undone, ' (', ')')}. Turns that nobody asked for: {unasked}. "
        f"Faults: {_listed(faults) or 'none'}."
    )
    figures = {
        "hours": hours,
        "commands": said,
        "became": dict(fates),
        "not_done": dict(undone),
        "other_turns": unasked,
        "faults": dict(faults),
        "cpu_seconds_an_hour": round(cpu / hours, 1),
        "samples": {
            name: {"hours": one.hours, "megabytes": one.megabytes}
            for name, one in processes.items()
        },
        "megabytes_a_day": {
            name: round(one.megabytes_a_day(), 2) for name, one in processes.items()
        },
        "threads": {name: sorted(set(one.threads)) for name, one in processes.items()},
        "files": {name: sorted(set(one.files)) for name, one in processes.items()},
    }
    return Report("soak", "A day in a cupboard", (ABOUT, _table(processes), told), figures)


def _table(processes: Mapping[str, Sampled]) -> Table:
    rows = [
        (
            name,
            f"{sampled.megabytes[0]:.1f} MB",
            f"{sampled.megabytes[-1]:.1f} MB",
            f"{max(sampled.megabytes):.1f} MB",
            f"{sampled.megabytes_a_day():+.2f} MB",
            f"{min(sampled.files)} to {max(sampled.files)}",
            f"{min(sampled.threads)} to {max(sampled.threads)}",
        )
        for name, sampled in processes.items()
    ]
    return Table(
        ("process", "at first", "at last", "most", "a day", "files", "threads"), tuple(rows)
    )


def _listed(counts: Counter[str], before: str = "", after: str = "") -> str:
    each = (f"{name.replace('_', ' ')} {times} times" for name, times in sorted(counts.items()))
    return f"{before}{', '.join(each)}{after}" if counts else ""
