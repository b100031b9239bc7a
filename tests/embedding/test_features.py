"""Streaming features beside the networks of the package, which see whole windows each time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from assistant.audio.frames import CHUNK_SAMPLES, Samples
from assistant.embedding.features import (
    EMBEDDING_SIZE,
    MEL_OVERLAP_SAMPLES,
    Floats,
    SpeechEmbedding,
)
from assistant.embedding.packaged import models_folder
from assistant.embedding.sessions import load_network
from tests.recordings import chunks_of

pytestmark = pytest.mark.engines


@pytest.fixture(scope="module")
def spoken() -> Samples:
    return np.concatenate(chunks_of("what-time"))


def mel_frames_of_the_package(samples: Samples) -> Floats:
    network = load_network(models_folder() / "melspectrogram.onnx")
    padded = np.concatenate((np.zeros(MEL_OVERLAP_SAMPLES), samples)).astype(np.float32)
    windows = [
        padded[None, at : at + MEL_OVERLAP_SAMPLES + CHUNK_SAMPLES]
        for at in range(0, len(samples), CHUNK_SAMPLES)
    ]
    decibels = np.concatenate([run(network, one).reshape(-1, 32) for one in windows])
    return (decibels / 10.0 + 2.0).astype(np.float32)


def embeddings_of_the_package(frames: Floats) -> Floats:
    """One of each 76 frames that end with a chunk, the first after ten chunks."""
    network = load_network(models_folder() / "embedding_model.onnx")
    ends = range(80, len(frames) + 1, 8)
    windows = [frames[None, end - 76 : end, :, None] for end in ends]
    return np.concatenate([run(network, one).reshape(1, EMBEDDING_SIZE) for one in windows])


def run(network: Any, value: Floats) -> Floats:
    result: Floats = network.run(None, {network.get_inputs()[0].name: value})[0]
    return result


def test_streamed_embeddings_are_those_of_the_package(
    embedding: SpeechEmbedding, spoken: Samples
) -> None:
    expected = embeddings_of_the_package(mel_frames_of_the_package(spoken))
    streamed = np.concatenate([embedding.feed(chunk) for chunk in chunks_of("what-time")])
    assert np.abs(expected).mean() > 5.0
    # The Fourier transform adds up in another order than the convolutions that spell it out.
    assert np.abs(streamed[9:] - expected).max() < 2e-4


@pytest.mark.parametrize("chunks", [1, 2, 3, 4, 5, 7, 24])
def test_how_many_chunks_come_at_once_changes_nothing(
    embedding: SpeechEmbedding, spoken: Samples, chunks: int
) -> None:
    whole = embedding.feed(spoken)
    embedding.reset()
    step = chunks * CHUNK_SAMPLES
    parts = [embedding.feed(spoken[at : at + step]) for at in range(0, len(spoken), step)]
    assert np.abs(np.concatenate(parts) - whole).max() < 1e-4


def test_ten_chunks_after_a_gap_the_past_is_of_no_matter(
    embedding: SpeechEmbedding, spoken: Samples
) -> None:
    whole = embedding.feed(spoken)
    embedding.reset()
    embedding.feed(spoken[: 3 * CHUNK_SAMPLES])
    embedding.skip(spoken[: 8 * CHUNK_SAMPLES])
    resumed = embedding.feed(spoken[8 * CHUNK_SAMPLES :])
    difference = np.abs(resumed - whole[8:]).max(axis=1)
    assert difference[:9].max() > 0.1
    assert difference[9:].max() < 1e-4


def test_at_the_start_the_past_is_a_silent_room(embedding: SpeechEmbedding) -> None:
    silence = np.zeros(40 * CHUNK_SAMPLES, dtype=np.int16)
    assert np.abs(embedding.feed(silence) - embedding.silence).max() < 1e-4
