"""The assistant's voice: replies, earcons and the ring, through one loudspeaker."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from assistant.ports import Sound, Speaker, Synthesizer
from assistant.quiethours import Quietness

ALARM = "alarm"

# A pause in which "stop" can be said, and heard, between two rings.
RING_PAUSE_SECONDS = 1.2
RINGS_PER_ANNOUNCEMENT = 2
# Of the usual loudness, with which a ring that grows begins.
SOFTEST = 0.15
# What is said once has to be over by then.
ONCE_SECONDS = 60.0


class Voice:
    """Says and plays. ``volume`` is asked before each sound and answers 0..1.

    ``others`` speak the languages that ``synthesizer`` does not. ``quiet`` tells what quiet hours
    leave of everything but a ring. Cancelling any of its coroutines cuts the sound.
    """

    def __init__(
        self,
        synthesizer: Synthesizer,
        speaker: Speaker,
        earcons: Mapping[str, Sound],
        volume: Callable[[], float],
        others: Mapping[str, Synthesizer] | None = None,
        *,
        quiet: Callable[[], Quietness] = Quietness,
    ) -> None:
        self._synthesizer = synthesizer
        self._others = others or {}
        self._speaker = speaker
        self._earcons = earcons
        self._volume = volume
        self._quiet = quiet

    async def answer(self, text: str, language: str = "", instead: str | None = None) -> None:
        """Speak, softer in quiet hours; or play the earcon ``instead`` where they allow no more.

        Without one, as of a question, it is spoken in any case. Raises EngineError and DeviceError.
        """
        quiet = self._quiet()
        if text and quiet.only_earcons and instead is not None:
            await self.play(instead, quiet.gain)
        else:
            await self.say(text, language, quiet.gain)

    async def announce(self, text: str, language: str = "", earcon: str = "") -> None:
        """Play the earcon and speak, softer in quiet hours. Raises EngineError and DeviceError."""
        gain = self._quiet().gain
        await self.play(earcon, gain)
        await self.say(text, language, gain)

    async def signal(self, earcon: str) -> None:
        """Play an earcon, softer in quiet hours. Raises DeviceError."""
        await self.play(earcon, self._quiet().gain)

    async def say(self, text: str, language: str = "", gain: float = 1.0) -> None:
        """Speak to the end, '' being silence. Raises EngineError and DeviceError."""
        if not text:
            return
        sound = await self._others.get(language, self._synthesizer).synthesize(text)
        if len(sound.samples):
            await self._speaker.play(sound, self._volume() * gain)

    async def play(self, earcon: str, gain: float = 1.0) -> None:
        """Play an earcon, where there is one of this name. Raises DeviceError."""
        if earcon in self._earcons:
            await self._speaker.play(self._earcons[earcon], self._volume() * gain)

    async def ring(
        self,
        text: str,
        seconds: float,
        announced: Callable[[], None],
        language: str = "",
        grow_seconds: float = 0.0,
    ) -> None:
        """Ring and say what for, again and again for ``seconds`` in all; once where that is 0.

        It begins softly, and is as loud as all else after ``grow_seconds``. ``announced`` is called
        once somebody in the room could have heard it.
        """
        clock = asyncio.get_running_loop().time
        began = clock()

        def gain() -> float:
            grown = (clock() - began) / grow_seconds if grow_seconds else 1.0
            return min(SOFTEST + (1.0 - SOFTEST) * grown, 1.0)

        async with _until(seconds or ONCE_SECONDS):
            while True:
                for _ in range(RINGS_PER_ANNOUNCEMENT if seconds else 1):
                    await self.play(ALARM, gain())
                await self.say(text, language, gain())
                announced()
                if not seconds:
                    break
                await asyncio.sleep(RING_PAUSE_SECONDS)


class _until:  # noqa: N801 - reads as a word of the sentence it stands in
    """``asyncio.timeout`` for which running out of time is the way to end."""

    def __init__(self, seconds: float) -> None:
        self._timeout = asyncio.timeout(seconds)

    async def __aenter__(self) -> None:
        await self._timeout.__aenter__()

    async def __aexit__(self, *failure: object) -> bool:
        try:
            await self._timeout.__aexit__(*failure)  # type: ignore[arg-type]
        except TimeoutError:
            return True
        return False
