"""What befalls an assistant from the inside: Python loads this where its folder is on PYTHONPATH.

Files in the folder ``ASSISTANT_FAULTS`` say what: ``clock`` how many seconds the time of day is
off, ``refusal`` what PortAudio says instead of opening a device, ``buffer`` that a microphone loses
what is not taken in time, as a sound card does. On SIGUSR1 the thread of the loop hangs for as long
as there is a file ``hang``.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

FOLDER = Path(os.environ["ASSISTANT_FAULTS"])
BUFFER_SECONDS = 0.375
real_time = time.time


def read(name: str) -> str:
    file = FOLDER / name
    return file.read_text() if file.exists() else ""


def shifted_time() -> float:
    return real_time() + float(read("clock") or 0.0)


class ShiftedDatetime(dt.datetime):
    """The time of day as somebody has set it."""

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> Any:
        return dt.datetime.fromtimestamp(shifted_time(), tz)


def hang(*_: object) -> None:
    (FOLDER / "hangs").touch()
    never = threading.Event()
    while (FOLDER / "hang").exists():
        never.wait(0.05)


class SmallBuffer:
    """A microphone whose buffer holds as much as a sound card's; a sound server holds minutes."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._read_at = time.monotonic()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def read(self, frames: int) -> tuple[Any, bool]:
        data, overflowed = self._stream.read(frames)
        # Whether the thread was late, or stopped in the middle of the read.
        lost = time.monotonic() - self._read_at > BUFFER_SECONDS
        while lost and self._stream.read_available > frames:
            self._stream.read(frames)
        self._read_at = time.monotonic()
        return data, lost or overflowed


def refuse(real: Any, *, small: bool) -> Any:
    def opened(*arguments: Any, **settings: Any) -> Any:
        if reason := read("refusal"):
            raise sounddevice.PortAudioError(reason)
        stream = real(*arguments, **settings)
        return SmallBuffer(stream) if small and read("buffer") else stream

    return opened


signal.signal(signal.SIGUSR1, hang)
time.time = shifted_time

from assistant import clock  # noqa: E402 - what comes later finds the other time

setattr(clock, "datetime", ShiftedDatetime)  # noqa: B010 - for mypy, too

if "PULSE_SERVER" in os.environ:
    import sounddevice

    for kind in ("RawInputStream", "RawOutputStream"):
        opens = refuse(getattr(sounddevice, kind), small=kind == "RawInputStream")
        setattr(sounddevice, kind, opens)
