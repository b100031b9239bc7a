"""The settings: one frozen model a section, every default good enough to try the assistant."""

from __future__ import annotations

from assistant.config.home import (
    AlarmsSettings,
    IntentsSettings,
    ScheduleEntry,
    TimersSettings,
    TriggerEntry,
)
from assistant.config.loading import load_settings
from assistant.config.settings import Settings
from assistant.config.sound import (
    AudioSettings,
    EndpointingSettings,
    MicrophoneEntry,
    SpeechSettings,
    WakeSettings,
    WordEntry,
)
from assistant.config.values import Section

__all__ = [
    "AlarmsSettings",
    "AudioSettings",
    "EndpointingSettings",
    "IntentsSettings",
    "MicrophoneEntry",
    "ScheduleEntry",
    "Section",
    "Settings",
    "SpeechSettings",
    "TimersSettings",
    "TriggerEntry",
    "WakeSettings",
    "WordEntry",
    "load_settings",
]
