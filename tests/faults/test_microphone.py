"""The sound server killed and started again, or not there at all, under a running assistant."""

from __future__ import annotations

import pytest

from tests.recordings import RECORDINGS
from tests.running import Home, Running
from tests.sound_server import PulseServer

pytestmark = pytest.mark.engines

WHAT_TIME = RECORDINGS / "what-time.flac"


def test_a_sound_server_that_is_killed_is_waited_for_and_heard_again(house: Home) -> None:
    with (
        PulseServer() as server,
        Running(house, "--source", "default", environment=server.as_sound_card) as assistant,
    ):
        server.play(WHAT_TIME)
        assert assistant.wait_for("turn-ended")["record"]["reply"] == "Time to eat."
        server.kill()
        failed = assistant.wait_for("part-failed")
        assert failed["part"] == "microphone"
        assert failed["message"].startswith("The microphone 'default' is gone. Is it still plugged")
        # What needs no microphone goes on, and what cannot be heard is shown.
        assert assistant.say("what time is it")["reply"] == "Time to eat."
        assert assistant.wait_for("turn-ended")["record"]["transcript"] is None
        assert "microphone" in assistant.ask("status")["status"]["failed_parts"]
        server.start_again()
        while assistant.wait_for("part-works")["part"] != "microphone":
            pass
        with server.recording() as loudspeaker:
            server.play(WHAT_TIME)
            record = assistant.wait_for("turn-ended")["record"]
        assert (record["transcript"], record["reply"]) == ("what time is it", "Time to eat.")
        assert loudspeaker.samples.any()
        assert assistant.ask("status")["status"]["failed_parts"] == {}


def test_a_service_starts_without_a_sound_server_and_hears_when_there_is_one(house: Home) -> None:
    server = PulseServer()  # not yet running
    watched = {"WATCHDOG_USEC": "8000000"}
    arguments = ("--source", "default", "--output", "none")
    with Running(house, *arguments, environment=server.as_sound_card | watched) as assistant:
        assert "no sound input" in assistant.ask("status")["status"]["failed_parts"]["microphone"]
        assistant.wait_for_notification("WATCHDOG=1")
        with server:
            assert assistant.wait_for("part-works")["part"] == "microphone"
            server.play(WHAT_TIME)
            assert assistant.wait_for("turn-ended")["record"]["reply"] == "Time to eat."
            assert assistant.terminate() == 0


def test_error_by_hand_a_missing_microphone_is_told_at_once(house: Home) -> None:
    house.environment |= PulseServer().as_sound_card  # not running
    result = house.run("run", "--plain", "--source", "default")
    assert result.returncode == 69
    assert "There is no microphone: this machine has no sound input." in result.stderr
    assert "Traceback" not in result.stderr
