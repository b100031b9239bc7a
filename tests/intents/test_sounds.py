"""How alike phones and words sound."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.intents.sounds import SKIP, Sounds, phone_cost, spelled
from assistant.recognizers.dictionary import packaged_dictionary

PHONES = [
    "AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F", "G", "HH",
    "IH", "IY", "JH", "K", "L", "M", "N", "NG", "OW", "OY", "P", "R", "S", "SH", "T", "TH", "UH",
    "UW", "V", "W", "Y", "Z", "ZH",
]  # fmt: skip
WORDS = st.lists(st.sampled_from(PHONES), min_size=1, max_size=8).map(tuple)


def cost(heard: str, word: str) -> float:
    """Compare words by their phones in PocketSphinx's dictionary."""
    phones = packaged_dictionary().phones([*heard.split(), word])
    return float(Sounds([word], phones).costs(heard.split(), phones)[0])


def plainly(one: Sequence[str], other: Sequence[str]) -> float:
    """The weighted edit distance as it is in textbooks."""
    table = [[SKIP * (i + j) for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i, a in enumerate(one, start=1):
        for j, b in enumerate(other, start=1):
            table[i][j] = min(
                table[i - 1][j] + SKIP,
                table[i][j - 1] + SKIP,
                table[i - 1][j - 1] + phone_cost(a, b),
            )
    return table[-1][-1] / (SKIP * (len(one) + len(other)))


@pytest.mark.parametrize(
    ("one", "nearer", "further"),
    [
        ("T", "D", "Z"),
        ("P", "T", "Z"),
        ("M", "N", "S"),
        ("F", "TH", "K"),
        ("IY", "IH", "AA"),
        ("AY", "EY", "IY"),
        ("W", "UW", "T"),
        ("L", "R", "K"),
    ],
)
def test_nearer_phones(one: str, nearer: str, further: str) -> None:
    assert 0 < phone_cost(one, nearer) < phone_cost(one, further) <= 1


@given(st.sampled_from([*PHONES, "ж"]), st.sampled_from([*PHONES, "ж"]))
def test_phone_costs_are_from_0_to_1_and_the_same_both_ways(one: str, other: str) -> None:
    assert 0 <= phone_cost(one, other) <= 1
    assert phone_cost(one, other) == pytest.approx(phone_cost(other, one))
    assert (phone_cost(one, other) == 0) == (one == other)


@pytest.mark.parametrize(
    ("heard", "word", "other"),
    [
        ("like", "light", "lamp"),
        ("of", "off", "on"),
        ("fife", "five", "nine"),
        ("four", "for", "five"),
        ("like tin", "lighting", "kitchen"),
        ("kitchen's", "kitchen", "chicken"),
        ("fif tea", "fifty", "thirty"),
    ],
)
def test_words_that_sound_alike(heard: str, word: str, other: str) -> None:
    assert cost(heard, word) < 0.3
    assert cost(heard, word) < cost(heard, other)


def test_homophones_cost_nothing() -> None:
    assert cost("write", "right") == 0


def test_unknown_words_are_compared_by_spelling() -> None:
    sounds = Sounds(["zigbee", "küche"], {})
    np.testing.assert_allclose(sounds.costs(["zigby"], {})[0], cost_of_letters("zigby", "zigbee"))
    assert sounds.costs(["kuche"], {})[1] == 0
    assert spelled("Küche!") == ("K", "UH", "K", "HH", "EH")
    assert spelled("いえ") == ("い", "え")


def cost_of_letters(one: str, other: str) -> float:
    return plainly(spelled(one), spelled(other))


@given(WORDS, st.lists(WORDS, min_size=1, max_size=5))
def test_all_words_at_once_as_each_alone(
    heard: tuple[str, ...], words: list[tuple[str, ...]]
) -> None:
    names = [str(number) for number in range(len(words))]
    sounds = Sounds(names, dict(zip(names, words, strict=True)))
    found = sounds.costs(["heard"], {"heard": heard})
    comparable = len(heard) <= 3 * max(map(len, words))
    expected = [plainly(heard, word) if comparable else 1.0 for word in words]
    np.testing.assert_allclose(found, expected, atol=1e-5)


@given(WORDS, st.lists(WORDS, min_size=1, max_size=5))
def test_halves_are_the_beginning_and_the_rest(
    heard: tuple[str, ...], words: list[tuple[str, ...]]
) -> None:
    names = [str(number) for number in range(len(words))]
    sounds = Sounds(names, dict(zip(names, words, strict=True)))
    if len(heard) > 3 * max(map(len, words)):
        assert sounds.halves("heard", {"heard": heard}) == []
        return
    cuts = range(2, len(heard) - 1)
    for cut, half in zip(cuts, sounds.halves("heard", {"heard": heard}), strict=True):
        assert half.share == cut / len(heard)
        np.testing.assert_allclose(half.front, [plainly(heard[:cut], w) for w in words], atol=1e-5)
        np.testing.assert_allclose(half.back, [plainly(heard[cut:], w) for w in words], atol=1e-5)


@given(st.text(), st.lists(st.text(min_size=1), max_size=4))
def test_any_text_can_be_compared(heard: str, words: list[str]) -> None:
    costs = Sounds(words, {}).costs([heard], {})
    assert costs.shape == (len(words),)
    assert ((costs >= 0) & (costs <= 1)).all()
