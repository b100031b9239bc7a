"""The network of a trained wake word."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.wake import network as networks
from assistant.wake.network import Network
from assistant.wake.training.windows import windows_of

LENGTH, VALUES, HIDDEN = 4, 6, 3


@pytest.fixture
def network() -> Network:
    random = np.random.default_rng(1)

    def some(*shape: int) -> networks.Floats:
        return random.standard_normal(shape).astype(np.float32)

    scale = np.abs(some(VALUES)) + np.float32(0.5)
    weights = some(LENGTH * VALUES, HIDDEN)
    return Network(LENGTH, some(VALUES), scale, weights, some(HIDDEN), some(HIDDEN), 0.7)


@pytest.mark.parametrize("count", [3, 4, 5, 13, 14, 50])
def test_along_a_row_each_window_has_the_logit_that_it_has_alone(
    network: Network, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(networks, "AT_ONCE", 10)
    row = np.random.default_rng(2).standard_normal((count, VALUES)).astype(np.float32)
    along = network.logits_along(row)
    assert len(along) == count - LENGTH + 1
    if len(along):
        assert along == pytest.approx(network.logits(windows_of(row, LENGTH)), abs=1e-4)
