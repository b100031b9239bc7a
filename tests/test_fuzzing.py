"""The command line of scripts/fuzz. What it feeds is tested in tests/intents/test_fuzz.py."""

from __future__ import annotations

import importlib.util
import io
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from assistant.embedding.arrays import read_arrays
from scripts.fuzzing import commands, doors, loaders, targets


def test_inputs_are_fed_to_a_target(tmp_path: Path) -> None:
    path = tmp_path / "input"
    path.write_bytes(b"intents: {A: {sentences: ['a (b'], reply: \xff}}")
    for target in commands.TARGETS:
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


@pytest.mark.parametrize("target", loaders.LOADERS)
def test_what_was_found_before_is_read_or_told(target: str) -> None:
    for content in (*commands.made(target), *commands.kept(target), b""):
        loaders.LOADERS[target](content)


def test_an_archive_is_damaged_under_right_checksums() -> None:
    file = io.BytesIO()
    np.savez(file, first=np.zeros(3, np.uint8), last=np.zeros(3, np.uint8))
    at_the_end = bytes([1, 0, 130, 7])
    arrays = read_arrays(loaders.damaged(file.getvalue(), at_the_end))
    assert (arrays["first"].tolist(), arrays["last"].tolist()) == ([0, 0, 0], [0, 0, 7])


def test_a_server_that_fails_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "STATUS", {})
    with pytest.raises(doors.WithoutAnswerError, match="KeyError"):
        doors.control_door().ask(b'{"command": "prometheus"}\n')
    doors.control_door.cache_clear()


def test_there_are_texts_to_begin_with() -> None:
    assert {*commands.TARGETS} == targets.TARGETS.keys() | loaders.LOADERS.keys()
    for target in targets.TARGETS:
        assert len(list(commands.made(target))) > 20
    assert "sentences:" in list(commands.words())
