"""A real MPD with a made-up library, which plays into nothing."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

CONFIGURATION = """\
music_directory "{folder}/music"
playlist_directory "{folder}"
db_file "{folder}/database"
log_file "{folder}/log"
bind_to_address "{folder}/socket"
{network}
audio_output {{
    type "null"
    name "nothing"
}}
"""

TRACKS = {
    "1.flac": {"title": "Blue Train", "artist": "John Coltrane"},
    "2.flac": {"title": "Für Elise"},
    "3.wav": {},
}


@dataclass(frozen=True)
class Mpd:
    """A daemon that runs: its socket, and its port at 127.0.0.1."""

    address: str
    port: int

    def tell(self, *commands: str) -> str:
        """Speak its protocol by hand; returns the answer to the last command."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(20)
            connection.connect(self.address)
            with connection.makefile("rb") as lines:
                assert lines.readline().startswith(b"OK MPD")
                answer = ""
                for command in commands:
                    connection.sendall(command.encode() + b"\n")
                    answer = ""
                    while (line := lines.readline().decode()) != "OK\n":
                        assert line, "it has hung up"
                        assert not line.startswith("ACK"), line
                        answer += line
                return answer

    @property
    def state(self) -> str:
        """'play', 'pause' or 'stop', and the number of the track."""
        told = dict(line.split(": ", 1) for line in self.tell("status").splitlines())
        return f"{told['state']} {told.get('song', '-')}"


@contextlib.contextmanager
def playing_daemon() -> Iterator[Mpd]:
    """A daemon with all tracks in its queue, stopped; it tells itself when it is ready."""
    folder = Path(tempfile.mkdtemp(prefix="mpd-"))  # a socket's path has 107 bytes at most
    (folder / "music").mkdir()
    for name, tags in TRACKS.items():
        with soundfile.SoundFile(folder / "music" / name, "w", 8000, 1) as file:
            for tag, text in tags.items():
                setattr(file, tag, text)
            file.write(np.zeros(8000 * 60, np.int16))
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]
    network = f'bind_to_address "127.0.0.1"\nport "{port}"'
    configuration = folder / "mpd.conf"
    configuration.write_text(CONFIGURATION.format(folder=folder, network=network))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
        ready.bind(str(folder / "notify"))
        ready.settimeout(30)
        with subprocess.Popen(
            ["mpd", "--no-daemon", str(configuration)],
            env={"PATH": os.environ["PATH"], "NOTIFY_SOCKET": str(folder / "notify")},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            try:
                while b"READY=1" not in ready.recv(1024):
                    pass
                mpd = Mpd(str(folder / "socket"), port)
                mpd.tell("update", "idle database", *(f'add "{name}"' for name in TRACKS))
                yield mpd
            finally:
                process.kill()
    shutil.rmtree(folder)
