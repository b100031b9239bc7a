"""Shipped commands spoken by synthetic voices on the spot, in one breath or with a pause within.

Half of the commands and of the voices is for decisions ('dev'), the other for the figures ('test').
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from assistant.audio.frames import SAMPLE_RATE, Samples
from scripts.benchmarks.voices import LEAD_SECONDS, TAIL_SECONDS, compose, speak

Half: TypeAlias = Literal["dev", "test"]

# "|" is where somebody may stop to think.
COMMANDS: dict[Half, tuple[str, ...]] = {
    "dev": (
        "set a | timer for | ten minutes",
        "set a timer for twenty | five minutes",
        "set a timer for one hour | and | thirty minutes",
        "set | a pasta timer for | ten minutes",
        "how much time is left | on the | pasta timer",
        "cancel the | pasta timer",
        "cancel | all timers",
        "set the volume | to | fifty percent",
        "turn it down | to | twenty percent",
        "what time | is it",
        "what time is it | now",
        "tell me | what day it is",
        "which timers | are running",
        "stop | the alarm",
        "turn the | timer off",
        "never | mind",
        "when does the | pasta timer end",
        "raise the volume | a little",
        "stop",
        "louder",
    ),
    "test": (
        "set a timer | for | fifteen minutes",
        "start a | two minute | egg timer",
        "set a timer for three | quarters of an hour",
        "set a timer for five minutes | and | ten seconds",
        "set a ten minute timer | for the | laundry",
        "cancel the | coffee timer",
        "turn off | the pizza timer",
        "stop all | of my timers",
        "list | all of my timers",
        "check the | five minute timer",
        "when will the | tea timer ring",
        "how long do i | have left",
        "turn the volume up | to | seventy percent",
        "change the volume | to | thirty five percent",
        "make it | a bit louder",
        "turn it down | a little",
        "could you | tell me the | time",
        "what is the date | today",
        "do you know | what day | it is today",
        "repeat that | once more",
        "what did | you say",
        "be | quiet",
        "quieter",
        "forget it",
    ),
}
VOICES: dict[Half, tuple[str, ...]] = {
    "dev": ("flite slt", "flite awb", "espeak en-us", "espeak en+f3", "espeak en-us+m3 170"),
    "test": ("flite rms", "flite kal16", "espeak en-gb", "espeak en-us+f2", "espeak en-us+m1 165"),
}
NOISES = ("room", "hum 15 dB", "room", "pink 15 dB")
PAUSES_SECONDS = (0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
SILENCE_SECONDS = 2.0
"""What follows the last word: longer than anything that ends a command."""


@dataclass(frozen=True)
class Spoken:
    """A command said by a voice; ``pause_seconds`` is between the two parts, 0 without a second."""

    voice: str
    before: str
    after: str
    pause_seconds: float
    noise: str
    seed: int

    @property
    def text(self) -> str:
        """All of its words."""
        return f"{self.before} {self.after}".strip()

    def samples(self) -> Samples:
        """The sound of it, with silence before and after."""
        second = (self.pause_seconds, self.after) if self.after else ()
        parts = (self.before, *second, SILENCE_SECONDS - TAIL_SECONDS)
        return compose(self.voice, parts, self.noise, self.seed)

    @property
    def end_seconds(self) -> float:
        """Where the last word ends."""
        spoken = sum(len(speak(self.voice, part)) for part in (self.before, self.after) if part)
        return LEAD_SECONDS + self.pause_seconds + spoken / SAMPLE_RATE


def one_breath(half: Half) -> list[Spoken]:
    """Each command by each voice, in noise by turns."""
    said = itertools.product(COMMANDS[half], VOICES[half])
    return [
        Spoken(voice, command.replace("| ", ""), "", 0.0, NOISES[seed % len(NOISES)], seed)
        for seed, (command, voice) in enumerate(said)
    ]


def with_pauses(half: Half) -> list[Spoken]:
    """Each place of each command with each pause, by voices and in noise by turns."""
    said = itertools.product(_places(COMMANDS[half]), PAUSES_SECONDS)
    voices = VOICES[half]
    found = []
    for seed, ((before, after), pause_seconds) in enumerate(said):
        # Coprime steps, so that each pause meets each voice and each noise.
        voice, noise = voices[seed % len(voices)], NOISES[seed // len(voices) % len(NOISES)]
        found.append(Spoken(voice, before, after, pause_seconds, noise, seed))
    return found


def _places(commands: Sequence[str]) -> Iterator[tuple[str, str]]:
    for command in commands:
        parts = command.split(" | ")
        for at in range(1, len(parts)):
            yield " ".join(parts[:at]), " ".join(parts[at:])
