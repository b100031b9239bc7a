"""The running assistant: real processes, engines, sockets and files."""

from __future__ import annotations

import json
import os
import select
import signal
import sqlite3
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.devices import list_devices
from assistant.frontends.client import ControlClient
from assistant.state import StateStore
from tests.recordings import RECORDINGS, samples_of
from tests.running import Home, Running, home
from tests.sound_server import PulseServer

pytestmark = pytest.mark.engines

LIGHTS = """\
language: en
intents:
  Lights:
    sentences: ["turn {state} the light[s]"]
    action:
      command: ["{python}", "-c", "{program}", "{state}"]
      speak_output: true
lists:
  state: {values: ["on", "off"]}
"""

PROGRAM = "import json,sys; print('got', sys.argv[1:], json.load(sys.stdin)['slots'])"


def lights() -> str:
    """An intent file whose action is a command."""
    return LIGHTS.replace("{python}", sys.executable).replace("{program}", PROGRAM)


def child_of(assistant: Running) -> int:
    """The one process that it has started: the bridge."""
    pid = assistant.process.pid
    (child,) = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(child)


@pytest.fixture
def house() -> Iterator[Home]:
    with home() as place:
        yield place


# --- the whole path -------------------------------------------------------------------------------


def test_spoken_into_the_microphone_a_timer_is_set_and_the_answer_is_heard(
    house: Home, sound_server: PulseServer
) -> None:
    arguments = ("--source", "default", "--output", "default")
    with (
        sound_server.recording() as loudspeaker,
        Running(house, *arguments, environment=sound_server.as_sound_card) as assistant,
    ):
        sound_server.play(RECORDINGS / "timer-five-minutes.flac")
        record = assistant.wait_for("turn-ended")["record"]
        status = assistant.ask("status")["status"]
        assert status["timers"] == 1
        assert (status["last_wake_word"], status["calls"]) == ("hey_jarvis", {"hey_jarvis": 1})
        assert status["turns"] == {"acted": 1}
        assert status["overruns"] == 0
        assert assistant.terminate() == 0
    assert record["outcome"] == "acted"
    assert record["intent"] == "SetTimer"
    assert record["slots"] == {"duration": 300}
    assert record["wake"]["name"] == "hey_jarvis"
    spoken = loudspeaker.samples.astype(float)
    seconds_of_sound = np.count_nonzero(np.abs(spoken) > 300) / 22_050
    assert seconds_of_sound > 0.3


def test_raw_samples_on_standard_input(house: Home) -> None:
    with Running(house) as assistant:
        assistant.hear(samples_of("what-time").tobytes())
        assistant.hear(bytes(16_000 * 2 * 2))
        record = assistant.wait_for("turn-ended")["record"]
        assert record["intent"] == "GetTime"
        assert record["timings_seconds"]["recognition"] > 0


def test_a_recording_as_the_source_ends_with_it(house: Home) -> None:
    recording = str(RECORDINGS / "what-time.flac")
    result = house.run("run", "--plain", "--verbose", "--source", recording, "--output", "none")
    assert result.returncode == 0
    assert "Intent GetTime" in result.stderr
    assert "Turn over: acted" in result.stderr


def test_events_for_a_program(house: Home) -> None:
    recording = str(RECORDINGS / "what-time.flac")
    result = house.run("run", "--json", "--source", recording, "--output", "none")
    events = [json.loads(line) for line in result.stdout.splitlines()]
    assert events[0] == {"event": "ready", "source": recording, "microphone": ""}
    assert [event["event"] for event in events][-1] == "phase-changed"
    assert sum(event["event"] == "turn-ended" for event in events) == 1


def test_by_default_the_log_tells_nothing_that_was_heard_or_said(house: Home) -> None:
    recording = str(RECORDINGS / "pasta-timer-one-breath.flac")
    result = house.run("run", "--plain", "--source", recording, "--output", "none")
    assert "Intent SetTimer" in result.stderr
    assert "pasta" not in result.stderr.replace(recording, "")


def test_the_demo_shows_a_whole_conversation(house: Home) -> None:
    result = house.run("run", "--demo", "--plain", "--output", "none")
    assert result.returncode == 0
    assert result.stderr.count("Turn over: acted") == 4
    assert "Says “The pasta timer is cancelled.”" in result.stderr
    assert not house.paths.database.exists()


def test_its_wake_scores_are_kept_and_shown(house: Home) -> None:
    recording = str(RECORDINGS / "what-time.flac")
    house.run("run", "--plain", "--source", recording, "--output", "none")
    report = json.loads(house.run("wake", "report", "--json").stdout)
    (detection,) = report["detections"]
    assert detection["word"] == "hey_jarvis"
    assert detection["score"] > 0.95
    # It may have been said while one minute became the next.
    assert max(minute["score"] for minute in report["minutes"]) == detection["score"]
    kept = house.paths.score_log.read_bytes()
    assert b"time is it" not in kept


def test_where_no_wake_scores_are_wanted_those_that_were_kept_are_erased(house: Home) -> None:
    house.paths.state_directory.mkdir(parents=True)
    house.paths.score_log.write_bytes(b"of before")
    house.config("wake: {log: false}\n")
    recording = str(RECORDINGS / "what-time.flac")
    result = house.run("run", "--plain", "--source", recording, "--output", "none")
    assert "Turn over: acted" in result.stderr
    assert not house.paths.score_log.exists()


def test_wake_scores_that_cannot_be_kept_are_one_warning(house: Home) -> None:
    house.paths.score_log.mkdir(parents=True)
    recording = str(RECORDINGS / "what-time.flac")
    result = house.run("run", "--plain", "--source", recording, "--output", "none")
    assert result.returncode == 0
    assert "Turn over: acted" in result.stderr
    assert result.stderr.count("The log of wake scores cannot be used") == 1


# --- the control socket ---------------------------------------------------------------------------


def test_commands_as_text(house: Home) -> None:
    with Running(house) as assistant:
        turn = assistant.say("set a pasta timer for ten minutes")
        assert turn["outcome"] == "acted"
        assert turn["slots"] == {"name": "pasta", "duration": 600}
        status = assistant.ask("status")["status"]
        assert status["timers"] == 1
        assert status["recognizer"] == "pocketsphinx+phones"
        assert status["failed_parts"] == {}


def test_only_its_owner_may_use_the_socket(house: Home) -> None:
    with Running(house):
        mode = house.paths.control_socket.stat().st_mode
        assert stat.S_IMODE(mode) == 0o600
        assert stat.S_IMODE(house.paths.control_socket.parent.stat().st_mode) == 0o700


def test_the_command_line_talks_to_it(house: Home) -> None:
    with Running(house) as assistant:
        said = house.run("say", "--json", "set", "a", "timer", "for", "five", "minutes")
        assert json.loads(said.stdout)["outcome"] == "acted"
        assert json.loads(house.run("status", "--json").stdout)["timers"] == 1
        heard = house.run("hear", "--json", str(RECORDINGS / "what-time.flac"))
        assert json.loads(heard.stdout)["intent"] == "GetTime"
        assert json.loads(heard.stdout)["outcome"] == "acted"
        assert house.run("listen").stdout == "Listening.\n"
        assistant.hear(bytes(16_000 * 2 * 6))
        assistant.wait_for("nothing-heard")


def test_muted_it_hears_nothing_until_it_is_unmuted_also_after_a_restart(house: Home) -> None:
    with Running(house) as assistant:
        assert house.run("mute").stdout == "The microphones are off.\n"
        assistant.wait_for("muted")
        heard = assistant.ask("status")["status"]["chunks_heard"]
        assistant.hear(samples_of("what-time").tobytes())
        assert house.run("listen").returncode == 75
        # Text is not heard, and is therefore understood.
        assert assistant.say("what time is it")["intent"] == "GetTime"
        assert assistant.ask("status")["status"]["chunks_heard"] == heard
        assert assistant.terminate() == 0
    with Running(house) as assistant:
        status = assistant.ask("status")["status"]
        assert (status["muted"], status["muted_until"]) == (True, "")
        assert house.run("unmute").stdout == "The microphones are on again.\n"
        assistant.hear(samples_of("what-time").tobytes())
        assistant.hear(bytes(16_000 * 2 * 2))
        assert assistant.wait_for("turn-ended")["record"]["intent"] == "GetTime"


def test_a_mute_with_an_end(house: Home) -> None:
    with Running(house) as assistant:
        turn = assistant.say("mute the microphone for ten minutes")
        assert turn["reply"].startswith("The microphone is off for 10 minutes.")
        assert assistant.wait_for("muted")["seconds"] == 600
        assert assistant.ask("status")["status"]["muted_until"]
        assert house.run("mute", "--for", "1s").returncode == 0
        assistant.wait_for("unmuted")
        assert assistant.wait_for("replying")["text"] == "I am listening again."
        assert assistant.ask("status")["status"]["muted"] is False


def test_an_announcement(house: Home) -> None:
    with Running(house) as assistant:
        assert house.run("announce", "dinner", "is ready").stdout == "It will be announced.\n"
        assert assistant.wait_for("replying")["text"] == "dinner is ready"


def test_a_second_one_on_the_same_socket_is_refused(house: Home) -> None:
    with Running(house):
        second = house.run("run", "--plain", "--source", "-", "--output", "none", input="")
        assert second.returncode == 75
        assert second.stderr.splitlines()[-1] == (
            "assistant: Another assistant is already running. "
            f"It listens at {house.paths.control_socket}; stop it first."
        )


# --- life -----------------------------------------------------------------------------------------


def test_it_stops_cleanly_when_told(house: Home) -> None:
    with Running(house) as assistant:
        assistant.process.send_signal(signal.SIGTERM)
        assistant.wait_for_notification("STOPPING=1")
        assert assistant.end() == 0
        assert not house.paths.control_socket.exists()


def test_told_twice_it_stops_at_once(house: Home) -> None:
    """With a bridge that does not end, the first time would take seconds."""
    house.intents("lights.yaml", lights())
    with Running(house) as assistant:
        bridge = child_of(assistant)
        os.kill(bridge, signal.SIGSTOP)
        try:
            assistant.process.send_signal(signal.SIGTERM)
            assistant.wait_for_notification("STOPPING=1")
            assistant.process.send_signal(signal.SIGTERM)
            assert assistant.process.wait(30) != 0
        finally:
            os.kill(bridge, signal.SIGKILL)


def test_the_watchdog_is_fed_while_sound_comes_in_and_not_otherwise(house: Home) -> None:
    watched = {"WATCHDOG_USEC": "400000"}
    with Running(house, environment=watched) as assistant:
        for _ in range(2):
            assistant.notified.clear()
            while "WATCHDOG=1" not in assistant.notified:
                assistant.hear(bytes(2560))
                assistant.notified += assistant.notifications(within_seconds=0.1)
        # What it was given may still be under way; then there is no more.
        assert any(assistant.notifications(within_seconds=1.0) == [] for _ in range(10))


def test_a_timer_survives_being_killed_and_rings_in_time(house: Home) -> None:
    with Running(house) as assistant:
        assistant.say("set a timer for fifteen seconds")  # a busy machine starts it in ten
        (timer,) = StateStore.open(house.paths.database).timers()
        assistant.process.send_signal(signal.SIGKILL)
        assistant.end()
    # What it writes is kept from the start; an event might be gone before anybody listens.
    with Running(house, "--source", "-", "--output", "none", "--verbose") as assistant:
        said = assistant.wait_for_output("Says “Your")
        assert "15 second" in said
        assert "while I was off" not in said
        assert time.time() >= timer.ends_at
        assert assistant.ask("status")["status"]["restarts"] == 1


def test_a_timer_that_ended_meanwhile_is_told_as_late(house: Home) -> None:
    store = StateStore.open(house.paths.database)
    store.add_timer("pasta", 600, time.time() - 3600)
    store.close()
    with Running(house, "--source", "-", "--output", "none", "--verbose") as assistant:
        said = assistant.wait_for_output("Says “Your pasta timer")
        assert "Your pasta timer for 10 minutes ended 1 hour" in said
        assert "ago, while I was off.”" in said
        assert StateStore.open(house.paths.database).timers() == []


# --- the bridge -----------------------------------------------------------------------------------


def test_a_command_of_the_owner_is_run_by_the_bridge(house: Home) -> None:
    house.intents("lights.yaml", lights())
    with Running(house) as assistant:
        turn = assistant.say("turn on the lights")
        assert turn["outcome"] == "acted"
        assert turn["reply"] == "got ['on'] {'state': 'on'}"
        assert assistant.terminate() == 0
        assert not house.paths.bridge_socket.exists()


def test_without_the_bridge_the_reason_is_told(house: Home) -> None:
    house.intents("lights.yaml", lights())
    arguments = ("--source", "-", "--output", "none", "--no-bridge")
    with Running(house, *arguments) as assistant:
        turn = assistant.say("turn on the lights")
        assert turn["outcome"] == "failed"
        assert turn["reply"] == "That did not work: the bridge is not running"


def test_a_command_that_does_not_exist_and_one_that_never_ends(house: Home) -> None:
    house.intents(
        "broken.yaml",
        """
        intents:
          Missing: {sentences: [open the gate], action: {command: [/nonexistent/gate]}}
          Endless:
            sentences: [feed the cat]
            action: {command: [sleep, "1000"], timeout_seconds: 0.2}
        """,
    )
    with Running(house) as assistant:
        missing = assistant.say("open the gate")
        assert missing["outcome"] == "failed"
        assert "gate" in missing["reply"]
        endless = assistant.say("feed the cat")
        assert endless["outcome"] == "failed"
        assert "longer than" in endless["reply"]


def test_the_bridge_ends_when_the_core_is_killed(house: Home) -> None:
    house.intents("lights.yaml", lights())
    with Running(house) as assistant:
        assistant.say("turn on the lights")
        bridge = child_of(assistant)
        ended = os.pidfd_open(bridge)
        assistant.process.kill()
        assert select.select([ended], [], [], 20)[0]
        os.close(ended)


# --- the wall -------------------------------------------------------------------------------------


def test_the_filter_is_in_force_in_every_thread(house: Home) -> None:
    with Running(house) as assistant:
        tasks = Path(f"/proc/{assistant.process.pid}/task")
        modes = {
            line.split()[1]
            for task in tasks.iterdir()
            for line in (task / "status").read_text().splitlines()
            if line.startswith("Seccomp:")
        }
        assert modes == {"2"}


# --- a wrong machine, a wrong file ----------------------------------------------------------------


def test_error_no_sound_card(house: Home) -> None:
    if list_devices():
        pytest.skip("this machine has a sound card")
    result = house.run("run", "--plain")
    assert result.returncode == 69
    assert result.stderr.splitlines()[-1].startswith("assistant: There is no microphone")


def test_error_an_unknown_device(house: Home, sound_server: PulseServer) -> None:
    house.environment |= sound_server.environment
    result = house.run("run", "--plain", "--source", "the big one")
    assert result.returncode == 69
    assert "assistant: There is no microphone 'the big one'." in result.stderr


@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "There is no recording"), (b"", "is empty"), (b"RIFF junk", "is not a recording")],
)
def test_error_a_recording_that_is_none(
    house: Home, tmp_path: Path, content: bytes | None, reason: str
) -> None:
    path = tmp_path / "command.wav"
    if content is not None:
        path.write_bytes(content)
    for command in (["hear", str(path)], ["run", "--plain", "--source", str(path)]):
        result = house.run(*command)
        assert result.returncode == 69
        assert reason in result.stderr
        assert "Traceback" not in result.stderr


def test_a_database_that_cannot_be_read_is_put_aside(house: Home) -> None:
    house.paths.state_directory.mkdir(parents=True)
    house.paths.database.write_bytes(b"not a database" * 1000)
    with Running(house) as assistant:
        failed = assistant.ask("status")["status"]["failed_parts"]
        assert "damaged" in failed["state"]
        assert assistant.say("set a timer for five minutes")["outcome"] == "acted"
    aside = list(house.paths.state_directory.glob("state.sqlite3.corrupt-*"))
    assert [path.read_bytes()[:14] for path in aside] == [b"not a database"]


def test_error_a_database_that_cannot_be_written(house: Home) -> None:
    house.folder.joinpath("state").write_text("a file where a folder belongs")
    result = house.run("run", "--plain", "--source", "-", "--output", "none", input="")
    assert result.returncode == 74
    assert "Traceback" not in result.stderr


def test_a_database_of_a_newer_assistant_is_left_alone(house: Home) -> None:
    house.paths.state_directory.mkdir(parents=True)
    connection = sqlite3.connect(house.paths.database)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    result = house.run("run", "--plain", "--source", "-", "--output", "none", input="")
    assert result.returncode == 74


def test_error_the_daemon_is_not_running(house: Home) -> None:
    for command in ("status", "events", "listen"):
        result = house.run(command)
        assert result.returncode == 75
        assert result.stderr == (
            "assistant: The assistant is not running. Start it with: assistant run\n"
        )


def test_a_client_that_sends_garbage_is_told_and_let_go(house: Home) -> None:
    with Running(house) as assistant:
        with ControlClient(house.paths.control_socket) as client:
            client._socket.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert b"not JSON" in client._lines.readline()
            assert client._lines.readline() == b""
        assert assistant.ask("status")["ok"]
