"""The voice, through a loudspeaker that remembers."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from assistant.ports import Sound
from assistant.speech.synthesizers import SilentSynthesizer
from assistant.speech.voice import ALARM, Voice
from tests.audio.speaker_contract import RecordingSpeaker

BEEP = Sound(np.ones(10, np.int16), 22_050)
WORDS = Sound(np.ones(99, np.int16), 22_050)


class Synthesizer:
    async def synthesize(self, text: str) -> Sound:
        return WORDS


def voice(speaker: RecordingSpeaker) -> Voice:
    return Voice(Synthesizer(), speaker, {ALARM: BEEP, "wake": BEEP}, lambda: 0.7)


def test_it_says_and_plays() -> None:
    speaker = RecordingSpeaker()

    async def scene() -> None:
        await voice(speaker).play("wake")
        await voice(speaker).say("hello")

    asyncio.run(scene())
    assert speaker.played == [BEEP, WORDS]


def test_silence_and_earcons_switched_off_play_nothing() -> None:
    speaker = RecordingSpeaker()

    async def scene() -> None:
        await voice(speaker).say("")
        await voice(speaker).play("failed")
        await Voice(SilentSynthesizer(), speaker, {}, lambda: 1.0).say("hello")

    asyncio.run(scene())
    assert speaker.played == []


def test_ringing_ends_by_itself_and_was_announced() -> None:
    speaker = RecordingSpeaker()
    announced: list[int] = []
    asyncio.run(voice(speaker).ring("done", 0.05, lambda: announced.append(1)))
    assert announced == [1]
    assert speaker.played == [BEEP, BEEP, WORDS]


def test_a_ring_that_is_cut_before_it_was_heard_was_not_announced() -> None:
    speaker = RecordingSpeaker(holding=True)
    announced: list[int] = []

    async def scene() -> None:
        ringing = asyncio.create_task(
            voice(speaker).ring("done", 60.0, lambda: announced.append(1))
        )
        await asyncio.wait([ringing], timeout=0.01)
        ringing.cancel()
        await asyncio.wait([ringing])
        assert ringing.cancelled()

    asyncio.run(scene())
    assert announced == []
    assert speaker.cut == [BEEP]


def test_a_ring_can_begin_softly_and_grow_as_loud_as_all_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On a clock that goes as the test wants: an announcement a minute."""
    monkeypatch.setattr("assistant.speech.voice.RING_PAUSE_SECONDS", 0)
    speaker = RecordingSpeaker()
    volumes: list[float] = []

    async def scene() -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        monkeypatch.setattr(loop, "time", lambda: began + 60.0 * len(volumes))

        def announced() -> None:
            volumes.append(round(speaker.volumes[-1] / 0.7, 2))

        await voice(speaker).ring("seven", 110.0, announced, grow_seconds=120.0)

    asyncio.run(scene())
    assert volumes == [0.15, 0.57, 1.0]


def test_what_is_told_once_is_said_once() -> None:
    speaker = RecordingSpeaker()
    announced: list[int] = []
    asyncio.run(voice(speaker).ring("missed", 0.0, lambda: announced.append(1)))
    assert announced == [1]
    assert speaker.played == [BEEP, WORDS]
