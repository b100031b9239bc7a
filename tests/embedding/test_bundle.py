"""The streaming features, made of the installed models."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.embedding.bundle import embedding_checksum, load_bundle
from assistant.embedding.packaged import models_folder
from assistant.errors import EngineError

pytestmark = pytest.mark.engines


def test_what_was_made_once_is_kept(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> bytes:
        raise AssertionError("made again")

    monkeypatch.setattr("assistant.embedding.bundle._make", never)
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
        load_bundle(None, tmp_path)
    assert str(caught.value) == (
        f"The wake word's feature model {tmp_path / 'melspectrogram.onnx'} cannot be read "
        "(No such file or directory). Check wake.features, or install openwakeword==0.4.0 again."
    )


@pytest.mark.parametrize(
    ("mel", "embedding", "problem"),
    [
        ("alexa_v0.1", "embedding_model", "is not a mel spectrogram of openWakeWord 0.4"),
        ("melspectrogram", "alexa_v0.1", "is not the speech embedding of openWakeWord 0.4"),
    ],
)
def test_error_a_model_of_another_kind(
    tmp_path: Path, mel: str, embedding: str, problem: str
) -> None:
    for name, found in (("melspectrogram", mel), ("embedding_model", embedding)):
        (tmp_path / f"{name}.onnx").symlink_to(models_folder() / f"{found}.onnx")
    with pytest.raises(EngineError, match="cannot be made of") as caught:
        load_bundle(None, tmp_path)
    assert problem in str(caught.value)


def test_networks_from_elsewhere_are_taken(tmp_path: Path) -> None:
    for name in ("melspectrogram", "embedding_model"):
        (tmp_path / f"{name}.onnx").symlink_to(models_folder() / f"{name}.onnx")
    assert load_bundle(None, tmp_path)["filters"].shape == (257, 32)
    assert embedding_checksum(tmp_path) == embedding_checksum()
