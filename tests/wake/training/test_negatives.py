"""The negative set: how it is packed, and that the shipped one is what its script makes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from assistant.embedding.bundle import embedding_checksum
from assistant.embedding.features import SpeechEmbedding
from assistant.errors import EngineError
from assistant.wake.training import negatives
from assistant.wake.training.negatives import Negatives, load_negatives, pack, unpack
from assistant.wake.training.voices import find_voices
from scripts.wakenegatives.commands import DEFAULT, recipe, texts_of
from scripts.wakenegatives.speech import BLOCK_SENTENCES, make_block

EMBEDDINGS = np.random.default_rng(1).normal(2.0, 3.0, (500, 96)).astype(np.float32)


@pytest.fixture(scope="module")
def shipped() -> Negatives:
    return load_negatives()


def test_what_is_packed_is_nearly_the_same_again() -> None:
    packed = pack(EMBEDDINGS, [0, 200], ["one", "zwei, ähnlich"], {"seed": 3})
    again = unpack(packed)
    assert np.abs(again.embeddings - EMBEDDINGS).max() <= 0.51 * 3.2 / 2.5
    assert (again.texts, again.starts.tolist()) == (("one", "zwei, ähnlich"), [0, 200])
    assert again.recipe == {"seed": 3}
    assert pack(EMBEDDINGS, [0, 200], ["one", "zwei, ähnlich"], {"seed": 3}) == packed


def test_a_text_with_the_phrase_in_it_is_not_learnt_from() -> None:
    texts = ("he computes", "two supercomputers stand here", "the end")
    some = Negatives(EMBEDDINGS, np.array([0, 100, 200]), texts, {})
    usable = some.without("computer")
    assert not usable[100:216].any()
    assert usable[:100].all()
    assert usable[216:].all()


def test_the_shipped_set_tells_its_recipe_and_is_small(shipped: Negatives) -> None:
    assert DEFAULT.stat().st_size <= 4_000_000
    assert shipped.hours > 2.0
    assert shipped.recipe["embedding"] == embedding_checksum()
    assert len(shipped.texts) == shipped.recipe["blocks"] * BLOCK_SENTENCES == len(shipped.starts)
    assert (np.diff(shipped.starts) > 0).all()


@pytest.mark.engines
def test_a_part_made_anew_is_what_is_shipped(
    shipped: Negatives, embedding: SpeechEmbedding
) -> None:
    made_by = recipe(shipped.recipe["blocks"])
    there = shipped.recipe | {"programs": made_by["programs"]}
    assert json.loads(json.dumps(made_by)) == there  # lists, as JSON has them
    texts = texts_of(shipped.recipe["blocks"])
    assert [text for block in texts for text in block] == list(shipped.texts)
    number = 5
    block = make_block(number, texts[number], find_voices(), embedding)
    start = int(shipped.starts[number * BLOCK_SENTENCES])
    same = shipped.embeddings[start : start + len(block.embeddings)]
    if made_by["programs"] == shipped.recipe["programs"]:
        deviation = shipped.embeddings.std(axis=0)
        assert np.abs(block.embeddings - same).max() < 0.5 * deviation.max()
        assert np.mean(np.abs(block.embeddings - same) / deviation) < 0.15
    else:  # other versions of the voices speak a little differently, as long, and of the same
        length = shipped.starts[(number + 1) * BLOCK_SENTENCES] - start
        assert len(block.embeddings) == pytest.approx(length, rel=0.1)


def test_error_a_set_that_is_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / negatives.NAME).write_bytes(b"nothing")
    monkeypatch.setattr("importlib.resources.files", lambda _: tmp_path)
    with pytest.raises(EngineError, match=r"negative set .* is missing or broken"):
        load_negatives()
