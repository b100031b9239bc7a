"""Several microphones of the running assistant: real processes, engines and sound servers."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.audio.frames import SAMPLE_RATE
from assistant.errors import ControlError
from tests.microphones import from_afar
from tests.recognizers.synthesised import say
from tests.recordings import RECORDINGS, chunks_of, said_after, samples_of
from tests.running import Home, Running, home
from tests.sound_server import PulseServer

pytestmark = pytest.mark.engines

WHAT_TIME = RECORDINGS / "what-time.flac"
SECONDS = SAMPLE_RATE * 2
"""Bytes of raw sound."""

CONFIGURATION = """\
audio:
  output: none
  microphones:
    kitchen: {{source: '{kitchen}', context: {{area: kitchen}}}}
    hall: {{source: '{hall}', context: {{area: hall}}, words: [hey_jarvis, alexa]}}
wake:
  words: {{hey_jarvis: , alexa: {{intents: [time]}}}}
intents: {{shipped: no, context: {{area: house}}}}
"""
TIME = """\
intents:
  Where:
    reply: "At home."
    data:
      - sentences: [what time is it]
        requires_context: {area: {slot: true}}
        reply: "In the {area}."
  Nobody: {sentences: [never mind], reply: ok}
"""


@pytest.fixture
def house() -> Iterator[Home]:
    with home() as place:
        place.intents("time.yaml", TIME)
        yield place


def furnish(house: Home, kitchen: object, hall: object = "-") -> None:
    house.config(CONFIGURATION.format(kitchen=kitchen, hall=hall))


def test_where_a_command_is_said_tells_what_it_means(house: Home) -> None:
    furnish(house, WHAT_TIME)
    with Running(house, "--output", "none", at_stdin=True) as assistant:
        in_the_kitchen = assistant.wait_for("turn-ended")["record"]
        assert in_the_kitchen["microphone"] == in_the_kitchen["wake"]["microphone"] == "kitchen"
        assert (in_the_kitchen["slots"], in_the_kitchen["reply"]) == (
            {"area": "kitchen"},
            "In the kitchen.",
        )
        said = np.concatenate(said_after(say("alexa", "en-gb"), "what-time"))
        assistant.hear(said.tobytes())
        in_the_hall = assistant.wait_for("turn-ended")["record"]
        assert in_the_hall["wake"]["domain"] == "en: time"
        assert (in_the_hall["microphone"], in_the_hall["reply"]) == ("hall", "In the hall.")
        typed = assistant.say("what time is it")
        assert (typed["microphone"], typed["reply"]) == ("", "In the house.")
        microphones = assistant.ask("status")["status"]["microphones"]
        assert microphones["kitchen"]["chunks_heard"] > 20
        assert microphones["hall"]["state"] == "listening"
        assert "microphone hall    listening, -96 dBFS\n" in house.run("status").stdout


def test_a_microphone_is_opened_by_its_name(house: Home) -> None:
    furnish(house, RECORDINGS / "silence.flac")
    with Running(house, "--output", "none", at_stdin=True) as assistant:
        assert json.loads(house.run("listen", "--microphone", "hall", "--json").stdout)["ok"]
        command = samples_of("what-time")[2 * SAMPLE_RATE :]
        assistant.hear(command.tobytes() + bytes(2 * SECONDS))
        record = assistant.wait_for("turn-ended")["record"]
        assert (record["microphone"], record["reply"]) == ("hall", "In the hall.")
        with pytest.raises(ControlError) as caught:
            assistant.ask("listen", microphone="attic")
        assert str(caught.value) == ("There is no microphone 'attic'. There is 'kitchen', 'hall'.")


def test_of_one_that_fails_the_name_is_told_and_the_other_goes_on(house: Home) -> None:
    gone = house.folder / "gone.wav"
    furnish(house, gone)
    with Running(house, "--output", "none", at_stdin=True) as assistant:
        told = f"The microphone 'kitchen' is not heard. There is no recording {gone}."
        assistant.wait_for_output(told)
        status = assistant.ask("status")["status"]
        assert status["failed_parts"].keys() == {"microphone kitchen"}
        assert status["microphones"]["kitchen"]["state"] == "failed"
        assistant.hear(b"".join(map(bytes, chunks_of("what-time", 2.0))))
        assert assistant.wait_for("turn-ended")["record"]["reply"] == "In the hall."
        shown = house.run("status").stdout
        assert "microphone kitchen failed, -96 dBFS\n" in shown
        assert f"microphone kitchen {told}" in shown
        assert assistant.process.stdin is not None
        assistant.process.stdin.close()
        assert assistant.end() == 0


def test_when_all_fail_it_ends_with_a_sentence(house: Home) -> None:
    furnish(house, house.folder / "gone.wav", house.folder / "lost.wav")
    result = house.run("run", "--plain", "--no-bridge")
    assert result.returncode == 69
    for name in ("gone.wav", "lost.wav"):
        assert f"There is no recording {house.folder / name}" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_source_on_the_command_line_is_the_only_one(house: Home) -> None:
    furnish(house, house.folder / "gone.wav")
    with Running(house) as assistant:
        status = assistant.ask("status")["status"]
        assert (status["source"], status["microphones"]) == ("-", {})


def test_error_a_word_that_no_microphone_knows_is_told_where_it_is(house: Home) -> None:
    house.config("audio: {microphones: {kitchen: {words: [alexia]}}}")
    result = house.run("run", "--plain", "--no-bridge")
    assert result.returncode == 78
    assert "config.yaml:1:41: 'words' of 'kitchen' in 'audio.microphones'" in result.stderr


def test_of_two_microphones_of_a_sound_server_the_nearer_one_has_the_turn(
    house: Home, tmp_path: Path
) -> None:
    afar = tmp_path / "afar.wav"
    soundfile.write(afar, np.concatenate(from_afar(chunks_of("what-time"))), SAMPLE_RATE)
    furnish(house, "kitchen", "hall")
    with PulseServer(("kitchen", "hall")) as server:
        sound = server.as_sound_card
        with Running(house, "--output", "none", environment=sound) as assistant:
            assistant.wait_for_output("Listening to kitchen")
            assistant.wait_for_output("Listening to hall")
            far = threading.Thread(target=server.play, args=(afar, "kitchen"))
            far.start()
            server.play(WHAT_TIME, "hall")
            far.join()
            record = assistant.wait_for("turn-ended")["record"]
            assert (record["microphone"], record["reply"]) == ("hall", "In the hall.")
            assert "dropped: another microphone has the turn" in assistant.output
            server.silence("kitchen", suspended=True)
            server.play(WHAT_TIME, "hall")
            record = assistant.wait_for("turn-ended")["record"]
            assert record["reply"] == "In the hall."
            failed = assistant.wait_for("part-failed")
            assert failed["part"] == "microphone kitchen"
            assert failed["message"].startswith("The microphone 'kitchen' gives no sound.")
            server.silence("kitchen", suspended=False)
            assert assistant.wait_for("part-works")["part"] == "microphone kitchen"
