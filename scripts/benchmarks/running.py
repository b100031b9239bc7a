"""The real core and the real bridge, each a process of its own, as the two units start them.

A datagram socket stands in for the service manager ($NOTIFY_SOCKET, sd_notify(3)); the microphone
is a pipe into which silence is written in real time. Folders are new, the output is none.
"""

from __future__ import annotations

import contextlib
import os
import queue
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any, TypeAlias, cast

import numpy as np

from assistant.audio.frames import CHUNK_SAMPLES, CHUNK_SECONDS, Samples
from assistant.frontends.client import ControlClient
from assistant.paths import find_paths

Environment: TypeAlias = dict[str, str]

LIMIT_SECONDS = 60.0
QUEUED_CHUNKS = 5_000
"""Of what is to be heard: 16 MB."""
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
LAMP = """\
intents:
  TurnOnLamp:
    sentences: ["turn on the lamp"]
    action: {command: ["true"]}
    reply: "The lamp is on."
"""


class Microphone:
    """Writes silence into a pipe, a chunk every 80 ms, and what it is told to play.

    A process that does not read it gets no more than the pipe holds. ``hurried`` writes only what
    it is told to play, as fast as that is read.
    """

    def __init__(self, pipe: IO[bytes], *, hurried: bool = False) -> None:
        self._pipe = pipe
        self._hurried = hurried
        self._sounds: queue.Queue[Samples] = queue.Queue(QUEUED_CHUNKS)
        self.chunks = 0
        self._off = threading.Event()
        self._thread = threading.Thread(target=self._write, name="microphone")
        self._thread.start()

    def play(self, samples: Samples) -> None:
        """Have this heard next."""
        whole = np.concatenate((samples, np.zeros(-len(samples) % CHUNK_SAMPLES, np.int16)))
        for chunk in whole.reshape(-1, CHUNK_SAMPLES):
            self._sounds.put(chunk)
            self.chunks += 1

    def close(self) -> None:
        """Switch it off."""
        self._off.set()
        self._thread.join()

    def _write(self) -> None:
        silence = np.zeros(CHUNK_SAMPLES, np.int16)
        due = time.monotonic()
        with contextlib.suppress(BrokenPipeError):  # the core has ended
            while self._hurried and not self._off.is_set():
                with contextlib.suppress(queue.Empty):
                    self._pipe.write(self._sounds.get(timeout=0.2).astype("<i2").tobytes())
                    self._pipe.flush()
            while not self._off.wait(max(0.0, due - time.monotonic())):
                chunk = silence if self._sounds.empty() else self._sounds.get()
                self._pipe.write(chunk.astype("<i2").tobytes())
                self._pipe.flush()
                due += CHUNK_SECONDS


@dataclass(frozen=True)
class Started:
    """What it took until a process said READY=1."""

    wall_seconds: float
    cpu_seconds: float


@dataclass(frozen=True)
class Memory:
    """Megabytes (of 1024 * 1024 bytes) that a process has resident: now, at most, and its
    proportional share of what it shares with others.
    """

    resident: float
    peak: float
    proportional: float


class Process:
    """One of the two, from its start to READY=1; ended by ``close``."""

    def __init__(
        self,
        command: str,
        *options: str,
        folder: Path,
        environment: Environment,
        hurried: bool = False,
        wrapper: Sequence[str] = (),
    ) -> None:
        self._log_path = folder / f"{command}.log"
        address = folder / f"notify-{command}.sock"
        with (
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager,
            self._log_path.open("wb") as log,
        ):
            address.unlink(missing_ok=True)  # of one before
            manager.bind(str(address))
            manager.settimeout(1.0)  # how often it is looked whether the process still runs
            began = time.monotonic()
            self._process = subprocess.Popen(
                [*wrapper, sys.executable, "-m", "assistant", command, *options],
                env=environment | {"NOTIFY_SOCKET": str(address)},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            pipe = cast("IO[bytes]", self._process.stdin)
            self.microphone = Microphone(pipe, hurried=hurried)
            if hurried:
                self.play(np.zeros(CHUNK_SAMPLES, np.int16))
            self._wait_until_ready(manager)
            self.started = Started(time.monotonic() - began, self.cpu_seconds())

    def _wait_until_ready(self, manager: socket.socket) -> None:
        until = time.monotonic() + LIMIT_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            with contextlib.suppress(TimeoutError):
                if b"READY=1" in manager.recv(4096).splitlines():
                    return
        self.close()
        said = self._log_path.read_text(encoding="utf-8", errors="replace")
        raise RuntimeError(f"it ended, or was not ready in {LIMIT_SECONDS:.0f} s. It said: {said}")

    def play(self, samples: Samples) -> None:
        """Have the microphone hear this."""
        self.microphone.play(samples)

    def cpu_seconds(self) -> float:
        """CPU time of all its threads so far, in the kernel's ticks (proc(5))."""
        fields = self._read("stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND

    def memory(self) -> Memory:
        """What it has in memory."""
        status, rollup = _kilobytes(self._read("status")), _kilobytes(self._read("smaps_rollup"))
        found = (status["VmRSS"], status["VmHWM"], rollup["Pss"])
        return Memory(*(kilobytes / 1024 for kilobytes in found))

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    def kill(self) -> None:
        """End it as a crash does."""
        self._process.kill()

    def open_files(self) -> int:
        """How many files and sockets it has open."""
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))

    def threads(self) -> int:
        """How many threads it has."""
        return len(list(Path(f"/proc/{self.pid}/task").iterdir()))

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        try:
            self._process.wait(10.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self.microphone.close()

    def _read(self, name: str) -> str:
        return Path(f"/proc/{self._process.pid}/{name}").read_text(encoding="utf-8")


def _kilobytes(text: str) -> dict[str, int]:
    """The fields of status and smaps_rollup that are sizes."""
    lines = (line.split() for line in text.splitlines() if line.endswith(" kB"))
    return {name.rstrip(":"): int(size) for name, size, _ in lines}


@dataclass(frozen=True)
class Assistant:
    """Core and bridge, side by side."""

    core: Process
    bridges: list[Process]
    control_socket: Path
    intents: Path
    start_bridge: Callable[[], Process]

    @property
    def bridge(self) -> Process:
        """The one that runs."""
        return self.bridges[-1]

    def restart_bridge(self) -> None:
        """Kill the bridge, and start another one, as the service manager does."""
        self.bridge.kill()
        self.bridge.close()
        self.bridges.append(self.start_bridge())

    def hear(self, samples: Samples) -> dict[str, Any]:
        """Play a recording to the microphone; returns the record of the turn that comes of it."""
        with ControlClient(self.control_socket) as client:
            events = client.events(levels=True)
            next(events)  # from now on nothing is missed
            self.core.play(samples)
            for event in events:
                if event["event"] == "turn-ended":
                    record: dict[str, Any] = event["record"]
                    return record
        raise RuntimeError("the core ended before the turn did")

    def say(self, text: str) -> dict[str, Any]:
        """Give a command as text; returns the record of the turn."""
        with ControlClient(self.control_socket) as client:
            record: dict[str, Any] = client.ask("say", text=text)["turn"]
            return record


@contextlib.contextmanager
def assistant(*, hurried: bool = False, wrapper: Sequence[str] = ()) -> Iterator[Assistant]:
    """Start both in new folders, and end them.

    ``hurried`` hears as fast as it can, and only what is played; ``wrapper`` starts each of them.
    """
    with tempfile.TemporaryDirectory(prefix="assistant-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        environment = kept | {
            "HOME": name,
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "ASSISTANT_RUNTIME_DIRECTORY": str(folder / "run"),
        }
        places = find_paths(environment, os.getuid())
        places.owner_intents[0].mkdir(parents=True)
        (places.owner_intents[0] / "lamp.yaml").write_text(LAMP, encoding="utf-8")
        start = partial(Process, folder=folder, environment=environment, wrapper=wrapper)
        start_bridge = partial(start, "bridge")
        bridges = [start_bridge()]
        stack.callback(lambda: bridges.pop().close())  # the last one then
        options = ("--source=-", "--output=none", "--no-bridge")
        core = start("run", *options, hurried=hurried)
        stack.callback(core.close)
        intents = places.owner_intents[0]
        yield Assistant(core, bridges, places.control_socket, intents, start_bridge)
