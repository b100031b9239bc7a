"""The doctor with a real sound server: silent, cut off, and with a loudspeaker that it hears."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from assistant.audio.frames import SAMPLE_RATE
from assistant.cli import doctor
from tests.running import Home, home
from tests.sound_server import PulseServer

pytestmark = pytest.mark.engines

ROOMS = ("den", "hall")

# Only what is asked for: the whole of it takes seconds.
SOME = """
import json, sys
from pathlib import Path
from assistant.config import load_settings
from assistant.doctor import sound
from assistant.doctor.checks import CHECKS, examine
from assistant.doctor.patient import Patient
from assistant.events import to_plain
from assistant.paths import find_paths
sound.LISTEN_SECONDS = 1.0
paths = find_paths({"HOME": "/nonexistent"}, 0)
patient = Patient(load_settings(sys.argv[1], "config.yaml"), paths)
for finding in examine(patient, lambda _: None, {name: CHECKS[name] for name in sys.argv[2:]}):
    print(json.dumps(to_plain(finding)))
"""


@pytest.fixture(scope="module")
def server() -> Iterator[PulseServer]:
    with PulseServer(ROOMS) as running:
        yield running


def examined(server: PulseServer, config: str, *checks: str) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SOME, config, *checks],
        env=server.environment, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_silent_microphone_and_one_that_is_cut_off(server: PulseServer, tmp_path: Path) -> None:
    loud = np.sign(np.sin(np.arange(8 * SAMPLE_RATE) / 20)) * 32_767
    soundfile.write(tmp_path / "loud.wav", loud.astype(np.int16), SAMPLE_RATE)
    command = ("paplay", "--device=hall", str(tmp_path / "loud.wav"))
    config = "audio: {microphones: {den: {source: den}, hall: {source: hall}}, output: none}"
    with subprocess.Popen(command, env=server.environment) as playing:
        card_den, card_hall, den, hall = examined(server, config, "sound card", "microphone")
        playing.terminate()
    assert [card_den["verdict"], card_hall["verdict"]] == ["good", "good"]
    assert (den["check"], den["verdict"]) == ("microphone den", "failed")
    assert den["message"] == "It gives nothing but zeros."
    assert (hall["check"], hall["verdict"]) == ("microphone hall", "failed")
    assert hall["message"].startswith("It is cut off at the top: ")


def test_the_loudspeaker_is_heard_by_the_microphone(server: PulseServer) -> None:
    """What is played on the sink ``vmic`` comes out of the default microphone."""
    server.play_on("vmic")
    try:
        (finding,) = examined(server, "", "loudspeaker")
    finally:
        server.play_on("vspk")
    assert finding["verdict"] == "good"
    assert "and the microphone heard it, " in finding["message"]


def test_a_device_that_is_not_there(server: PulseServer) -> None:
    (finding,) = examined(server, "audio: {source: the big one}", "sound card")
    assert (finding["verdict"], finding["message"]) == (
        "failed",
        "There is no microphone 'the big one'.",
    )
    assert "There is: " in finding["hint"]


@pytest.fixture
def house() -> Iterator[Home]:
    with home() as place:
        yield place


def test_all_of_it(house: Home) -> None:
    house.config("audio: {source: nobody.wav, output: none}\n")
    result = house.run("doctor", "--json")
    found = [json.loads(line) for line in result.stdout.splitlines()]
    verdicts = {one["check"]: one["verdict"] for one in found}
    assert result.returncode == 0, result.stdout + result.stderr
    good = ("configuration", "wake word", "recognizer", "intents", "privacy")
    assert {verdicts[check] for check in good} == {"good"}
    assert verdicts["microphone"] == verdicts["loudspeaker"] == verdicts["assistant"] == "skipped"


def test_error_a_wrong_configuration_is_one_finding_among_others(house: Home) -> None:
    house.config("audio: {outputs: none}\n")
    first = next(doctor.findings(house.paths, None, quiet=True, as_service=False))
    assert (first.check, first.verdict) == ("configuration", "failed")
    assert "unknown key 'outputs' in section 'audio'" in first.message
