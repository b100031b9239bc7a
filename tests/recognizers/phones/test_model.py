"""The file of a phone network."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.errors import EngineError
from assistant.recognizers.phones.model import Model, load_model, pack, unpack
from tests.recognizers.phones.networks import random_frames, random_network

MODEL = Model(random_network(), "12ab34cd", {"hours": 2.5})


def test_what_is_written_is_read_again() -> None:
    again = unpack(pack(MODEL))
    assert (again.embedding, again.recipe) == ("12ab34cd", {"hours": 2.5})
    assert again.network.spans == MODEL.network.spans
    frames = random_frames(20)
    difference = again.network.posteriors(frames) - MODEL.network.posteriors(frames)
    assert 0.0 < np.abs(difference).max() < 0.1  # half precision


def test_the_same_model_is_the_same_file() -> None:
    assert pack(MODEL) == pack(MODEL)


def changed(**arrays: Any) -> bytes:
    with np.load(io.BytesIO(pack(MODEL))) as file:
        content = {name: file[name] for name in file.files} | arrays
    out = io.BytesIO()
    np.savez(out, **content)
    return out.getvalue()


def about(**fields: Any) -> bytes:
    with np.load(io.BytesIO(pack(MODEL))) as file:
        content = json.loads(file["about"].tobytes()) | fields
    return changed(about=np.frombuffer(json.dumps(content).encode(), dtype=np.uint8))


@pytest.mark.parametrize("content", [about(version=1), about(inventory=["AA"])])
def test_of_another_version_it_is_told_to_train_again(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "phones.npz"
    path.write_bytes(content)
    with pytest.raises(EngineError, match="made by another version") as caught:
        load_model(path)
    assert caught.value.hint == "Make it again with assistant train."


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no archive",
        pack(MODEL)[:-300],
        changed(mean=np.zeros(7)),
        changed(deviation=np.zeros(576)),
        changed(log_prior=np.zeros(39)),
        changed(bias0=np.full(5, np.nan)),
        changed(weights1=np.zeros((5, 4, 3))),
        changed(about=np.frombuffer(b"{", dtype=np.uint8)),
        about(spans=[]),
        about(spans=[{"step": 1000, "after": 1}]),
        about(spans=[{"step": 1}]),
        about(recipe=7),
    ],
    ids=str,
)
def test_a_damaged_file_is_told_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "phones.npz"
    path.write_bytes(content)
    with pytest.raises(EngineError, match=r"phones\.npz is no phone model, or damaged"):
        load_model(path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="cannot be read"):
        load_model(tmp_path / "none.npz")
