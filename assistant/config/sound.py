"""Sections of what is heard and said: microphones, the wake word, the recognizer, the voice."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from assistant.config.values import Fact, FilePath, Probability, Seconds, Section, WrittenText


class MicrophoneEntry(Section):
    """One of several microphones.

    ``source`` is as that of the section. ``context`` holds for what is said to it, beside
    ``intents.context``: where it stands, such as ``area: kitchen``. ``words`` are the wake words
    that it listens for; without them, all.
    """

    source: str = "default"
    context: dict[str, Fact] = Field(default={})
    words: tuple[str, ...] = ()


class AudioSettings(Section):
    """The microphone and the loudspeaker.

    ``source`` and ``output`` are a device's name as ``assistant devices`` prints it (or a part of
    it that no other device has), 'default', or for the output 'none'. ``microphones`` are several
    ones by name, instead of ``source``. A microphone is ``echo_cancelled`` if what the assistant
    itself says is taken out of its sound; 'auto' tells by its name. ``duck`` turns other programs
    down to ``duck_to`` of their volume while somebody speaks with the assistant.
    """

    source: str = "default"
    microphones: dict[str, MicrophoneEntry] = Field(default={})
    output: str = "default"
    pre_roll_seconds: Annotated[float, Field(ge=0.2, le=5.0)] = 2.0
    echo_cancelled: Literal["auto", "yes", "no"] = "auto"
    duck: bool = False
    duck_to: Probability = 0.3


class WordEntry(Section):
    """One of several wake words, and what follows it.

    What is left out is as the section ``wake`` says. ``phrase`` is how the word is spoken, where
    its name does not tell. What follows is in ``language``, and one of ``intents``: names of
    intents, or of files with all that are in them. Or the word itself is a ``command``.
    """

    model: FilePath | None = None
    phrase: str | None = None
    threshold: Probability | None = None
    sensitivity: Probability | None = None
    patience_chunks: Annotated[int, Field(ge=1, le=12)] | None = None
    language: WrittenText | None = None
    intents: tuple[WrittenText, ...] = ()
    command: WrittenText | None = None


class WakeSettings(Section):
    """The wake word: one of the engine's names, or one that was trained here.

    ``model`` is the path of another file: openWakeWord's ONNX, one of ``assistant wake train``, or
    microWakeWord's JSON; ``features`` a folder with other feature networks than the package's.

    ``words`` are several ones, each with settings of its own, instead of ``word`` and ``model``.
    ``sensitivity`` says how many false alarms are put up with; ``threshold`` is the score itself,
    instead. ``log`` keeps a week of the scores, numbers only, for ``assistant wake report``.
    ``verifier`` is a file with the owner's voice: a call in a voice that scores below
    ``verifier_threshold`` is none.
    """

    engine: Literal["openwakeword", "microwakeword"] = "openwakeword"
    word: str = "hey_jarvis"
    words: dict[WrittenText, WordEntry] = Field(default={})
    model: FilePath | None = None
    features: FilePath | None = None
    sensitivity: Probability = 0.5
    threshold: Probability | None = None
    patience_chunks: Annotated[int, Field(ge=1, le=12)] = 1
    refractory_seconds: Annotated[float, Field(ge=0.0, le=10.0)] = 1.5
    log: bool = True
    verifier: FilePath | None = None
    verifier_threshold: Probability = 0.06


class EndpointingSettings(Section):
    """When a command begins and ends."""

    speech_threshold: Probability = 0.5
    start_seconds: Seconds = 0.16
    end_silence_seconds: Seconds = 0.64
    final_silence_seconds: Seconds = 0.2
    unfinished_silence_seconds: Seconds = 1.2
    nothing_seconds: Seconds = 5.0
    maximum_seconds: Seconds = 15.0
    margin_seconds: Annotated[float, Field(ge=0.0, le=1.0)] = 0.3


class RecognizerSettings(Section):
    """The speech recognizer; 'auto' is Vosk where a model is found, else PocketSphinx.

    ``second_opinion`` is another one that hears each command at its end; 'auto' is 'phones' beside
    PocketSphinx, where openWakeWord is in use, whose features they share, else nobody.
    What is less sure than ``act_confidence`` is asked for ("did you mean ...?"), than
    ``ask_confidence`` not believed. ``several_commands`` listens for two commands in one breath,
    which makes single ones a little less sure.
    """

    engine: Literal["auto", "phones", "pocketsphinx", "vosk"] = "auto"
    second_opinion: Literal["auto", "none", "phones", "pocketsphinx", "vosk"] = "auto"
    vosk_model: FilePath | None = None
    act_confidence: Probability = 0.4
    ask_confidence: Probability = 0.15
    several_commands: bool = False


class SpeechSettings(Section):
    """The voice; 'auto' is piper where a voice is configured, else espeak-ng if installed.

    ``voice`` is one of espeak-ng's; 'auto' is that of ``intents.language``.
    """

    engine: Literal["auto", "espeak-ng", "piper", "none"] = "auto"
    voice: str = "auto"
    words_per_minute: Annotated[int, Field(ge=80, le=450)] = 160
    piper_voice: FilePath | None = None
    earcons: bool = True
