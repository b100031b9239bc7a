"""Devices that are busy or refuse, a loudspeaker that goes and comes, sound that is lost.

There is no sound card: PortAudio's refusals are made up, all else is a real sound server.
"""

from __future__ import annotations

import os
import signal
import time

import pytest

from tests.faults.inside import Faults
from tests.recordings import RECORDINGS
from tests.running import Home, Running
from tests.sound_server import PulseServer

pytestmark = pytest.mark.engines

WHAT_TIME = RECORDINGS / "what-time.flac"
BUSY = "Device unavailable [PaErrorCode -9985]"  # PortAudio's word for ALSA's EBUSY
NO_RATE = "Invalid sample rate [PaErrorCode -9997]"


def test_a_device_that_is_busy_or_refuses_its_rates_is_waited_for(house: Home) -> None:
    faults = Faults(house.folder / "faults")
    faults.refuse(BUSY)
    with (
        PulseServer() as server,
        Running(
            house,
            *("--source", "default", "--output", "none"),
            environment=server.as_sound_card | faults.environment,
        ) as assistant,
    ):
        told = assistant.ask("status")["status"]["failed_parts"]["microphone"]
        assert told == (
            "The microphone 'default' cannot be opened: Device unavailable. "
            "Is another program using it?"
        )
        assert assistant.say("what time is it")["reply"] == "Time to eat."
        faults.refuse(NO_RATE)
        failed = assistant.wait_for("part-failed")
        assert "cannot be opened: Invalid sample rate" in failed["message"]
        faults.refuse("")
        assert assistant.wait_for("part-works")["part"] == "microphone"
        server.play(WHAT_TIME)
        record = assistant.wait_for("turn-ended", lambda one: one["record"]["wake"])["record"]
        assert record["reply"] == "Time to eat."
        assert assistant.ask("status")["status"]["failed_parts"] == {}
        assert "Traceback" not in assistant.output


def test_error_by_hand_a_busy_device_is_told_at_once(house: Home) -> None:
    faults = Faults(house.folder / "faults")
    faults.refuse(BUSY)
    with PulseServer() as server:
        house.environment |= server.as_sound_card | faults.environment
        result = house.run("run", "--plain", "--source", "default", "--output", "none")
    assert result.returncode == 69
    assert "cannot be opened: Device unavailable" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_loudspeaker_that_goes_in_the_middle_of_a_word_is_used_again_when_it_is_back(
    house: Home,
) -> None:
    arguments = ("--source", "-", "--output", "default")
    with (
        PulseServer() as server,
        Running(house, *arguments, environment=server.as_sound_card) as assistant,
    ):
        with server.recording() as loudspeaker:
            assistant.ask("announce", text="this goes on and on and " * 30)
            loudspeaker.wait_until_loud()
            server.kill()
        failed = assistant.wait_for("part-failed")
        assert failed["part"] == "voice"
        assert failed["message"].startswith("The loudspeaker 'default' is gone.")
        # Missing now: the reply is shown, and it goes on.
        assert assistant.say("what time is it")["reply"] == "Time to eat."
        missing = assistant.wait_for("part-failed")
        assert "no loudspeaker" in missing["message"]
        assert "voice" in assistant.ask("status")["status"]["failed_parts"]
        server.start_again()
        with server.recording() as loudspeaker:
            assistant.say("what time is it")
            assert assistant.wait_for("part-works")["part"] == "voice"
        assert loudspeaker.samples.any()
        assert assistant.ask("status")["status"]["failed_parts"] == {}
        assert "Traceback" not in assistant.output


def test_sound_that_nobody_took_in_time_is_counted_and_the_next_command_is_heard(
    house: Home,
) -> None:
    arguments = ("--source", "default", "--output", "none")
    faults = Faults(house.folder / "faults")
    faults.lose_sound()
    with (
        PulseServer() as server,
        Running(
            house, *arguments, environment=server.as_sound_card | faults.environment
        ) as assistant,
    ):
        before = assistant.ask("status")["status"]["overruns"]
        with server.recording("vmic") as microphone:
            # As if no processor were free for it.
            os.kill(assistant.process.pid, signal.SIGSTOP)
            microphone.wait_for(1.5)
            os.kill(assistant.process.pid, signal.SIGCONT)
        server.play(WHAT_TIME)
        assert assistant.wait_for("turn-ended")["record"]["reply"] == "Time to eat."
        assert assistant.ask("status")["status"]["overruns"] > before
        assert 'assistant_overruns_total{microphone=""}' in assistant.ask("prometheus")["text"]


def test_a_microphone_that_hangs_feeds_no_watchdog_until_it_gives_sound(house: Home) -> None:
    """The audio thread hangs in its read: a sound server that is stopped is like a driver so."""
    arguments = ("--source", "default", "--output", "none")
    watched = {"WATCHDOG_USEC": "1000000"}
    with (
        PulseServer() as server,
        Running(house, *arguments, environment=server.as_sound_card | watched) as assistant,
    ):
        assistant.wait_for_notification("WATCHDOG=1")
        os.kill(server.pid, signal.SIGSTOP)
        # What it had may still be under way; then nothing is told for three times its limit.
        assert any(assistant.notifications(within_seconds=3.0) == [] for _ in range(10))
        assert assistant.say("what time is it")["reply"] == "Time to eat."  # the loop lives
        os.kill(server.pid, signal.SIGCONT)
        assistant.notified.clear()
        assistant.wait_for_notification("WATCHDOG=1")


def test_a_loop_that_hangs_feeds_no_watchdog(house: Home) -> None:
    faults = Faults(house.folder / "faults")
    watched = {"WATCHDOG_USEC": "1000000"}
    with Running(house, environment=faults.environment | watched) as assistant:
        faults.hang(hangs=True)
        os.kill(assistant.process.pid, signal.SIGUSR1)
        hangs = faults.folder / "hangs"
        until = time.monotonic() + 60
        while not hangs.exists():
            assert time.monotonic() < until
            assistant.hear(bytes(2560))
        # The audio thread hears on, for ever: it alone is not enough.
        for _ in range(10):
            assistant.hear(bytes(25600))
            if assistant.notifications(within_seconds=3.0) == []:
                break
        else:
            raise AssertionError("a loop that hangs feeds the watchdog")
        faults.hang(hangs=False)
        assistant.notified.clear()
        while "WATCHDOG=1" not in assistant.notified:
            assistant.hear(bytes(2560))
            assistant.notified += assistant.notifications(within_seconds=0.1)
