"""The volume of the system: by the programs that come with PulseAudio, PipeWire and ALSA.

Each call runs a program that ends at once, and blocks meanwhile: it is for a thread of its own.
All of them reach their server by a Unix socket or a device, so the core needs no network for it.
"""

from __future__ import annotations

import os
import re
import subprocess

from assistant.errors import ActionError
from assistant.ports import Mixer

PATIENCE_SECONDS = 3.0
"""They answer in some 10 ms; a sound server that hangs never does."""

CONTROLS = ("Master", "PCM", "Digital", "Speaker", "Headphone", "HDMI", "Line Out")
"""Of ALSA's mixer, the ones that are likely to be of all sound, the likeliest first."""


def run_program(*command: str) -> str:
    """Run a program of the sound system; returns what it prints. Raises ActionError."""
    english = os.environ | {"LC_ALL": "C"}
    try:
        done = subprocess.run(
            command,
            env=english,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            text=True,
            errors="replace",
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    except FileNotFoundError as error:
        raise ActionError(f"{command[0]} is not installed", _hint(command[0])) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ActionError(f"{command[0]} does not work", f"{error}.") from error
    if done.returncode:
        complaint = (done.stderr or done.stdout).strip().splitlines()
        said = f"It says: {complaint[-1]}" if complaint else f"Its status is {done.returncode}."
        raise ActionError(f"{command[0]} failed", said)
    return done.stdout


def _hint(program: str) -> str:
    packages = {"pactl": "pulseaudio-utils", "wpctl": "wireplumber", "amixer": "alsa-utils"}
    return f"Install it: sudo apt install {packages[program]}"


class PulseMixer:
    """The default loudspeaker of PulseAudio, or of PipeWire in its place, by pactl."""

    def volume(self) -> int:
        """Percent; of several channels, the loudest."""
        return _loudest(run_program("pactl", "get-sink-volume", "@DEFAULT_SINK@"), r"(\d+)%")

    def set_volume(self, percent: int) -> None:
        """Set it, and turn it on if it was off."""
        run_program("pactl", "set-sink-volume", "@DEFAULT_SINK@", f"{percent}%")
        if percent:
            run_program("pactl", "set-sink-mute", "@DEFAULT_SINK@", "0")


class PipeWireMixer:
    """The default loudspeaker of PipeWire, by wpctl."""

    def volume(self) -> int:
        """Percent."""
        said = run_program("wpctl", "get-volume", "@DEFAULT_AUDIO_SINK@")
        return _loudest(said, r"Volume: ([\d.]+)", 100)

    def set_volume(self, percent: int) -> None:
        """Set it, and turn it on if it was off."""
        run_program("wpctl", "set-volume", "@DEFAULT_AUDIO_SINK@", f"{percent}%")
        if percent:
            run_program("wpctl", "set-mute", "@DEFAULT_AUDIO_SINK@", "0")


class AlsaMixer:
    """The default sound card without a sound server, by amixer.

    ``-M`` is the scale of the ear: half of it sounds half as loud.
    """

    def volume(self) -> int:
        """Percent; of several channels, the loudest."""
        return _loudest(run_program("amixer", "-M", "sget", self._control()), r"\[(\d+)%\]")

    def set_volume(self, percent: int) -> None:
        """Set it, and turn it on if it was off."""
        on = ["unmute"] if percent else []
        run_program("amixer", "-q", "-M", "sset", self._control(), f"{percent}%", *on)

    def _control(self) -> str:
        """The likeliest one that the card has; cards are plugged in and out."""
        there = re.findall(r"Simple mixer control '([^']*)'", run_program("amixer", "scontrols"))
        for name in CONTROLS:
            if name in there:
                return name
        raise ActionError(
            "the sound card has no volume",
            f"amixer scontrols lists: {', '.join(there) or 'nothing'}.",
        )


MIXERS: dict[str, type[Mixer]] = {
    "pulse": PulseMixer,
    "pipewire": PipeWireMixer,
    "alsa": AlsaMixer,
}


class AnyMixer:
    """The first of all of them that works, which is looked for when it is first needed."""

    def __init__(self) -> None:
        self._found: Mixer | None = None

    def volume(self) -> int:
        """Percent. Raises ActionError where none works."""
        if self._found is not None:
            try:
                return self._found.volume()
            except ActionError:  # such as a sound server that was replaced by another
                self._found = None
        failed: list[ActionError] = []
        for kind in MIXERS.values():
            mixer = kind()
            try:
                percent = mixer.volume()
            except ActionError as error:
                failed.append(error)
            else:
                self._found = mixer
                return percent
        raise ActionError(
            "there is no volume of the system that can be set", " ".join(map(str, failed))
        )

    def set_volume(self, percent: int) -> None:
        """Set it. Raises ActionError where none works."""
        self.volume()
        assert self._found is not None  # noqa: S101 - else it has raised
        self._found.set_volume(percent)


def find_mixer(name: str) -> Mixer:
    """Return the one of this name; 'auto' is the first one that works."""
    return AnyMixer() if name == "auto" else MIXERS[name]()


def _loudest(said: str, pattern: str, scale: float = 1.0) -> int:
    found = [float(number) for number in re.findall(pattern, said)]
    if not found:
        raise ActionError("the volume of the system is not known", f"It was told as: {said!r}.")
    return min(100, round(max(found) * scale))
