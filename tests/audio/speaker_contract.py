"""What every loudspeaker keeps to: the real one, the silent one, and the fake of other tests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import numpy as np

from assistant.ports import Sound, Speaker
from tests.audio.tones import tone

SHORT = Sound(tone(700, 0.1, 22_050), 22_050)
OTHER_RATE = Sound(tone(500, 0.1, 16_000), 16_000)
LONG = Sound(tone(700, 5.0, 22_050), 22_050)
EMPTY = Sound(np.zeros(0, np.int16), 22_050)


class RecordingSpeaker:
    """A fake that remembers. Sounds end at once, or while ``holding`` when ``let_go`` is called."""

    def __init__(self, holding: bool = False) -> None:
        self.played: list[Sound] = []
        self.volumes: list[float] = []
        self.cut: list[Sound] = []
        self.closed = False
        self._holding = holding
        self._let_go = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()

    async def play(self, sound: Sound, volume: float = 1.0) -> None:
        async with self._one_at_a_time:
            if self.closed or not sound.samples.size:
                return
            try:
                if self._holding:
                    await self._let_go.wait()
                    self._let_go.clear()
            except asyncio.CancelledError:
                self.cut.append(sound)
                raise
            self.played.append(sound)
            self.volumes.append(volume)

    def hold(self) -> None:
        self._holding = True

    def let_go(self) -> None:
        self._let_go.set()

    def close(self) -> None:
        self.closed = True
        self._let_go.set()


async def keep_speaker_contract(make: Callable[[], Speaker]) -> None:
    speaker = make()
    await speaker.play(SHORT)
    await speaker.play(OTHER_RATE, volume=0.0)
    await speaker.play(EMPTY)

    # One at a time, in the order of asking.
    ended: list[str] = []

    async def play(name: str, sound: Sound) -> None:
        await speaker.play(sound)
        ended.append(name)

    await asyncio.gather(play("first", SHORT), play("second", EMPTY), play("third", SHORT))
    assert ended == ["first", "second", "third"]

    # A cut sound leaves the loudspeaker free.
    playing = asyncio.create_task(speaker.play(LONG))
    await asyncio.wait([playing], timeout=0.2)
    was_playing = playing.cancel()
    await asyncio.wait([playing])
    assert playing.cancelled() == was_playing
    await speaker.play(SHORT)

    # Closing ends what is playing, and what comes later is not played.
    playing = asyncio.create_task(speaker.play(LONG))
    await asyncio.wait([playing], timeout=0.2)
    speaker.close()
    await playing
    await speaker.play(LONG)
