"""A microphone without echoes is known by its name, or by what the owner says."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from assistant.audio.echo import is_echo_cancelled
from tests.sound_server import PulseServer


@pytest.mark.parametrize(
    ("source", "setting", "cancelled"),
    [
        ("Echo-Cancel Source", "auto", True),
        ("echo-cancel-source", "no", False),
        ("USB PnP Sound Device", "auto", False),
        ("USB PnP Sound Device", "yes", True),
        ("Echo Dot", "auto", False),
    ],
)
def test_by_its_name_or_as_the_owner_says(source: str, setting: str, cancelled: bool) -> None:
    assert is_echo_cancelled(source, setting) is cancelled


def test_without_a_program_to_ask_it_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not is_echo_cancelled("default")


@pytest.mark.engines
def test_the_sound_server_tells_which_one_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    with PulseServer() as server:
        for name in ("PULSE_SERVER", "XDG_RUNTIME_DIR", "HOME"):
            monkeypatch.setenv(name, server.environment[name])
        assert not is_echo_cancelled("default")
        cancel = ("source_name=echo-cancel-source", "sink_name=echo-cancel-sink")
        masters = ("source_master=vmic.monitor", "sink_master=vspk")
        for command in (
            ("load-module", "module-echo-cancel", *cancel, *masters),
            ("set-default-source", "echo-cancel-source"),
        ):
            subprocess.run(["pactl", *command], env=dict(os.environ), check=True, timeout=20)
        assert is_echo_cancelled("default")
