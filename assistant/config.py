"""The settings: one frozen model a section, every default good enough to try the assistant.

Ranges are checked here; ``load`` reports every mistake of the file with its place.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Probability = Annotated[float, Field(ge=0.0, le=1.0)]
Seconds = Annotated[float, Field(gt=0.0, le=3600.0)]


class Section(BaseModel):
    """Base of all sections: frozen, and an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class AudioSettings(Section):
    """The microphone and the loudspeaker.

    ``source`` and ``output`` are a device's name as ``assistant devices`` prints it (or a part of
    it that no other device has), 'default', or for the output 'none'.
    """

    source: str = "default"
    output: str = "default"
    pre_roll_seconds: Annotated[float, Field(ge=0.2, le=5.0)] = 2.0


class WakeSettings(Section):
    """The wake word: one of openWakeWord's names, or ``model``, the path of an ONNX file."""

    word: str = "hey_jarvis"
    model: Path | None = None
    threshold: Probability = 0.5
    patience_chunks: Annotated[int, Field(ge=1, le=12)] = 1
    refractory_seconds: Annotated[float, Field(ge=0.0, le=10.0)] = 1.5


class EndpointingSettings(Section):
    """When a command begins and ends."""

    speech_threshold: Probability = 0.5
    start_seconds: Seconds = 0.16
    end_silence_seconds: Seconds = 0.8
    complete_silence_seconds: Seconds = 0.4
    nothing_seconds: Seconds = 5.0
    maximum_seconds: Seconds = 15.0
    margin_seconds: Annotated[float, Field(ge=0.0, le=1.0)] = 0.3


class RecognizerSettings(Section):
    """The speech recognizer; 'auto' is Vosk where a model is found, else PocketSphinx."""

    engine: Literal["auto", "pocketsphinx", "vosk"] = "auto"
    vosk_model: Path | None = None
    minimum_confidence: Probability = 0.3


class SpeechSettings(Section):
    """The voice; 'auto' is piper where a voice is configured, else espeak-ng if installed."""

    engine: Literal["auto", "espeak-ng", "piper", "none"] = "auto"
    voice: str = "en-gb"
    words_per_minute: Annotated[int, Field(ge=80, le=450)] = 160
    piper_voice: Path | None = None
    earcons: bool = True


class IntentsSettings(Section):
    """Where intent files are; the shipped ones of ``language`` come first, then these folders."""

    language: str = "en"
    shipped: bool = True
    directories: tuple[Path, ...] = ()


class ActionsSettings(Section):
    """Limits of the owner's actions."""

    timeout_seconds: Seconds = 10.0


class TimersSettings(Section):
    """How long a timer rings when nobody says "stop"."""

    ring_seconds: Seconds = 60.0


class Settings(Section):
    """All settings."""

    audio: AudioSettings = AudioSettings()
    wake: WakeSettings = WakeSettings()
    endpointing: EndpointingSettings = EndpointingSettings()
    recognizer: RecognizerSettings = RecognizerSettings()
    speech: SpeechSettings = SpeechSettings()
    intents: IntentsSettings = IntentsSettings()
    actions: ActionsSettings = ActionsSettings()
    timers: TimersSettings = TimersSettings()
