"""Whether the loudspeaker's sound is taken out of what a microphone hears."""

from __future__ import annotations

import subprocess

DEFAULT = "default"
ASK_SECONDS = 2.0


def is_echo_cancelled(source: str, setting: str = "auto") -> bool:
    """Tell whether the stream of a source is free of echoes: as the setting says, or by its name.

    The default source's name is that which the sound server, PipeWire or PulseAudio, has for it.
    """
    if setting != "auto":
        return setting == "yes"
    name = (_default_source() if source == DEFAULT else source).casefold()
    return "echo" in name and "cancel" in name


def _default_source() -> str:
    """Ask the sound server; '' where there is none, or no program to ask it."""
    command = ("pactl", "get-default-source")
    try:
        asked = subprocess.run(
            command, capture_output=True, text=True, timeout=ASK_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return asked.stdout
