"""``scripts/bench-pi``: the table, of figures that are made up."""

from __future__ import annotations

import json
import os
import subprocess

import pytest
from click.testing import CliRunner

from scripts.benchmarks import commands, pi, start
from scripts.benchmarks.running import Memory, Started
from scripts.benchmarks.tables import Report
from tests.scripts import FOLDER

CORE = start.Part(Started(4.26, 3.1), Memory(150.2, 160, 130), Memory(161.4, 170, 140))
BRIDGE = start.Part(Started(1.5, 1.2), Memory(60, 64, 40), Memory(62, 66, 44))


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    figures = {"core": start._figures([CORE]), "bridge": start._figures([BRIDGE])}
    monkeypatch.setattr(start, "measure", lambda: Report("start", "Start", (), figures))
    monkeypatch.setattr(pi, "waiting_shares", lambda _: {"core": 0.0754, "bridge": 0.001})


@pytest.mark.usefixtures("made_up")
def test_all_of_it_is_in_one_table() -> None:
    printed = CliRunner().invoke(commands.main, ["pi"], catch_exceptions=False).output
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in printed.splitlines()]
    assert [row for row in rows if len(row) == 3 and not row[1].startswith("--")] == [
        ["", "core", "bridge"],
        ["waiting, of one core", "7.5%", "0.1%"],
        ["READY=1, by the clock", "4.3 s", "1.5 s"],
        ["READY=1, CPU", "3.1 s", "1.2 s"],
        ["memory when ready (VmRSS)", "150 MB", "60 MB"],
        ["memory in use (VmRSS)", "161 MB", "62 MB"],
        ["memory at most (VmHWM)", "170 MB", "66 MB"],
        ["its share of memory (PSS)", "140 MB", "44 MB"],
    ]
    assert "- Processor: " in printed


@pytest.mark.usefixtures("made_up")
def test_the_same_for_programs() -> None:
    printed = CliRunner().invoke(commands.main, ["pi", "--json"], catch_exceptions=False).output
    figures = json.loads(printed)
    assert (figures["benchmark"], figures["core"]["waiting_share"]) == ("pi", 0.0754)
    assert figures["bridge"]["ready_wall_seconds"] == 1.5


@pytest.mark.engines
def test_the_script_is_found_from_anywhere() -> None:
    script = FOLDER / "bench-pi"
    assert os.access(script, os.X_OK)
    done = subprocess.run(
        [script, "--help"], cwd="/", capture_output=True, text=True, timeout=60, check=True
    )
    assert "waiting, start and memory in one table" in done.stdout
