"""A headless PulseAudio for tests: what is played into it comes out of the microphone.

Null sinks: the monitor of ``vmic`` is the default microphone, ``vspk`` the default loudspeaker.
Programs see them as ALSA's default device, as they would a sound card. ``rooms`` have microphones
of their own, which programs see by the rooms' names.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import numpy as np

from assistant.audio.frames import Samples

SPEAKER_RATE = 22_050

ASOUNDRC = """\
pcm.!default { type pulse }
ctl.!default { type pulse }
"""

ROOM = """\
pcm.{room} {{ type pulse, device {room}.monitor }}
"""


class Recording:
    """What a sink plays, as raw samples of 16 bits, while the context lasts."""

    def __init__(self, parec: subprocess.Popen[bytes]) -> None:
        self._parec = parec
        self._data = bytearray()
        self._ended = False
        self._grew = threading.Condition()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._parec.stdout is not None
        while data := os.read(self._parec.stdout.fileno(), 65536):
            with self._grew:
                self._data += data
                self._grew.notify_all()
        with self._grew:
            self._ended = True
            self._grew.notify_all()

    def wait_for(self, seconds: float) -> None:
        """Wait until so much more has been recorded, or the server has gone."""
        with self._grew:
            wanted = len(self._data) + int(seconds * SPEAKER_RATE) * 2
            assert self._grew.wait_for(lambda: self._ended or len(self._data) >= wanted, timeout=20)

    def wait_until_loud(self) -> None:
        """Wait until something is heard."""
        with self._grew:
            assert self._grew.wait_for(lambda: bool(self.samples.any()), timeout=20)

    def end(self) -> None:
        self._parec.terminate()
        self._reader.join()
        self._parec.communicate()

    @property
    def samples(self) -> Samples:
        return np.frombuffer(bytes(self._data[: len(self._data) // 2 * 2]), np.int16)


class PulseServer:
    """PulseAudio in folders of its own, from ``with`` to its end."""

    def __init__(self, rooms: Sequence[str] = ()) -> None:
        # Not pytest's tmp_path: a socket's path may have 107 bytes at most (unix(7)).
        self._folder = Path(tempfile.mkdtemp(prefix="pulse-"))
        self._log = self._folder / "log"
        self._rooms = rooms
        self.environment = sound_environment(self._folder, rooms)
        self._keep_alive: list[Recording] = []

    @property
    def as_sound_card(self) -> dict[str, str]:
        """What else a program needs in its environment to hear and play by this server."""
        return {name: self.environment[name] for name in ("HOME", "PULSE_SERVER")}

    def __enter__(self) -> PulseServer:
        self._start()
        return self

    def _start(self) -> None:
        socket = self.environment["PULSE_SERVER"].removeprefix("unix:")
        # Becoming a daemon is how it says that it is up: only then this returns.
        self._run(
            "pulseaudio", "-n", "--daemonize=yes", "--exit-idle-time=-1", "--use-pid-file=yes",
            f"--log-target=newfile:{self._log}",
            "-L", f"module-native-protocol-unix socket={socket} auth-anonymous=1",
            "-L", "module-null-sink sink_name=vmic rate=16000 channels=1 format=s16le",
            "-L", f"module-null-sink sink_name=vspk rate={SPEAKER_RATE} channels=1 format=s16le",
        )  # fmt: skip
        for room in self._rooms:
            what = (f"sink_name={room}", "rate=16000", "channels=1", "format=s16le")
            self._run("pactl", "load-module", "module-null-sink", *what)
        self.pid = int((Path(self.environment["XDG_RUNTIME_DIR"]) / "pulse/pid").read_text())
        self._process = os.pidfd_open(self.pid)
        self._run("pactl", "set-default-source", "vmic.monitor")
        self._run("pactl", "set-default-sink", "vspk")
        # A null sink moves in steps of two seconds unless somebody asks for less; its first step
        # is over when something has been recorded.
        for sink in ("vmic", "vspk", *self._rooms):
            keeper = self._record(sink)
            self._keep_alive.append(keeper)
        for keeper in self._keep_alive:
            keeper.wait_for(0.01)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()
        shutil.rmtree(self._folder)

    def _end(self) -> None:
        self.kill()
        for keeper in self._keep_alive:
            keeper.end()
        self._keep_alive.clear()
        os.close(self._process)

    def start_again(self) -> None:
        """Start it anew, where it has been killed."""
        self._end()
        runtime = Path(self.environment["XDG_RUNTIME_DIR"])
        for left_over in (runtime / "p", runtime / "pulse/pid"):
            left_over.unlink(missing_ok=True)
        self._start()

    def kill(self) -> None:
        """End the server as a crash does; twice is no mistake."""
        try:
            signal.pidfd_send_signal(self._process, signal.SIGKILL)
        except ProcessLookupError:
            return
        select.select([self._process], [], [], 20)

    def play(self, recording: Path, sink: str = "vmic") -> None:
        """Speak into the microphone, or into that of a room; returns when it has been played."""
        self._run("paplay", f"--device={sink}", str(recording))

    def feed_back(self, percent: int) -> None:
        """Let the microphone hear the loudspeaker, so loud."""
        self._run(
            "pactl", "load-module", "module-loopback", "source=vspk.monitor", "sink=vmic",
            "latency_msec=30", "adjust_time=0",
        )  # fmt: skip
        inputs = self._run("pactl", "list", "short", "sink-inputs").split("\n")
        number = inputs[0].split("\t")[0]
        self._run("pactl", "set-sink-input-volume", number, f"{percent}%")

    def silence(self, room: str, *, suspended: bool) -> None:
        """Have the microphone of a room give no sound at all, or sound again."""
        self._run("pactl", "suspend-sink", room, str(int(suspended)))

    def play_on(self, sink: str) -> None:
        """Have what programs play come out of this sink."""
        self._run("pactl", "set-default-sink", sink)

    @contextmanager
    def recording(self, sink: str = "vspk") -> Iterator[Recording]:
        """Record the loudspeaker; once the context is left, ``samples`` holds all of it."""
        recording = self._record(sink)
        try:
            recording.wait_for(0.01)
            yield recording
            recording.wait_for(0.3)  # what has been played comes out this late
        finally:
            recording.end()

    def _record(self, sink: str) -> Recording:
        command = (
            "parec", "--raw", "--latency-msec=20", f"--device={sink}.monitor", "--channels=1",
            f"--rate={SPEAKER_RATE}", "--format=s16le",
        )  # fmt: skip
        return Recording(
            subprocess.Popen(
                command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        )

    def _run(self, *command: str) -> str:
        done = subprocess.run(
            command, env=self.environment, check=False, capture_output=True, timeout=60, text=True
        )
        if done.returncode != 0:
            logs = "".join(path.read_text() for path in sorted(self._folder.glob("log*")))
            raise AssertionError(f"{' '.join(command)}: {done.stderr}\nPulseAudio: {logs}")
        return done.stdout


def sound_environment(folder: Path, rooms: Sequence[str] = ()) -> dict[str, str]:
    """Environment of programs whose only sound card is the server in ``folder``, running or not.

    The microphones of ``rooms`` have names of their own.
    """
    home, runtime = folder / "home", folder / "run"
    for private in (home, runtime):
        private.mkdir(mode=0o700)
    (home / ".asoundrc").write_text(ASOUNDRC + "".join(ROOM.format(room=room) for room in rooms))
    return {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(runtime),
        "PULSE_SERVER": f"unix:{runtime}/p",
    }
