"""Microphone and loudspeaker for real: PortAudio, ALSA, and a sound server without hardware."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.audio.frames import SAMPLE_RATE
from tests.audio.tones import loud_seconds, loudest_hertz, tone
from tests.sound_server import ROOM, SPEAKER_RATE, PulseServer, sound_environment

pytestmark = pytest.mark.engines

ROOT = Path(__file__).parent.parent.parent


@contextmanager
def start(environment: dict[str, str], *arguments: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        (sys.executable, "-m", "tests.audio.programs", *arguments),
        env=environment,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        try:
            yield program
        finally:
            program.kill()  # does nothing to one that has ended


def run(environment: dict[str, str], *arguments: str) -> str:
    with start(environment, *arguments) as program:
        out, complaint = program.communicate(timeout=60)
    assert program.returncode == 0, out + complaint
    return out


def wait_until_listening(program: subprocess.Popen[str]) -> None:
    assert program.stdout is not None
    assert program.stdout.readline() == "listening\n"


def test_the_devices_of_a_sound_server(sound_server: PulseServer) -> None:
    assert run(sound_server.environment, "devices").splitlines() == [
        "input pulse False ALSA",
        "input default True ALSA",
        "output pulse False ALSA",
        "output default True ALSA",
    ]


@pytest.mark.parametrize("refused_rate", [0, 16_000], ids=["at 16 kHz", "at its own rate"])
def test_what_is_spoken_into_the_microphone_is_heard(
    sound_server: PulseServer, tmp_path: Path, refused_rate: int
) -> None:
    spoken, heard = tmp_path / "spoken.wav", tmp_path / "heard.raw"
    soundfile.write(spoken, tone(700, 1.0, SAMPLE_RATE), SAMPLE_RATE)
    with start(sound_server.environment, "capture", str(heard), "4", str(refused_rate)) as program:
        wait_until_listening(program)
        sound_server.play(spoken)
        _, complaint = program.communicate(timeout=60)
    assert (program.returncode, complaint) == (0, "")
    samples = np.fromfile(heard, np.int16)
    assert len(samples) == 4 * SAMPLE_RATE
    assert loudest_hertz(samples, SAMPLE_RATE) == pytest.approx(700, abs=3)
    assert loud_seconds(samples, SAMPLE_RATE) == pytest.approx(1.0, abs=0.05)
    assert np.abs(samples).max() == pytest.approx(8000, rel=0.05)


def shared_memory(process: int) -> list[str]:
    """What a process shares with PulseAudio's, by both of the ways that libpulse has."""
    maps = Path(f"/proc/{process}/maps").read_text().splitlines()
    return [line for line in maps if "memfd:pulseaudio" in line or "pulse-shm" in line]


def test_sound_is_not_read_from_the_memory_of_a_server_that_may_die(
    sound_server: PulseServer,
) -> None:
    with start(sound_server.environment, "capture", os.devnull, "3600") as program:
        wait_until_listening(program)
        assert not shared_memory(program.pid)


@pytest.mark.parametrize("by_variable", [True, False])
def test_an_owner_may_set_otherwise_how_pulseaudio_is_spoken_to(
    sound_server: PulseServer, tmp_path: Path, by_variable: bool
) -> None:
    settings = tmp_path / ".config/pulse/client.conf"
    settings.parent.mkdir(parents=True)
    settings.write_text("enable-shm = yes\n")
    environment = dict(sound_server.environment)
    if by_variable:
        environment["PULSE_CLIENTCONFIG"] = str(settings)
    else:
        shutil.copy(Path(environment["HOME"]) / ".asoundrc", tmp_path)
        environment["HOME"] = str(tmp_path)
    with start(environment, "capture", os.devnull, "3600") as program:
        wait_until_listening(program)
        assert shared_memory(program.pid)


def test_looking_for_devices_leaves_an_open_microphone_alone(sound_server: PulseServer) -> None:
    run(sound_server.environment, "listen-and-look")


def test_a_microphone_that_is_plugged_in_while_another_is_read_is_found() -> None:
    with PulseServer(["kitchen", "hall"]) as server:
        known = Path(server.environment["HOME"]) / ".asoundrc"
        known.write_text(known.read_text().replace(ROOM.format(room="hall"), ""))
        told = run(server.environment, "plug-in")
    assert told.splitlines() == ["There is no microphone 'hall'.", "hall True", "kitchen True"]


@pytest.mark.parametrize("refused_rate", [0, 16_000], ids=["at its rate", "at another rate"])
def test_a_sound_is_played_whole(sound_server: PulseServer, refused_rate: int) -> None:
    with sound_server.recording() as recording:
        run(sound_server.environment, "play", "1.0", "0.5", str(refused_rate))
    loud = np.flatnonzero(np.abs(recording.samples.astype(int)) > 300)
    heard = recording.samples[loud[0] : loud[-1] + 1]
    assert loudest_hertz(heard, SPEAKER_RATE) == pytest.approx(700, abs=3)
    assert loudest_hertz(heard[-SPEAKER_RATE // 12 :], SPEAKER_RATE) == pytest.approx(1100, abs=15)
    # A busy machine may leave gaps, but nothing out. A sine is above 300 of 4,000 for 95 % of time.
    assert len(loud) / SPEAKER_RATE == pytest.approx(0.95 * 1.1, abs=0.05)
    assert np.abs(heard).max() == pytest.approx(4000, rel=0.05)


def test_a_cut_sound_stops(sound_server: PulseServer) -> None:
    with (
        sound_server.recording() as recording,
        start(sound_server.environment, "cut", "60.0") as program,
    ):
        recording.wait_until_loud()
        _, complaint = program.communicate("now\n", timeout=30)
    assert (program.returncode, complaint) == (0, "")
    assert 0 < loud_seconds(recording.samples, SPEAKER_RATE) < 30


def test_the_loudspeaker_keeps_its_contract(sound_server: PulseServer) -> None:
    run(sound_server.environment, "contract")


def test_error_microphone_lost_while_listening(tmp_path: Path) -> None:
    with (
        PulseServer() as server,
        start(server.environment, "capture", str(tmp_path / "heard.raw"), "600") as program,
    ):
        wait_until_listening(program)
        server.kill()
        out, _ = program.communicate(timeout=60)
    assert program.returncode == 69
    assert out == (
        "The microphone 'default' is gone. Is it still plugged in, and the sound server running?\n"
    )


def test_error_loudspeaker_lost_while_playing() -> None:
    with (
        PulseServer() as server,
        server.recording() as recording,
        start(server.environment, "play", "600") as program,
    ):
        recording.wait_until_loud()
        server.kill()
        out, _ = program.communicate(timeout=60)
    assert program.returncode == 69
    assert out == (
        "The loudspeaker 'default' is gone. Is it still plugged in, and the sound server running?\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("capture", "/dev/null", "1"),
            (
                "There is no microphone: this machine has no sound input. "
                "Plug one in, or give a recording instead of a microphone.\n"
            ),
        ),
        (
            ("play", "1"),
            (
                "There is no loudspeaker: this machine has no sound output. "
                "Plug one in, or set the output to 'none'.\n"
            ),
        ),
    ],
)
def test_error_no_sound_card_is_one_sentence_and_no_noise(
    tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    with start(sound_environment(tmp_path), *arguments) as program:
        out, complaint = program.communicate(timeout=60)
    assert (program.returncode, out, complaint) == (69, message, "")
