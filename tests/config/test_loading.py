"""The configuration file."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.config import (
    MicrophoneEntry,
    Section,
    Settings,
    TriggerEntry,
    WordEntry,
    load_settings,
)
from assistant.errors import ConfigError
from assistant.wakewords import wake_words
from assistant.yamlsource import place_of


def errors_of(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load_settings(text, "config.yaml")
    return str(caught.value)


@pytest.mark.parametrize(
    "text", ["", "\n", "# nothing yet\n", "wake:\n", "wake: {}\n", "wake: ~\n"]
)
def test_nothing_written_is_all_defaults(text: str) -> None:
    assert load_settings(text, "config.yaml") == Settings()


def test_what_is_written_is_taken() -> None:
    settings = load_settings(
        """
audio: {source: USB Audio, pre_roll_seconds: 1}
wake:
  threshold: 0.6
  patience_chunks: 2
  model: ""
endpointing:
speech:
  engine: none
  earcons: off
intents: {language: de, shipped: no}
""".replace('  model: ""\n', ""),
        "config.yaml",
    )
    assert settings.audio.source == "USB Audio"
    assert settings.audio.pre_roll_seconds == 1.0
    assert settings.wake.threshold == 0.6
    assert settings.wake.patience_chunks == 2
    assert settings.speech.engine == "none"
    assert settings.intents.language == "de"
    assert (settings.speech.earcons, settings.intents.shipped) == (False, False)


@pytest.mark.parametrize(
    ("word", "expected"),
    [("true", True), ("yes", True), ("on", True), ("false", False), ("no", False), ("off", False)],
)
def test_words_for_true_and_false(word: str, expected: bool) -> None:
    assert load_settings(f"speech: {{earcons: {word}}}", "config.yaml").speech.earcons is expected


def test_relative_paths_start_at_the_folder_of_the_file() -> None:
    text = "wake: {model: models/hey.onnx}\nintents: {directories: [mine, /etc/more, ~/intents]}\n"
    settings = load_settings(text, "config.yaml", Path("/home/ann/.config/assistant"))
    assert settings.wake.model == Path("/home/ann/.config/assistant/models/hey.onnx")
    assert settings.intents.directories == (
        Path("/home/ann/.config/assistant/mine"),
        Path("/etc/more"),
        Path("~/intents"),
    )
    assert load_settings(text, "config.yaml").wake.model == Path("models/hey.onnx")


def test_error_shows_all_mistakes() -> None:
    text = """\
audio:
wake:
  treshold: 0.4
  threshold: 2
wak: 3
speech:
  engine: piper-tts
  words_per_minute: 12
  earcons: maybe
timers: 60
intents:
  shipped: []
  directories: intents
endpointing:
  end_silence_seconds: 0
  margin_seconds: half
recognizer:
  volk_model: x
  vosk_model: [x]
"""
    assert errors_of(text) == (
        "config.yaml:3:3: unknown key 'treshold' in section 'wake'\n"
        "      treshold: 0.4\n"
        "      ^^^^^^^^\n"
        "    did you mean 'threshold'?\n"
        "config.yaml:4:14: 'threshold' in section 'wake' must be at most 1, not '2'\n"
        "      threshold: 2\n"
        "                 ^\n"
        "config.yaml:5:1: unknown section 'wak'\n"
        "    wak: 3\n"
        "    ^^^\n"
        "    did you mean 'wake'?\n"
        "config.yaml:7:11: 'engine' in section 'speech' must be 'auto', 'espeak-ng', 'piper' or "
        "'none', not 'piper-tts'\n"
        "      engine: piper-tts\n"
        "              ^^^^^^^^^\n"
        "config.yaml:8:21: 'words_per_minute' in section 'speech' must be at least 80, not '12'\n"
        "      words_per_minute: 12\n"
        "                        ^^\n"
        "config.yaml:9:12: 'earcons' in section 'speech' must be true or false, not 'maybe'\n"
        "      earcons: maybe\n"
        "               ^^^^^\n"
        "config.yaml:10:9: section 'timers' must be a mapping: 'key: value' lines, not '60'\n"
        "    timers: 60\n"
        "            ^^\n"
        "config.yaml:12:12: 'shipped' in section 'intents' must be true or false\n"
        "      shipped: []\n"
        "               ^\n"
        "config.yaml:13:16: 'directories' in section 'intents' must be a list, not 'intents'\n"
        "      directories: intents\n"
        "                   ^^^^^^^\n"
        "config.yaml:15:24: 'end_silence_seconds' in section 'endpointing' must be more than 0, "
        "not '0'\n"
        "      end_silence_seconds: 0\n"
        "                           ^\n"
        "config.yaml:16:19: 'margin_seconds' in section 'endpointing' must be a number, "
        "not 'half'\n"
        "      margin_seconds: half\n"
        "                      ^^^^\n"
        "config.yaml:18:3: unknown key 'volk_model' in section 'recognizer'\n"
        "      volk_model: x\n"
        "      ^^^^^^^^^^\n"
        "    did you mean 'vosk_model'?\n"
        "config.yaml:19:15: 'vosk_model' in section 'recognizer' must be a path\n"
        "      vosk_model: [x]\n"
        "                  ^"
    )


def test_error_without_a_near_name_lists_the_known_ones() -> None:
    assert errors_of("timers: {xyz: 1}") == (
        "config.yaml:1:10: unknown key 'xyz' in section 'timers'\n"
        "    timers: {xyz: 1}\n"
        "             ^^^\n"
        "    known: ring_seconds"
    )


def test_error_of_a_file_that_is_not_yaml() -> None:
    assert errors_of("wake:\n\tthreshold: 1\n") == (
        "config.yaml:2:1: a tab cannot indent YAML\n"
        "    \tthreshold: 1\n"
        "    ^\n"
        "    indent with spaces"
    )


def test_error_of_a_key_written_twice() -> None:
    assert errors_of("wake: {threshold: 0.1, threshold: 0.9}\nwake: {threshold: 2}\n") == (
        "config.yaml:1:24: duplicate key 'threshold'\n"
        "    wake: {threshold: 0.1, threshold: 0.9}\n"
        "                           ^^^^^^^^^\n"
        "    the first is at config.yaml:1:8\n"
        "config.yaml:2:1: duplicate key 'wake'\n"
        "    wake: {threshold: 2}\n"
        "    ^^^^\n"
        "    the first is at config.yaml:1:1"
    )


def keys_of(kind: type[Section]) -> list[str]:
    return [field.alias or name for name, field in kind.model_fields.items()]


VALUES = st.sampled_from(["0.5", "2", "x", "[]", "{}", "[[a]]", "{a: b}", "on", "''", "~", "nan"])
KEYS = st.sampled_from(
    [f"{section}: {{{key}" for section, field in Settings.model_fields.items()
     if section != "triggers"
     for key in [*keys_of(type(field.default)), "other"]]
)  # fmt: skip


@given(KEYS, VALUES)
def test_any_value_is_taken_or_has_a_problem_in_its_line(key: str, value: str) -> None:
    problems = []
    try:
        load_settings(f"{key}: {value}}}\n", "config.yaml")
    except ConfigError as error:
        problems = error.problems
    assert {problem.place.line for problem in problems} <= {1}
    assert not [problem for problem in problems if "Input" in problem.message]


def test_the_context_is_texts_and_numbers() -> None:
    text = "intents: {context: {area: kitchen, floor: 2, house: '7', guests: true}}"
    context = load_settings(text, "config.yaml").intents.context
    assert context == {"area": "kitchen", "floor": 2, "house": "7", "guests": True}


def test_a_context_of_anything_else_is_a_mistake() -> None:
    assert errors_of("intents: {context: kitchen}") == (
        "config.yaml:1:20: 'context' in section 'intents' must be a mapping: 'key: value' lines, "
        "not 'kitchen'\n"
        "    intents: {context: kitchen}\n"
        "                       ^^^^^^^"
    )
    assert errors_of("intents: {context: {area: [hall, kitchen]}}") == (
        "config.yaml:1:27: 'context' in section 'intents' must be names with texts or numbers\n"
        "    intents: {context: {area: [hall, kitchen]}}\n"
        "                              ^"
    )


def test_error_a_second_opinion_of_nobody() -> None:
    assert errors_of("recognizer: {second_opinion: whisper}").startswith(
        "config.yaml:1:30: 'second_opinion' in section 'recognizer' must be 'auto', 'none', "
        "'phones', 'pocketsphinx' or 'vosk', not 'whisper'"
    )


# --- several wake words ---------------------------------------------------------------------------


def test_each_wake_word_has_settings_of_its_own() -> None:
    text = """\
wake:
  words:
    hey_jarvis:
    alexa: {language: no, threshold: 0.6, sensitivity: 0.7, patience_chunks: 2}
    computer: {model: computer.npz, phrase: hey computer, intents: [TurnOn, lights]}
    stop: {command: stop}
"""
    words = load_settings(text, "config.yaml", Path("/etc/assistant")).wake.words
    assert list(words) == ["hey_jarvis", "alexa", "computer", "stop"]
    assert words["hey_jarvis"] == WordEntry()
    assert words["alexa"].language == "no"
    assert words["computer"].model == Path("/etc/assistant/computer.npz")
    assert words["computer"].intents == ("TurnOn", "lights")
    assert words["stop"].command == "stop"


def test_a_wake_word_s_settings_know_where_they_are_written() -> None:
    text = "wake:\n  words:\n    alexa: {language: de, intents: [lights]}\n"
    settings = load_settings(text, "config.yaml")
    # As the processes that measure recognizers get them.
    copied = pickle.loads(pickle.dumps(settings))  # noqa: S301 - just made
    for words in (settings.wake.words, copied.wake.words):
        (name,) = words
        language, (intents,) = words["alexa"].language, words["alexa"].intents
        places = [str(place_of(one or "")) for one in (name, language, intents)]
        assert places == ["config.yaml:3:5", "config.yaml:3:23", "config.yaml:3:37"]


def test_error_shows_all_mistakes_of_the_wake_words() -> None:
    text = """\
wake:
  word: hey_jarvis
  words:
    alexa:
      treshold: 0.6
      threshold: 6
      intents: lights
    computer: 3
    stop:
      command: stop
      language: de
"""
    assert errors_of(text) == (
        "config.yaml:2:3: 'word' and 'words' in section 'wake' are both given\n"
        "      word: hey_jarvis\n"
        "      ^^^^\n"
        "    write it among the words\n"
        "config.yaml:5:7: unknown key 'treshold' of 'alexa' in 'wake.words'\n"
        "          treshold: 0.6\n"
        "          ^^^^^^^^\n"
        "    did you mean 'threshold'?\n"
        "config.yaml:6:18: 'threshold' of 'alexa' in 'wake.words' must be at most 1, not '6'\n"
        "          threshold: 6\n"
        "                     ^\n"
        "config.yaml:7:16: 'intents' of 'alexa' in 'wake.words' must be a list, not 'lights'\n"
        "          intents: lights\n"
        "                   ^^^^^^\n"
        "config.yaml:8:15: 'computer' in 'wake.words' must be a mapping: 'key: value' lines, "
        "not '3'\n"
        "        computer: 3\n"
        "                  ^\n"
        "config.yaml:11:7: 'language' of 'stop' in 'wake.words': nothing follows a word that is a "
        "command itself\n"
        "          language: de\n"
        "          ^^^^^^^^\n"
        "    leave out 'language' or 'command'"
    )


@given(st.sampled_from([*WordEntry.model_fields, "other"]), VALUES)
def test_any_value_of_a_wake_word_is_taken_or_has_a_problem_in_its_line(
    key: str, value: str
) -> None:
    problems = []
    try:
        load_settings(f"wake: {{words: {{alexa: {{{key}: {value}}}}}}}\n", "config.yaml")
    except ConfigError as error:
        problems = error.problems
    assert {problem.place.line for problem in problems} <= {1}
    assert not [problem for problem in problems if "Input" in problem.message]


def test_error_the_model_of_one_word_beside_several() -> None:
    """It would have been the model of every word that has none."""
    assert errors_of("wake: {model: a.onnx, words: {alexa: , computer: {model: b.onnx}}}") == (
        "config.yaml:1:8: 'model' in section 'wake' is the file of one word, and there are "
        "several: 'alexa', 'computer'\n"
        "    wake: {model: a.onnx, words: {alexa: , computer: {model: b.onnx}}}\n"
        "           ^^^^^\n"
        "    write it as 'model' of its word"
    )
    (word,) = wake_words(load_settings("wake: {model: a.onnx, words: {ada: }}", "config.yaml"))
    assert word.model == Path("a.onnx")


# --- several microphones --------------------------------------------------------------------------


def test_each_microphone_has_settings_of_its_own() -> None:
    text = """\
audio:
  microphones:
    kitchen: {source: USB, context: {area: kitchen, floor: 0}}
    hall:
"""
    found = load_settings(text, "config.yaml").audio.microphones
    assert list(found) == ["kitchen", "hall"]
    assert found["kitchen"].context == {"area": "kitchen", "floor": 0}
    assert found["hall"] == MicrophoneEntry()


def test_error_shows_all_mistakes_of_the_microphones() -> None:
    text = """\
audio:
  source: USB
  microphones:
    kitchen:
    hall: {source: Default, word: alexa}
    "": {source: x, words: []}
    attic: {source: "", context: {area: [a]}}
    cellar: {source: y, words: [alexa, jarvis]}
"""
    assert errors_of(text) == (
        "config.yaml:2:3: 'source' and 'microphones' in section 'audio' are both given\n"
        "      source: USB\n"
        "      ^^^^^^\n"
        "    write it as 'source' of a microphone\n"
        "config.yaml:5:20: 'kitchen' and 'hall' in 'audio.microphones' have the same source\n"
        "        hall: {source: Default, word: alexa}\n"
        "                       ^^^^^^^\n"
        "    give each one of its own: assistant devices lists them\n"
        "config.yaml:5:29: unknown key 'word' of 'hall' in 'audio.microphones'\n"
        "        hall: {source: Default, word: alexa}\n"
        "                                ^^^^\n"
        "    did you mean 'words'?\n"
        "config.yaml:6:5: a microphone in 'audio.microphones' has no name\n"
        '        "": {source: x, words: []}\n'
        "        ^\n"
        "config.yaml:6:28: 'words' of '' in 'audio.microphones' has no word\n"
        '        "": {source: x, words: []}\n'
        "                               ^\n"
        "    leave it out to listen for all words\n"
        "config.yaml:7:21: 'source' of 'attic' in 'audio.microphones' is empty\n"
        '        attic: {source: "", context: {area: [a]}}\n'
        "                        ^\n"
        "config.yaml:7:41: 'context' of 'attic' in 'audio.microphones' must be names with texts or "
        "numbers\n"
        '        attic: {source: "", context: {area: [a]}}\n'
        "                                            ^\n"
        "config.yaml:8:33: 'words' of 'cellar' in 'audio.microphones': there is no wake word "
        "'alexa'\n"
        "        cellar: {source: y, words: [alexa, jarvis]}\n"
        "                                    ^^^^^\n"
        "    there is: hey_jarvis\n"
        "config.yaml:8:40: 'words' of 'cellar' in 'audio.microphones': there is no wake word "
        "'jarvis'\n"
        "        cellar: {source: y, words: [alexa, jarvis]}\n"
        "                                           ^^^^^^\n"
        "    did you mean 'hey_jarvis'?"
    )


def test_error_there_is_no_microphone() -> None:
    assert errors_of("audio: {microphones: {}}").startswith(
        "config.yaml:1:22: 'microphones' in section 'audio' has no microphone"
    )


def test_error_a_word_that_no_microphone_listens_for() -> None:
    text = "wake: {words: {alexa: , ada: }}\naudio: {microphones: {hall: {words: [ada]}}}"
    assert errors_of(text) == (
        "config.yaml:1:16: no microphone listens for 'alexa'\n"
        "    wake: {words: {alexa: , ada: }}\n"
        "                   ^^^^^\n"
        "    name it among the 'words' of a microphone, or leave it out"
    )


@given(st.sampled_from([*MicrophoneEntry.model_fields, "other"]), VALUES)
def test_any_value_of_a_microphone_is_taken_or_has_a_problem_in_its_line(
    key: str, value: str
) -> None:
    problems = []
    try:
        load_settings(f"audio:\n  microphones:\n    hall:\n      {key}: {value}\n", "config.yaml")
    except ConfigError as error:
        problems = error.problems
    assert {problem.place.line for problem in problems} <= {3, 4}


# --- quiet hours ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "quiet_hours: {from: 25:00}\n",
            (
                "c.yaml:1:21: 'from' in section 'quiet_hours' must be a time of the day such as "
                "'22:00', not '25:00'"
            ),
        ),
        (
            "quiet_hours: {form: 22:00}\n",
            "c.yaml:1:15: unknown key 'form' in section 'quiet_hours'",
        ),
    ],
)
def test_error_of_quiet_hours(text: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(text, "c.yaml")
    assert str(caught.value).splitlines()[0] == told


def test_quiet_hours_are_written_with_or_without_a_zero() -> None:
    quiet = load_settings('quiet_hours: {from: "22:00", to: 7:00}', "config.yaml").quiet_hours
    assert (quiet.begin, quiet.end, quiet.answers) == ("22:00", "07:00", "softer")


# --- triggers and media ---------------------------------------------------------------------------


def test_triggers() -> None:
    settings = load_settings(
        """\
triggers:
  - {device: /dev/input/by-id/usb-pedal-event-kbd, key: KEY_F13, do: listen}
  - {gpio: 17, do: turn on the light}
""",
        "config.yaml",
    )
    pedal, button = settings.triggers
    assert (pedal.device, pedal.key) == ("/dev/input/by-id/usb-pedal-event-kbd", "KEY_F13")
    assert (pedal.gpio, pedal.do) == (None, "listen")
    assert (button.device, button.gpio, button.do) == (None, 17, "turn on the light")


TRIGGER_MISTAKES = {
    "half": (
        "triggers:\n  - {device: /dev/x, do: listen}\n",
        "c.yaml:2:5: each of 'triggers' must be a mapping with 'device' and 'key', or with 'gpio'",
    ),
    "both": (
        "triggers: [{device: /dev/x, key: KEY_A, gpio: 1, do: stop}]\n",
        "c.yaml:1:12: each of 'triggers' must be a mapping with 'device' and 'key', or with 'gpio'",
    ),
    "nothing to do": (
        "triggers: [{gpio: 1}]\n",
        "c.yaml:1:12: 'do' in section 'triggers' is missing",
    ),
    "nothing said": (
        "triggers: [{gpio: 1, do: ' '}]\n",
        "c.yaml:1:26: 'do' in section 'triggers' must be listen, mute, stop or a sentence, not ' '",
    ),
    "unknown key": (
        "triggers: [{gpoi: 1, do: stop}]\n",
        "c.yaml:1:13: unknown key 'gpoi' in section 'triggers'",
    ),
    "no mapping": (
        "triggers: [listen]\n",
        "c.yaml:1:12: each of 'triggers' must be a mapping: 'key: value' lines, not 'listen'",
    ),
    "no list": (
        "triggers: listen\n",
        "c.yaml:1:11: section 'triggers' must be a list, not 'listen'",
    ),
    "no address": (
        "media: {mpd: jukebox}\n",
        (
            "c.yaml:1:14: 'mpd' in section 'media' must be the path of a socket, or host:port, "
            "not 'jukebox'"
        ),
    ),
}


@pytest.mark.parametrize(("text", "told"), TRIGGER_MISTAKES.values(), ids=TRIGGER_MISTAKES)
def test_error_in_triggers_and_media(text: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(text, "c.yaml")
    assert str(caught.value).splitlines()[0] == told


@given(st.sampled_from([*TriggerEntry.model_fields, "other"]), VALUES)
def test_any_value_of_a_trigger_is_taken_or_has_a_problem_in_its_line(key: str, value: str) -> None:
    problems = []
    try:
        load_settings(f"triggers:\n  - {key}: {value}\n", "config.yaml")
    except ConfigError as error:
        problems = error.problems
    assert {problem.place.line for problem in problems} <= {2}
