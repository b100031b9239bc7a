"""The command line of scripts/fuzz. What it feeds is tested in tests/intents/test_fuzz.py."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from click.testing import CliRunner

from scripts.fuzzing import commands, targets


def test_inputs_are_fed_to_a_target(tmp_path: Path) -> None:
    path = tmp_path / "input"
    path.write_bytes(b"intents: {A: {sentences: ['a (b'], reply: \xff}}")
    for target in targets.TARGETS:
        done = CliRunner().invoke(commands.main, [target, str(path)], catch_exceptions=False)
        assert (done.exit_code, done.output) == (0, "")


def test_an_input_that_ends_in_a_mistake_tells_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "input"
    path.write_text("a: b")
    monkeypatch.setattr(targets, "parse_any", lambda *_: None)
    done = CliRunner().invoke(commands.main, ["yaml", str(path)])
    assert isinstance(done.exception, targets.WrongError)


def test_error_atheris_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    done = CliRunner().invoke(commands.main, ["text"])
    assert done.exit_code == 1
    assert done.output == (
        "Error: atheris, which makes up the inputs, is not installed. It needs x86-64:\n"
        "    .venv/bin/pip install --editable '.[fuzz]'\n"
    )


def test_there_are_texts_to_begin_with() -> None:
    for target in targets.TARGETS:
        assert len(list(commands.texts(target))) > 20
    assert "sentences:" in list(commands.words())
