"""Networks of random numbers, as small as can be, and the shipped one."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from assistant.embedding.bundle import load_bundle
from assistant.embedding.features import MID_SIZE, SpeechEmbedding
from assistant.recognizers.phones.model import load_model
from assistant.recognizers.phones.models import SHIPPED
from assistant.recognizers.phones.network import OUTPUTS, UNITS, Floats, Layer, PhoneNetwork, Span
from assistant.recognizers.phones.recognizer import PhoneRecognizer

SPANS = (Span(1, 1), Span(2, 2), Span(2, 0))


def random_network(spans: tuple[Span, ...] = SPANS, channels: int = 5) -> PhoneNetwork:
    random = np.random.default_rng(1)

    def some(*shape: int) -> Floats:
        return random.normal(0.0, 0.3, shape).astype(np.float32)

    sizes = [MID_SIZE, *[channels] * len(spans)]
    # What is summed up over many values is to be of the size of the rest.
    layers = tuple(
        Layer(some(channels, size, 3) * np.float32(min(1.0, 4.0 / np.sqrt(size))), some(channels))
        for size in sizes[: len(spans)]
    )
    output = Layer(some(OUTPUTS, channels, 1), some(OUTPUTS))
    mean, deviation = some(MID_SIZE), 0.5 + some(MID_SIZE) ** 2
    return PhoneNetwork(spans, mean, deviation, layers, output, some(UNITS))


def phone_recognizer(cache: Path) -> PhoneRecognizer:
    """The recognizer with the shipped network."""
    network = load_model(SHIPPED / "en.npz").network
    return PhoneRecognizer(network, SpeechEmbedding(load_bundle(cache)))


def random_frames(count: int) -> Floats:
    return np.random.default_rng(2).normal(0.0, 1.0, (count, MID_SIZE)).astype(np.float32)
