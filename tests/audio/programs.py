"""Programs for tests of real devices: each runs in a process whose sound card is the test's own.

``python -m tests.audio.programs capture FILE SECONDS [RATE REFUSED]`` and so on; a DeviceError is
printed, with the status that the assistant would end with.
"""

# ruff: noqa: T201 - printing is how these programs answer

from __future__ import annotations

import asyncio
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import sounddevice

from assistant.audio import portaudio
from assistant.audio.devices import list_devices
from assistant.audio.frames import CHUNK_SECONDS
from assistant.audio.microphone import MicrophoneSource
from assistant.audio.speakers import DeviceSpeaker
from assistant.errors import AssistantError, DeviceError
from assistant.ports import Sound
from tests.audio.speaker_contract import keep_speaker_contract
from tests.audio.tones import tone
from tests.sound_server import ROOM


def devices() -> None:
    for device in list_devices():
        print(device.direction, device.name, device.default, device.host_api)


def capture(file: str, seconds: str, refused_rate: str = "0") -> None:
    refuse(int(refused_rate))
    source = MicrophoneSource()
    with Path(file).open("wb") as out:
        for number in range(round(float(seconds) / CHUNK_SECONDS)):
            chunk = source.read()
            assert chunk is not None
            if number == 0:
                print("listening", flush=True)
            out.write(chunk.tobytes())
    source.close()
    source.close()
    assert source.read() is None


def play(seconds: str, volume: str = "1.0", refused_rate: str = "0") -> None:
    """Play for so long and 0.1 s more, at another pitch, by which the end is known."""
    refuse(int(refused_rate))
    samples = np.append(tone(700, float(seconds), 16_000), tone(1100, 0.1, 16_000))
    asyncio.run(DeviceSpeaker().play(Sound(samples, 16_000), float(volume)))


def cut(seconds: str) -> None:
    """Begin to play for so long, and cut it when a line comes on stdin."""

    async def begin_and_cut() -> None:
        playing = asyncio.create_task(play_tone(float(seconds)))
        await asyncio.to_thread(sys.stdin.readline)
        playing.cancel()
        await asyncio.wait([playing])
        assert playing.cancelled()

    asyncio.run(begin_and_cut())


async def play_tone(seconds: float) -> None:
    await DeviceSpeaker().play(Sound(tone(700, seconds, 22_050), 22_050))


def contract() -> None:
    asyncio.run(keep_speaker_contract(DeviceSpeaker))


def listen_and_look() -> None:
    """Look for devices while the microphone is open, and read on."""
    source = MicrophoneSource()
    assert source.read() is not None
    before = list_devices()
    assert list_devices() == before
    assert source.read() is not None
    source.close()
    assert list_devices() == before


def plug_in() -> None:
    """Read one microphone, and open another one that was not there when PortAudio last looked."""
    cards = ["pcmC0D0c"]
    portaudio.sound_cards = lambda: tuple(cards)
    kitchen, heard = MicrophoneSource("kitchen"), threading.Semaphore(0)

    def read() -> None:
        while kitchen.read() is not None:
            heard.release()

    reading = threading.Thread(target=read)
    reading.start()
    heard.acquire()
    try:
        MicrophoneSource("hall")
    except DeviceError as error:
        print(error.message, flush=True)
    with (Path.home() / ".asoundrc").open("a") as known:
        known.write(ROOM.format(room="hall"))
    cards.append("pcmC1D0c")
    hall = MicrophoneSource("hall")
    print(hall.name, hall.read() is not None)
    while heard.acquire(blocking=False):
        pass
    print(kitchen.name, heard.acquire(timeout=20))
    kitchen.close()
    reading.join()
    hall.close()


def refuse(rate: int) -> None:
    """Make every device refuse one sample rate, as many USB microphones refuse 16 kHz."""
    for kind in ("RawInputStream", "RawOutputStream"):
        real = getattr(sounddevice, kind)

        def choosy(*, samplerate: int, real: Any = real, **settings: Any) -> Any:
            if samplerate == rate:
                raise sounddevice.PortAudioError("Invalid sample rate [PaErrorCode -9997]", -9997)
            return real(samplerate=samplerate, **settings)

        setattr(sounddevice, kind, choosy)


PROGRAMS = {
    "devices": devices,
    "capture": capture,
    "play": play,
    "cut": cut,
    "contract": contract,
    "listen-and-look": listen_and_look,
    "plug-in": plug_in,
}

if __name__ == "__main__":
    try:
        PROGRAMS[sys.argv[1]](*sys.argv[2:])  # type: ignore[operator]
    except AssistantError as error:
        print(error)
        sys.exit(error.exit_status)
