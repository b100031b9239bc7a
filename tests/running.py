"""A real assistant in a process of its own, in folders of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from assistant.frontends.client import ControlClient
from assistant.paths import Paths, find_paths

COMMAND = (sys.executable, "-X", "dev", "-m", "assistant")
START_SECONDS = 60
CHUNK_BYTES = 2560


class Home:
    """Folders of one assistant; several processes may use them one after the other."""

    def __init__(self) -> None:
        # A socket's path may have 107 bytes at most (unix(7)), so not pytest's tmp_path.
        self.folder = Path(tempfile.mkdtemp(prefix="assistant-"))
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if name not in {"DISPLAY", "PULSE_SERVER", "JOURNAL_STREAM", "NOTIFY_SOCKET"}
        }
        self.environment |= {
            "HOME": str(self.folder),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "XDG_STATE_HOME": str(self.folder / "state"),
            "XDG_RUNTIME_DIR": str(self.folder / "run"),
            "PYTHONWARNINGS": "error",
            # What -X dev does beside warnings, to find faults in C, takes a seventh of the time.
            "PYTHONMALLOC": "default",
        }

    @property
    def paths(self) -> Paths:
        """Where this assistant keeps its things."""
        return find_paths(self.environment, os.getuid())

    def config(self, text: str) -> None:
        """Write its configuration file."""
        folder = self.paths.config_directories[0]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.yaml").write_text(text)

    def intents(self, name: str, text: str) -> None:
        """Write an intent file of the owner."""
        folder = self.paths.owner_intents[0]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)

    def run(self, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """Run the command ``assistant`` to its end."""
        return subprocess.run(
            [*COMMAND, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
            **options,
        )

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def home() -> Iterator[Home]:
    """A home that is gone afterwards."""
    place = Home()
    try:
        yield place
    finally:
        place.remove()


class Running:
    """``assistant run``, from READY=1 to its end.

    Without other arguments it is silent, and hears what ``hear`` gives it; with ``at_stdin`` it
    does so with others, too.
    """

    def __init__(
        self,
        home: Home,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        wrapper: Sequence[str] = (),
        at_stdin: bool = False,
    ) -> None:
        self._home = home
        self._arguments = arguments or ("--source", "-", "--output", "none")
        self._environment = dict(environment or {})
        self._wrapper = wrapper
        self._at_stdin = at_stdin or "-" in self._arguments
        self.notified: list[str] = []
        self.output = ""
        self._grew = threading.Condition()
        self._patience = 2 * START_SECONDS

    def __enter__(self) -> Running:
        with contextlib.ExitStack() as stack:
            address = str(self._home.folder / f"notify-{os.urandom(3).hex()}")
            self._notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            stack.callback(self._notify.close)
            self._notify.bind(address)
            self._notify.settimeout(START_SECONDS)
            self.process = subprocess.Popen(
                [*self._wrapper, *COMMAND, "run", "--plain", *self._arguments],
                env=self._home.environment | self._environment | {"NOTIFY_SOCKET": address},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            self._reader = threading.Thread(target=self._read, daemon=True)
            self._reader.start()
            stack.callback(self._kill)
            if self._at_stdin:
                self.hear(bytes(3 * CHUNK_BYTES))
            self.wait_for_notification("READY=1")
            control = stack.enter_context(ControlClient(self._home.paths.control_socket))
            self._events = control.events()
            self._ending = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ending.close()

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)  # with what ``wrapper`` started
        self.process.wait()
        self._reader.join()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()

    def hear(self, audio: bytes) -> None:
        """Let it hear raw samples, as fast as it takes them."""
        assert self.process.stdin is not None
        self.process.stdin.write(audio)
        self.process.stdin.flush()

    def wait_for_notification(self, field: str) -> None:
        """Wait until the service manager has been told ``field``."""
        while field not in self.notified:
            fields = self.notifications(within_seconds=0.5)
            self.notified += fields
            self._patience -= not fields
            if (not fields and self.process.poll() is not None) or self._patience <= 0:
                raise AssertionError(f"no {field}; it said:\n{self.output}")

    def notifications(self, within_seconds: float) -> list[str]:
        """Fields that the service manager is told at once, within so many seconds."""
        fields: list[str] = []
        end = time.monotonic() + within_seconds
        try:
            while not fields and (left := end - time.monotonic()) > 0:
                self._notify.settimeout(left)
                fields += self._notify.recv(4096).decode().split("\n")
        except TimeoutError:
            return fields
        finally:
            self._notify.settimeout(START_SECONDS)
        return fields

    def ask(self, command: str, **fields: Any) -> dict[str, Any]:
        """Ask it something over its control socket."""
        with ControlClient(self._home.paths.control_socket) as client:
            return client.ask(command, **fields)

    def say(self, text: str) -> dict[str, Any]:
        """Give it a command as text; returns the turn's record."""
        turn: dict[str, Any] = self.ask("say", text=text)["turn"]
        return turn

    def next_event(self) -> dict[str, Any]:
        """Wait for the next event, of any kind."""
        for event in self._events:
            return event
        raise AssertionError(f"it ended; it said:\n{self.output}")

    def wait_for(
        self, name: str, such: Callable[[dict[str, Any]], bool] = lambda _: True
    ) -> dict[str, Any]:
        """Wait for an event."""
        for event in self._events:
            if event["event"] == name and such(event):
                return event
        raise AssertionError(f"it ended before {name}; it said:\n{self.output}")

    def wait_for_output(self, text: str) -> str:
        """Wait until it has written a line with this text; returns the line."""
        with self._grew:
            assert self._grew.wait_for(lambda: text in self.output, START_SECONDS), self.output
        return next(line for line in self.output.splitlines() if text in line)

    def terminate(self) -> int:
        """Tell it to stop, as systemd does; returns its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.end()

    def end(self) -> int:
        """Wait for its end; returns its exit status."""
        status = self.process.wait(30)
        self._reader.join()
        return status

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._grew:
                self.output += line.decode(errors="replace")
                self._grew.notify_all()
