"""Composition of the voice: from settings to speech engines, loudspeaker and earcons."""

from __future__ import annotations

import logging
from datetime import time
from typing import TYPE_CHECKING

from assistant import clock
from assistant.actions import volume
from assistant.audio.speakers import DeviceSpeaker, SilentSpeaker, load_earcon
from assistant.dialogue.effects import Earcon
from assistant.domains import in_language
from assistant.quiethours import QuietHours, Quietness
from assistant.speech.synthesizers import SilentSynthesizer, choose_synthesizer
from assistant.speech.voice import ALARM, Voice
from assistant.wakewords import languages

if TYPE_CHECKING:
    from assistant.config import Settings
    from assistant.ports import Speaker, Synthesizer
    from assistant.state import StateStore

log = logging.getLogger(__name__)


def make_voice(settings: Settings, store: StateStore) -> Voice:
    """Choose speech engine and loudspeaker; 'none' as output is silent."""
    silent, language = settings.audio.output == "none", settings.intents.language
    speaker: Speaker = SilentSpeaker() if silent else DeviceSpeaker(settings.audio.output)
    synthesizer: Synthesizer = (
        SilentSynthesizer() if silent else choose_synthesizer(settings.speech, language)
    )
    if (
        not silent
        and settings.speech.engine == "auto"
        and isinstance(synthesizer, SilentSynthesizer)
    ):
        log.warning("There is no voice: install one with: sudo apt install espeak-ng")
    names = [*(Earcon if settings.speech.earcons else ()), ALARM]
    earcons = {str(name): load_earcon(name) for name in names}
    others = (
        {}
        if silent
        else {
            one: choose_synthesizer(in_language(settings, one).speech, one)
            for one in languages(settings)[1:]
        }
    )
    quiet = quiet_hours(settings)
    return Voice(
        synthesizer,
        speaker,
        earcons,
        # Of all sound of the system its own is as loud as it can be: the rest is the system's.
        lambda: 1.0 if of_system(settings) else volume.current(store) / 100.0,
        others,
        quiet=lambda: quiet.at(clock.now().time()),
    )


def of_system(settings: Settings) -> bool:
    """Whether "louder" means all sound of the system."""
    return settings.volume.of == "system"


def quiet_hours(settings: Settings) -> QuietHours:
    """Take the quiet hours from the settings."""
    chosen = settings.quiet_hours
    return QuietHours(
        time.fromisoformat(chosen.begin),
        time.fromisoformat(chosen.end),
        Quietness(chosen.factor, chosen.answers == "earcons"),
    )
