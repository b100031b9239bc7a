"""Microphones and loudspeakers by name, and streams to them; PortAudio below.

Reads and writes block: PortAudio's callbacks need memory that is writable and executable, which the
sandbox of the unit denies.
"""

from __future__ import annotations

import difflib
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from assistant.audio.portaudio import STREAMS, load_portaudio, quietly
from assistant.errors import DeviceError

Direction: TypeAlias = Literal["input", "output"]

_WORD = {"input": "microphone", "output": "loudspeaker"}
_WITHOUT = {
    "input": "Plug one in, or give a recording instead of a microphone.",
    "output": "Plug one in, or set the output to 'none'.",
}
_CARD_NUMBER = re.compile(r"(:? -)? \(hw:\d+,\d+\)$")

_LOOKING = threading.RLock()
"""The list of devices is made anew for each that is opened: nobody else may look at it then."""


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

    One that was plugged in since the list was made is found, too. Raises DeviceError.
    """
    try:
        return _open_device(name, direction, sample_rate, latency_seconds)
    except DeviceError:
        if not STREAMS.renew():
            raise
        return _open_device(name, direction, sample_rate, latency_seconds)


def _open_device(
    name: str, direction: Direction, sample_rate: int, latency_seconds: float
) -> tuple[Device, Any, int, int]:
    with _LOOKING:
        device = choose_device(name, direction, list_devices())
        return device, *open_stream(device, sample_rate, latency_seconds)


def _list_devices(sd: Any) -> list[Device]:
    # PortAudio lists devices when it is initialised: while there are streams, this changes nothing.
    with quietly():
        sd._terminate()  # noqa: SLF001 - sounddevice has no public name for it
        sd._initialize()  # noqa: SLF001
    STREAMS.note_list()
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
                with quietly():
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
                    sd._initialize()  # noqa: SLF001 - one more user of PortAudio
                    STREAMS.note(device.direction, 1)
            except sd.PortAudioError as error:
                refusal = error
            else:
                return stream, rate, channels
    reason = str(refusal.args[0]).partition(" [")[0] if refusal else ""
    raise DeviceError(
        f"The {_WORD[device.direction]} '{device.name}' cannot be opened: {reason}.",
        "Is another program using it?",
    ) from refusal


def close_stream(stream: Any, direction: Direction) -> None:
    """Close what ``open_stream`` gave, dropping what is still to be played."""
    sd = load_portaudio()
    with quietly():
        stream.abort()
        stream.close()
        sd._terminate()  # noqa: SLF001
    STREAMS.note(direction, -1)
