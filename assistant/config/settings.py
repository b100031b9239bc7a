"""All sections together, and what they know by name."""

from __future__ import annotations

import typing

from assistant.config.home import (
    ActionsSettings,
    AlarmsSettings,
    DialogueSettings,
    IntentsSettings,
    MediaSettings,
    QuietHoursSettings,
    ScheduleSettings,
    TimersSettings,
    TriggerEntry,
    VolumeSettings,
)
from assistant.config.sound import (
    AudioSettings,
    EndpointingSettings,
    RecognizerSettings,
    SpeechSettings,
    WakeSettings,
)
from assistant.config.values import Section


class Settings(Section):
    """All settings."""

    audio: AudioSettings = AudioSettings()
    wake: WakeSettings = WakeSettings()
    endpointing: EndpointingSettings = EndpointingSettings()
    recognizer: RecognizerSettings = RecognizerSettings()
    speech: SpeechSettings = SpeechSettings()
    intents: IntentsSettings = IntentsSettings()
    dialogue: DialogueSettings = DialogueSettings()
    actions: ActionsSettings = ActionsSettings()
    timers: TimersSettings = TimersSettings()
    alarms: AlarmsSettings = AlarmsSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    quiet_hours: QuietHoursSettings = QuietHoursSettings()
    volume: VolumeSettings = VolumeSettings()
    media: MediaSettings = MediaSettings()
    triggers: tuple[TriggerEntry, ...] = ()


def entry_of(section: str, key: str) -> type[Section] | None:
    """The kind of section that a setting has several of, by name; None for any other setting."""
    known = section_of(section)
    field = known.model_fields.get(key) if known else None
    kinds = typing.get_args(field.annotation) if field else ()
    kind = kinds[-1] if kinds else None
    return kind if isinstance(kind, type) and issubclass(kind, Section) else None


def section_of(name: str) -> type[Section] | None:
    """The kind of section that stands under a name, or of which a list does."""
    known = Settings.model_fields.get(name)
    kinds = (known.annotation, *typing.get_args(known.annotation)) if known else ()
    return next((one for one in kinds if isinstance(one, type) and issubclass(one, Section)), None)


def keys_of(section: str) -> list[str]:
    """Names that may stand in a section, as they are written."""
    known = section_of(section)
    return [one.alias or name for name, one in known.model_fields.items()] if known else []
