"""Microphones and loudspeakers by name, and the microphone as a source; PortAudio below.

Reads block: PortAudio's callbacks need memory that is writable and executable, which the sandbox of
the unit denies.
"""

from __future__ import annotations

import contextlib
import difflib
import os
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

from assistant.audio.frames import CHUNK_SECONDS, SAMPLE_RATE, Samples
from assistant.audio.resampling import ChunkBuffer, to_frames
from assistant.errors import DeviceError

Direction: TypeAlias = Literal["input", "output"]

_WORD = {"input": "microphone", "output": "loudspeaker"}
_WITHOUT = {
    "input": "Plug one in, or give a recording instead of a microphone.",
    "output": "Plug one in, or set the output to 'none'.",
}
_CARD_NUMBER = re.compile(r"(:? -)? \(hw:\d+,\d+\)$")
_LATENCY_SECONDS = 0.3
"""Asked of a microphone: PortAudio makes it periods of 75 ms, about a chunk, and a buffer of
375 ms, for as long as a recognizer may keep the audio thread busy. Its default holds 43 ms."""

_ONE_AT_A_TIME = threading.Lock()
_LOOKING = threading.RLock()
"""The list of devices is made anew for each that is opened: nobody else may look at it then."""
_CLOSE_SECONDS = 1.0
"""A read takes 80 ms on a device that works; after this long it does not."""


@dataclass(frozen=True, slots=True)
class Device:
    """A device of this machine.

    ``name`` is the same after a restart; ``full_name`` is PortAudio's, with ALSA's card number,
    which is not. ``index`` is PortAudio's and good until the list is made anew.
    """

    name: str
    direction: Direction
    default: bool
    channels: int
    default_rate: int
    host_api: str
    full_name: str
    index: int


def list_devices() -> list[Device]:
    """Every microphone, then every loudspeaker, as it is plugged in now.

    Raises DeviceError when PortAudio is missing.
    """
    with _LOOKING:
        return _list_devices(load_portaudio())


def open_device(
    name: str, direction: Direction, sample_rate: int, latency_seconds: float
) -> tuple[Device, Any, int, int]:
    """Find a device by its name, and start a stream; returns what ``open_stream`` does with it.

    Raises DeviceError.
    """
    with _LOOKING:
        device = choose_device(name, direction, list_devices())
        return device, *open_stream(device, sample_rate, latency_seconds)


def _list_devices(sd: Any) -> list[Device]:
    # PortAudio lists devices when it is initialised. It counts its users, and each open stream of
    # ours is one: while there is one, this changes nothing and the list stays as it was.
    with _quietly():
        sd._terminate()  # noqa: SLF001 - sounddevice has no public name for it
        sd._initialize()  # noqa: SLF001
    apis = sd.query_hostapis()
    found = list(sd.query_devices())
    defaults: dict[Direction, int] = {"input": sd.default.device[0], "output": sd.default.device[1]}
    return [
        Device(
            name=stable_name(entry["name"]),
            direction=direction,
            default=index == default,
            channels=entry[f"max_{direction}_channels"],
            default_rate=int(entry["default_samplerate"]),
            host_api=apis[entry["hostapi"]]["name"],
            full_name=entry["name"],
            index=index,
        )
        for direction, default in defaults.items()
        for index, entry in enumerate(found)
        if entry[f"max_{direction}_channels"] > 0
    ]


def stable_name(full_name: str) -> str:
    """Leave out ALSA's card number, which changes with the order of plugging in.

    'USB PnP Sound Device: Audio (hw:1,0)' -> 'USB PnP Sound Device: Audio'
    'bcm2835 Headphones: - (hw:0,0)' -> 'bcm2835 Headphones'
    """
    return _CARD_NUMBER.sub("", full_name).strip()


def choose_device(name: str, direction: Direction, devices: Sequence[Device]) -> Device:
    """Find a device by 'default', its name, or a part of the name that no other one has.

    Raises DeviceError with the names there are.
    """
    word = _WORD[direction]
    usable = [device for device in devices if device.direction == direction]
    if not usable:
        message = f"There is no {word}: this machine has no sound {direction}."
        raise DeviceError(message, _WITHOUT[direction])
    if name == "default":
        return next((device for device in usable if device.default), usable[0])
    wanted = name.casefold()
    found: list[Device] = []
    tests: tuple[Callable[[Device], bool], ...] = (
        lambda device: device.full_name.casefold() == wanted,
        lambda device: device.name.casefold() == wanted,
        lambda device: wanted in device.name.casefold(),
    )
    for test in tests:
        found = [device for device in usable if test(device)]
        if found:
            break
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(f"'{device.full_name}'" for device in found)
        message = f"'{name}' could be {len(found)} {word}s: {names}."
        raise DeviceError(message, "Give more of the name.")
    names = ", ".join(f"'{device.name}'" for device in usable)
    near = difflib.get_close_matches(name, [device.name for device in usable], n=1)
    hint = f"Did you mean '{near[0]}'? " if near else ""
    raise DeviceError(f"There is no {word} '{name}'.", f"{hint}There is: {names}.")


class MicrophoneSource:
    """A microphone: 16 kHz, mono, whatever the device itself runs at.

    ``name`` is as for ``choose_device``. Opened by the constructor, which raises DeviceError.
    ``overflows`` counts how often samples were lost because nobody read for too long.
    """

    is_device = True

    def __init__(self, name: str = "default") -> None:
        opened = open_device(name, "input", SAMPLE_RATE, _LATENCY_SECONDS)
        device, self._stream, rate, self._channels = opened
        self._name = device.name
        self.overflows = 0
        self._block_frames = round(CHUNK_SECONDS * rate)
        self._chunks = ChunkBuffer(rate)
        self._closing = threading.Event()
        self._reading = threading.Lock()
        self._shut = False

    @property
    def name(self) -> str:
        """The device's name, without ALSA's card number."""
        return self._name

    def read(self) -> Samples | None:
        """Block for the next chunk; None once closed. Raises DeviceError when the device is lost.

        A device that is pulled out raises nothing in PortAudio, or fails with a host error, or
        leaves the stream inactive.
        """
        with self._reading:
            while not self._closing.is_set():
                if (chunk := self._chunks.take()) is not None:
                    return chunk
                try:
                    data, overflowed = self._stream.read(self._block_frames)
                    alive = self._stream.active
                except load_portaudio().PortAudioError as error:
                    self._lost(error)
                else:
                    if not alive:
                        self._lost(None)
                    self.overflows += bool(overflowed)
                    self._chunks.feed(to_frames(np.frombuffer(data, np.int16), self._channels))
            self._shut_down()
            return None

    def close(self) -> None:
        """Release the device, within a second even when a read under way never returns."""
        self._closing.set()
        if self._reading.acquire(timeout=_CLOSE_SECONDS):
            try:
                self._shut_down()
            finally:
                self._reading.release()
        else:
            # Aborting ends the read, which then shuts down. In a thread: with a sound server that
            # does not answer, aborting does not return either.
            threading.Thread(
                target=self._stream.abort, name="abort-microphone", daemon=True
            ).start()

    def _lost(self, error: Exception | None) -> None:
        if not self._closing.is_set():
            self._shut_down()
            raise DeviceError(
                f"The microphone '{self._name}' is gone.",
                "Is it still plugged in, and the sound server running?",
            ) from error

    def _shut_down(self) -> None:
        if not self._shut:
            self._shut = True
            self._closing.set()
            close_stream(self._stream)


def open_stream(device: Device, sample_rate: int, latency_seconds: float) -> tuple[Any, int, int]:
    """Start a blocking stream of 16 bits; returns it with the rate and channels that it has.

    ``sample_rate`` and mono where the device takes them, else its own. Raises DeviceError.
    """
    sd = load_portaudio()
    is_input = device.direction == "input"
    make = sd.RawInputStream if is_input else sd.RawOutputStream
    refusal: Exception | None = None
    for rate in (sample_rate, device.default_rate):
        for channels in (1, device.channels):
            try:
                with _quietly():
                    stream = make(
                        device=device.index,
                        channels=channels,
                        samplerate=rate,
                        dtype="int16",
                        latency=latency_seconds,
                    )
                    try:
                        stream.start()
                    except sd.PortAudioError:
                        stream.close()
                        raise
                    sd._initialize()  # noqa: SLF001 - one more user of PortAudio: list_devices
            except sd.PortAudioError as error:
                refusal = error
            else:
                return stream, rate, channels
    reason = str(refusal.args[0]).partition(" [")[0] if refusal else ""
    raise DeviceError(
        f"The {_WORD[device.direction]} '{device.name}' cannot be opened: {reason}.",
        "Is another program using it?",
    ) from refusal


def close_stream(stream: Any) -> None:
    """Close what ``open_stream`` gave, dropping what is still to be played."""
    sd = load_portaudio()
    with _quietly():
        stream.abort()
        stream.close()
        sd._terminate()  # noqa: SLF001


def load_portaudio() -> Any:
    """Give the module sounddevice. Raises DeviceError when PortAudio, its library, is missing."""
    try:
        import sounddevice  # noqa: PLC0415 - initialises PortAudio, silently
    except OSError as error:
        raise DeviceError(
            "PortAudio, the library for sound devices, is not installed.",
            "Install it: sudo apt install libportaudio2",
        ) from error
    return sounddevice


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
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
