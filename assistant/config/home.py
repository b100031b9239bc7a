"""Sections of what the assistant does: intents, dialogue, actions, timers, music, buttons."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from assistant.config.values import (
    BrokerAddress,
    CredentialName,
    Deed,
    Fact,
    FilePath,
    MpdAddress,
    Pin,
    Seconds,
    Section,
    TimeOfDay,
    WrittenText,
)


class IntentsSettings(Section):
    """Where intent files are; the shipped ones of ``language`` come first, then these folders.

    ``reload`` reads them again whenever one of them has changed. ``context`` is what sentences may
    require (``requires_context``), such as ``area: kitchen``. ``did_you_mean`` asks, where a text
    means nothing, for what is near. ``several_commands`` takes more than one in a text.
    """

    language: str = "en"
    shipped: bool = True
    directories: tuple[FilePath, ...] = ()
    reload: bool = True
    context: dict[str, Fact] = Field(default={})
    did_you_mean: bool = True
    several_commands: bool = True


class DialogueSettings(Section):
    """How the assistant talks.

    ``follow_up`` opens the microphone without the wake word: after its questions, 'always' after
    answers as well, for ``follow_up_seconds``, or 'off'. ``pin`` is the number that intents with
    ``confirm: {pin: true}`` want, 3 to 8 digits. ``keep_missed`` is how many sentences that were
    not understood are kept for ``assistant missed``; 0 erases them.
    """

    follow_up: Literal["off", "questions", "always"] = "questions"
    follow_up_seconds: Seconds = 4.0
    pin: Pin | None = None
    keep_missed: Annotated[int, Field(ge=0, le=10_000)] = 200


class ActionsSettings(Section):
    """What the owner's actions share: the time limit of a step, and the MQTT broker."""

    timeout_seconds: Seconds = 10.0
    mqtt_broker: BrokerAddress = "mqtt://localhost"
    mqtt_credential: CredentialName | None = None


class TimersSettings(Section):
    """How long a timer rings when nobody says "stop"."""

    ring_seconds: Seconds = 60.0


class AlarmsSettings(Section):
    """How an alarm rings, and for how long "snooze" lets it be.

    It begins softly, is as loud as everything else after ``grow_seconds``, and gives up after
    ``ring_seconds``. ``snooze_seconds`` hold where no time is said.
    """

    ring_seconds: Seconds = 600.0
    grow_seconds: Annotated[float, Field(ge=0.0, le=3600.0)] = 45.0
    snooze_seconds: Seconds = 540.0


class ScheduleEntry(Section):
    """A ``command`` that is given whenever it is time: "every weekday at seven"."""

    when: WrittenText = ""
    command: WrittenText = ""


class ScheduleSettings(Section):
    """Commands that the assistant gives itself, by names of their own."""

    commands: dict[WrittenText, ScheduleEntry] = Field(default={})


class VolumeSettings(Section):
    """What "louder" means: the assistant's own ``voice``, or all sound of the ``system``.

    ``mixer`` is what sets that of the system; 'auto' is the first one that works.
    """

    of: Literal["voice", "system"] = "voice"
    mixer: Literal["auto", "pulse", "pipewire", "alsa"] = "auto"


class MediaSettings(Section):
    """What "pause the music" is said to: any program that speaks MPRIS, or an MPD.

    ``mpd`` is where it listens: the path of its socket, or host:port, which the bridge connects to.
    """

    player: Literal["auto", "mpris", "mpd"] = "auto"
    mpd: MpdAddress = ""


class QuietHoursSettings(Section):
    """Between these times of the day answers are ``softer``, or no more than ``earcons``.

    They are none where the two times are the same. ``factor`` is what is left of the volume.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    begin: Annotated[TimeOfDay, Field(alias="from")] = "00:00"
    end: Annotated[TimeOfDay, Field(alias="to")] = "00:00"
    answers: Literal["softer", "earcons"] = "softer"
    factor: Annotated[float, Field(ge=0.05, le=1.0)] = 0.4


class TriggerEntry(Section):
    """A key of an input device, or a button at a GPIO pin, and what it does.

    ``do`` is 'listen', 'mute' (or hear again), 'stop', or else a sentence, as if it had been said.
    """

    device: str | None = None
    key: WrittenText | None = None
    gpio: Annotated[int, Field(ge=0, le=63)] | None = None
    do: Deed

    @model_validator(mode="after")
    def _one_of_both(self) -> TriggerEntry:
        if (self.gpio is None) == (self.device is None) or (self.device is None) != (
            self.key is None
        ):
            raise ValueError("a mapping with 'device' and 'key', or with 'gpio'")
        return self
