"""Composition of the pipelines: one for each microphone, around the recognizers that all share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.microphones import Microphone, microphones
from assistant.wake.decision import WakeDecision
from assistant.wakewords import DEFAULT, wake_words
from assistant.waking import build_verifier, build_wake_word, load_wake_words, wake_rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.config import EndpointingSettings, Settings
    from assistant.floor import Floor
    from assistant.paths import Paths
    from assistant.pipeline import Pipeline
    from assistant.ports import Recognizer, SpeakerVerifier, WakeWord
    from assistant.wakewords import WordSettings


def build_floor(recognizers: Mapping[str, Recognizer], words: Sequence[WordSettings]) -> Floor:
    """Put together what the microphones share: the recognizers, by domain, and all wake words."""
    from assistant.floor import Floor
    from assistant.hearing import Hearing

    return Floor(Hearing(recognizers, words))


def build_pipelines(
    settings: Settings, floor: Floor, paths: Paths | None = None
) -> dict[str, Pipeline]:
    """Load the wake words, and make a pipeline for each microphone, by its name.

    ``paths`` has the words that were trained, and a folder for what takes time to make.
    """
    make_engine, verifier = load_wake_words(settings, paths), build_verifier(settings)
    return {
        one.name: make_pipeline(settings, floor, one, make_engine(one.words), verifier=verifier)
        for one in microphones(settings)
    }


def build_pipeline(
    settings: Settings,
    recognizer: Recognizer,
    *,
    wake: bool = True,
    endpointing: EndpointingSettings | None = None,
    recognizers: Mapping[str, Recognizer] | None = None,
    paths: Paths | None = None,
) -> Pipeline:
    """Make a pipeline for recordings, or one microphone: all wake words, or none without ``wake``.

    ``recognizers`` are those of domains that have one of their own.
    """
    words = wake_words(settings) if wake else ()
    engine = build_wake_word(settings, paths) if wake else None
    verifier = build_verifier(settings) if wake else None
    floor = build_floor({DEFAULT: recognizer, **(recognizers or {})}, words)
    one = Microphone("", settings.audio.source, {}, words)
    return make_pipeline(settings, floor, one, engine, verifier=verifier, endpointing=endpointing)


def make_pipeline(
    settings: Settings,
    floor: Floor,
    microphone: Microphone,
    engine: WakeWord | None,
    *,
    verifier: SpeakerVerifier | None,
    endpointing: EndpointingSettings | None = None,
) -> Pipeline:
    """Put the parts of a pipeline together."""
    from assistant.audio.echo import is_echo_cancelled
    from assistant.audio.vad import SileroVad
    from assistant.pipeline import Pipeline

    rules = wake_rules(microphone.words, engine) if engine is not None else {}
    return Pipeline(
        wake=engine,
        decision=WakeDecision(rules, settings.wake.refractory_seconds),
        vad=SileroVad(),
        floor=floor,
        audio=settings.audio,
        endpointing=endpointing or settings.endpointing,
        words=microphone.words,
        verifier=verifier,
        voice_threshold=settings.wake.verifier_threshold,
        microphone=microphone.name,
        echo_cancelled=is_echo_cancelled(microphone.source, settings.audio.echo_cancelled),
    )
