"""The examples of a house: beside the shipped intents, they are what ``assistant check`` passes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant.cli.look import check

EXAMPLES = sorted((Path(__file__).parent.parent / "docs" / "examples" / "intents").glob("*.yaml"))


def test_all_of_them_together_pass_the_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    intents = tmp_path / "assistant" / "intents"
    intents.mkdir(parents=True)
    for path in EXAMPLES:
        shutil.copy(path, intents)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("CONFIGURATION_DIRECTORY", raising=False)
    done = CliRunner().invoke(check)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("All is well: ")


def test_there_are_the_usual_devices() -> None:
    names = {path.stem for path in EXAMPLES}
    assert names >= {"home-assistant", "zigbee2mqtt", "tasmota", "gpio", "services", "routines"}
