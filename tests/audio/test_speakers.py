from __future__ import annotations

import asyncio

import pytest

from assistant.audio import speakers
from assistant.audio.speakers import DeviceSpeaker, SilentSpeaker
from assistant.errors import DeviceError
from assistant.ports import Sound
from tests.audio.speaker_contract import SHORT, RecordingSpeaker, keep_speaker_contract
from tests.audio.tones import tone


@pytest.mark.parametrize("make", [SilentSpeaker, RecordingSpeaker])
def test_keeps_the_contract(make: type[SilentSpeaker | RecordingSpeaker]) -> None:
    asyncio.run(keep_speaker_contract(make))


def test_the_fake_that_holds_tells_played_from_cut() -> None:
    async def play_and_cut() -> RecordingSpeaker:
        speaker = RecordingSpeaker(holding=True)
        played = asyncio.create_task(speaker.play(SHORT))
        await asyncio.sleep(0)
        speaker.let_go()
        await played
        cut = asyncio.create_task(speaker.play(SHORT))
        await asyncio.sleep(0)
        cut.cancel()
        await asyncio.wait([cut])
        return speaker

    speaker = asyncio.run(play_and_cut())
    assert (len(speaker.played), len(speaker.cut)) == (1, 1)


def test_error_of_the_playing_thread_reaches_the_one_who_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_device(name: str, *rest: object) -> None:
        raise DeviceError(f"There is no loudspeaker '{name}'.")

    monkeypatch.setattr(speakers, "open_device", no_device)
    with pytest.raises(DeviceError) as caught:
        asyncio.run(DeviceSpeaker("nowhere").play(Sound(tone(700, 0.1, 16_000), 16_000)))
    assert str(caught.value) == "There is no loudspeaker 'nowhere'."
