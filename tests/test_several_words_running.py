"""Several wake words of the running assistant: real processes, engines and files."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

import numpy as np
import pytest

from assistant.audio.frames import Samples
from assistant.errors import ControlError
from tests.recognizers.synthesised import say
from tests.recordings import RECORDINGS, VOSK_MODEL, said_after
from tests.running import Home, Running, home

pytestmark = pytest.mark.engines

WORDS = """\
wake:
  words:
    hey_jarvis:
    alexa: {intents: [clock, VolumeUp]}
    hey_marvin: {command: set a timer for one hour}
"""
LAMP = """\
language: {language}
intents:
  Lamp:
    sentences: ["{sentence}"]
    action:
      command: ["{python}", "-c", "{program}"]
      speak_output: true
"""
PROGRAM = "import json,sys; print('{language}', json.load(sys.stdin)['intent'])"


def lamp(language: str, sentence: str) -> str:
    program = PROGRAM.replace("{language}", language)
    return LAMP.format(language=language, sentence=sentence, python=sys.executable, program=program)


def sound(*chunks: Samples) -> bytes:
    return np.concatenate(chunks).tobytes()


@pytest.fixture
def house() -> Iterator[Home]:
    with home() as place:
        yield place


def test_each_word_opens_what_it_says_and_the_status_tells_it(house: Home) -> None:
    house.config(WORDS)
    with Running(house) as assistant:
        assert assistant.ask("status")["status"]["wake_words"] == {
            "hey_jarvis": "",
            "alexa": "en: VolumeUp, clock",
            "hey_marvin": "'set a timer for one hour'",
        }
        assert (
            "wake words         hey_jarvis, alexa (en: VolumeUp, clock), "
            "hey_marvin ('set a timer for one hour')\n"
        ) in house.run("status").stdout
        assistant.hear(sound(*said_after(say("alexa", "en-gb"), "what-time")))
        record = assistant.wait_for("turn-ended")["record"]
        assert (record["wake"]["domain"], record["intent"]) == ("en: VolumeUp, clock", "GetTime")
        assert assistant.say("set a timer for ten minutes")["outcome"] == "acted"
        assistant.hear(sound(np.zeros(40_000, np.int16), say("hey marvin", "en-gb")))
        assistant.hear(bytes(64_000))
        record = assistant.wait_for("turn-ended", lambda event: event["record"]["wake"])["record"]
        assert (record["transcript"], record["slots"]) == (
            "set a timer for one hour",
            {"duration": 3600},
        )
        assert assistant.ask("status")["status"]["timers"] == 2


def test_recordings_are_heard_with_the_words_of_the_configuration(house: Home) -> None:
    house.config(WORDS.replace("hey_jarvis:\n", "hey_jarvis: {command: what time is it}\n"))
    heard = house.run("hear", "--json", "--dry-run", str(RECORDINGS / "wake-only.flac"))
    turn = json.loads(heard.stdout)
    assert (turn["wake"]["command"], turn["intent"]) == ("what time is it", "GetTime")
    shown = house.run("hear", "--dry-run", str(RECORDINGS / "wake-only.flac"))
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "GetTime" in shown.stdout


def test_a_new_file_is_in_force_in_every_domain_or_in_none(house: Home) -> None:
    gate = "intents: {Gate: {sentences: [open the gate], reply: Welcome.}}\n"
    house.config("wake: {words: {hey_jarvis: , alexa: {intents: [clock, gate]}}}")
    house.intents("gate.yaml", gate)
    with Running(house) as assistant:

        def say_to(domain: str) -> str:
            turn = assistant.ask("say", text="open the gate", domain=domain)["turn"]
            return str(turn["reply"])

        house.intents("gate.yaml", gate.replace("Welcome", "Come in"))
        assistant.wait_for("intents-reloaded")
        assert [say_to(""), say_to("en: clock, gate")] == ["Come in.", "Come in."]
        (house.paths.owner_intents[0] / "gate.yaml").unlink()
        rejected = assistant.wait_for("intents-rejected")
        assert (
            "config.yaml:1:55: there is no intent and no file with intents 'gate'"
            in (rejected["message"])
        )
        assert [say_to(""), say_to("en: clock, gate")] == ["Come in.", "Come in."]


def test_a_command_of_the_owner_in_another_language_is_run_by_the_bridge(house: Home) -> None:
    """The recognizer of that language is a small one of English words, which is not asked here."""
    house.config("wake: {words: {hey_jarvis: , alexa: {language: de}}}")
    house.intents("lamp.yaml", lamp("en", "turn on the lamp"))
    house.intents("lampe.yaml", lamp("de", "mach die Lampe an"))
    house.paths.models.mkdir(parents=True)
    (house.paths.models / "vosk-model-small-de-0.15").symlink_to(VOSK_MODEL)
    with Running(house) as assistant:
        turn = assistant.ask("say", text="mach die Lampe an", domain="de")["turn"]
        assert (turn["intent"], turn["reply"]) == ("Lamp", "de Lamp")
        assert assistant.say("turn on the lamp")["reply"] == "en Lamp"
        assert assistant.say("mach die Lampe an")["outcome"] == "not_understood"
        assert assistant.ask("status")["status"]["recognizer"] == "pocketsphinx+phones"


def test_error_a_domain_that_nothing_opens(house: Home) -> None:
    with Running(house) as assistant, pytest.raises(ControlError) as caught:
        assistant.ask("say", text="what time is it", domain="de")
    assert str(caught.value) == "There is no domain 'de'. The wake words open none but the default."


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("alexa: {language: de}", "1:34: PocketSphinx has no model for the language 'de'"),
        ("alexia: {intents: [clock]}", "1:16: There is no wake word 'alexia'"),
        ("alexa: {intents: [lights]}", "1:34: there is no intent and no file with intents 'l"),
        ("alexa: {command: stopp}", "1:33: no intent understands 'stopp', the command of 'a"),
    ],
)
def test_error_a_mistake_of_a_word_is_told_where_it_is(house: Home, words: str, told: str) -> None:
    house.config(f"wake: {{words: {{{words}}}}}\n")
    result = house.run(
        "run", "--plain", "--no-bridge", "--source", "-", "--output", "none", input=""
    )
    assert result.returncode == 78
    assert f"config.yaml:{told}" in result.stderr
    assert "Traceback" not in result.stderr


def test_check_tells_the_mistakes_of_the_words(house: Home) -> None:
    house.config("wake: {words: {alexa: {intents: [lights]}}}\n")
    result = house.run("check")
    assert result.returncode == 78
    assert "config.yaml:1:34: there is no intent and no file with intents 'lights'" in result.stderr


def test_check_runs_the_tests_of_every_language(house: Home) -> None:
    house.config("wake: {words: {alexa: {language: de, intents: [uhr]}}}\n")
    house.intents(
        "uhr.yaml",
        "language: de\n"
        "intents: {Uhr: {sentences: [kuckuck], reply: Kuckuck., tests: [say: kuckuk]}}\n",
    )
    result = house.run("check")
    assert result.returncode == 78
    assert "uhr.yaml:2:" in result.stderr
    assert "kuckuk" in result.stderr
