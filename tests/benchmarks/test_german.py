"""``scripts/bench german``: how German words are written in the network's units."""

# ruff: noqa: RUF001 - the phonetic alphabet has letters that look like others
from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.recognizers.phones.network import CTC, FRAMEWISE
from assistant.recognizers.phones.training.examples import NUMBERS
from scripts.benchmarks.germansounds import PLACES, STRANGE, beginning, ways, written
from scripts.benchmarks.spokenwords import german
from tests.recognizers.phones.networks import random_frames, random_network


def test_a_german_sound_has_a_place_of_its_own_or_what_english_has_of_the_kind() -> None:
    assert ways("_ˈɪ_ç", PLACES) == (("IH", "TH"),)
    assert ways("_ˈɪ_ç", STRANGE) == (("IH", "SH"), ("IH", "HH"))


def test_two_letters_may_be_one_sound() -> None:
    assert ways("ts_v_ˈiː_b_ə_l", PLACES) == (("T", "S", "V", "IY", "B", "AH", "L"),)


def test_nobody_says_a_sound_that_is_not_known() -> None:
    assert ways("k_ǃ", PLACES) == ()


def test_there_are_only_so_many_ways() -> None:
    assert len(ways("z_y_ɾ_ç_y_ɾ_ç_z_y", STRANGE)) <= 24


@pytest.mark.engines
def test_every_word_of_the_trial_can_be_said() -> None:
    told = written(["gurke", "schnurrbart", "außerirdischer", "öl", "mädchen", "orange"])
    assert all(ways(ipa, PLACES) and ways(ipa, STRANGE) for ipa in told.values())


def test_a_network_of_german_begins_with_what_english_has_of_the_kind() -> None:
    english, frames = random_network(), random_frames(9)
    scores = beginning(english).posteriors(frames)
    for outputs in (CTC, FRAMEWISE):
        ich, sh = scores[:, outputs][:, NUMBERS["TH"]], scores[:, outputs][:, NUMBERS["SH"]]
        np.testing.assert_allclose(ich, sh, atol=1e-5)


def test_a_package_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="apt install ktuberling-data"):
        german(tmp_path)
