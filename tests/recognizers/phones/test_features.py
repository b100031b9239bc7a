"""Mid frames of a stream of samples."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
import pytest

from assistant.audio.frames import Samples
from assistant.embedding.features import MID_SIZE, Floats, SpeechEmbedding
from assistant.embedding.packaged import models_folder
from assistant.recognizers.phones.features import FRAME_SAMPLES, LAG_FRAMES, MidFrames
from tests.recordings import samples_of

pytestmark = pytest.mark.engines


@pytest.fixture(scope="module")
def spoken() -> Samples:
    return samples_of("what-time")[: 4 * 16_000 + 700]


def whole(stream: MidFrames, samples: Samples) -> Floats:
    stream.start()
    return np.concatenate((stream.feed(samples), stream.rest()))


def test_mid_frames_are_those_inside_of_the_package_s_network(
    embedding: SpeechEmbedding, spoken: Samples
) -> None:
    samples = spoken[: 30 * 1280]
    mel = embedding.fork().frames(samples)
    model = onnx.load(models_folder() / "embedding_model.onnx")
    pooled = [node.input[0] for node in model.graph.node if node.op_type == "MaxPool"][-2:]
    model.graph.output.extend(map(onnx.helper.make_empty_tensor_value_info, pooled))
    network = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    window = mel[None, 100:176, :, None]
    inside = network.run(pooled, {network.get_inputs()[0].name: window})
    early, mid = (one[0].swapaxes(0, 1).reshape(one.shape[2], -1) for one in inside)
    # The earlier ones are of less sound, and those in the middle of what the others are of.
    expected = np.concatenate((mid, early[-2 - len(mid) : -2]), axis=1)
    streamed = embedding.fork().mid(mel)
    assert expected.shape[1] == streamed.shape[1] == MID_SIZE
    # The window's last frame ends with mel frame 176, which is the end of chunk 22.
    assert np.abs(streamed[44 - len(expected) : 44] - expected).max() < 1e-3


@pytest.mark.parametrize("size", [160, 640, 1280, 3000, 50_000])
def test_how_samples_are_cut_changes_nothing(
    embedding: SpeechEmbedding, spoken: Samples, size: int
) -> None:
    stream = MidFrames(embedding)
    expected = whole(stream, spoken)
    stream.start()
    parts = [stream.feed(spoken[at : at + size]) for at in range(0, len(spoken), size)]
    assert np.abs(np.concatenate((*parts, stream.rest())) - expected).max() < 1e-3


@pytest.mark.parametrize("samples", [0, 1, 33, 640, 641, 1279, 1280, 6000, 12_345])
def test_there_is_one_for_each_40_ms(
    embedding: SpeechEmbedding, spoken: Samples, samples: int
) -> None:
    frames = whole(MidFrames(embedding), spoken[:samples])
    begun = -(-samples // FRAME_SAMPLES)
    assert len(frames) == (begun if samples >= 32 else 0)  # where the first mel frame ends


def test_the_stream_goes_on_after_its_rest_was_asked_for(
    embedding: SpeechEmbedding, spoken: Samples
) -> None:
    stream = MidFrames(embedding)
    expected = whole(stream, spoken)
    stream.start()
    first = stream.feed(spoken[:20_000])
    stream.rest()
    again = np.concatenate((first, stream.feed(spoken[20_000:]), stream.rest()))
    assert np.abs(again - expected).max() < 1e-3


def test_a_frame_is_about_its_own_time(embedding: SpeechEmbedding) -> None:
    """A knock changes the frames around it, as many before as after it."""
    random = np.random.default_rng(1)
    quiet = random.normal(0.0, 20.0, 48_000).astype(np.int16)
    knocked = quiet.copy()
    knocked[24_000:24_160] = 20_000
    stream = MidFrames(embedding)
    changed = np.abs(whole(stream, quiet) - whole(stream, knocked)).max(axis=1) > 0.05
    first, last = np.flatnonzero(changed)[[0, -1]]
    at = 24_000 / FRAME_SAMPLES
    assert at - LAG_FRAMES - 2 <= first < at < last <= at + LAG_FRAMES + 2
    assert abs((first + last) / 2 - at) <= 1.5
