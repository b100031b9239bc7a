"""``scripts/bench phone-steps``: words found by one kind of outputs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.embedding.bundle import load_bundle
from assistant.embedding.features import SpeechEmbedding
from assistant.recognizers.phones.model import load_model
from assistant.recognizers.phones.models import SHIPPED
from assistant.recognizers.phones.stream import PhoneStream
from assistant.turn import Transcript
from scripts.benchmarks.coffee import Clip
from scripts.benchmarks.overhearing import Overheard
from scripts.benchmarks.phone_steps import TOLD_BY, one_way
from tests.recordings import grammar_of, samples_of


@pytest.mark.engines
@pytest.mark.parametrize("name", TOLD_BY)
def test_a_command_is_found_either_way(name: str, cache: Path) -> None:
    stream = PhoneStream(
        load_model(SHIPPED / "en.npz").network, SpeechEmbedding(load_bundle(cache))
    )
    heard = samples_of("what-time-one-breath")
    nothing = Overheard(Clip(Path("nothing")), None, np.zeros(8_000, dtype=np.int16), NOT_HEARD)
    said = Overheard(Clip(Path("said")), None, heard, NOT_HEARD)
    grammar = grammar_of("hey jarvis what time is it", "hey jarvis stop the kitchen timer")
    texts = one_way(stream, grammar, [said, nothing], *TOLD_BY[name])
    assert texts[0] == "hey jarvis what time is it"


NOT_HEARD = Transcript("", 0.0)
