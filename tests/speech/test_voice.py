"""The voice, through a loudspeaker that remembers."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from assistant.ports import Sound
from assistant.quiethours import Quietness
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


# --- quiet hours ----------------------------------------------------------------------------------

CHIME = Sound(np.ones(20, np.int16), 22_050)
EARCONS = {ALARM: BEEP, "done": BEEP, "announcement": CHIME}


def at_night(speaker: RecordingSpeaker, *, only_earcons: bool = False) -> Voice:
    quiet = Quietness(0.5, only_earcons)
    return Voice(Synthesizer(), speaker, EARCONS, lambda: 0.8, quiet=lambda: quiet)


def test_in_quiet_hours_answers_and_earcons_are_softer() -> None:
    speaker = RecordingSpeaker()

    async def scene() -> None:
        await at_night(speaker).answer("hello", instead="done")
        await at_night(speaker).signal("done")
        await at_night(speaker).announce("dinner is ready", earcon="announcement")

    asyncio.run(scene())
    assert speaker.played == [WORDS, BEEP, CHIME, WORDS]
    assert speaker.volumes == [0.4, 0.4, 0.4, 0.4]


def test_in_quiet_hours_a_ring_is_as_loud_as_ever() -> None:
    speaker = RecordingSpeaker()
    asyncio.run(at_night(speaker, only_earcons=True).ring("done", 0.05, lambda: None))
    assert speaker.played == [BEEP, BEEP, WORDS]
    assert set(speaker.volumes) == {0.8}


def test_where_only_earcons_are_wanted_questions_and_announcements_are_spoken() -> None:
    speaker = RecordingSpeaker()

    async def scene() -> None:
        night = at_night(speaker, only_earcons=True)
        await night.answer("seven thirty", instead="done")
        await night.answer("that did not work", instead="")
        await night.answer("did you mean the hall?", instead=None)
        await night.announce("dinner is ready", earcon="announcement")

    asyncio.run(scene())
    assert speaker.played == [BEEP, WORDS, CHIME, WORDS]


def test_by_day_an_answer_is_spoken_as_loud_as_ever() -> None:
    speaker = RecordingSpeaker()
    asyncio.run(voice(speaker).answer("hello", instead="wake"))
    assert (speaker.played, speaker.volumes) == ([WORDS], [0.7])
