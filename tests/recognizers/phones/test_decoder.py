"""Sentences found in what the network tells both ways."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.recognizers.phones.alignment import Frames, align
from assistant.recognizers.phones.decoder import FRAME_BY_FRAME, USUAL, Decoder
from assistant.recognizers.phones.graph import PhoneGraph
from assistant.recognizers.phones.network import (
    BLANK,
    CTC,
    FRAMEWISE,
    INVENTORY,
    OUTPUTS,
    UNITS,
    Floats,
    log_softmax,
)
from assistant.recognizers.pronunciation import Phones
from tests.recordings import grammar_of

GRAMMAR = grammar_of("(tea|key|two) please", "tea")
PHONES: dict[str, list[Phones]] = {
    "tea": [("T", "IY")],
    "key": [("K", "IY")],
    "two": [("T", "UW")],
    "please": [("P", "L", "IY", "Z")],
}
SURE = 8.0


def decoder() -> Decoder:
    return Decoder(PhoneGraph.of(GRAMMAR, PHONES, INVENTORY), PHONES)


def told(by_ctc: str, frame_by_frame: str) -> Floats:
    """Log-posteriors in which a phone stands for each frame, '.' for a blank, and '?' for any."""
    kinds = by_ctc.split(), frame_by_frame.split()
    scores = np.zeros((len(kinds[0]), OUTPUTS), dtype=np.float32)
    for half, phones in enumerate(kinds):
        for frame, phone in enumerate(phones):
            if phone != "?":
                unit = BLANK if phone == "." else 1 + INVENTORY.index(phone)
                scores[frame, half * UNITS + unit] = SURE
    return log_softmax(scores)


def noise(seed: int, frames: int = 14) -> Floats:
    random = np.random.default_rng(seed)
    return log_softmax(random.normal(0.0, 2.0, (frames, OUTPUTS)).astype(np.float32))


def test_what_both_tell_is_heard() -> None:
    one = decoder()
    one.feed(told(". T . IY . .", ". T T IY IY ."))
    best = one.finish(1)[0]
    assert best.text == "tea"
    assert best.acoustic == pytest.approx(0.0, abs=0.5)


def test_where_one_leaves_it_open_the_other_one_decides() -> None:
    rest = " . P L . IY Z ."
    lasting = " IY P L IY IY Z ."
    for first, text in (("T", "tea please"), ("K", "key please")):
        one = decoder()
        one.feed(told(". ? . IY" + rest, f". {first} {first} IY" + lasting))
        assert one.finish(1)[0].text == text


@pytest.mark.parametrize("seed", range(8))
def test_a_sentence_scores_what_it_scores_both_ways(seed: int) -> None:
    one, posteriors = decoder(), noise(seed)
    one.feed(posteriors[:5])
    one.feed(posteriors[5:])
    found = one.finish()
    assert {hypothesis.text for hypothesis in found} == {
        *("tea please", "key please", "two please", "tea"),
    }
    assert [hypothesis.score for hypothesis in found] == sorted(
        (hypothesis.score for hypothesis in found), reverse=True
    )
    for hypothesis in found:
        words = hypothesis.text.split()
        both = [
            align(
                Frames(weights.relative(posteriors[:, outputs]), weights), words, PHONES, INVENTORY
            )
            for outputs, weights in ((CTC, USUAL), (FRAMEWISE, FRAME_BY_FRAME))
        ]
        assert hypothesis.score == pytest.approx(sum(way.score for way in both if way))
        assert one.align(words) == hypothesis


def test_it_goes_on_from_where_it_was_and_so_does_a_copy() -> None:
    posteriors = noise(3)
    whole = decoder()
    whole.feed(posteriors)
    one = decoder()
    one.feed(posteriors[:9])
    before = one.finish()
    other = one.copy()
    other.feed(posteriors[9:])
    assert other.finish() == whole.finish()
    assert one.finish() == before
    other.start()
    assert not other.has_heard
    other.feed(posteriors[:9])
    assert other.finish() == before


def test_more_may_be_asked_for_than_before() -> None:
    one = decoder()
    one.feed(noise(1))
    assert len(one.finish(1)) == 1
    assert len(one.finish(100)) == 4


def test_words_that_cannot_be_so_short_do_not_fit() -> None:
    one = decoder()
    assert one.align(["tea"]) is None
    one.feed(noise(1, frames=3))
    assert one.align(["please"]) is None
    assert one.align(["nonsense"]) is None
    assert one.align(["tea"]) is not None
