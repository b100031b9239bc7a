"""The volume of the system: real programs on a real sound server, and none at all."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from assistant.audio.mixers import AlsaMixer, AnyMixer, PipeWireMixer, PulseMixer, find_mixer
from assistant.errors import ActionError
from assistant.ports import Mixer
from tests.sound_server import PulseServer

pytestmark = pytest.mark.engines


@pytest.fixture
def pactl(sound_server: PulseServer, monkeypatch: pytest.MonkeyPatch) -> PulseServer:
    """The sound server as this process sees it, at half its volume."""
    for name, value in sound_server.environment.items():
        monkeypatch.setenv(name, value)
    subprocess.run(["pactl", "set-sink-volume", "@DEFAULT_SINK@", "50%"], check=True)
    subprocess.run(["pactl", "set-sink-mute", "@DEFAULT_SINK@", "0"], check=True)
    return sound_server


def told(what: str) -> str:
    """What the server itself says."""
    return subprocess.run(
        ["pactl", f"get-sink-{what}", "@DEFAULT_SINK@"], check=True, capture_output=True, text=True
    ).stdout


@pytest.mark.usefixtures("pactl")
@pytest.mark.parametrize(
    "mixer", [PulseMixer(), AlsaMixer(), AnyMixer()], ids=["pulse", "alsa", "any"]
)
class TestVolume:
    def test_is_told(self, mixer: Mixer) -> None:
        assert mixer.volume() == 50

    @pytest.mark.parametrize("percent", [0, 37, 100])
    def test_is_set(self, mixer: Mixer, percent: int) -> None:
        mixer.set_volume(percent)
        assert mixer.volume() == percent
        assert f" {percent}% " in told("volume")

    def test_is_heard_again_where_it_was_off(self, mixer: Mixer) -> None:
        subprocess.run(["pactl", "set-sink-mute", "@DEFAULT_SINK@", "1"], check=True)
        mixer.set_volume(60)
        assert told("mute") == "Mute: no\n"


def test_error_no_sound_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nothing")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(ActionError) as caught:
        PulseMixer().volume()
    assert caught.value.message == "pactl failed"
    assert "Connection refused" in caught.value.hint
    with pytest.raises(ActionError) as caught:
        find_mixer("auto").set_volume(50)
    assert caught.value.message == "there is no volume of the system that can be set"
    assert "Pactl failed." in caught.value.hint
    assert "Wpctl" in caught.value.hint


def test_error_a_program_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ActionError) as caught:
        PipeWireMixer().volume()
    assert str(caught.value) == "Wpctl is not installed. Install it: sudo apt install wireplumber"


def put_wpctl(folder: Path, *lines: str) -> None:
    program = folder / "wpctl"
    program.write_text("\n".join([f"#!{shutil.which('sh')}", *lines, ""]))
    program.chmod(0o755)


SAYS = {
    "a part": ("Volume: 0.37\n", 37),
    "off": ("Volume: 0.80 [MUTED]\n", 80),
    "louder than loud": ("Volume: 1.30\n", 100),
}


@pytest.mark.parametrize(("said", "percent"), SAYS.values(), ids=SAYS)
def test_what_wpctl_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, percent: int
) -> None:
    """In place of WirePlumber's, which needs seconds and a session to start."""
    put_wpctl(tmp_path, f"echo '{said.strip()}'", f'echo "$@" >> {tmp_path}/asked')
    monkeypatch.setenv("PATH", str(tmp_path))
    mixer = PipeWireMixer()
    assert mixer.volume() == percent
    mixer.set_volume(40)
    assert (tmp_path / "asked").read_text().splitlines() == [
        "get-volume @DEFAULT_AUDIO_SINK@",
        "set-volume @DEFAULT_AUDIO_SINK@ 40%",
        "set-mute @DEFAULT_AUDIO_SINK@ 0",
    ]


def test_error_a_program_that_says_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_wpctl(tmp_path, "echo hello")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ActionError, match="The volume of the system is not known"):
        PipeWireMixer().volume()
