"""``assistant logs``: whose journal it shows."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant.cli.logs import logs
from assistant.errors import ControlError
from tests.test_scripts import stand_in


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of programs, the only one that is looked into."""
    folder = tmp_path / "bin"
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    stand_in(folder, "journalctl", 'echo "$@" > "${0%/*}/asked"; exit 3')
    return folder


@pytest.mark.parametrize(("manager", "option"), [("--system", "unit"), ("--user", "user-unit")])
def test_the_journal_of_both_services(programs: Path, manager: str, option: str) -> None:
    stand_in(programs, "systemctl", f'test "$1" = {manager} && echo loaded || echo not-found')
    result = CliRunner().invoke(logs, ["--follow", "-n", "5"])
    assert result.exit_code == 3  # as journalctl ended
    asked = (programs / "asked").read_text().split()
    assert asked == [
        f"--{option}=assistant",
        f"--{option}=assistant-bridge",
        "--lines=5",
        "--follow",
    ]


def test_error_without_a_service_it_says_where_the_log_is(programs: Path) -> None:
    stand_in(programs, "systemctl", "echo not-found")
    result = CliRunner().invoke(logs)
    assert isinstance(result.exception, ControlError)
    assert "logs to its terminal" in result.exception.hint
    assert not (programs / "asked").exists()


def test_error_without_systemd(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.fspath(programs))
    result = CliRunner().invoke(logs)
    assert isinstance(result.exception, ControlError)
