"""Buttons of a real assistant, at pins that gpiozero makes up in its process."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.running import Running, home

pytestmark = pytest.mark.engines

# Python runs this at its start: a finger in the assistant's own process.
FINGER = """
import os, threading

def press():
    from gpiozero import Device
    from gpiozero.pins.mock import MockFactory
    Device.pin_factory = MockFactory()
    with open(os.environ["FINGER"]) as pins:
        for line in pins:
            pin = Device.pin_factory.pin(int(line))
            pin.drive_low()
            pin.drive_high()

threading.Thread(target=press, daemon=True).start()
"""

CONFIGURATION = """\
triggers:
  - {gpio: 17, do: listen}
  - {gpio: 27, do: mute}
  - {gpio: 22, do: stop}
  - {gpio: 5, do: what time is it}
"""


def test_what_buttons_do(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(FINGER)
    pipe = tmp_path / "finger"
    os.mkfifo(pipe)
    environment = {"PYTHONPATH": str(tmp_path), "FINGER": str(pipe)}
    with home() as place:
        place.config(CONFIGURATION)
        arguments = ("--source", "-", "--output", "none", "--no-bridge")
        with Running(place, *arguments, environment=environment) as assistant, pipe.open("w") as of:

            def press(pin: int) -> None:
                of.write(f"{pin}\n")
                of.flush()
                pressed = assistant.wait_for("trigger-pressed")
                assert pressed["trigger"] == f"GPIO {pin}"

            press(5)
            assert assistant.wait_for("turn-ended")["record"]["intent"] == "GetTime"
            press(17)
            assistant.wait_for("phase-changed", lambda event: event["phase"] == "listening")
            press(22)
            assistant.wait_for("phase-changed", lambda event: event["phase"] == "waiting")
            press(27)
            assert assistant.wait_for("replying")["text"] == "The microphone is off."
            assert assistant.ask("status")["status"]["muted"] is True
            assistant.wait_for("phase-changed", lambda event: event["phase"] == "waiting")
            press(17)
            assert assistant.wait_for("replying")["text"] == "The microphone is off."
            assistant.wait_for("phase-changed", lambda event: event["phase"] == "waiting")
            press(27)
            assert assistant.wait_for("replying")["text"] == "I am listening again."
            assert assistant.ask("status")["status"]["muted"] is False
            assert assistant.ask("status")["status"]["failed_parts"] == {}
