"""From samples to the log-posteriors of phones."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.audio.frames import Samples
from assistant.embedding.features import SpeechEmbedding
from assistant.recognizers.phones.network import OUTPUTS, Floats
from assistant.recognizers.phones.stream import LEAD_FRAMES, PhoneStream
from tests.recognizers.phones.networks import random_network
from tests.recordings import samples_of

pytestmark = pytest.mark.engines


@pytest.fixture
def stream(embedding: SpeechEmbedding) -> PhoneStream:
    return PhoneStream(random_network(), embedding)


@pytest.fixture(scope="module")
def spoken() -> Samples:
    return samples_of("what-time")[32_000:64_000]


def heard(stream: PhoneStream, samples: Samples, before: Samples | None = None) -> Floats:
    stream.start(before)
    parts = [stream.feed(samples[at : at + 1280]) for at in range(0, len(samples), 1280)]
    return np.concatenate((*parts, stream.rest()))


def test_there_are_posteriors_for_each_40_ms(stream: PhoneStream, spoken: Samples) -> None:
    assert heard(stream, spoken).shape == (50, OUTPUTS)


def test_of_what_is_before_only_the_last_frames_are_told(
    stream: PhoneStream, spoken: Samples
) -> None:
    before, command = spoken[:12_800], spoken[12_800:]
    whole = heard(stream, spoken)
    after = heard(stream, command, before)
    assert len(after) == 30 + LEAD_FRAMES
    assert np.abs(after - whole[20 - LEAD_FRAMES :]).max() < 1e-3


def test_a_little_before_is_told_as_it_is(stream: PhoneStream, spoken: Samples) -> None:
    assert len(heard(stream, spoken, spoken[:1280])) == 50 + 2


def test_another_stream_knows_nothing_of_this_one(stream: PhoneStream, spoken: Samples) -> None:
    expected = heard(stream, spoken[:16_000])
    stream.start()
    stream.feed(spoken)
    other = stream.fork()
    assert np.abs(heard(other, spoken[:16_000]) - expected).max() < 1e-3


def test_the_stream_goes_on_after_its_rest_was_asked_for(
    stream: PhoneStream, spoken: Samples
) -> None:
    expected = heard(stream, spoken)
    stream.start()
    first = stream.feed(spoken[:12_800])
    assert len(first) + len(stream.rest()) == 20
    again = np.concatenate((first, stream.feed(spoken[12_800:]), stream.rest()))
    assert np.abs(again - expected).max() < 1e-3
