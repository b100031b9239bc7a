"""The streaming features, made of the installed models."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.errors import EngineError
from assistant.wake.bundle import load_bundle
from assistant.wake.packaged import models_folder

pytestmark = pytest.mark.engines


def test_what_was_made_once_is_kept(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> bytes:
        raise AssertionError("made again")

    monkeypatch.setattr("assistant.wake.bundle._make", never)
    assert load_bundle(cache)["filters"].shape == (257, 32)


def test_a_broken_file_is_made_anew(tmp_path: Path) -> None:
    load_bundle(tmp_path)
    (kept,) = tmp_path.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(whole[:1000])
    assert load_bundle(tmp_path)["filters"].shape == (257, 32)
    assert np.load(kept)["network"].size == np.load(tmp_path / kept.name)["network"].size
    assert kept.stat().st_size == len(whole)


def test_a_folder_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert load_bundle(tmp_path / "file" / "cache")["filters"].shape == (257, 32)


def test_error_no_such_model(tmp_path: Path) -> None:
    with pytest.raises(EngineError) as caught:
        load_bundle(None, tmp_path / "mel.onnx")
    assert str(caught.value) == (
        f"The wake word's feature model {tmp_path / 'mel.onnx'} cannot be read (No such file or "
        "directory). Check wake.features, or install openwakeword==0.4.0 again."
    )


def test_error_a_model_of_another_kind() -> None:
    mel = models_folder() / "melspectrogram.onnx"
    with pytest.raises(EngineError) as caught:
        load_bundle(None, models_folder() / "alexa_v0.1.onnx", mel)
    assert "alexa_v0.1.onnx is not a mel spectrogram of openWakeWord 0.4" in str(caught.value)
    with pytest.raises(EngineError, match="cannot be made of"):
        load_bundle(None, mel, models_folder() / "alexa_v0.1.onnx")
