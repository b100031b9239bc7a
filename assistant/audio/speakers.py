"""Loudspeakers, and the earcons: short sounds that say what the assistant is doing."""

from __future__ import annotations

import asyncio
import concurrent.futures
import importlib.resources
import threading
import wave
from collections.abc import Callable
from functools import partial

import numpy as np

from assistant.audio.devices import close_stream, open_device
from assistant.audio.portaudio import load_portaudio
from assistant.audio.resampling import Resampler, to_frames
from assistant.errors import DeviceError
from assistant.ports import Sound

_BLOCK_SECONDS = 0.02
"""Between two blocks playing looks whether it shall stop."""

_LATENCY_SECONDS = 0.1
"""Asked of the device: it rides out 100 ms of a busy machine. Cancelling drops what is in it."""

_CUT_SECONDS = 1.0
"""Longest wait for a cut sound to leave the device; it takes some 20 ms."""

_STUCK_SECONDS = 5.0
"""So long after its end a sound still plays: a sound server that hangs blocks writes for ever."""


class DeviceSpeaker:
    """A loudspeaker, open only while it plays. ``name`` is as for ``choose_device``.

    The device may be plugged in later: a missing one is a DeviceError of ``play``.
    """

    def __init__(self, name: str = "default") -> None:
        self._name = name
        self._one_at_a_time = asyncio.Lock()
        self._stop = threading.Event()
        self._closed = False

    async def play(self, sound: Sound, volume: float = 1.0) -> None:
        """Play to the end; cancelling cuts the sound within two blocks of 20 ms."""
        async with self._one_at_a_time:
            if self._closed or not sound.samples.size:
                return
            self._stop = threading.Event()
            playing = _in_thread(partial(_play, self._name, sound, volume, self._stop))
            try:
                await asyncio.wait([playing], timeout=sound.seconds + _STUCK_SECONDS)
            finally:
                self._stop.set()
                # The device must be free for the next sound; a thread that is stuck is left behind.
                await asyncio.wait([playing], timeout=_CUT_SECONDS)
            if not playing.done():
                raise DeviceError(
                    f"The loudspeaker '{self._name}' does not play.", "Is the sound server hanging?"
                )
            playing.result()

    def close(self) -> None:
        """Cut what is playing; later sounds are not played."""
        self._closed = True
        self._stop.set()


def _play(name: str, sound: Sound, volume: float, stop: threading.Event) -> None:
    """Open the device, play in this thread until the end or ``stop``, and close it."""
    opened = open_device(name, "output", sound.sample_rate, _LATENCY_SECONDS)
    device, stream, rate, channels = opened
    try:
        signal = to_frames(sound.samples)[:, 0] * np.float32(volume)
        samples = Resampler(sound.sample_rate, rate).feed(signal, last=True)
        # PortAudio's own draining comes back before the end on some devices. Silence as long as
        # the device's buffer has pushed the last sample out of it once it is written.
        samples = np.append(samples, np.zeros(stream.write_available, np.int16))
        block = round(_BLOCK_SECONDS * rate)
        for start in range(0, len(samples), block):
            if stop.is_set():
                break
            stream.write(np.repeat(samples[start : start + block], channels).tobytes())
    except load_portaudio().PortAudioError as error:
        raise DeviceError(
            f"The loudspeaker '{device.name}' is gone.",
            "Is it still plugged in, and the sound server running?",
        ) from error
    finally:
        close_stream(stream, "output")


def _in_thread(work: Callable[[], None]) -> asyncio.Future[None]:
    """Run ``work`` in a thread of its own: one that hangs holds up neither a pool nor the exit."""
    outcome: concurrent.futures.Future[None] = concurrent.futures.Future()

    def run() -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - whoever waits for the outcome gets it
            outcome.set_exception(error)
        else:
            outcome.set_result(None)

    outcome.set_running_or_notify_cancel()  # from here on, cancelling the waiter leaves it alone
    threading.Thread(target=run, name="play", daemon=True).start()
    return asyncio.wrap_future(outcome)


class SilentSpeaker:
    """The output 'none': every sound has ended at once."""

    async def play(self, sound: Sound, volume: float = 1.0) -> None:
        """Play nothing."""

    def close(self) -> None:
        """Release nothing."""


def load_earcon(name: str) -> Sound:
    """Read one of the package's sounds, ``assistant/sounds``."""
    file = importlib.resources.files("assistant") / "sounds" / f"{name}.wav"
    with file.open("rb") as stream, wave.open(stream) as recording:
        data = recording.readframes(recording.getnframes())
        return Sound(np.frombuffer(data, "<i2").astype(np.int16), recording.getframerate())
