"""The settings: one frozen model a section, every default good enough to try the assistant.

Ranges are checked here; ``load_settings`` reports every mistake of the file with its place.
"""

from __future__ import annotations

import re
import typing
from pathlib import Path
from typing import Annotated, Any, Literal, NotRequired, TypeAlias, TypedDict, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    SecretStr,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from assistant.contradictions import contradictions
from assistant.errors import ConfigError, Place, Problem
from assistant.intents.messages import broker_of
from assistant.intents.reading import data
from assistant.intents.slottedtexts import CREDENTIAL_NAME
from assistant.yamlsource import Items, Mapping, Node, Text, Written, did_you_mean, parse


def _from_base(path: Path, info: ValidationInfo) -> Path:
    """Read a relative path from the folder of the file; "~" is left to the caller."""
    base = (info.context or {}).get("base")
    at_home = path.parts[:1] and path.parts[0].startswith("~")
    return path if base is None or at_home else Path(base) / path


def _one_fact(value: Any) -> Any:
    if isinstance(value, str | int | float):
        return value
    raise ValueError("names with texts or numbers")


def _written(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise ValueError("a text")


def _time_of_day(value: str) -> str:
    if re.fullmatch(r"([01]?[0-9]|2[0-3]):[0-5][0-9]", value):
        return value.rjust(5, "0")
    raise ValueError("a time of the day such as '22:00'")


def _number(value: SecretStr) -> SecretStr:
    if re.fullmatch(r"[0-9]{3,8}", value.get_secret_value()):
        return value
    raise ValueError("a number of 3 to 8 digits, in quotes")


def _something_to_do(value: str) -> str:
    if value.strip():
        return value
    raise ValueError("listen, mute, stop or a sentence")


def _mpd_address(value: str) -> str:
    if not value or value.startswith(("/", "~")) or re.fullmatch(r"\S+:[0-9]{1,5}", value):
        return value
    raise ValueError("the path of a socket, or host:port")


def _broker(value: str) -> str:
    if broker_of(value) is not None:
        return value
    raise ValueError("an address such as mqtt://host or mqtts://host:port")


def _credential(value: str) -> str:
    if CREDENTIAL_NAME.fullmatch(value):
        return value
    raise ValueError("the name of a credential's file, and not the secret itself")


FilePath: TypeAlias = Annotated[Path, AfterValidator(_from_base)]
Fact: TypeAlias = Annotated[Any, AfterValidator(_one_fact)]
"""A text, a number, true or false."""
WrittenText: TypeAlias = Annotated[str, PlainValidator(_written)]
"""A text whose place can be told later on, by ``place_of``."""
TimeOfDay: TypeAlias = Annotated[str, AfterValidator(_time_of_day)]
"""Hours and minutes, as '07:30'."""
Probability = Annotated[float, Field(ge=0.0, le=1.0)]
Seconds = Annotated[float, Field(gt=0.0, le=3600.0)]


class Section(BaseModel):
    """Base of all sections: frozen, and an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class MicrophoneEntry(Section):
    """One of several microphones.

    ``source`` is as that of the section. ``context`` holds for what is said to it, beside
    ``intents.context``: where it stands, such as ``area: kitchen``. ``words`` are the wake words
    that it listens for; without them, all.
    """

    source: str = "default"
    context: dict[str, Fact] = {}
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
    microphones: dict[str, MicrophoneEntry] = {}
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
    words: dict[WrittenText, WordEntry] = {}
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
    context: dict[str, Fact] = {}
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
    pin: Annotated[SecretStr, AfterValidator(_number)] | None = None
    keep_missed: Annotated[int, Field(ge=0, le=10_000)] = 200


class ActionsSettings(Section):
    """What the owner's actions share: the time limit of a step, and the MQTT broker."""

    timeout_seconds: Seconds = 10.0
    mqtt_broker: Annotated[str, AfterValidator(_broker)] = "mqtt://localhost"
    mqtt_credential: Annotated[str, AfterValidator(_credential)] | None = None


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

    commands: dict[WrittenText, ScheduleEntry] = {}


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
    mpd: Annotated[str, AfterValidator(_mpd_address)] = ""


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
    do: Annotated[str, AfterValidator(_something_to_do)]

    @model_validator(mode="after")
    def _one_of_both(self) -> TriggerEntry:
        if (self.gpio is None) == (self.device is None) or (self.device is None) != (
            self.key is None
        ):
            raise ValueError("a mapping with 'device' and 'key', or with 'gpio'")
        return self


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


def load_settings(text: str, path: str, base: Path | None = None) -> Settings:
    """Read a configuration file, given as text; relative paths in it start at ``base``.

    Raises ConfigError with every mistake of the file. An empty file is all defaults.
    """
    problems: list[Problem] = []
    if _says_nothing(text):
        return Settings()
    top = parse(text, path, problems)
    settings = Settings()
    if top is not None:
        try:
            settings = Settings.model_validate(_plain(top), context={"base": base})
        except ValidationError as error:
            problems += [_problem(cast("_Mistake", one), top) for one in error.errors()]
        problems += contradictions(top, WakeSettings().word, AudioSettings().source)
    if problems:
        raise ConfigError(sorted(problems, key=lambda one: (one.place.line, one.place.column)))
    return settings


class _Mistake(TypedDict):
    """What pydantic says of one mistake."""

    type: str
    loc: tuple[str | int, ...]
    msg: str
    ctx: NotRequired[dict[str, Any]]


# pydantic's error type -> what the value must be; the rest is told by its own message.
_EXPECTED = {
    "less_than_equal": "at most {le:g}",
    "greater_than_equal": "at least {ge:g}",
    "greater_than": "more than {gt:g}",
    "literal_error": "{expected}",
    "float_parsing": "a number",
    "int_parsing": "a whole number",
    "bool_parsing": "true or false",
    "tuple_type": "a list",
    "string_type": "a text",
    "path_type": "a path",
    "float_type": "a number",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "model_type": "a mapping: 'key: value' lines",
    "dict_type": "a mapping: 'key: value' lines",
    "value_error": "{error}",
}


def _problem(mistake: _Mistake, top: Mapping) -> Problem:
    """Put a mistake into words at its place in the file."""
    place, value = _find(mistake, top)
    names = [str(part) for part in mistake["loc"] if isinstance(part, str)]
    section, key, *within = names if len(names) > 1 else (names[0], "")
    entry = _entry_of(section, key) if within else None
    if mistake["type"] == "extra_forbidden":
        if entry is not None:
            known = list(entry.model_fields)
            message = f"unknown key '{within[1]}' of '{within[0]}' in '{section}.{key}'"
        elif key:
            known = _keys_of(section)
            message = f"unknown key '{key}' in section '{section}'"
        else:
            known = list(Settings.model_fields)
            message = f"unknown section '{section}'"
        return Problem(
            message, place, did_you_mean(names[-1], known) or f"known: {', '.join(known)}"
        )
    if entry is not None:
        one = f"'{within[0]}' in '{section}.{key}'"
        what = one if len(within) == 1 else f"'{within[1]}' of {one}"
    else:
        listed = len(mistake["loc"]) > 1 and not key
        whole = f"each of '{section}'" if listed else f"section '{section}'"
        what = f"'{key}' in section '{section}'" if key else whole
    if mistake["type"] == "missing":
        return Problem(f"{what} is missing", place, f"known: {', '.join(_keys_of(section))}")
    expected = _EXPECTED.get(mistake["type"])
    if expected is None:
        return Problem(f"{what}: {mistake['msg']}", place)
    given = f", not '{value.text}'" if isinstance(value, Text) else ""
    return Problem(f"{what} must be {expected.format(**mistake.get('ctx', {}))}{given}", place)


def _entry_of(section: str, key: str) -> type[Section] | None:
    """The kind of section that a setting has several of, by name; None for any other setting."""
    known = _section_of(section)
    field = known.model_fields.get(key) if known else None
    kinds = typing.get_args(field.annotation) if field else ()
    kind = kinds[-1] if kinds else None
    return kind if isinstance(kind, type) and issubclass(kind, Section) else None


def _section_of(name: str) -> type[Section] | None:
    """The kind of section that stands under a name, or of which a list does."""
    known = Settings.model_fields.get(name)
    kinds = (known.annotation, *typing.get_args(known.annotation)) if known else ()
    return next((one for one in kinds if isinstance(one, type) and issubclass(one, Section)), None)


def _keys_of(section: str) -> list[str]:
    known = _section_of(section)
    return [one.alias or name for name, one in known.model_fields.items()] if known else []


def _find(mistake: _Mistake, top: Mapping) -> tuple[Place, Node]:
    """Find the value that pydantic means, and its place; of an unknown key, that of the key."""
    node: Node = top
    place = top.place
    for part in mistake["loc"]:
        if isinstance(node, Mapping) and isinstance(part, str):
            if part not in node.entries:  # what is missing stands nowhere
                break
            key, node = node.entries[part]
            place = key.place if mistake["type"] == "extra_forbidden" else node.place
        elif isinstance(node, Items) and isinstance(part, int):
            node = node.items[part]
            place = node.place
    return place, node


def _plain(node: Node, *names: str) -> Any:
    """Texts, lists and dictionaries; a key with nothing after it is left out, as a default.

    ``names`` lead to the node. A mapping that is the value of a setting is data, as in intent
    files, unless it holds sections by name; of these, one with nothing after it is there.
    """
    if isinstance(node, Text):
        return Written(node.text, node.place)
    if isinstance(node, Items):
        return [_plain(item, *names, "") for item in node]
    if len(names) == 2 and _entry_of(*names):
        return {
            Written(key.text, key.place): {}
            if isinstance(value, Text) and value.empty
            else _plain(value, *names, key.text)
            for key, value in node
        }
    in_list = len(names) == 2 and not names[1]
    if not in_list and (len(names) > 3 or (len(names) > 1 and not _entry_of(*names[:2]))):
        return data(node)
    return {
        key.text: _plain(value, *names, key.text)
        for key, value in node
        if not (isinstance(value, Text) and value.empty)
    }


def _says_nothing(text: str) -> bool:
    return all(line.strip()[:1] in {"", "#"} for line in text.splitlines())
