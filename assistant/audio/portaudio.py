"""PortAudio: loading it, its streams, and its list of devices, which it makes only now and then.

It counts its users, and each open stream of ours is one; the list stays as it was while there are
any. So whoever needs a new one asks the others to close theirs for a moment.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.errors import DeviceError

CLOSE_SECONDS = 1.0
"""A read takes 80 ms on a device that works; after this long it does not."""

_ONE_AT_A_TIME = threading.Lock()


class Streams:
    """Counts the open streams of this process. Used by all audio threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._open = {"input": 0, "output": 0}
        self._cards: tuple[str, ...] | None = None
        self.renewals = 0
        """So often all were asked to close. A microphone that was opened before one closes."""

    def note(self, direction: str, change: int) -> None:
        """Take it that a stream was opened (1) or closed (-1)."""
        with self._changed:
            self._open[direction] += change
            self._changed.notify_all()

    def note_list(self) -> None:
        """Take it that PortAudio was asked for its devices; it has looked only without streams."""
        with self._changed:
            if not any(self._open.values()):
                self._cards = sound_cards()

    def renew(self) -> bool:
        """Have all close for a moment, where a sound card came or went since the list was made.

        Returns whether they did. A sound that is played is not cut for it.
        """
        with self._changed:
            if not self._open["input"] or self._open["output"] or self._cards == sound_cards():
                return False
            self.renewals += 1
        return self.wait_until_closed()

    def wait_until_closed(self) -> bool:
        """Wait until there is no stream; False where one does not close in time."""
        with self._changed:
            return self._changed.wait_for(lambda: not any(self._open.values()), CLOSE_SECONDS)


STREAMS = Streams()


def sound_cards() -> tuple[str, ...]:
    """Names of the kernel's sound devices, which change when a card is plugged in or pulled out."""
    with contextlib.suppress(OSError):
        return tuple(sorted(path.name for path in Path("/dev/snd").iterdir()))
    return ()


def load_portaudio() -> Any:
    """Give the module sounddevice. Raises DeviceError when PortAudio, its library, is missing."""
    _configure_pulseaudio()
    try:
        import sounddevice  # noqa: PLC0415 - initialises PortAudio, silently
    except OSError as error:
        raise DeviceError(
            "PortAudio, the library for sound devices, is not installed.",
            "Install it: sudo apt install libportaudio2",
        ) from error
    return sounddevice


def _configure_pulseaudio() -> None:
    """Have libpulse read our settings (their reasons are in the file) unless the owner has some."""
    if "PULSE_CLIENTCONFIG" in os.environ:
        return
    with contextlib.suppress(RuntimeError):  # a user without a home
        own = (Path.home() / folder / "client.conf" for folder in (".config/pulse", ".pulse"))
        if any(path.exists() for path in own):
            return
    os.environ["PULSE_CLIENTCONFIG"] = str(Path(__file__).with_name("pulse-client.conf"))


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Send file descriptor 2 nowhere: ALSA and PortAudio write what they think to it.

    What another thread writes there meanwhile is lost too; so only around opening and closing. One
    thread at a time, because PortAudio allows no more there, and because the second one would save
    the first one's nowhere.
    """
    with _ONE_AT_A_TIME:
        saved = os.dup(2)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, 2)
            yield
        finally:
            os.dup2(saved, 2)
            os.close(saved)
            os.close(nowhere)
